import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

import { DEFAULT_PORT, introduction } from '../sandbox/introduction';
import { PROGRAM_NAMES, PROGRAMS } from '../sandbox/programs';
import type { Sandbox } from '../sandbox/server';
import { startSandbox } from '../sandbox/server';

import type { Credential, Json, WorkflowFile, WorkflowRun } from './client';
import { OWNER } from './client';
import type { Release } from './install';
import { CACHE_FOLDER, N8N_FOLDER, ensureN8n } from './install';
import { pack } from './pack';
import type { N8n } from './server';
import { freePort, isFree, requirePort, startN8n } from './server';
import { UserError, say } from './terminal';

export interface DemoOptions {
	/** End after the runs. */
	headless: boolean;
	port: number | undefined;
	release: Release;
}

const ROOT = join(N8N_FOLDER, '..');
const EXAMPLES = join(ROOT, 'examples');
const N8N_PORT = 5678;
/** The name that n8n proposes for the first credential; the examples refer to it. */
const CREDENTIAL = 'Partnero account';
const TRIGGER = 'Try it now';
/** The examples that the demo runs itself. */
const REPORT = 'mondays-program-report.json';
const SALE = 'sign-up-then-sale.json';
/** Where the report is left to be looked at; it outlives the demo. */
const REPORT_FILE = join(N8N_FOLDER, '.data', 'report.html');

/** What the command line asked for. */
export function readOptions(args: string[]): DemoOptions {
	const usage = 'Usage: npm run demo [-- --headless] [--port N] [--n8n oldest]';
	let values: { headless?: boolean; port?: string; n8n?: string };
	try {
		const options = {
			headless: { type: 'boolean' },
			port: { type: 'string' },
			n8n: { type: 'string' },
		} as const;
		({ values } = parseArgs({ args, options }));
	} catch (error) {
		throw new UserError(`${error instanceof Error ? error.message : String(error)}. ${usage}`);
	}
	const port = values.port === undefined ? undefined : Number(values.port);
	if (port !== undefined && !(Number.isInteger(port) && port > 0 && port < 65_536)) {
		throw new UserError(
			`"${values.port}" is not a port, which is a number from 1 to 65535. ${usage}`,
		);
	}
	const release = values.n8n ?? 'newest';
	if (release !== 'newest' && release !== 'oldest')
		throw new UserError(`"${release}" is neither "newest" nor "oldest". ${usage}`);
	return { headless: values.headless ?? false, port, release };
}

/** What the demo says about itself: each check is printed when it is made. */
class Checks {
	private passed = 0;
	private failed = 0;

	check(title: string, holds: boolean): void {
		if (holds) this.passed++;
		else this.failed++;
		say(`  ${holds ? 'ok      ' : 'FAILED  '}${title}`);
	}

	get allPassed(): boolean {
		return this.failed === 0 && this.passed > 0;
	}

	toString(): string {
		return `${this.passed} passed, ${this.failed} failed`;
	}
}

/** The demo from start to end; returns the exit code. */
export async function showcase(
	{ headless, port: wanted, release }: DemoOptions,
	untilStopped: () => Promise<void>,
): Promise<number> {
	const port = wanted ?? (await usualOrFreePort(headless));
	await requirePort(port);
	const tarball = await pack(join(CACHE_FOLDER, 'packed'));
	await ensureN8n(release);

	// A fresh n8n each time, so that the demo shows the same each time; the installation stays.
	const userFolder = join(N8N_FOLDER, '.data', `demo-${port}`);
	rmSync(userFolder, { recursive: true, force: true });
	const sandbox = await startDemoSandbox(headless);
	let n8n: N8n | undefined;
	try {
		liveThroughLastWeek(sandbox);
		say('Starting n8n, with the packed package installed as a community node ...');
		n8n = await startN8n({ release, port, userFolder, tarball });
		const checks = new Checks();
		const workflows = await play(n8n, sandbox, checks);
		if (headless) {
			say();
			say(String(checks));
			return checks.allPassed ? 0 : 1;
		}
		invite(n8n, sandbox, workflows);
		await untilStopped();
		say('\nStopping ...');
		return 0;
	} finally {
		await n8n?.stop();
		await sandbox.close();
		// That of the usual port is left to be looked at; there is one, and the next demo empties it.
		if (headless || port !== (wanted ?? N8N_PORT))
			rmSync(userFolder, { recursive: true, force: true });
	}
}

/**
 * n8n where a person expects it, unless something else is there, such as their own n8n; nobody looks at the editor
 * of a headless run.
 */
async function usualOrFreePort(headless: boolean): Promise<number> {
	return !headless && (await isFree(N8N_PORT)) ? N8N_PORT : await freePort();
}

/** The sandbox where a person finds it again, unless something else is there; nobody looks for that of a headless run. */
async function startDemoSandbox(headless: boolean): Promise<Sandbox> {
	const start = async (port: number) => await startSandbox({ port, seed: 'demo' });
	if (headless) return await start(0);
	return await start(DEFAULT_PORT).catch(async (error: NodeJS.ErrnoException) => {
		if (error.code !== 'EADDRINUSE') throw error;
		return await start(0);
	});
}

/** What happened between the last two Mondays, so that the report has something to compare. */
function liveThroughLastWeek(sandbox: Sandbox): void {
	const { partners, customers, transactions, clock } = sandbox.program('affiliate');
	const monday = startOfWeek(clock());
	const at = (weeksAgo: number, day: number, hour: number) =>
		new Date(
			monday.getFullYear(),
			monday.getMonth(),
			monday.getDate() - 7 * weeksAgo + day,
			hour,
		).toISOString();
	partners.add({
		key: 'miraroasts',
		email: 'mira.sand@example.com',
		name: 'Mira',
		surname: 'Sand',
		created_at: at(1, 0, 9),
	});
	const amounts = [89, 24.5, 149.9, 32, 64.25, 129];
	amounts.forEach((amount, index) => {
		const key = `cust_${2001 + index}`;
		const created_at = at(1, index, 11);
		customers.add({
			key,
			email: `${key}@customers.example`,
			name: 'Robin',
			surname: 'Example',
			partner: index < 4 ? 'miraroasts' : 'espresso-eva',
			created_at,
		});
		transactions.add({ key: `order_${6001 + index}`, amount, customer: key, created_at });
	});
}

/** Midnight of this week's Monday, in the time zone of this machine, which n8n has as well. */
function startOfWeek(now: Date): Date {
	const days = (now.getDay() + 6) % 7;
	return new Date(now.getFullYear(), now.getMonth(), now.getDate() - days);
}

/** A workflow in the demo's n8n. */
interface Imported {
	id: string;
	name: string;
	file: string;
}

/** Imports all examples, and runs two of them. */
async function play(n8n: N8n, sandbox: Sandbox, checks: Checks): Promise<Imported[]> {
	const credential = await createCredentials(n8n, sandbox);
	await playCredential(n8n, sandbox, checks, credential);
	const workflows = await importExamples(n8n, credential, checks);
	const introduce = (file: string) => {
		const { id, name } = workflows.find((workflow) => workflow.file === file)!;
		say(`\n${name}  (${relative(ROOT, join(EXAMPLES, file))})`);
		return id;
	};
	await playReport(n8n, sandbox, checks, introduce(REPORT));
	await playSale(n8n, sandbox, checks, introduce(SALE));
	return workflows;
}

/** A credential for each type of program. n8n proposes the newest, so the one that the examples are for comes last. */
async function createCredentials({ client }: N8n, { keys, url }: Sandbox): Promise<Credential> {
	const create = async (name: string, apiKey: string) =>
		await client.createCredential(name, 'partneroApi', { apiKey, baseUrl: url });
	for (const name of PROGRAM_NAMES.filter((one) => one !== 'affiliate'))
		await create(`Partnero account (${PROGRAMS[name].title} program)`, keys[name]);
	return await create(CREDENTIAL, keys.affiliate);
}

/** Imports the examples as they are, with the Partnero credential in each node that wants one. */
async function importExamples(
	{ client }: N8n,
	credential: Credential,
	checks: Checks,
): Promise<Imported[]> {
	say('\nThe examples');
	const files = readdirSync(EXAMPLES).filter((file) => file.endsWith('.json'));
	const workflows: Imported[] = [];
	// n8n's list has the newest on top: from the last to the first, and those that are run at the end.
	for (const file of [
		...files.filter((one) => one !== REPORT && one !== SALE).reverse(),
		REPORT,
		SALE,
	]) {
		const workflow = JSON.parse(readFileSync(join(EXAMPLES, file), 'utf8')) as WorkflowFile;
		const id = await client.createWorkflow(workflow, credential);
		workflows.unshift({ id, name: workflow.name, file });
	}
	checks.check(
		`all ${files.length} are imported`,
		files.length > 0 && workflows.length === files.length,
	);
	return workflows;
}

/** The connection test of the credential's dialog: only the right key at the right address passes. */
async function playCredential(
	{ client }: N8n,
	sandbox: Sandbox,
	checks: Checks,
	credential: Credential,
): Promise<void> {
	const right = { apiKey: sandbox.keys.affiliate, baseUrl: sandbox.url };
	const root = new URL(sandbox.url).origin;
	const status = async (data: Json) =>
		(await client.testCredential(credential, { ...right, ...data })).status;
	say('\nThe credential');
	checks.check('its connection test passes', (await status({})) === 'OK');
	checks.check('not with a wrong key', (await status({ apiKey: 'wrong' })) === 'Error');
	checks.check('not with a wrong address', (await status({ baseUrl: root })) === 'Error');
	checks.check(
		'not with an address that answers with something else',
		(await status({ baseUrl: `${root}/_sandbox/ledger?` })) === 'Error',
	);
}

async function playReport(
	{ client }: N8n,
	sandbox: Sandbox,
	checks: Checks,
	id: string,
): Promise<void> {
	const run = await client.runWorkflow(id, TRIGGER);
	const [report = {}] = run.output('Get Report');
	const [message = {}] = run.output('Message');
	say(`\n  ${String(message.subject ?? '')}\n`);
	say(indent(String(message.text ?? '')));
	say();
	sayOutcome(checks, run);
	const metrics = Array.isArray(report.metrics) ? (report.metrics as Json[]) : [];
	checks.check(
		`${metrics.length} figures of last week, each a number or not shown`,
		metrics.length > 0 &&
			metrics.every(
				({ value }) => value === null || (typeof value === 'number' && Number.isFinite(value)),
			),
	);
	const { from, to } = (report.period ?? {}) as { from?: string; to?: string };
	const sold = [...sandbox.program('affiliate').transactions].filter(
		({ created_at }) =>
			Date.parse(created_at) >= Date.parse(from ?? '') &&
			Date.parse(created_at) < Date.parse(to ?? ''),
	);
	checks.check(
		`the sales of the week are those that the sandbox recorded, ${sold.length}`,
		metrics.some(({ name, value }) => name === 'sales' && value === sold.length),
	);
	checks.check(
		'the message has the figures as text and as HTML',
		/\d/.test(String(message.text)) && /^\s*</.test(String(message.html)),
	);
	mkdirSync(dirname(REPORT_FILE), { recursive: true });
	writeFileSync(REPORT_FILE, String(message.html));
	const changed = metrics.filter(({ change }) => typeof change === 'number' && change !== 0);
	checks.check(
		`${changed.length} of them have changed since the week before, as ${relative(ROOT, REPORT_FILE)} shows`,
		changed.length > 0,
	);
}

async function playSale(
	{ client }: N8n,
	sandbox: Sandbox,
	checks: Checks,
	id: string,
): Promise<void> {
	const first = await client.runWorkflow(id, TRIGGER);
	saySale('first run ', first);
	const second = await client.runWorkflow(id, TRIGGER);
	saySale('second run', second);
	say();
	sayOutcome(checks, first, 'the first run');
	sayOutcome(checks, second, 'the second run');

	const [order = {}] = first.output('Sign-up and order');
	const [one = {}] = first.output('Commission');
	const [two = {}] = second.output('Commission');
	const { transactions, customers, partners } = sandbox.ledger('affiliate');
	const sale = transactions.byKey[String(order.orderKey)];
	const customer = customers.filter(({ key }) => key === order.customerKey);
	const partner = partners.find(({ key }) => key === order.referralKey);
	checks.check(
		`the customer exists once, attributed to ${String(order.referralKey)}`,
		customer.length === 1 && partner !== undefined && customer[0].partner === partner.id,
	);
	checks.check(
		'the first run recorded the sale, the second run did not',
		one.recordedNow === true && two.recordedNow === false,
	);
	checks.check(
		'the sandbox has the sale exactly once',
		sale?.count === 1 && sale.amount === order.amount,
	);
	checks.check(
		'both runs show the commission that the partner earns',
		sale !== undefined &&
			sale.commission > 0 &&
			one.commission === sale.commission &&
			two.commission === sale.commission,
	);
}

function saySale(title: string, run: WorkflowRun): void {
	const [shown] = run.output('Commission');
	const fields = Object.entries(shown ?? {}).map(([name, value]) => `${name} ${String(value)}`);
	say(`  ${title}  ${shown ? fields.join(', ') : (run.error ?? 'gave nothing')}`);
}

function sayOutcome(checks: Checks, run: WorkflowRun, title = 'the workflow'): void {
	checks.check(`${title} ran to its end${run.error ? `: ${run.error}` : ''}`, run.succeeded);
}

function invite(n8n: N8n, sandbox: Sandbox, workflows: Imported[]): void {
	say('\nThe editor is open. Sign in, then open one of the addresses:');
	say(`  n8n           ${n8n.url}`);
	say(`  login         ${OWNER.email}`);
	say(`  password      ${OWNER.password}`);
	say(`  new workflow  ${n8n.url}/workflow/new`);
	say(`  all examples  ${n8n.url}/home/workflows`);
	for (const { name, id } of workflows.filter(({ file }) => file === REPORT || file === SALE))
		say(`  example       ${n8n.url}/workflow/${id}  ${name}`);
	say(`\nThe report that was just made: ${relative(process.cwd(), REPORT_FILE)}`);
	say('\nPartnero is played by a local sandbox. Nothing leaves this machine:');
	for (const line of introduction(sandbox)) say(line);
	if (!hasPublicAddress()) {
		say(
			'\nPartnero itself could not call this n8n, since this machine has no public address. The sandbox can. With a real account, use Partnero Polling Trigger here instead of Partnero Trigger.',
		);
	}
	say(
		'\nEach start of the demo begins with a fresh n8n: export what you want to keep. Ctrl-C ends it.',
	);
}

/** Whether one of this machine's addresses is on the internet, as far as it shows. */
export function hasPublicAddress(
	interfaces: ReturnType<typeof networkInterfaces> = networkInterfaces(),
): boolean {
	const known = new BlockList();
	for (const [network, prefix] of [
		['10.0.0.0', 8],
		['100.64.0.0', 10],
		['127.0.0.0', 8],
		['169.254.0.0', 16],
		['172.16.0.0', 12],
		['192.0.2.0', 24],
		['192.168.0.0', 16],
	] as const) {
		known.addSubnet(network, prefix);
	}
	for (const [network, prefix] of [
		['::1', 128],
		['fc00::', 7],
		['fe80::', 10],
	] as const)
		known.addSubnet(network, prefix, 'ipv6');
	return Object.values(interfaces)
		.flatMap((addresses) => addresses ?? [])
		.some(
			({ address, family, internal }) =>
				!internal && !known.check(address, family === 'IPv6' ? 'ipv6' : 'ipv4'),
		);
}

function indent(text: string): string {
	return text.replace(/^(?=.)/gm, '  ');
}
