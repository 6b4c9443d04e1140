import { setTimeout as pause } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { clock } from '../../../nodes/Partnero/transport/clock';
import fc from '../../support/fastCheck';

import type { Result } from './engine';
import { startRun } from './engine';
import { locator } from './partnero';
import type { Fault, Program, StrangeServer, Ways } from './strangeServer';

/** A sale that the items of a history name, any number of times. */
interface PooledSale {
	key: string;
	customer: string;
	amount: number;
}

/** One execution of the node. */
interface Step {
	operation: 'create' | 'createMany';
	/** Which sales, by their place in the pool. */
	sales: number[];
	/** One execution for each item, as a loop or an agent does it. */
	oneByOne: boolean;
	retries: boolean;
	/** Whether the next step begins at the same time. */
	isBeside: boolean;
	/** Canceled so long after it has begun (milliseconds). */
	canceledAfter?: number;
	requestsAtOnce: number;
}

export interface History {
	ways: Partial<Ways>;
	pool: PooledSale[];
	steps: Step[];
	writeFaults: Array<Fault | undefined>;
	readFaults: Array<Fault | undefined>;
}

/** What a history came to. */
export interface Verdict {
	complaints: string[];
	items: number;
	errors: string[];
	/** Of how many sales an item says that they may have been recorded. */
	inDoubt: number;
}

/** How long a run may take by the node's clock. */
const patience = 500_000;

const spellings: Array<(index: number) => string> = [
	(index) => `inv_${index}`,
	(index) => `INV-${index}`,
	(index) => ` order ${index}\t`,
	(index) => String(1000 + index),
	(index) => `00${70 + index}`,
	(index) => `ä/${index}?#%2F`,
	(index) => `${'long-key-'.repeat(5)}${index}`,
];

const pool = (customers: string[]) =>
	fc
		.array(
			fc.record({
				spelling: fc.nat(spellings.length - 1),
				customer: fc.constantFrom(...customers),
				amount: fc.constantFrom(1, 49.9, 19.99, 1200),
			}),
			{ minLength: 1, maxLength: 7 },
		)
		.map((sales): PooledSale[] =>
			sales.map(({ spelling, ...sale }, index) => ({ key: spellings[spelling](index), ...sale })),
		);

const steps = (mayBeCanceled: boolean) =>
	fc.array(
		fc.record<Step>({
			operation: fc.constantFrom('create', 'createMany'),
			sales: fc.array(fc.nat(6), { minLength: 1, maxLength: 8 }),
			oneByOne: fc.boolean(),
			retries: fc.boolean(),
			isBeside: fc.boolean(),
			canceledAfter: mayBeCanceled
				? fc.option(fc.integer({ min: 0, max: 8_000 }), { nil: undefined, freq: 6 })
				: fc.constant(undefined),
			requestsAtOnce: fc.constantFrom(1, 2, 20),
		}),
		{ minLength: 1, maxLength: 4 },
	);

const loss = fc.oneof(
	fc.record({ kind: fc.constant('status' as const), status: fc.constantFrom(500, 502, 503) }),
	fc.record({
		kind: fc.constant('lostBehind' as const),
		status: fc.constantFrom(500, 502, 504, 408),
	}),
	fc.record({ kind: fc.constant('cut' as const), carriedOut: fc.boolean() }),
	fc.constant<Fault>({ kind: 'torn' }),
	fc.record({
		kind: fc.constant('late' as const),
		after: fc.integer({ min: 500, max: 4_000 }),
		status: fc.constantFrom(undefined, 502, 504),
	}),
);

function settled(fault: Fault | undefined): Fault | undefined {
	if (fault?.kind === 'late') return { ...fault, status: undefined };
	return fault?.kind === 'lostBehind' ? { ...fault, status: 502 } : fault;
}

const unread = fc.oneof(
	fc.constant<Fault>({ kind: 'status', status: 502 }),
	fc.constant<Fault>({ kind: 'torn' }),
	fc.constant<Fault>({ kind: 'cut', carriedOut: false }),
);

/** What a Laravel application may plausibly be like. */
const ways = fc
	.record({
		trims: fc.boolean(),
		folds: fc.boolean(),
		numericKeys: fc.boolean(),
		lag: fc.oneof(fc.constant(0), fc.integer({ min: 100, max: 9_900 })),
		hasReplicas: fc.boolean(),
		pageCap: fc.constantFrom(10, 15, 50, 250),
		hasLinks: fc.boolean(),
		shifts: fc.boolean(),
		answers: fc.constantFrom<Ways['answers']>('record', 'record', 'status', 'empty'),
		answersWithoutCustomer: fc.boolean(),
		duplicates: fc.constantFrom<Ways['duplicates']>('recorded', 409, 422),
		unknownCustomer: fc.constantFrom<Ways['unknownCustomer']>('refused', 'null', ''),
		showsCustomer: fc.constantFrom<Ways['showsCustomer']>('key', 'id', 'object'),
		amountAsText: fc.boolean(),
		notFoundOnEmpty: fc.boolean(),
		ignoresKeyFilter: fc.boolean(),
		latency: fc.constantFrom(0, 0, 200, 1_000),
		batch: fc.oneof(
			fc.constant<Ways['batch']>('whole'),
			fc.record({ recorded: fc.nat(3), status: fc.constantFrom(409, 422, 500) }),
		),
	})
	.map((all): Partial<Ways> => ({
		...all,
		// A long list of slow pages for each look takes minutes, and says nothing new.
		latency: all.ignoresKeyFilter ? 0 : all.latency,
		// An answer that does not show for whom it is is believed where no list shows the sale yet.
		answersWithoutCustomer:
			all.answersWithoutCustomer && (all.lag === 0 || all.unknownCustomer === 'refused'),
	}));

/** Whatever may happen. */
export const anyHistory: fc.Arbitrary<History> = fc
	.record({
		ways,
		pool: pool(['u0', 'u0', 'u1', 'u2', 'nobody']),
		steps: steps(true),
		writeFaults: fc.array(fc.option(loss, { nil: undefined, freq: 2 }), { maxLength: 4 }),
		readFaults: fc.array(fc.option(unread, { nil: undefined, freq: 2 }), { maxLength: 4 }),
	})
	.map((history) => ({
		...history,
		// What was only acknowledged is not read back any more by an execution that is canceled, nor by the next one.
		// What a gateway gave up and of which the server then records a part is in doubt for good, and rightly.
		writeFaults:
			history.ways.batch === 'whole' ? history.writeFaults : history.writeFaults.map(settled),
		steps:
			history.ways.answers === 'status'
				? history.steps.map((step) => ({ ...step, canceledAfter: undefined }))
				: history.steps,
	}));

/** On a server with which nothing is wrong. */
export const cleanHistory: fc.Arbitrary<History> = fc.record({
	ways: fc.constant({}),
	pool: pool(['u0', 'u0', 'u1', 'u2']),
	steps: steps(false),
	writeFaults: fc.constant([]),
	readFaults: fc.constant([]),
});

interface Given {
	sale: PooledSale;
	json?: IDataObject;
	isCanceled: boolean;
}

/** Plays a history on a program of its own, and compares what the node said with the ledger. */
export async function play(server: StrangeServer, history: History): Promise<Verdict> {
	const { program, credentials } = server.add(history.ways);
	for (const customer of ['u0', 'u1', 'u2']) program.addCustomer(customer);
	if (program.ways.ignoresKeyFilter || program.ways.shifts) fillWithOthers(program);
	program.writeFaults.push(...history.writeFaults);
	program.readFaults.push(...history.readFaults);
	const complaints: string[] = [];
	const given: Given[] = [];
	const beside: Array<Promise<Given[]>> = [];
	for (const step of history.steps) {
		beside.push(playStep(step, history.pool, credentials, complaints));
		if (!step.isBeside) given.push(...(await Promise.all(beside.splice(0))).flat());
	}
	given.push(...(await Promise.all(beside)).flat());
	await Promise.all(program.later);
	return { ...judge(program, given, complaints), items: given.length };
}

function fillWithOthers(program: Program): void {
	for (let index = 0; index < 25; index += 1) {
		program.ledger.push({
			key: `before_${index}`,
			sentKey: null,
			customer: 'u1',
			amount: 3,
			createdAt: '2026-01-01T00:00:00.000000Z',
			recordedAt: 0,
			isGone: false,
		});
	}
}

async function playStep(
	step: Step,
	all: PooledSale[],
	credentials: { apiKey: string; baseUrl: string },
	complaints: string[],
): Promise<Given[]> {
	const sales = step.sales.map((place) => all[place % all.length]);
	const runs = step.oneByOne ? sales.map((sale) => [sale]) : [sales];
	const given: Given[] = [];
	for (const items of runs) given.push(...(await playRun(step, items, credentials, complaints)));
	return given;
}

async function playRun(
	step: Step,
	sales: PooledSale[],
	credentials: { apiKey: string; baseUrl: string },
	complaints: string[],
): Promise<Given[]> {
	const { result, cancel } = startRun({
		credentials,
		parameters: {
			resource: 'transaction',
			operation: step.operation,
			customer: locator('key', '={{ $json.customer }}'),
			amount: '={{ $json.amount }}',
			key: '={{ $json.key }}',
			settings: { requestsAtOnce: step.requestsAtOnce },
		},
		items: sales.map((sale) => ({ ...sale })),
		node: {
			onError: 'continueRegularOutput',
			...(step.retries && { retryOnFail: true, maxTries: 2, waitBetweenTries: 0 }),
		},
	});
	const ended = new AbortController();
	const after = (milliseconds: number) =>
		pause(clock.real(milliseconds), undefined, { signal: ended.signal }).then(
			cancel,
			() => undefined,
		);
	let isTooLong = false;
	const waits = [
		after(patience).then(() => void (isTooLong = !ended.signal.aborted)),
		...(step.canceledAfter === undefined ? [] : [after(step.canceledAfter)]),
	];
	const outcome = await Promise.race([result, waits[0].then(() => undefined)]);
	ended.abort();
	await Promise.all(waits);
	if (isTooLong) complaints.push('a run did not end');
	return sales.map((sale, index) => ({
		sale,
		json: outputOf(outcome, index),
		isCanceled: step.canceledAfter !== undefined,
	}));
}

function outputOf(result: Result | undefined, index: number): IDataObject | undefined {
	return result?.outputs[0]?.find(
		({ pairedItem }) => (pairedItem as { item: number } | undefined)?.item === index,
	)?.json;
}

const saysMayBe = (json: IDataObject) => JSON.stringify(json).includes('may have been recorded');

function judge(program: Program, given: Given[], before: string[]): Omit<Verdict, 'items'> {
	const complaints = [...before];
	const errors: string[] = [];
	const inDoubt = new Set<PooledSale>();
	// A canceled execution leaves what it sent, and nobody hears of it.
	const canceled = new Set(given.filter(({ isCanceled }) => isCanceled).map(({ sale }) => sale));
	for (const { sale, json, isCanceled } of given) {
		const recorded = program.under(sale.key.trim());
		const own = recorded.filter(
			({ customer, amount }) => customer === sale.customer && amount === sale.amount,
		);
		const name = JSON.stringify(sale.key);
		if (recorded.length > 1) complaints.push(`${name} is recorded ${recorded.length} times`);
		// What n8n stopped itself comes out as it came in.
		if (!json || (json.error === undefined && json.created === undefined)) {
			if (!isCanceled) complaints.push(`${name} came to nothing`);
		} else if (json.error === undefined) {
			if (own.length === 0)
				complaints.push(`${name} is a success, and recorded is ${JSON.stringify(recorded)}`);
		} else {
			const error = String(json.error);
			errors.push(error);
			if (saysMayBe(json)) {
				if (!canceled.has(sale)) inDoubt.add(sale);
			} else if (recorded.length > 0 && !canceled.has(sale) && !isSaid(error)) {
				complaints.push(`${name} is recorded, and its item says: ${error}`);
			}
			if (/recorded, but|exists already/.test(error) && recorded.length === 0)
				complaints.push(`${name} is not recorded, and its item says: ${error}`);
		}
	}
	return { complaints: [...new Set(complaints)], errors, inDoubt: inDoubt.size };
}

/** Whether an error tells that a sale is there, or that nothing was sent now. */
function isSaid(error: string): boolean {
	return /recorded|exists already|was not sent|nobody knows|Not sent/.test(error);
}
