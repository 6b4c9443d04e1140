import { rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Json, WorkflowFile, WorkflowRun } from '../n8n/client';
import { CACHE_FOLDER, N8N_FOLDER, ensureN8n } from '../n8n/install';
import { pack } from '../n8n/pack';
import type { N8n } from '../n8n/server';
import { startN8n } from '../n8n/server';
import { say } from '../n8n/terminal';
import type { Fault } from '../sandbox/faults';
import type { Quirks } from '../sandbox/quirks';
import type { Sandbox } from '../sandbox/server';
import { startSandbox } from '../sandbox/server';

import { machineFacts, main } from './command';

/**
 * `npm run bench:money`: 1,000 sales recorded through a real n8n, by this node and by n8n's own HTTP
 * Request node, against a server that has trouble. What counts is what the server has recorded.
 * `npm run bench:money -- late minute` plays only the troubles whose names hold one of the words.
 */

const SALES = 1000;
const CUSTOMERS = 100;
/** A workflow is run again until its work is done, but not more often than this. */
const MOST_EXECUTIONS = 5;
const PATIENCE_MS = 600_000;
const TIMEOUT_MS = 2000;

/** What is wrong with the server. */
interface Trouble {
	name: string;
	faults: Fault[];
	/** How it differs from what its documents make one expect. */
	quirks?: Partial<Quirks>;
	/** The time-out that both nodes are given. */
	timeout?: number;
	/** Whether spacing the requests out is the answer to it. */
	spaced?: boolean;
}

const rate = 0.1;

const troubles: Trouble[] = [
	{
		name: 'takes 20 requests at once, 100 ms each',
		faults: [
			{ kind: 'cap', max: 20 },
			{ kind: 'latency', ms: 100 },
		],
		spaced: true,
	},
	{
		name: '10 % answered 429, with Retry-After',
		faults: [{ kind: 'rateLimit', retryAfter: 1, rate }],
	},
	{ name: '10 % answered 429, without it', faults: [{ kind: 'rateLimit', rate }] },
	{ name: '10 % answered 500 before the write', faults: [{ kind: 'status', status: 500, rate }] },
	{
		name: '10 % answered 502 after the write',
		faults: [{ kind: 'statusAfterWrite', status: 502, rate }],
	},
	{ name: '10 % cut after the write', faults: [{ kind: 'cutAfterWrite', rate }] },
	{
		name: '10 % written, but answered too late',
		faults: [{ kind: 'latency', after: true, ms: TIMEOUT_MS + 1000, rate }],
		timeout: TIMEOUT_MS,
	},
	{ name: '10 % answered with a web page', faults: [{ kind: 'html', rate }] },
	{ name: '10 % refused with status: 0 in a 200', faults: [{ kind: 'statusZero', rate }] },
	{
		name: '10 % answered 502 after the write, and shown two seconds late',
		faults: [{ kind: 'statusAfterWrite', status: 502, match: { method: 'POST' }, rate }],
		quirks: { salesHiddenFromListsMs: 2_000, salesHiddenFromReadsMs: 2_000 },
	},
	{
		name: 'cuts 20 connections, and carries the requests out ten seconds later',
		faults: [],
		quirks: { carriedOutLate: { ms: 10_000, answer: 'cut', times: 20 } },
	},
	{ name: 'gives 50 a page, whatever was asked for', faults: [], quirks: { pageCap: 50 } },
	{
		name: 'takes 600 a minute, as Laravel counts',
		faults: [],
		quirks: { rateLimit: { perMinute: 600 } },
		spaced: true,
	},
];

/** A node as somebody would set it who knows n8n, with Retry On Fail as n8n proposes it. */
interface Contestant {
	name: string;
	settings: (sandbox: Sandbox, trouble: Trouble) => Json;
	onlyIf?: (trouble: Trouble) => boolean | undefined;
}

const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1000 };
const continueOnFail = { onError: 'continueErrorOutput' };

const contestants: Contestant[] = [
	{ name: 'Partnero, Create', settings: partneroNode('create') },
	{ name: 'Partnero, Create Many', settings: partneroNode('createMany') },
	{ name: 'HTTP Request, Retry On Fail', settings: httpNode(retryOnFail) },
	{
		name: 'HTTP Request, Retry On Fail, 20 items every 200 ms',
		settings: httpNode(retryOnFail, { batching: { batch: { batchSize: 20, batchInterval: 200 } } }),
		onlyIf: ({ spaced }) => spaced,
	},
	{ name: 'HTTP Request, On Error: Continue', settings: httpNode(continueOnFail) },
];

function partneroNode(operation: string): Contestant['settings'] {
	return (_sandbox, { timeout }) => ({
		type: 'n8n-nodes-partnero.partnero',
		typeVersion: 1,
		parameters: {
			resource: 'transaction',
			operation,
			customer: { __rl: true, mode: 'key', value: '={{ $json.customer }}' },
			amount: '={{ $json.amount }}',
			key: '={{ $json.key }}',
			...(timeout && { requestOptions: { timeout } }),
		},
		...retryOnFail,
		...continueOnFail,
	});
}

function httpNode(onFailure: Json, options: Json = {}): Contestant['settings'] {
	return ({ url }, { timeout }) => ({
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.4,
		parameters: {
			method: 'POST',
			url: `${url}/transactions`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'partneroApi',
			sendBody: true,
			specifyBody: 'json',
			jsonBody:
				'={{ { key: $json.key, action: "sale", amount: $json.amount, customer: { key: $json.customer } } }}',
			options: { ...options, ...(timeout && { timeout }) },
		},
		...onFailure,
	});
}

const RECORD = 'Record the sale';
const TRIGGER = 'Start';

/** A workflow that has a list of sales and records each of them. */
function workflowOf(node: Json): WorkflowFile {
	const list = `Array.from({ length: ${SALES} }, (_, i) => ({ key: 'inv_' + i, amount: i + 1, customer: 'user_' + (i % ${CUSTOMERS}) }))`;
	const nodes = [
		{ name: TRIGGER, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		{
			name: 'Sales',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: `={{ { sales: ${list} } }}`, options: {} },
		},
		{
			name: 'One by one',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'sales', options: {} },
		},
		{ name: RECORD, ...node, credentials: { partneroApi: { id: null, name: '' } } },
	];
	const connections = Object.fromEntries(
		nodes
			.slice(1)
			.map(({ name }, index) => [
				nodes[index].name,
				{ main: [[{ node: name, type: 'main', index: 0 }]] },
			]),
	);
	return {
		name: 'Record 1,000 sales',
		nodes: nodes.map((one, index) => ({
			...one,
			id: String(index),
			position: [index * 200, 0],
		})) as WorkflowFile['nodes'],
		connections,
		settings: { executionOrder: 'v1' },
	};
}

/** What came of one node under one trouble. */
interface Outcome {
	executions: number;
	/** Whether the last execution reported no error. */
	clean: boolean;
	landed: number;
	twice: number;
	requests: number;
	seconds: number;
}

/** Runs a workflow until all sales are there, or nothing tells its user to run it again. */
async function measure(n8n: N8n, sandbox: Sandbox, node: Json, trouble: Trouble): Promise<Outcome> {
	sandbox.reset('empty');
	// A program of its own: n8n's process remembers what it has sent to the others.
	const program = sandbox.addProgram('affiliate');
	const credential = await n8n.client.createCredential('Partnero account', 'partneroApi', {
		apiKey: program.key,
		baseUrl: sandbox.url,
	});
	const { partners, customers } = program.state;
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	for (let index = 0; index < CUSTOMERS; index += 1)
		customers.add({ key: `user_${index}`, partner: 'p_1' });
	for (const fault of trouble.faults) sandbox.faults.add(fault);
	Object.assign(program.quirks, structuredClone(trouble.quirks ?? {}));

	const id = await n8n.client.createWorkflow(workflowOf(node), credential);
	const began = Date.now();
	let clean = false;
	let executions = 0;
	const landed = () => Object.keys(program.ledger().transactions.byKey).length;
	while (!clean && landed() < SALES && executions < MOST_EXECUTIONS) {
		executions += 1;
		const execution = await execute(n8n, id);
		clean = execution.succeeded && execution.output(RECORD, 1).length === 0;
	}
	const seconds = Math.round((Date.now() - began) / 1000);
	const requests = program.requests.length;
	return {
		executions,
		clean,
		landed: landed(),
		twice: program.ledger().transactions.twice.length,
		requests,
		seconds,
	};
}

/** Runs a workflow to its end; n8n drops a connection now and then while it prepares 1,000 items. */
async function execute({ client }: N8n, id: string): Promise<WorkflowRun> {
	const trigger = { triggerToStartFrom: { name: TRIGGER } };
	const started = await client.http.post<{ data: { executionId: string } }>(
		`/rest/workflows/${id}/run`,
		trigger,
	);
	const deadline = Date.now() + PATIENCE_MS;
	for (;;) {
		try {
			return await client.waitForRun(started.data.data.executionId, deadline - Date.now());
		} catch (error) {
			if (Date.now() > deadline || !/ECONNRESET|socket hang up|timeout/.test(String(error)))
				throw error;
		}
	}
}

/** Markdown for the README: one row for each node under each trouble. */
function row(
	trouble: string,
	node: string,
	{ executions, clean, landed, twice, requests, seconds }: Outcome,
): string {
	const wrong = (value: number, right: number) =>
		value === right ? format(value) : `**${format(value)}**`;
	const runs = landed < SALES && !clean ? `${executions}, then given up` : String(executions);
	const cells = [
		trouble,
		node,
		wrong(landed, SALES),
		wrong(twice, 0),
		runs,
		clean ? 'no error' : 'errors',
		format(requests),
		String(seconds),
	];
	return `| ${cells.join(' | ')} |`;
}

function format(value: number): string {
	return value.toLocaleString('en-US');
}

const FOOT =
	'Counting stops as soon as all 1,000 have landed. Where the last execution said "errors", its user does not know that: one more run with the HTTP Request node records all of them once more.';

const HEAD = [
	'| The server … | Node | Landed | Recorded twice | Executions | The last one says | Requests | Seconds |',
	'|---|---|--:|--:|--:|---|--:|--:|',
];

async function money(): Promise<void> {
	const tarball = await pack(join(CACHE_FOLDER, 'bench'));
	const { node } = await ensureN8n();
	const userFolder = join(N8N_FOLDER, '.data', 'bench-money');
	rmSync(userFolder, { recursive: true, force: true });
	const sandbox = await startSandbox({ seed: 'empty' });
	let n8n: N8n | undefined;
	try {
		n8n = await startN8n({ userFolder, tarball });
		say(await machineFacts(node));
		say();
		for (const line of HEAD) say(line);
		const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
		for (const trouble of troubles) {
			if (only.length > 0 && !only.some((word) => trouble.name.includes(word))) continue;
			for (const { name, settings, onlyIf } of contestants) {
				if (onlyIf && !onlyIf(trouble)) continue;
				say(
					row(trouble.name, name, await measure(n8n, sandbox, settings(sandbox, trouble), trouble)),
				);
			}
		}
		say(`\n${FOOT}`);
	} finally {
		await n8n?.stop();
		await sandbox.close();
		rmSync(userFolder, { recursive: true, force: true });
	}
}

main(money);
