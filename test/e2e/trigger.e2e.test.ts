import { createHmac } from 'node:crypto';
import { cpSync, rmSync } from 'node:fs';

import axios from 'axios';

import type { Json } from '../../n8n/client';
import type { N8n } from '../../n8n/server';
import { startN8n } from '../../n8n/server';
import type { Fault } from '../../sandbox/faults';

import { Stage, TestedWorkflow, triggerWorkflow, until } from './stage';

let stage: Stage;
let workflow: TestedWorkflow;
/** How many executions there are to be. */
let expected = 0;

beforeAll(async () => {
	stage = await Stage.start();
});
afterAll(async () => await stage?.end());

/** Each test has a workflow of its own in an empty program. */
beforeEach(async () => {
	await stage.reset('empty');
	expected = 0;
	workflow = await stage.createWorkflow(
		triggerWorkflow('Watch partners', { events: ['partner.created', 'partner.updated'] }),
	);
});
afterEach(async () => {
	stage.sandbox.faults.clear();
	await workflow.deactivate();
	expect(webhooks()).toEqual([]);
});

const webhooks = () => stage.sandbox.ledger().webhooks;
const program = () => stage.sandbox.program('affiliate');
const fault = (method: string, path: RegExp, more: Partial<Fault> = {}) =>
	stage.sandbox.faults.add({ kind: 'status', times: 1, match: { method, path }, ...more });
const check = /^\/webhooks\/./;

/** Over HTTP, as whoever uses Partnero. */
async function createPartner(email: string): Promise<void> {
	await axios.post(
		`${stage.sandbox.url}/partners`,
		{ email },
		{ headers: { authorization: `Bearer ${stage.sandbox.keys.affiliate}` } },
	);
}

/** Expects exactly one webhook, and that what happens now starts exactly one execution with the right data. */
async function expectToWork(email = `partner-${expected}@example.com`, event = 'partner.created') {
	await until('one webhook is registered', () => webhooks().length === 1);
	expect(webhooks()).toMatchObject([{ is_active: true, events: expect.arrayContaining([event]) }]);
	if (event === 'partner.created') await createPartner(email);
	else program().emit(event, { email });
	await stage.sandbox.settled();
	expected += 1;
	const [run] = await workflow.runs(expected, 1);
	expect(run.error).toBeUndefined();
	expect(run.output('Partnero Trigger')).toEqual([
		expect.objectContaining({
			email,
			event,
			createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
		}),
	]);
	expect(webhooks()).toHaveLength(1);
}

describe('a published workflow', () => {
	it('starts when something happens, and leaves no webhook when it is unpublished', async () => {
		await workflow.activate();
		await expectToWork();
		expect(webhooks()).toMatchObject([
			{ name: 'n8n: Watch partners', url: expect.stringContaining(`${stage.n8n.url}/webhook/`) },
		]);
		await workflow.deactivate();
		expect(webhooks()).toEqual([]);
		await createPartner('later@example.com');
		await workflow.activate();
		await expectToWork();
	});

	it('works on after a restart of n8n', async () => {
		await workflow.activate();
		await expectToWork();
		const before = webhooks();
		await stage.stopN8n();
		await stage.startN8n();
		await expectToWork();
		expect(webhooks()).toEqual(before);
		await workflow.deactivate();
		expect(webhooks()).toEqual([]);
	});

	it('gets what happened while n8n was down for a moment', async () => {
		await workflow.activate();
		await expectToWork();
		await stage.stopN8n();
		program().emit('partner.created', { email: 'meanwhile@example.com' });
		await until(
			'a delivery has failed',
			() => (stage.sandbox.deliveries.at(-1)?.statuses.length ?? 0) > 0,
		);
		await stage.startN8n();
		// Partnero goes on trying; the sandbox gives up sooner, so it is told to try again.
		await until(
			'it is delivered',
			async () => (await stage.sandbox.repeat(stage.sandbox.deliveries.at(-1)!)) === 200,
		);
		await stage.sandbox.settled();
		expected += 1;
		const [run] = await workflow.runs(expected, 1);
		expect(run.output('Partnero Trigger')).toMatchObject([{ email: 'meanwhile@example.com' }]);
	});

	it('registers at the address to which n8n has moved, and names the webhook of the old one, which it leaves', async () => {
		await workflow.activate();
		await expectToWork();
		const [old] = webhooks();
		await stage.stopN8n();
		await stage.startN8n({ WEBHOOK_URL: `${stage.n8nUrl.replace('127.0.0.1', 'localhost')}/` });
		await workflow.deactivate();
		expect(webhooks()).toEqual([old]);
		await workflow.activate();
		expect(webhooks()).toEqual([
			old,
			expect.objectContaining({ url: expect.stringMatching(/^http:\/\/localhost:/) }),
		]);
		const log = stage.n8n.log();
		expect(log).toContain(
			`The webhook '${old.key}' of "Partnero Trigger" calls ${old.url}, which is not the address of this n8n`,
		);
		// What the log says is to be done.
		program().webhooks.remove([...program().webhooks].find(({ key }) => key === old.key)!);
		await expectToWork();
		await stage.stopN8n();
		await stage.startN8n();
		program().webhooks.clear();
	});

	it('warns of an address that Partnero cannot reach', async () => {
		const said = () =>
			stage.n8n.log().split(`is registered in Partnero under ${stage.n8n.url}/webhook/`).length;
		const before = said();
		await workflow.activate();
		expect(said()).toBe(before + 1);
		expect(stage.n8n.log()).toContain('which Partnero cannot reach');
		await expectToWork();
	});

	it('works with another list of events', async () => {
		await workflow.activate();
		await expectToWork();
		await workflow.change(([trigger]) => (trigger.parameters = { events: ['partner.approved'] }));
		await workflow.activate();
		expect(webhooks()).toMatchObject([{ events: ['partner.approved'] }]);
		await expectToWork('approved@example.com', 'partner.approved');
		await createPartner('not-wanted@example.com');
		await stage.sandbox.settled();
		await workflow.runs(expected, 0);
	});

	it('is switched on again after somebody switched its webhook off in Partnero', async () => {
		await workflow.activate();
		program().webhooks.update([...program().webhooks][0], { is_active: false });
		fault('DELETE', check, { times: 3 });
		await workflow.deactivate();
		await workflow.activate();
		await expectToWork();
	});

	it('says which type of program the key belongs to, for an event that it does not have', async () => {
		await workflow.change(([trigger]) => (trigger.parameters = { events: ['subscriber.created'] }));
		await expect(workflow.activate()).rejects.toThrow(
			/This API key belongs to an affiliate program, which has no event 'Subscriber Created'/,
		);
		expect(webhooks()).toEqual([]);
		await workflow.change(([trigger]) => (trigger.parameters = { events: ['partner.created'] }));
		await workflow.activate();
		await expectToWork();
	});
});

describe('a copy', () => {
	let copy: N8n | undefined;
	let folder: string;
	afterEach(async () => {
		await copy?.stop();
		copy = undefined;
		rmSync(folder, { recursive: true, force: true });
	});

	it("of n8n's database, on another n8n, never touches the webhook of the original", async () => {
		await workflow.activate();
		await expectToWork();
		const [original] = webhooks();
		// The database as it is, in its running state.
		await stage.stopN8n();
		folder = `${stage.folder}-staging`;
		cpSync(stage.folder, folder, {
			recursive: true,
			filter: (path) => !path.startsWith(`${stage.folder}/packed`),
		});
		await stage.startN8n();
		copy = await startN8n({ userFolder: folder });
		const http = copy.client.http;
		const { data } = await http.get<{ data: { versionId: string } }>(
			`/rest/workflows/${workflow.id}`,
		);
		const published = async () => {
			await until('the publication in the copy has ended', async () => {
				const answer = await http.get<{ data: { status: string } }>(
					`/rest/workflows/${workflow.id}/publication-status`,
				);
				return answer.data.data.status !== 'in_progress';
			});
		};
		const unpublish = async () => {
			await http.post(`/rest/workflows/${workflow.id}/deactivate`, {});
			await published();
		};
		await unpublish();
		expect(webhooks()).toEqual([original]);
		await http.post(`/rest/workflows/${workflow.id}/activate`, { versionId: data.data.versionId });
		await published();
		expect(webhooks()).toEqual([
			original,
			expect.objectContaining({ url: expect.stringContaining(`${copy.url}/webhook/`) }),
		]);
		expect(copy.log()).toContain(
			`The webhook '${original.key}' of "Partnero Trigger" calls ${original.url}`,
		);
		await unpublish();
		expect(webhooks()).toEqual([original]);
		await expectToWork();
	});

	it('of the workflow, made by the public API with its static data, registers its own webhook', async () => {
		folder = `${stage.folder}-none`;
		await workflow.activate();
		await expectToWork();
		const [original] = webhooks();
		const http = stage.n8n.client.http;
		const { data: stored } = await http.get<{ data: Json }>(`/rest/workflows/${workflow.id}`);
		const { nodes, connections, staticData } = stored.data;
		expect(JSON.stringify(staticData)).toContain(original.key);
		const key = await http.post<{ data: { rawApiKey: string } }>('/rest/api-keys', {
			label: 'copy',
			expiresAt: null,
			scopes: ['workflow:create'],
		});
		const made = await http.post<{ id: string }>(
			'/api/v1/workflows',
			{ name: 'Copy', nodes, connections, settings: {}, staticData },
			{ headers: { 'X-N8N-API-KEY': key.data.data.rawApiKey } },
		);
		// The editor gives the trigger of a workflow that is copied an address of its own.
		const second = new TestedWorkflow(stage, made.data.id);
		await second.change(([trigger]) =>
			Object.assign(trigger, { webhookId: 'address-of-the-copy' }),
		);
		await second.activate();
		expect(webhooks()).toEqual([
			original,
			expect.objectContaining({ url: expect.stringContaining('address-of-the-copy') }),
		]);
		await second.deactivate();
		expect(webhooks()).toEqual([original]);
		await expectToWork();
	});
});

describe('exactly one webhook once it is active again', () => {
	/** Leaves a webhook behind, so that the next publication has something to check. */
	async function unpublishInVain(): Promise<void> {
		fault('DELETE', check, { times: 3 });
		await workflow.deactivate();
		expect(webhooks()).toHaveLength(1);
	}

	it('after 500 to the check', async () => {
		await workflow.activate();
		await expectToWork();
		const before = webhooks();
		await unpublishInVain();
		fault('GET', check);
		await workflow.activate();
		await expectToWork();
		expect(webhooks()).toEqual(before);
	});

	it('after 500 to every try of the check, which n8n answers with a deletion and a publication from the start', async () => {
		await workflow.activate();
		await expectToWork();
		await unpublishInVain();
		fault('GET', check, { times: 3 });
		await workflow.activate();
		await expectToWork();
	});

	it('after 500 to every try of the check and of the deletion', async () => {
		await workflow.activate();
		await expectToWork();
		const before = webhooks();
		await unpublishInVain();
		fault('GET', check, { times: 3 });
		fault('DELETE', check, { times: 3 });
		await workflow.activate();
		await expectToWork();
		expect(webhooks()).toEqual(before);
	});

	it('after 500 to the deletion', async () => {
		await workflow.activate();
		await expectToWork();
		fault('DELETE', check);
		await workflow.deactivate();
		expect(webhooks()).toEqual([]);
		await workflow.activate();
		await expectToWork();
	});

	it('after 500 to every try of the deletion, also across a restart of n8n', async () => {
		await workflow.activate();
		await expectToWork();
		const before = webhooks();
		await unpublishInVain();
		await stage.stopN8n();
		await stage.startN8n();
		await workflow.activate();
		await expectToWork();
		expect(webhooks()).toEqual(before);
	});

	it('after 500 to every try of the deletion when the list of events changes', async () => {
		await workflow.activate();
		await expectToWork();
		fault('DELETE', check, { times: 3 });
		await workflow.change(
			([trigger]) => (trigger.parameters = { events: ['partner.created', 'lead.submitted'] }),
		);
		await workflow.activate();
		expect(webhooks()).toMatchObject([{ events: ['partner.created', 'lead.submitted'] }]);
		await expectToWork();
	});

	it.each<[string, Partial<Fault>]>([
		['cut', { kind: 'cutAfterWrite' }],
		['a 502', { kind: 'statusAfterWrite' }],
	])('after the answer to the registration was lost: %s', async (_what, more) => {
		fault('POST', /^\/webhooks$/, more);
		await workflow.activate();
		await expectToWork();
	});

	it('after the answer was lost and the list failed as well', async () => {
		fault('POST', /^\/webhooks$/, { kind: 'cutAfterWrite' });
		let lists = 0;
		// Fails for the look-up after the registration, and for the clearing up that follows.
		const later = {
			test: (path: string) => path === '/webhooks' && lists++ > 0,
		} as unknown as RegExp;
		stage.sandbox.faults.add({ kind: 'status', times: 6, match: { method: 'GET', path: later } });
		await workflow.activate();
		await expectToWork();
	});
});

describe('"Listen for test event"', () => {
	it('takes one event and cleans up after itself', async () => {
		expect(await workflow.listen('Partnero Trigger')).toEqual({ waitingForWebhook: true });
		expect(webhooks()).toMatchObject([{ url: expect.stringContaining('/webhook-test/') }]);
		await createPartner('test@example.com');
		await stage.sandbox.settled();
		const [run] = await workflow.runs(1);
		expect(run.output('Partnero Trigger')).toMatchObject([
			{ email: 'test@example.com', event: 'partner.created' },
		]);
		await until('the webhook is gone', () => webhooks().length === 0);
	});

	it('waits on after a forged delivery', async () => {
		await workflow.listen('Partnero Trigger');
		const [{ url }] = webhooks();
		const forged = await axios.post(
			url,
			{ event: 'partner.created', data: {} },
			{ validateStatus: () => true, headers: { signature: 'ab' } },
		);
		expect(forged.status).toBe(401);
		await createPartner('true@example.com');
		await stage.sandbox.settled();
		const [run] = await workflow.runs(1);
		expect(run.output('Partnero Trigger')).toMatchObject([{ email: 'true@example.com' }]);
		await until('the webhook is gone', () => webhooks().length === 0);
	});

	it('cleans up when nobody waits any longer', async () => {
		await workflow.listen('Partnero Trigger');
		expect(webhooks()).toHaveLength(1);
		await workflow.stopListening();
		await until('the webhook is gone', () => webhooks().length === 0);
	});

	it('leaves the webhook of the published workflow alone', async () => {
		await workflow.activate();
		const published = webhooks();
		await workflow.listen('Partnero Trigger');
		expect(webhooks()).toHaveLength(2);
		await createPartner('both@example.com');
		await stage.sandbox.settled();
		await workflow.runs(2);
		expect((await workflow.executions()).map(({ mode }) => mode).sort()).toEqual([
			'manual',
			'webhook',
		]);
		await until('the test webhook is gone', () => webhooks().length === 1);
		expect(webhooks()).toEqual(published);
		expected = 2;
		await expectToWork();
	});
});

describe('deliveries', () => {
	/** Sends all of it, twenty at a time, and returns how often each status was answered. */
	async function sendAll(requests: Array<() => Promise<number>>): Promise<Record<number, number>> {
		const statuses: Record<number, number> = {};
		const queue = [...requests];
		const work = async () => {
			for (let next = queue.shift(); next; next = queue.shift()) {
				const status = await next();
				statuses[status] = (statuses[status] ?? 0) + 1;
			}
		};
		await Promise.all(Array.from({ length: 20 }, work));
		return statuses;
	}

	const post = async (raw: string, headers: Record<string, string>) => {
		const sent = { 'content-type': 'application/json', ...headers };
		return (
			await axios.post(webhooks()[0].url, Buffer.from(raw), {
				headers: sent,
				validateStatus: () => true,
			})
		).status;
	};

	it('1,000 forged ones: 1,000 times 401, and no execution', async () => {
		await workflow.activate();
		const [{ key, url, signature }] = webhooks();
		const forge = (number: number) => {
			const raw = JSON.stringify({
				event: 'partner.created',
				url,
				webhook_key: key,
				created_at: String(number),
				data: { number },
			});
			const right = createHmac('sha256', signature).update(raw).digest('hex');
			const wrong: Array<Record<string, string>> = [
				{},
				{ signature: '' },
				{ signature: createHmac('sha256', 'sixteen-letters!').update(raw).digest('hex') },
				{ signature: `${right.slice(0, -1)}${right.endsWith('0') ? '1' : '0'}` },
				{ signature: `sha256=${right}` },
			];
			return async () => await post(raw, wrong[number % wrong.length]);
		};
		expect(await sendAll(Array.from({ length: 1000 }, (_, number) => forge(number)))).toEqual({
			401: 1000,
		});
		expect(await workflow.executions()).toEqual([]);
		await expectToWork();
	});

	it('bodies that are no delivery: no execution, and n8n goes on', async () => {
		await workflow.activate();
		const [{ key, signature }] = webhooks();
		const sign = (raw: string) => ({
			signature: createHmac('sha256', signature).update(raw).digest('hex'),
		});
		const signed = async (raw: string, type = 'application/json') =>
			await post(raw, { ...sign(raw), 'content-type': type });
		const good = { event: 'partner.created', webhook_key: key, data: { id: 1 } };
		expect(await signed('[]')).toBe(400);
		expect(await signed('{"event":"partner.created"}')).toBe(400);
		expect(await signed('{"event":"e","data":{"__proto__":{"a":1}}}')).toBe(400);
		expect(await signed('event=1', 'text/plain')).toBe(400);
		expect(await signed('')).toBe(400);
		expect(
			await signed(JSON.stringify({ ...good, data: { text: 'x'.repeat(5 * 1024 * 1024) } })),
		).toBe(400);
		expect(await signed(JSON.stringify({ ...good, webhook_key: 'other' }))).toBe(401);
		// n8n itself refuses JSON that it cannot read.
		expect(await signed('{"event":')).toBe(422);
		const form = new FormData();
		form.append('event', 'partner.created');
		expect(
			(await axios.post(webhooks()[0].url, form, { validateStatus: () => true })).status,
		).toBeGreaterThanOrEqual(400);
		expect(await workflow.executions()).toEqual([]);
		await expectToWork();
	});

	it('1,000 true ones, each sent twice, twenty at a time: 1,000 executions', async () => {
		await workflow.activate();
		const repeats: Array<Promise<number>> = [];
		for (let number = 0; number < 1000; number++) {
			program().emit('partner.updated', { id: 'p_1', number });
			// Beside the first one, through the same twenty slots.
			repeats.push(stage.sandbox.repeat(stage.sandbox.deliveries.at(-1)!));
		}
		expect([...new Set(await Promise.all(repeats))]).toEqual([200]);
		await stage.sandbox.settled();
		expect(
			stage.sandbox.deliveries.every(
				({ state, statuses }) => state === 'delivered' && statuses.length === 1,
			),
		).toBe(true);
		const runs = await workflow.runs(1000);
		const numbers = runs.flatMap((run) =>
			run.output('Partnero Trigger').map((item) => Number(item.number)),
		);
		expect(numbers.sort((a, b) => a - b)).toEqual(
			Array.from({ length: 1000 }, (_, number) => number),
		);
		expected = 1000;
		await expectToWork();
	});

	it('two different updates of one record in the same second: two executions', async () => {
		await workflow.activate();
		for (const name of ['Ann', 'Anna']) program().emit('partner.updated', { id: 'p_1', name });
		await stage.sandbox.settled();
		const runs = await workflow.runs(2);
		expect(
			runs.flatMap((run) => run.output('Partnero Trigger').map(({ name }) => name)).sort(),
		).toEqual(['Ann', 'Anna']);
	});
});

describe('in an n8n that publishes at once, as earlier versions do', () => {
	const earlier = { N8N_USE_WORKFLOW_PUBLICATION_SERVICE: 'false' };

	async function restart(env: Record<string, string> = {}): Promise<void> {
		await stage.stopN8n();
		stage.sandbox.requests.length = 0;
		await stage.startN8n({ ...earlier, ...env });
	}

	beforeAll(async () => await restart());

	it('a workflow starts when something happens, and leaves no webhook when it is unpublished', async () => {
		await workflow.activate();
		await expectToWork();
		await workflow.deactivate();
		expect(webhooks()).toEqual([]);
		await workflow.activate();
		await expectToWork();
	});

	it('it registers at the address to which n8n has moved at the next start', async () => {
		await workflow.activate();
		await expectToWork();
		const [old] = webhooks();
		await restart({ WEBHOOK_URL: `${stage.n8nUrl.replace('127.0.0.1', 'localhost')}/` });
		await until('the new one is registered', () =>
			webhooks().some(({ url }) => url.startsWith('http://localhost:')),
		);
		expect(webhooks()).toEqual([old, expect.anything()]);
		program().webhooks.remove([...program().webhooks].find(({ key }) => key === old.key)!);
		await expectToWork();
	});

	it('it is switched on again at the next start', async () => {
		await restart();
		await workflow.activate();
		await expectToWork();
		program().webhooks.update([...program().webhooks][0], { is_active: false });
		await restart();
		await until('the webhook is mended', () => webhooks().every(({ is_active }) => is_active));
		await expectToWork();
	});

	it.each([
		['the check', ['GET']],
		['the check and the deletion', ['GET', 'DELETE']],
	])(
		'exactly one webhook after 500 to every try of %s at a start of n8n',
		async (_what, methods) => {
			await restart();
			await workflow.activate();
			await expectToWork();
			await stage.stopN8n();
			for (const method of methods) fault(method, check, { times: 3 });
			stage.sandbox.requests.length = 0;
			await stage.startN8n(earlier);
			const asked = () => stage.sandbox.requests.filter(({ status }) => status === 200);
			await until(
				'n8n has tried again',
				() => asked().filter(({ path }) => path === '/webhooks').length >= 1,
			);
			await expectToWork();
		},
	);

	it('exactly one webhook after 500 to every try of the deletion, and after a lost registration', async () => {
		await workflow.activate();
		await expectToWork();
		const before = webhooks();
		fault('DELETE', check, { times: 3 });
		await workflow.deactivate();
		expect(webhooks()).toEqual(before);
		await workflow.activate();
		await expectToWork();
		expect(webhooks()).toEqual(before);
		await workflow.deactivate();
		fault('POST', /^\/webhooks$/, { kind: 'cutAfterWrite' });
		await workflow.activate();
		await expectToWork();
	});

	it('a refusal is shown, and says why', async () => {
		await workflow.change(([trigger]) => (trigger.parameters = { events: ['subscriber.created'] }));
		await expect(workflow.activate()).rejects.toThrow(
			/This API key belongs to an affiliate program, which has no event 'Subscriber Created'/,
		);
		expect(webhooks()).toEqual([]);
	});
});
