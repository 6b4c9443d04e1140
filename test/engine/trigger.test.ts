import { createHmac } from 'node:crypto';

import axios from 'axios';
import type { IDataObject } from 'n8n-workflow';

import fc from '../support/fastCheck';

import { useSandbox } from './support/partnero';
import { Trigger } from './support/trigger';

const partnero = useSandbox({ deliveries: { firstPauseMs: 1, tries: 3 } });
let trigger: Trigger;

beforeEach(async () => {
	trigger = await new Trigger({ credentials: partnero.credentials }).listen();
	await trigger.activate();
});
afterEach(async () => await trigger.close());

const secret = () => String(trigger.kept.webhookSecret);
const sign = (raw: Buffer | string, key = secret()) =>
	createHmac('sha256', key).update(raw).digest('hex');
const emit = (data: object, event = 'partner.created') =>
	partnero.sandbox.program('affiliate').emit(event, data);
let number = 1;
/** A true body that no other test has. */
const envelope = (more: object = {}) => ({
	event: 'partner.created',
	url: trigger.url,
	webhook_key: trigger.kept.webhookKey,
	created_at: `2026-01-01T10:00:00.${String(number++).padStart(6, '0')}Z`,
	data: { id: 'p_1', email: 'ann@example.com' },
	...more,
});

async function post(
	raw: string | Buffer,
	headers: Record<string, string | undefined> = { signature: sign(raw) },
) {
	const answer = await axios.post<unknown>(trigger.url, Buffer.from(raw), {
		headers: { 'content-type': 'application/json', ...headers },
		validateStatus: () => true,
	});
	return answer.status;
}

describe('a delivery', () => {
	it('starts the workflow with the record, the event and its time', async () => {
		await partnero.operate('partner', 'create', {
			email: 'ann@example.com',
			additionalFields: { name: 'Ann', key: 'annlee' },
		});
		await partnero.sandbox.settled();
		const { created_at, data } = JSON.parse(partnero.sandbox.deliveries[0].body) as {
			created_at: string;
			data: IDataObject;
		};
		expect(trigger.items).toEqual([{ ...data, event: 'partner.created', createdAt: created_at }]);
		expect(trigger.items[0]).toMatchObject({
			email: 'ann@example.com',
			name: 'Ann',
			referral_link: expect.stringContaining('annlee'),
		});
		expect(partnero.sandbox.deliveries).toMatchObject([{ state: 'delivered', statuses: [200] }]);
	});

	it('gives the whole envelope with Simplify off', async () => {
		trigger.parameters.simplify = false;
		emit({ id: 'p' });
		await partnero.sandbox.settled();
		expect(trigger.items).toEqual([JSON.parse(partnero.sandbox.deliveries[0].body)]);
	});

	it('may have the older form of the envelope', async () => {
		const raw = JSON.stringify({
			event: 'partner.created',
			timestamp: 1_760_000_000,
			data: { id: 'old' },
		});
		expect(await post(raw)).toBe(200);
		expect(trigger.items).toEqual([
			{ id: 'old', event: 'partner.created', createdAt: 1_760_000_000 },
		]);
	});

	it('that is repeated is answered with 200 and starts nothing', async () => {
		emit({ id: 'p' });
		await partnero.sandbox.settled();
		const [delivery] = partnero.sandbox.deliveries;
		const answers = await Promise.all([1, 2, 3].map(() => partnero.sandbox.repeat(delivery)));
		expect(answers).toEqual([200, 200, 200]);
		expect(trigger.items).toHaveLength(1);
	});

	it('that arrives several times at once starts one execution', async () => {
		const raw = JSON.stringify(envelope());
		expect(await Promise.all(Array.from({ length: 20 }, () => post(raw)))).toEqual(
			Array(20).fill(200),
		);
		expect(trigger.items).toHaveLength(1);
	});

	it('counts again if n8n could not start the workflow', async () => {
		trigger.failingStarts = 2;
		emit({ id: 'p' });
		await partnero.sandbox.settled();
		expect(partnero.sandbox.deliveries).toMatchObject([{ statuses: [500, 500, 200] }]);
		expect(trigger.items).toHaveLength(1);
	});

	it('of two updates of one record in the same second are two', async () => {
		await partnero.operate('partner', 'create', {
			email: 'ann@example.com',
			additionalFields: { id: 'p' },
		});
		for (const name of ['Ann', 'Anna']) {
			const { error } = await partnero.operate('partner', 'update', {
				partner: { __rl: true, mode: 'id', value: 'p' },
				updateFields: { name },
			});
			expect(error).toBeUndefined();
		}
		// The same content again, which only the microseconds tell apart.
		for (let count = 0; count < 3; count++) emit({ id: 'p', name: 'Anna' }, 'partner.updated');
		await partnero.sandbox.settled();
		expect(trigger.items.map(({ name, event }) => `${String(event)} ${String(name)}`)).toEqual([
			'partner.created null',
			'partner.updated Ann',
			'partner.updated Anna',
			...Array<string>(3).fill('partner.updated Anna'),
		]);
	});

	describe('with equal bytes, whose time is no more exact than a second', () => {
		const inOneSecond = fc.constantFrom<object>(
			{ created_at: '2026-01-01T10:00:00.000000Z' },
			{ created_at: '2026-01-01T10:00:00Z' },
			{ created_at: '2026-01-01 10:00:00' },
			{ created_at: undefined, timestamp: 1_760_000_000 },
			{ created_at: undefined, timestamp: 1_760_000_000_000 },
			{ created_at: undefined },
		);
		/** Lets time pass for the trigger alone. */
		const later = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(Date.now() + ms);
		afterEach(() => void jest.restoreAllMocks());

		it('are two events: both start', async () => {
			await fc.assert(
				fc.asyncProperty(
					inOneSecond,
					fc.uuid(),
					fc.integer({ min: 2, max: 4 }),
					async (time, id, times) => {
						const raw = JSON.stringify(envelope({ ...time, data: { id } }));
						expect(
							await Promise.all(Array.from({ length: times }, async () => await post(raw))),
						).toEqual(Array(times).fill(200));
						expect(trigger.items.filter((item) => item.id === id)).toHaveLength(times);
					},
				),
				{ seed: 19, numRuns: 30 },
			);
		});

		it('are one event that is delivered again, after the five seconds for which Partnero waits', async () => {
			const raw = JSON.stringify(
				envelope({ created_at: '2026-01-01T10:00:00.000000Z', data: { id: 'again' } }),
			);
			await post(raw);
			later(5_000);
			expect(await post(raw)).toBe(200);
			expect(trigger.received.at(-1)?.body).toEqual({ message: 'Received before' });
			expect(trigger.items).toHaveLength(1);
		});

		it('are two events, of which the second did not start at first: it comes again, and starts', async () => {
			const raw = JSON.stringify(
				envelope({ created_at: '2026-01-01T10:00:00.000000Z', data: { id: 'owed' } }),
			);
			await post(raw);
			trigger.failingStarts = 1;
			expect(await post(raw)).toBe(500);
			later(10_000);
			expect(await post(raw)).toBe(200);
			expect(trigger.items).toHaveLength(2);
			later(20_000);
			await post(raw);
			expect(trigger.items).toHaveLength(2);
		});

		it('and a more exact time, are one event, at any time', async () => {
			const raw = JSON.stringify(
				envelope({ created_at: '2026-01-01T10:00:00.000001Z', data: { id: 'exact' } }),
			);
			await Promise.all([post(raw), post(raw)]);
			later(10_000);
			await post(raw);
			expect(trigger.items).toHaveLength(1);
		});
	});

	it.each([
		['[]', '[]'],
		['an object', '{}'],
	])('whose data is empty (%s) starts the workflow', async (_what, data) => {
		const raw = JSON.stringify(envelope({ data: 'DATA' })).replace('"DATA"', data);
		expect(await post(raw)).toBe(200);
		expect(trigger.items).toEqual([{ event: 'partner.created', createdAt: expect.any(String) }]);
		trigger.parameters.simplify = false;
		expect(await post(JSON.stringify(envelope({ data: 'DATA' })).replace('"DATA"', data))).toBe(
			200,
		);
		expect(trigger.items[1]).toMatchObject({ event: 'partner.created', data: {} });
	});

	it('writes nothing to static data, however many there are at once', async () => {
		const before = structuredClone(trigger.saved);
		for (let count = 0; count < 50; count++) emit({ id: count });
		await partnero.sandbox.settled();
		expect(trigger.items).toHaveLength(50);
		// Also before the activation has saved the key: an empty save would take it away.
		trigger.saved = {};
		expect(await post(JSON.stringify(envelope()))).toBe(401);
		expect(trigger.savedByDeliveries).toBe(0);
		trigger.saved = before;
	});
});

describe('what is refused', () => {
	/** Expects an answer, and that nothing was started. */
	async function refuses(
		status: number,
		raw: string | Buffer,
		headers?: Record<string, string | undefined>,
	) {
		expect(await post(raw, headers)).toBe(status);
		expect(trigger.items).toEqual([]);
		expect(trigger.received.at(-1)?.body).toEqual({ message: expect.any(String) });
	}

	it.each<[string, (raw: string) => string | undefined]>([
		['no signature', () => undefined],
		['an empty signature', () => ''],
		['a signature of something else', () => sign('{}')],
		['a signature under another secret', (raw) => sign(raw, 'sixteen-letters!')],
		['a signature with a prefix', (raw) => `sha256=${sign(raw)}`],
		['two signatures', (raw) => `${sign(raw)}, ${sign(raw)}`],
		['half a signature', (raw) => sign(raw).slice(0, 32)],
	])('%s: 401', async (_what, signature) => {
		const raw = JSON.stringify(envelope());
		await refuses(401, raw, { signature: signature(raw) });
	});

	it('any changed byte of the body or the signature: 401', async () => {
		const raw = Buffer.from(JSON.stringify(envelope()));
		const signature = sign(raw);
		await fc.assert(
			fc.asyncProperty(
				fc.nat(raw.length + 63),
				fc.integer({ min: 1, max: 15 }),
				async (place, by) => {
					const body = Buffer.from(raw);
					let header = signature;
					if (place < raw.length) body[place] = (body[place] + by) % 256;
					else {
						const index = place - raw.length;
						const digit = (parseInt(signature[index], 16) + by) % 16;
						header = signature.slice(0, index) + digit.toString(16) + signature.slice(index + 1);
					}
					expect(await post(body, { signature: header })).toBe(401);
				},
			),
			{ numRuns: 200 },
		);
		expect(trigger.items).toEqual([]);
		// The right one still counts.
		expect(await post(raw, { signature })).toBe(200);
	});

	it.each<[string, () => string]>([
		['no JSON', () => 'event=partner.created'],
		['half of it', () => JSON.stringify(envelope()).slice(0, -5)],
		['nothing', () => ''],
		['a list', () => JSON.stringify([envelope()])],
		['null', () => 'null'],
		['a text', () => '"partner.created"'],
		['no event', () => JSON.stringify(envelope({ event: undefined }))],
		['an event that is no text', () => JSON.stringify(envelope({ event: { a: 1 } }))],
		['no data', () => JSON.stringify(envelope({ data: undefined }))],
		['data that is null', () => JSON.stringify(envelope({ data: null }))],
		['data that is a list', () => JSON.stringify(envelope({ data: [{}] }))],
		[
			'a key __proto__',
			() => JSON.stringify(envelope()).replace('"id"', '"__proto__":{"polluted":true},"id"'),
		],
		[
			'a key __proto__ on top',
			() => JSON.stringify(envelope()).replace('{', '{"__proto__":{"event":"partner.created"},'),
		],
		[
			'endless nesting',
			() => `{"event":"e","data":{"a":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`,
		],
	])('%s, well signed: 400', async (_what, raw) => {
		await refuses(400, raw());
		expect(({} as IDataObject).polluted).toBeUndefined();
	});

	it('5 MB, well signed or not: 400', async () => {
		const raw = JSON.stringify(envelope({ data: { text: 'x'.repeat(5 * 1024 * 1024) } }));
		await refuses(400, raw);
		await refuses(400, raw, {});
	});

	it('an ordinary body next to the limit is none of these', async () => {
		expect(await post(JSON.stringify(envelope({ data: { text: 'x'.repeat(1_000_000) } })))).toBe(
			200,
		);
		expect(trigger.items).toHaveLength(1);
	});

	it("another webhook's key, well signed: 401", async () => {
		await refuses(401, JSON.stringify(envelope({ webhook_key: 'another' })));
		await refuses(401, JSON.stringify(envelope({ webhook_key: null })));
	});

	it.each<[string, object]>([
		['no raw body', {}],
		['a raw body that is a text', { rawBody: '{}' }],
		[
			'a raw body that cannot be read',
			{ readRawBody: async () => await Promise.reject(new Error('stream is not readable')) },
		],
		['a raw body that is read to nothing', { readRawBody: async () => {} }],
	])('%s: 400', async (_what, request) => {
		const sent: unknown[] = [];
		const response = { status: (code: number) => ({ json: () => sent.push(code) }) };
		const result = await trigger.handle({ headers: {}, body: envelope(), ...request }, response);
		expect(result).toEqual({ noWebhookResponse: true });
		expect(sent).toEqual([400]);
	});

	it('anything, after the workflow was deactivated: 401', async () => {
		const raw = JSON.stringify(envelope());
		const signature = sign(raw);
		await trigger.deactivate();
		await refuses(401, raw, { signature });
		await refuses(401, raw, { signature: sign(raw, '') });
	});

	it('what an earlier webhook of this workflow signed: 401, until it delivers with the new one', async () => {
		const raw = JSON.stringify(envelope());
		const signature = sign(raw);
		await trigger.deactivate();
		await trigger.activate();
		await refuses(401, raw, { signature });
		emit({ id: 'p' });
		await partnero.sandbox.settled();
		expect(trigger.items).toHaveLength(1);
	});
});

it('deliveries count again after checkExists has restored a lost secret', async () => {
	trigger.saved = {};
	emit({ id: 'before' });
	await partnero.sandbox.settled();
	expect(partnero.sandbox.deliveries).toMatchObject([
		{ statuses: [401, 401, 401], state: 'failed' },
	]);
	await trigger.activate();
	emit({ id: 'after' });
	await partnero.sandbox.settled();
	expect(trigger.items).toMatchObject([{ id: 'after' }]);
});

it('reads a raw body that n8n has not read yet', async () => {
	const raw = Buffer.from(JSON.stringify(envelope()));
	const request: { rawBody?: Buffer; headers: object; readRawBody(): Promise<void> } = {
		headers: { signature: sign(raw) },
		readRawBody: async () => void (request.rawBody = raw),
	};
	const result = await trigger.handle(request, { once: () => {} });
	expect(result.workflowData).toMatchObject([[{ json: { id: 'p_1' } }]]);
});
