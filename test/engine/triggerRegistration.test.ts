import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import axios from 'axios';

import type { Fault } from '../../sandbox/faults';

import { closeAll, json, serve } from './support/bareServer';
import { useSandbox } from './support/partnero';
import type { TriggerOptions } from './support/trigger';
import { Trigger } from './support/trigger';

const partnero = useSandbox();
const open: Trigger[] = [];

async function trigger(options: Partial<TriggerOptions> = {}): Promise<Trigger> {
	const one = await new Trigger({ credentials: partnero.credentials, ...options }).listen();
	open.push(one);
	return one;
}

afterEach(async () => {
	for (const one of open.splice(0)) await one.close();
	partnero.sandbox.switches.webhookSecret = 'always';
});

const webhooks = () => partnero.sandbox.ledger().webhooks;
const mended = () => partnero.sandbox.faults.clear();
const fault = (method: string, more: Partial<Fault>, path: RegExp = /^\/webhooks/) =>
	partnero.sandbox.faults.add({ kind: 'status', match: { method, path }, ...more });
/** What went out since the sandbox was last asked. */
const calls = () => {
	const made = partnero
		.wire()
		.map(({ method, path }) => `${method} ${path.replace(/\/webhooks\/.+/, '/webhooks/{key}')}`);
	partnero.sandbox.requests.length = 0;
	return made;
};

describe('activation', () => {
	it('registers one webhook and keeps its key and secret', async () => {
		const one = await trigger();
		await one.activate();
		expect(webhooks()).toMatchObject([
			{
				name: 'n8n: Welcome',
				url: one.url,
				is_active: true,
				events: ['partner.created', 'partner.updated'],
			},
		]);
		const [{ key, signature }] = webhooks();
		expect(one.kept).toEqual({ webhookKey: key, webhookSecret: signature });
		expect(partnero.wire().at(-1)).toEqual({
			method: 'POST',
			path: '/webhooks',
			body: {
				name: 'n8n: Welcome',
				url: one.url,
				events: ['partner.created', 'partner.updated'],
				is_active: true,
			},
		});
	});

	it('finds it again, without a change, as after a restart of n8n', async () => {
		const one = await trigger();
		await one.activate();
		const before = { webhooks: webhooks(), kept: one.kept };
		calls();
		await one.activate();
		expect(calls()).toEqual(['GET /webhooks/{key}', 'GET /webhooks']);
		expect({ webhooks: webhooks(), kept: one.kept }).toEqual(before);
	});

	it('does not care about the order of events', async () => {
		const one = await trigger();
		await one.activate();
		one.parameters.events = ['partner.updated', 'partner.created'];
		calls();
		await one.activate();
		expect(calls().filter((call) => /PUT|POST/.test(call))).toEqual([]);
	});

	it.each<[string, (one: Trigger) => void]>([
		['other events', (one) => (one.parameters.events = ['lead.submitted'])],
		[
			'one event more',
			(one) => (one.parameters.customEvents = ' partner.archived ,partner.created,'),
		],
	])('sends %s to Partnero', async (_what, change) => {
		const one = await trigger();
		await one.activate();
		const [{ key, signature }] = webhooks();
		change(one);
		await one.activate();
		const events = [
			...(one.parameters.events as string[]),
			...(one.parameters.customEvents ? ['partner.archived'] : []),
		];
		expect(webhooks()).toMatchObject([{ key, signature, url: one.url, events, is_active: true }]);
		expect(one.kept).toEqual({ webhookKey: key, webhookSecret: signature });
	});

	it('switches on a webhook that somebody switched off in Partnero', async () => {
		const one = await trigger();
		await one.activate();
		const { webhooks: table } = partnero.sandbox.program('affiliate');
		table.update([...table][0], { is_active: false });
		await one.activate();
		expect(webhooks()).toMatchObject([{ is_active: true }]);
	});

	it('registers anew what somebody deleted in Partnero', async () => {
		const one = await trigger();
		await one.activate();
		partnero.sandbox.program('affiliate').webhooks.clear();
		await one.activate();
		expect(webhooks()).toMatchObject([
			{ key: one.kept.webhookKey, signature: one.kept.webhookSecret },
		]);
	});

	it.each(['always', 'onCreate'] as const)(
		'makes deliveries count again when static data was lost, secret shown %s',
		async (shown) => {
			const one = await trigger();
			await one.activate();
			partnero.sandbox.switches.webhookSecret = shown;
			one.saved = {};
			await one.activate();
			expect(webhooks()).toMatchObject([
				{ key: one.kept.webhookKey, signature: one.kept.webhookSecret },
			]);
		},
	);

	it('keeps its secret where reading does not show it', async () => {
		partnero.sandbox.switches.webhookSecret = 'onCreate';
		const one = await trigger();
		await one.activate();
		const before = { webhooks: webhooks(), kept: one.kept };
		await one.activate();
		expect({ webhooks: webhooks(), kept: one.kept }).toEqual(before);
	});

	it('leaves other webhooks alone, on any page', async () => {
		const { webhooks: table } = partnero.sandbox.program('affiliate');
		for (let number = 0; number < 150; number++)
			table.add({ url: `https://other.example/${number}`, events: ['partner.created'] });
		const one = await trigger();
		// The oldest of all, so it is on the second page.
		table.add({
			key: 'mine',
			url: one.url,
			events: ['partner.created'],
			created_at: '2020-01-01T00:00:00.000000Z',
		});
		await one.activate();
		expect(webhooks()).toHaveLength(151);
		expect(one.kept.webhookKey).toBe('mine');
		await one.deactivate();
		expect(webhooks()).toHaveLength(150);
	});

	it('keeps one of several webhooks with its address', async () => {
		const one = await trigger();
		await one.activate();
		const { webhooks: table } = partnero.sandbox.program('affiliate');
		for (let number = 0; number < 3; number++)
			table.add({ url: one.url, events: ['partner.created'] });
		await one.activate();
		expect(webhooks()).toMatchObject([
			{ key: one.kept.webhookKey, signature: one.kept.webhookSecret },
		]);
	});

	it('registers custom events alone, each once, and cuts the name at 100 characters', async () => {
		const one = await trigger({
			name: `${'x'.repeat(93)}\u{1F44D}${'y'.repeat(50)}`,
			parameters: { events: [], customEvents: 'lead.converted, lead.converted' },
		});
		await one.activate();
		expect(webhooks()).toMatchObject([
			{ name: `n8n: ${'x'.repeat(93)}\u{1F44D}y`, events: ['lead.converted'] },
		]);
	});

	it('refuses an empty list of events before anything is sent', async () => {
		const one = await trigger({ parameters: { events: [], options: {} } });
		await expect(one.activate()).rejects.toMatchObject({ message: "'Trigger On' is empty" });
		expect(calls().filter((call) => !call.startsWith('GET'))).toEqual([]);
	});

	it('names an event that the program does not have, and its type', async () => {
		const one = await trigger({ parameters: { events: ['subscriber.created'] } });
		await expect(one.activate()).rejects.toMatchObject({
			message:
				"This API key belongs to an affiliate program, which has no event 'Subscriber Created'",
			description: expect.stringContaining("Remove the events of other programs from 'Trigger On'"),
			httpCode: '422',
		});
		expect(webhooks()).toEqual([]);
	});
});

describe('a webhook of another address', () => {
	/** The same workflow, with its static data, at another place. */
	async function copyOf(
		original: Trigger,
		options: Partial<TriggerOptions> = {},
	): Promise<Trigger> {
		const copy = await trigger(options);
		copy.saved = structuredClone(original.saved);
		return copy;
	}

	it.each<[string, Partial<TriggerOptions>]>([
		["a staging copy of n8n's database", {}],
		[
			'a copy of the workflow with its static data, in the same n8n',
			{ webhookId: 'id-of-the-copy' },
		],
	])(
		'%s registers its own, and leaves the webhook of the original alone',
		async (_what, options) => {
			const original = await trigger();
			await original.activate();
			const [first] = webhooks();
			const copy = await copyOf(original, options);
			if (options.webhookId) copy.baseUrl = original.baseUrl;
			await copy.activate();
			const [, second] = webhooks();
			expect(webhooks()).toEqual([
				first,
				expect.objectContaining({ url: copy.url, is_active: true }),
			]);
			expect(copy.kept).toEqual({ webhookKey: second.key, webhookSecret: second.signature });
			expect(copy.warned).toEqual([
				expect.stringMatching(/is not the address of this n8n .* If n8n has moved, delete it/),
			]);
			expect(copy.warned[0]).toContain(`'${first.key}'`);
			expect(copy.warned[0]).toContain(original.url);

			expect(await copy.deactivate()).toBe(true);
			expect(webhooks()).toEqual([first]);
			// The original goes on, with the webhook that it had.
			await original.activate();
			expect(webhooks()).toEqual([first]);
			expect(await original.deactivate()).toBe(true);
			expect(webhooks()).toEqual([]);
		},
	);

	it('is left alone as well when a copy is only unpublished, whose own one is found by the address', async () => {
		const original = await trigger();
		await original.activate();
		const before = webhooks();
		const copy = await copyOf(original);
		partnero.sandbox
			.program('affiliate')
			.webhooks.add({ url: copy.url, events: ['partner.created'] });
		expect(await copy.deactivate()).toBe(true);
		expect(webhooks()).toEqual(before);
		expect(copy.warned).toEqual([expect.stringContaining(original.url)]);
		expect(copy.kept).toEqual({});
	});

	it('and what is delivered for it to the copy is refused', async () => {
		const original = await trigger();
		await original.activate();
		const [{ key, signature }] = webhooks();
		const copy = await copyOf(original);
		await copy.activate();
		const raw = JSON.stringify({
			event: 'partner.created',
			webhook_key: key,
			created_at: '2026-01-01T10:00:00Z',
			data: { id: 'p' },
		});
		const own = String(copy.kept.webhookSecret);
		for (const secret of [String(signature), own]) {
			const headers = { signature: createHmac('sha256', secret).update(raw).digest('hex') };
			expect(
				(
					await axios.post(copy.url, raw, {
						headers: { 'content-type': 'application/json', ...headers },
						validateStatus: () => true,
					})
				).status,
			).toBe(401);
		}
		expect(copy.items).toEqual([]);
	});

	it('is left behind by an n8n that has moved, and named in the log', async () => {
		const one = await trigger();
		await one.activate();
		const [old] = webhooks();
		one.baseUrl = 'https://n8n.example';
		await one.activate();
		expect(webhooks()).toEqual([
			old,
			expect.objectContaining({ url: 'https://n8n.example/production-id/webhook' }),
		]);
		expect(one.warned).toEqual([expect.stringContaining(old.url)]);
		await one.activate();
		expect(webhooks()).toHaveLength(2);
		expect(one.warned).toHaveLength(1);
	});

	it.each(['?from=partnero', '/', '/?from=partnero'])(
		'which only differs behind the path (%s) is the own one',
		async (behind) => {
			const one = await trigger();
			await one.activate();
			const { webhooks: table } = partnero.sandbox.program('affiliate');
			table.update([...table][0], { url: `${one.url}${behind}` });
			await one.activate();
			expect(webhooks()).toMatchObject([{ key: one.kept.webhookKey, url: one.url }]);
			expect(one.warned).toEqual([]);
		},
	);
});

describe('an n8n without a public address', () => {
	it.each([
		'http://localhost:5678/webhook',
		'http://n8n:5678/webhook',
		'https://192.168.1.20/webhook',
		'http://[::1]:5678/webhook',
	])('registers %s, with a warning that Partnero cannot reach it', async (address) => {
		const one = await trigger();
		one.baseUrl = address;
		await one.activate();
		expect(webhooks()).toMatchObject([{ url: one.url, is_active: true }]);
		expect(one.localWarnings).toBe(1);
	});

	it('and one that has it registers without a word', async () => {
		const one = await trigger();
		one.baseUrl = 'https://n8n.example/webhook';
		await one.activate();
		expect(one.localWarnings).toBe(0);
	});
});

describe('what goes wrong', () => {
	it.each<[string, Partial<Fault>]>([
		['500', { kind: 'status', status: 500 }],
		['a refusal', { kind: 'status', status: 403 }],
		['a rate limit', { kind: 'rateLimit' }],
		['a web page', { kind: 'html', status: 200 }],
		['status 0', { kind: 'statusZero' }],
		['nothing', { kind: 'empty' }],
		['a cut connection', { kind: 'cut' }],
	])('%s to the check is no reason to register a second one', async (_what, more) => {
		const one = await trigger();
		await one.activate();
		const [{ key }] = webhooks();
		fault('GET', more, /^\/webhooks\/./);
		await expect(one.call('checkExists', structuredClone(one.saved))).rejects.toMatchObject({
			message: expect.stringContaining('The webhook could not be checked'),
		});
		expect(webhooks()).toMatchObject([{ key }]);
		mended();
		await one.activate();
		expect(webhooks()).toMatchObject([{ key }]);
	});

	it('500 to the check, which n8n answers with a deletion: one webhook once it is active again', async () => {
		const one = await trigger();
		await one.activate();
		fault('GET', {}, /^\/webhooks\/./);
		await expect(one.activate()).rejects.toThrow('The webhook could not be checked');
		mended();
		await one.activate();
		expect(webhooks()).toMatchObject([
			{ key: one.kept.webhookKey, signature: one.kept.webhookSecret },
		]);
	});

	it.each<[string, Partial<Fault>]>([
		['cut', { kind: 'cutAfterWrite' }],
		['502', { kind: 'statusAfterWrite' }],
		['empty', { kind: 'empty', after: true }],
		['a web page', { kind: 'html', after: true, status: 200 }],
		['408', { kind: 'statusAfterWrite', status: 408 }],
	])(
		'an answer to the registration that is lost (%s) is resolved by the address',
		async (_what, more) => {
			const one = await trigger();
			fault('POST', { times: 1, ...more });
			await one.activate();
			expect(webhooks()).toMatchObject([
				{ key: one.kept.webhookKey, signature: one.kept.webhookSecret },
			]);
			expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
		},
	);

	it('a registration that was not carried out is raised, and made at the next activation', async () => {
		const one = await trigger();
		fault('POST', { status: 503 });
		await expect(one.activate()).rejects.toMatchObject({
			message: 'Partnero did not register the webhook: Server Error',
			httpCode: '503',
		});
		expect(calls().filter((call) => call.startsWith('POST'))).toHaveLength(1);
		expect(webhooks()).toEqual([]);
		mended();
		await one.activate();
		expect(webhooks()).toHaveLength(1);
	});

	it('a lost registration that cannot be looked for is an orphan, which the next activation uses', async () => {
		const one = await trigger();
		fault('POST', { kind: 'cutAfterWrite' });
		// The check before the registration gets through.
		let lists = 0;
		partnero.sandbox.faults.add({
			kind: 'status',
			match: { method: 'GET', path: { test: () => lists++ > 0 } as unknown as RegExp },
		});
		await expect(one.activate()).rejects.toThrow(
			'Partnero did not register the webhook: no answer came',
		);
		const [orphan] = webhooks();
		expect(one.kept).toEqual({});
		partnero.sandbox.faults.clear();
		await one.activate();
		expect(webhooks()).toEqual([orphan]);
		expect(one.kept).toEqual({ webhookKey: orphan.key, webhookSecret: orphan.signature });
	});

	it('a workflow that gives up after a lost registration leaves no orphan', async () => {
		const one = await trigger();
		partnero.sandbox
			.program('affiliate')
			.webhooks.add({ url: one.url, events: ['partner.created'] });
		expect(await one.deactivate()).toBe(true);
		expect(webhooks()).toEqual([]);
	});

	it('500 to the deletion is logged, and the next activation uses the webhook again', async () => {
		const one = await trigger();
		await one.activate();
		const [webhook] = webhooks();
		fault('DELETE', {});
		expect(await one.deactivate()).toBe(false);
		expect(one.logged).toEqual([
			expect.stringMatching(/"Partnero Trigger" may still be in Partnero: .*Server Error/),
		]);
		expect(one.kept).toEqual({ webhookKey: webhook.key, webhookSecret: webhook.signature });
		mended();
		one.parameters.events = ['lead.submitted'];
		await one.activate();
		expect(webhooks()).toEqual([
			{ ...webhook, events: ['lead.submitted'], updated_at: expect.any(String) },
		]);
		expect(await one.deactivate()).toBe(true);
		expect(webhooks()).toEqual([]);
		expect(one.kept).toEqual({});
	});

	it.each<[string, string, Partial<Fault>]>([
		['the check', 'GET', { kind: 'status', times: 2 }],
		['the check', 'GET', { kind: 'cut', times: 2 }],
		['the change', 'PUT', { kind: 'cutAfterWrite', times: 1 }],
		['the deletion', 'DELETE', { kind: 'status', times: 2 }],
		['the deletion', 'DELETE', { kind: 'cutAfterWrite', times: 1 }],
		['the registration', 'POST', { kind: 'rateLimit', times: 2 }],
	])('passing trouble with %s (%s %j) is not noticed', async (_what, method, more) => {
		const one = await trigger();
		if (method !== 'POST') await one.activate();
		fault(method, more);
		one.parameters.events = ['lead.submitted'];
		await one.activate();
		expect(webhooks()).toMatchObject([{ key: one.kept.webhookKey, events: ['lead.submitted'] }]);
		expect(await one.deactivate()).toBe(true);
		expect(webhooks()).toEqual([]);
		expect(one.logged).toEqual([]);
	});

	it('a webhook that is gone counts as deleted', async () => {
		const one = await trigger();
		await one.activate();
		partnero.sandbox.program('affiliate').webhooks.clear();
		expect(await one.deactivate()).toBe(true);
		expect(one.logged).toEqual([]);
		expect(one.kept).toEqual({});
	});

	it('a change that is refused is raised', async () => {
		const one = await trigger();
		await one.activate();
		one.parameters.events = ['customer.rewarded'];
		await expect(one.activate()).rejects.toMatchObject({
			message: expect.stringMatching(
				/^This API key belongs to an affiliate program, which has no event 'Customer Rewarded'$/,
			),
		});
	});

	it('an address where nobody answers', async () => {
		const one = await trigger({
			credentials: { ...partnero.credentials, baseUrl: 'http://127.0.0.1:9/v1' },
		});
		await expect(one.activate()).rejects.toMatchObject({
			message: 'The webhooks could not be listed: no answer came from Partnero',
			description: expect.stringContaining('Base URL'),
		});
	});

	describe('a server that shows a webhook in a form of its own', () => {
		interface Json {
			[name: string]: unknown;
		}
		let rows: Json[];
		let shown: (webhook: Json) => unknown;
		let absent: Json;

		beforeEach(() => {
			absent = { status: 0, message: 'Not found' };
		});
		afterEach(closeAll);

		/** A program on a server that keeps webhooks, and shows them as it likes. */
		async function published(): Promise<{ one: Trigger; requests: () => string[] }> {
			rows = [];
			const server = await serve(({ method, path, body }, response) => {
				const key = /^\/webhooks\/([^?]+)/.exec(path)?.[1];
				const row = rows.find((other) => other.key === key);
				const sent = body ? (JSON.parse(body) as Json) : {};
				if (key && !row) return json(response, absent.status === 0 ? 404 : 200, absent);
				if (method === 'POST')
					rows.push({ key: `wh_${rows.length}`, signature: 'secret', ...sent });
				if (method === 'PUT') Object.assign(row!, sent);
				if (method === 'POST') return json(response, 201, { data: rows.at(-1), status: 1 });
				json(response, 200, {
					data: row ? shown(row) : rows.map(shown),
					links: { next: null },
					status: 1,
				});
			});
			const one = await trigger({ credentials: { apiKey: 'key', baseUrl: server.url } });
			await one.activate();
			server.arrivals.length = 0;
			return { one, requests: () => server.arrivals.map(({ method }) => method) };
		}

		it.each<[string, (webhook: Json) => unknown]>([
			['the events as text', (webhook) => ({ ...webhook, events: JSON.stringify(webhook.events) })],
			['no events', (webhook) => ({ ...webhook, events: null })],
			['as switched off, in text', (webhook) => ({ ...webhook, is_active: '0' })],
		])('%s: is brought to what is needed, and stays the only one', async (_what, form) => {
			shown = form;
			const { one, requests } = await published();
			await one.activate();
			expect(requests()).toEqual(['GET', 'GET', 'PUT']);
			expect(rows).toHaveLength(1);
		});

		it.each<[string, unknown]>([
			['null', null],
			['an empty list', []],
		])('%s for one that is gone: registers anew', async (_what, data) => {
			shown = (webhook) => webhook;
			absent = { data, status: 1 };
			const { one, requests } = await published();
			rows = [];
			await one.activate();
			expect(requests()).toEqual(['GET', 'GET', 'POST']);
			expect(rows).toHaveLength(1);
		});
	});

	it('a server that says yes to everything, and sends no data', async () => {
		const server = createServer((_request, response) => {
			response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":1}');
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
		const one = await trigger({ credentials: { ...partnero.credentials, baseUrl } });
		await expect(one.activate()).rejects.toThrow(
			'The webhooks could not be listed: the server answered without data',
		);
		expect(one.kept).toEqual({});
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
	});

	it('never shows the API key', async () => {
		const one = await trigger();
		for (const method of ['POST', 'GET', 'DELETE'])
			partnero.sandbox.faults.add({ kind: 'echoAuth', match: { method } });
		const error = (await one.activate().catch((problem: unknown) => problem)) as Error;
		expect(error.message).toContain('[API key]');
		expect(JSON.stringify([error, error.message, one.logged])).not.toContain(
			partnero.credentials.apiKey,
		);
	});
});
