import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { JournalFile, journalFile } from '../../live/journal';
import { Refusal } from '../../live/program';
import { checkLive, cleanUpAfter } from '../../live/run';
import type { ProgramName } from '../../sandbox/programs';
import type { AddedProgram, Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import type { ProgramState } from '../../sandbox/state';
import { useSpeed } from '../support/clock';

import { checked, journalOf } from './support';

useSpeed(200);

const root = resolve(__dirname, '../..');
let sandbox: Sandbox;
let folder: string;
beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'check-live-'));
	sandbox = await startSandbox({ seed: 'empty' });
});
afterAll(async () => {
	await sandbox.close();
	rmSync(folder, { recursive: true, force: true });
});

const credentialsOf = ({ key }: AddedProgram) => ({ apiKey: key, baseUrl: sandbox.url });
const publicId = ({ state }: AddedProgram) => state.settings.public_id;

/** Checks with writing, as a person asked for it. */
async function write(program: AddedProgram, typed = publicId(program), signal?: AbortSignal) {
	return await checkLive({
		credentials: credentialsOf(program),
		write: { program: typed, journal: journalOf(program), confirm: async () => true },
		signal,
	});
}

const writes = ({ requests }: AddedProgram) =>
	requests.filter(({ method }) => method !== 'GET').map(({ method, path }) => `${method} ${path}`);

/** How many records are left, whatever kind they are of. */
function leftIn(program: AddedProgram): number {
	const { transactions, partners, customers, leads, subscribers, webhooks, coupons } =
		program.ledger();
	return (
		transactions.total +
		partners.length +
		customers.length +
		leads.length +
		subscribers.length +
		webhooks.length +
		coupons.length
	);
}

describe('a program that may not be written into', () => {
	const arrangements: Array<
		[why: string, program: ProgramName, arrange: (state: ProgramState) => void]
	> = [
		['has a sale', 'affiliate', ({ transactions }) => void transactions.add({ key: 'inv_1' })],
		[
			'has a webhook',
			'affiliate',
			({ webhooks }) => void webhooks.add({ url: 'https://example.com' }),
		],
		[
			'has a partner',
			'affiliate',
			({ partners }) => void partners.add({ email: 'ann@example.com' }),
		],
		[
			'has a customer',
			'affiliate',
			({ customers }) => void customers.add({ email: 'uma@example.com' }),
		],
		[
			'has a customer without an email',
			'affiliate',
			({ customers }) => void customers.add({ key: 'check-live-user' }),
		],
		[
			'has somebody whose email only resembles',
			'affiliate',
			({ partners }) => void partners.add({ email: 'check-live-ann@example.com.example' }),
		],
		[
			'has a payout request',
			'affiliate',
			({ partners, payoutRequests }) => {
				partners.add({ id: 'p_1', email: 'check-live-a@example.com' });
				payoutRequests.add({ partner: 'p_1', amount: 5 });
			},
		],
		[
			'has a sale, refer-a-friend',
			'referAFriend',
			({ transactions }) => void transactions.add({ key: 'inv_1' }),
		],
		[
			'has a subscriber',
			'newsletter',
			({ subscribers }) => void subscribers.add({ email: 'rea@example.com' }),
		],
	];

	it.each(arrangements)('%s: nothing is written', async (_why, name, arrange) => {
		const program = sandbox.addProgram(name);
		arrange(program.state);
		const before = program.ledger();
		await expect(write(program)).rejects.toThrow(Refusal);
		expect(writes(program)).toEqual([]);
		expect(program.ledger()).toEqual({ ...before, requests: expect.anything() });
		expect(existsSync(journalOf(program))).toBe(false);
	});

	it.each(['OTHER', '', 'sbxaff01'])(
		'is not the one that was named ("%s"): nothing is written',
		async (typed) => {
			const program = sandbox.addProgram('affiliate');
			await expect(write(program, typed)).rejects.toThrow('another program');
			expect(program.requests.map(({ path }) => path)).toEqual(['/program']);
		},
	);

	it.each(['/transactions', '/payout_requests', '/webhooks', '/partners', '/customers'])(
		'does not show whether it is empty (%s): nothing is written',
		async (path) => {
			const program = sandbox.addProgram('affiliate', { quirks: { addressesMissing: [path] } });
			await expect(write(program)).rejects.toThrow(`${path} cannot be read`);
			expect(writes(program)).toEqual([]);
		},
	);

	it('was not cleaned up after an earlier check', async () => {
		const program = sandbox.addProgram('affiliate');
		JournalFile.begin(journalOf(program), publicId(program)).close();
		await expect(write(program)).rejects.toThrow(Refusal);
		expect(writes(program)).toEqual([]);
	});
});

it('writes into a program that holds nothing but what an earlier check made', async () => {
	const program = sandbox.addProgram('affiliate');
	program.state.partners.add({ id: 'p_1', email: 'check-live-r000000-partner@example.com' });
	program.state.customers.add({ key: 'c_1', email: 'check-live-r000000-customer@example.com' });
	expect((await write(program)).left).toBe(0);
	expect(leftIn(program)).toBe(0);
});

it('never calls what a check must not call, and makes nothing but its own', async () => {
	for (const name of ['affiliate', 'referAFriend', 'newsletter'] as const) {
		const { program, left } = await checked(sandbox, { program: name });
		expect(
			writes(program).filter((request) =>
				/payout|invite|sign-in|program|coupon|promotion|convert/.test(request),
			),
		).toEqual([]);
		expect(left).toBe(0);
		expect(leftIn(program)).toBe(0);
		expect(existsSync(journalOf(program))).toBe(false);
	}
});

it('asks before what cannot be taken back, and leaves it out without a yes', async () => {
	const asked = await checked(sandbox, { confirm: true });
	expect(asked.program.ledger().bonuses).toEqual([expect.objectContaining({ amount: 0.01 })]);
	const refused = await checked(sandbox, { confirm: false });
	expect(refused.outcomes.bonus).toBe('undecided: it was not confirmed');
	expect(refused.program.ledger().bonuses).toEqual([]);
	const friends = await checked(sandbox, { confirm: false, program: 'referAFriend' });
	expect(friends.outcomes.credit).toBe('undecided: it was not confirmed');
	expect(friends.program.ledger().credits).toEqual([]);
});

/** Waits until a program has got so many writes. */
async function hasWritten(program: AddedProgram, count: number): Promise<void> {
	while (writes(program).length < count) await sleep(5);
}

it('deletes what it made when it is interrupted', async () => {
	for (const count of [1, 5, 20]) {
		const program = sandbox.addProgram('affiliate');
		const ending = new AbortController();
		const running = write(program, publicId(program), ending.signal);
		await hasWritten(program, count);
		ending.abort();
		const { report, left } = await running;
		expect(report.checks.filter(({ why }) => why === 'it was interrupted').length).toBeGreaterThan(
			20,
		);
		expect(left).toBe(0);
		expect(leftIn(program)).toBe(0);
	}
});

describe('the command', () => {
	const started = new Set<ChildProcess>();
	afterAll(() => started.forEach((child) => child.kill('SIGKILL')));

	/** Runs the command in a process of its own, without a terminal. */
	function run(program: AddedProgram, ...parameters: string[]) {
		const child = spawn(
			process.execPath,
			['--import', 'tsx', 'live/cli.ts', '--base-url', sandbox.url, '--out', folder, ...parameters],
			{
				cwd: root,
				env: { ...process.env, PARTNERO_API_KEY: program.key },
				stdio: ['ignore', 'pipe', 'pipe'],
			},
		);
		started.add(child);
		let output = '';
		for (const stream of [child.stdout, child.stderr])
			stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
		return {
			child,
			ended: once(child, 'close').then(([code]) => ({ code: code as number | null, output })),
		};
	}

	/** A program with a public id of its own, by which its journal is called. */
	function namedProgram(id: string): AddedProgram {
		const program = sandbox.addProgram('affiliate');
		program.state.settings.public_id = id;
		rmSync(journalFile(id), { force: true });
		return program;
	}

	it('killed in the middle, leaves a journal by which the program is emptied', async () => {
		const program = namedProgram('TESTKILL');
		const { child, ended } = run(program, '--write', '--program', 'TESTKILL');
		await hasWritten(program, 8);
		child.kill('SIGKILL');
		await ended;
		const journal = readFileSync(journalFile('TESTKILL'), 'utf8');
		expect(leftIn(program)).toBeGreaterThan(4);
		for (const { key } of program.state.transactions)
			expect(journal).toContain(JSON.stringify(key));
		// A second check is refused, since the program is not empty.
		await expect(
			checkLive({
				credentials: credentialsOf(program),
				write: { program: 'TESTKILL', confirm: async () => false },
			}),
		).rejects.toThrow(Refusal);
		expect(await cleanUpAfter({ credentials: credentialsOf(program), program: 'TESTKILL' })).toBe(
			0,
		);
		expect(leftIn(program)).toBe(0);
		expect(existsSync(journalFile('TESTKILL'))).toBe(false);
	}, 60_000);

	it('ends with 2 before the first write, and prints no key', async () => {
		const program = namedProgram('TESTFULL');
		program.state.transactions.add({ key: 'inv_1' });
		const other = await run(program, '--write', '--program', 'OTHER').ended;
		expect(other).toMatchObject({ code: 2, output: expect.stringContaining('another program') });
		const full = await run(program, '--write', '--program', 'TESTFULL').ended;
		expect(full).toMatchObject({
			code: 2,
			output: expect.stringContaining('/transactions is not empty.'),
		});
		const unnamed = await run(program, '--write').ended;
		expect(unnamed).toMatchObject({ code: 2, output: expect.stringContaining('--program') });
		expect(writes(program)).toEqual([]);
		for (const { output } of [other, full, unnamed]) expect(output).not.toContain(program.key);
	}, 60_000);

	it('takes no key as an argument', async () => {
		const program = sandbox.addProgram('affiliate');
		for (const parameters of [['--key', program.key], ['--api-key', program.key], [program.key]]) {
			const { code, output } = await run(program, ...parameters).ended;
			expect(code).toBe(1);
			expect(output).not.toContain(program.key);
		}
		expect(program.requests).toEqual([]);
	}, 60_000);
});

it('names nothing to clean up where no check was', async () => {
	const program = sandbox.addProgram('affiliate');
	await expect(
		cleanUpAfter({
			credentials: credentialsOf(program),
			program: publicId(program),
			journal: journalOf(program),
		}),
	).rejects.toThrow('there is nothing to clean up');
	await expect(
		cleanUpAfter({
			credentials: credentialsOf(program),
			program: 'OTHER',
			journal: journalOf(program),
		}),
	).rejects.toThrow(Refusal);
	expect(writes(program)).toEqual([]);
});
