import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';

import axios from 'axios';

import type { WorkflowFile } from '../../n8n/client';
import { Stage, type TestedWorkflow } from './stage';

let stage: Stage;
let workflow: TestedWorkflow | undefined;

beforeAll(async () => {
	stage = await Stage.start();
});
afterAll(async () => await stage?.end());
beforeEach(() => stage.sandbox.reset('empty'));
afterEach(async () => {
	await workflow?.deactivate();
	workflow = undefined;
	expect(stage.sandbox.ledger().webhooks).toEqual([]);
});

const manual = 'Try it now';

/** Imports an example as it is, but for what its note says to fill in. */
async function load(file: string, fillIn: (nodes: WorkflowFile['nodes']) => void = () => {}): Promise<TestedWorkflow> {
	const example = JSON.parse(readFileSync(join(__dirname, '../../examples', file), 'utf8')) as WorkflowFile;
	fillIn(example.nodes);
	workflow = await stage.createWorkflow(example);
	return workflow;
}

async function call(path: string, body: object): Promise<Record<string, unknown>> {
	const headers = { authorization: `Bearer ${stage.sandbox.keys.affiliate}` };
	const { data } = await axios.post<{ data: Record<string, unknown> }>(`${stage.sandbox.url}${path}`, body, { headers });
	return data.data;
}

test('welcome a new partner', async () => {
	const example = await load('welcome-a-new-partner.json');
	await example.activate();
	await call('/partners', { email: 'ann@example.com', name: 'Ann', key: 'annlee' });
	await stage.sandbox.settled();
	const [run] = await example.runs(1);
	expect(run.error).toBeUndefined();
	const message = { to: 'ann@example.com', subject: 'Welcome, Ann!', text: expect.stringContaining('aff=annlee') };
	expect(run.output('Message')).toEqual([message]);
	const tried = await stage.n8n.client.runWorkflow(example.id, manual);
	expect(tried.error).toBeUndefined();
	expect(tried.output('Message')).toEqual([message]);
});

describe('lead to CRM and back', () => {
	const secret = { name: 'X-CRM-Secret', value: 'a long secret of the CRM' };
	const deals: unknown[] = [];
	let crm: Server;

	beforeAll(async () => {
		crm = createServer((request, response) => {
			void json(request).then((deal) => {
				deals.push(deal);
				response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":1}');
			});
		});
		await new Promise<void>((resolve) => crm.listen(0, '127.0.0.1', resolve));
	});
	afterAll(async () => {
		crm.closeAllConnections();
		await new Promise((resolve) => crm.close(resolve));
	});

	test('a lead becomes a deal; a deal that is won or lost ends the lead', async () => {
		const credential = await stage.n8n.client.createCredential('Header Auth account', 'httpHeaderAuth', secret);
		const example = await load('lead-to-crm-and-back.json', (nodes) => {
			for (const node of nodes) {
				if (node.name === 'Create deal in the CRM') {
					Object.assign(node.parameters as object, { url: `http://127.0.0.1:${(crm.address() as AddressInfo).port}/deals` });
				}
				if (node.credentials?.httpHeaderAuth) node.credentials = { httpHeaderAuth: credential };
			}
		});
		await example.activate();
		await call('/partners', { email: 'ann@example.com', key: 'annlee' });
		const leads = [];
		for (const name of ['Won Lead', 'Lost Lead']) {
			leads.push(await call('/leads', { name, email: `${name.slice(0, 3)}@leads.example`, partner: { key: 'annlee' } }));
			await stage.sandbox.settled();
		}
		for (const run of await example.runs(2)) expect(run.error).toBeUndefined();
		const deal = { leadId: leads[0].id, name: 'Won Lead', email: 'Won@leads.example', partner: 'ann@example.com', notes: expect.stringContaining('Name: Won Lead') };
		expect(deals).toContainEqual(deal);
		expect(deals).toHaveLength(2);

		const close = async (body: object, headers = {}) =>
			(await axios.post(`${stage.n8n.url}/webhook/partnero-deal-closed`, body, { headers, validateStatus: () => true })).status;
		const won = { leadId: leads[0].id, won: true, amount: 500 };
		expect(await close(won)).toBe(403);
		expect(await close(won, { [secret.name]: 'wrong' })).toBe(403);
		const header = { [secret.name]: secret.value };
		expect(await close(won, header)).toBe(200);
		expect(await close({ leadId: leads[1].id, won: false }, header)).toBe(200);
		for (const run of await example.runs(4)) expect(run.error).toBeUndefined();
		expect(stage.sandbox.ledger().leads.map(({ status }) => status)).toEqual(['converted', 'rejected']);
		expect(stage.sandbox.ledger().transactions).toMatchObject({ total: 1, amount: 500 });

		const tried = await stage.n8n.client.runWorkflow(example.id, manual);
		expect(tried.error).toBeUndefined();
		expect(deals).toHaveLength(3);
	});
});

test('reward a large sale, once, also when its delivery is repeated after a restart of n8n', async () => {
	const example = await load('reward-a-large-sale.json');
	await example.activate();
	await call('/partners', { id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	await call('/customers', { key: 'c_1', partner: { key: 'annlee' } });
	for (const [key, amount] of [['small', 999.99], ['large', 1000]] as const) {
		await call('/transactions', { key, amount, customer: { key: 'c_1' } });
		await stage.sandbox.settled();
	}
	// Nobody earned this one.
	await call('/transactions', { key: 'nobody', amount: 5000, customer: { key: 'unknown' } });
	await stage.sandbox.settled();
	for (const run of await example.runs(3)) expect(run.error).toBeUndefined();
	const bonus = { partner: 'p_1', amount: 50, note: 'Bonus for the sale large' };
	expect(stage.sandbox.ledger().bonuses).toMatchObject([bonus]);

	const delivery = stage.sandbox.deliveries.find(({ body }) => body.includes('"large"'))!;
	await stage.stopN8n();
	await stage.startN8n();
	expect(await stage.sandbox.repeat(delivery)).toBe(200);
	for (const run of await example.runs(4)) expect(run.error).toBeUndefined();
	expect(stage.sandbox.ledger().bonuses).toMatchObject([bonus]);

	const tried = await stage.n8n.client.runWorkflow(example.id, manual);
	expect(tried.error).toBeUndefined();
	expect(tried.output('Would earn a bonus').map(({ key }) => key)).toEqual(['large']);
	expect(stage.sandbox.ledger().bonuses).toHaveLength(1);
});
