import type { IHttpRequestMethods } from 'n8n-workflow';

import { asking, at, value } from '../../live/address';
import { readProgram } from '../../live/program';
import { checkLive } from '../../live/run';
import type { Permit } from '../../live/sender';
import { MOST_READS, Sender, SPACING } from '../../live/sender';
import { clock } from '../../nodes/Partnero/transport/clock';
import { PROGRAM_NAMES } from '../../sandbox/programs';
import type { Quirks } from '../../sandbox/quirks';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import { setSpeed } from '../support/clock';

import { outcomesOf } from './support';

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'demo' });
});
afterAll(async () => await sandbox.close());
beforeEach(() => sandbox.reset('demo'));

const credentialsOf = (key: string) => ({ apiKey: key, baseUrl: sandbox.url });

describe('a check that only reads', () => {
	it.each(PROGRAM_NAMES)(
		'sends GETs alone, sixty at most, and one at a time, and changes nothing: %s',
		async (name) => {
			const before = sandbox.ledger(name);
			const { report } = await checkLive({ credentials: credentialsOf(sandbox.keys[name]) });
			expect(new Set(sandbox.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
			expect(sandbox.requests.filter(({ path }) => /convert|reject/.test(path))).toEqual([]);
			expect(sandbox.requests.length).toBeLessThanOrEqual(MOST_READS);
			expect(report.requests).toBe(sandbox.requests.length);
			expect(sandbox.maxConcurrent).toBe(1);
			expect(sandbox.ledger(name)).toEqual({ ...before, requests: expect.anything() });
			expect(report.checks.filter(({ verdict }) => verdict === 'undecided')).toEqual([]);
		},
	);

	it('pauses between two requests', async () => {
		await checkLive({ credentials: credentialsOf(sandbox.keys.newsletter) });
		const times = sandbox.requests.map(({ startedAt }) => startedAt.getTime());
		const gaps = times.slice(1).map((time, index) => time - times[index]);
		// The server's clock counts whole milliseconds.
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(clock.real(SPACING) - 1);
	});

	it('sends one at a time even if it is asked for several', async () => {
		// Long enough for them to meet.
		sandbox.faults.add({ kind: 'latency', ms: 2_000 });
		const sender = new Sender({ credentials: credentialsOf(sandbox.keys.affiliate), limit: 10 });
		await Promise.all([1, 2, 3].map(async () => await sender.get(at`/partners`)));
		expect(sandbox.requests).toHaveLength(3);
		expect(sandbox.maxConcurrent).toBe(1);
	});

	it('sends no more than its limit, refused requests included', async () => {
		sandbox.quirks.rateLimit = { perMinute: 3 };
		const sender = new Sender({ credentials: credentialsOf(sandbox.keys.affiliate), limit: 5 });
		const results = [];
		for (let index = 0; index < 6; index++)
			results.push(await sender.get(at`/partners`).catch((error: Error) => error.message));
		expect(results.slice(-2)).toEqual([
			'the limit of 5 requests is reached',
			'the limit of 5 requests is reached',
		]);
		expect(sandbox.requests).toHaveLength(5);
	});

	it.each(['POST', 'PUT', 'DELETE', 'PATCH'] as const)(
		'sends no %s, whoever asks',
		async (method: IHttpRequestMethods) => {
			const sender = new Sender({ credentials: credentialsOf(sandbox.keys.affiliate), limit: 10 });
			await expect(
				sender.change(method, at`/customers/${value('cust_1001', 'a customer')}`),
			).rejects.toThrow('A check that only reads');
			await expect(sender.create(at`/customers`, {}, ['customer', 'a'])).rejects.toThrow(
				'not permitted',
			);
			expect(sandbox.requests).toEqual([]);
		},
	);

	it('sends no GET that changes something', async () => {
		const sender = new Sender({ credentials: credentialsOf(sandbox.keys.affiliate), limit: 10 });
		await expect(sender.get(asking(at`/leads/reject`, [['id', 41]]))).rejects.toThrow(
			'A check that only reads',
		);
		await expect(sender.get(asking(at`/leads/convert`, [['id', 41]]))).rejects.toThrow(
			'A check that only reads',
		);
		expect(sandbox.requests).toEqual([]);
	});
});

describe('with a permit', () => {
	const noted: string[] = [];
	const permit: Permit = {
		journal: (kind, identifier) =>
			noted.push(`${kind} ${identifier}, after ${sandbox.requests.length} requests`),
		confirmed: new Set(),
	};
	const sender = () =>
		new Sender({ credentials: credentialsOf(sandbox.keys.affiliate), limit: 10, permit });
	beforeEach(() => (noted.length = 0));

	it('notes what it makes before it sends', async () => {
		await sender().create(at`/partners`, { email: value('check-live-a@example.com', 'an email') }, [
			'partner',
			'check-live-a',
		]);
		expect(noted).toEqual(['partner check-live-a, after 0 requests']);
		expect(sandbox.requests).toHaveLength(1);
	});

	it.each([
		['POST', '/payout_requests'],
		['POST', '/payout_requests/61/approve'],
		['POST', '/payout_requests/61/mark_as_paid'],
		['POST', '/customers:invite'],
		['POST', '/partners:sign-in-url'],
		['DELETE', '/program'],
		['PUT', '/program'],
		['POST', '/coupons'],
		['PUT', '/coupons'],
		['POST', '/leads/convert'],
		['GET', '/leads/convert?id=41'],
		['POST', '/partners/p_annlee/reward'],
		['POST', '/customers/user_1/balance/credit'],
		['POST', '/partners/p_annlee/archive'],
		['DELETE', '/partners'],
	] as const)('never sends %s %s', async (method, path) => {
		const address = { path, shown: path };
		await expect(sender().change(method, address, {})).rejects.toThrow('never sent');
		if (method === 'POST')
			await expect(sender().create(address, {}, ['something', 'a'])).rejects.toThrow('never sent');
		expect(sandbox.requests).toEqual([]);
	});
});

describe('a rate limit', () => {
	it.each(['seconds', 'none', 'zero', 'past', 'nonsense'] as const)(
		'is obeyed, and reported: %s',
		async (retryAfter) => {
			const program = sandbox.addProgram('newsletter', {
				quirks: { rateLimit: { perMinute: 5, retryAfter } },
			});
			setSpeed(100);
			const { report } = await checkLive({ credentials: credentialsOf(program.key) });
			setSpeed();
			expect(report.checks.find(({ id }) => id === 'rate-limit')).toMatchObject({
				outcome: 'announced',
				facts: { perMinute: 5, retryAfter },
			});
			// Where the server says when, not one request comes before it.
			const refused = program.requests.filter(({ status }) => status === 429).length;
			if (retryAfter === 'seconds')
				expect(refused).toBeLessThanOrEqual(Math.ceil(program.requests.length / 5));
			expect(refused).toBeGreaterThan(0);
		},
	);

	it('that asks for longer than two minutes ends it, and what is left is undecided', async () => {
		const program = sandbox.addProgram('newsletter', {});
		sandbox.faults.add({ kind: 'rateLimit', retryAfter: 3600, match: { path: '/test' } });
		const result = await checkLive({ credentials: credentialsOf(program.key) });
		expect(outcomesOf(result)).toMatchObject({
			'test-shape': 'undecided: the API asks to wait longer than two minutes',
			limits: 'undecided: the API asks to wait longer than two minutes',
		});
		expect(program.requests).toHaveLength(2);
	});
});

describe('what cannot be read', () => {
	it('is one sentence', async () => {
		const read = async (key: string, quirks: Partial<Quirks> = {}) => {
			Object.assign(sandbox.quirks, quirks);
			return await readProgram(new Sender({ credentials: credentialsOf(key), limit: 5 }));
		};
		await expect(read('wrong')).rejects.toThrow('Partnero does not know this API key.');
		sandbox.faults.add({ kind: 'cut' });
		await expect(read(sandbox.keys.affiliate)).rejects.toThrow(
			'The program cannot be read: no answer came (ECONNRESET).',
		);
	});

	it('leaves a check undecided', async () => {
		sandbox.faults.add({ kind: 'html', match: { path: '/partners' } });
		const result = await checkLive({ credentials: credentialsOf(sandbox.keys.affiliate) });
		expect(outcomesOf(result)).toMatchObject({
			'partner-lookup': 'undecided: no usable answer came (status 502)',
		});
		expect(result.report.checks.find(({ id }) => id === 'limits')).toMatchObject({
			outcome: '10-100',
		});
	});
});
