import type { IDataObject } from 'n8n-workflow';

import type { Manners } from '../../sandbox/manners';
import { MANNERS } from '../../sandbox/manners';
import type { Quirks } from '../../sandbox/quirks';
import type { AddedProgram, Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import fc from '../support/fastCheck';

import type { Result } from './support/engine';
import { startRun } from './support/engine';
import { keyedSale } from './support/scenarios';

/**
 * Sales recorded by chance: which operation, how often, side by side or one after the other, on which server. The
 * ledger is the judge. Another seed: `RANDOM_HISTORIES_SEED=7 npx jest test/engine/randomHistories`.
 */
const seed = Number(process.env.RANDOM_HISTORIES_SEED ?? 17);
const count = 200;
const atOnce = 8;

jest.setTimeout(600_000);

interface Execution {
	operation: 'create' | 'createMany';
	/** Which of the sales; the same one may stand there twice. */
	sales: number[];
	retryOnFail: boolean;
}

interface History {
	manners: Manners;
	quirks: Partial<Quirks>;
	/** Groups of executions; those of one group run side by side. */
	groups: Execution[][];
}

const execution: fc.Arbitrary<Execution> = fc.record({
	operation: fc.constantFrom('create' as const, 'createMany' as const),
	sales: fc.array(fc.nat(7), { minLength: 1, maxLength: 8 }),
	retryOnFail: fc.boolean(),
});

/** A lag of at most ten seconds in all, spent before the request is carried out or before the sale shows. */
const lags: fc.Arbitrary<Partial<Quirks>> = fc.oneof(
	fc.constant({}),
	fc.record({
		salesHiddenFromListsMs: fc.integer({ min: 1, max: 9_500 }),
		salesHiddenFromReadsMs: fc.integer({ min: 1, max: 9_500 }),
	}),
	fc
		.record({
			ms: fc.integer({ min: 1, max: 9_500 }),
			answer: fc.constantFrom('cut' as const, '502' as const),
			times: fc.integer({ min: 1, max: 3 }),
		})
		.map((carriedOutLate) => ({ carriedOutLate })),
);

const shapes: fc.Arbitrary<Partial<Quirks>> = fc
	.record({
		pageCap: fc.option(fc.constantFrom(10, 50)),
		keysTrimmed: fc.option(fc.constant(true as const)),
		emptyListIs404: fc.option(fc.constantFrom(true as const, 'always' as const)),
		successStatus: fc.option(fc.constantFrom('1' as const, 'success' as const, true as const)),
		batchCutShort: fc.option(
			fc.record({ recorded: fc.nat(3), times: fc.integer({ min: 1, max: 2 }) }),
		),
	})
	.map(
		(chosen) =>
			Object.fromEntries(
				Object.entries(chosen).filter(([, value]) => value !== null),
			) as Partial<Quirks>,
	);

const history: fc.Arbitrary<History> = fc.record({
	manners: fc.constantFrom(...MANNERS),
	quirks: fc.tuple(lags, shapes).map(([lag, shape]) => ({ ...lag, ...shape })),
	groups: fc.array(fc.array(execution, { minLength: 1, maxLength: 2 }), {
		minLength: 1,
		maxLength: 3,
	}),
});

/** Half of the keys come with white space. */
const saleOf = (index: number): IDataObject => ({
	key: index % 2 === 0 ? `inv_${index}` : ` inv_${index}\u00a0`,
	customer: `user_${index % 2}`,
	amount: index + 1,
});

interface Played extends History {
	program: AddedProgram;
	given: IDataObject[];
}

let sandbox: Sandbox;
const played: Played[] = [];

async function play({ manners, quirks, groups }: History): Promise<Played> {
	const program = sandbox.addProgram('affiliate', { manners });
	const { partners, customers, transactions } = program.state;
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	for (const key of ['user_0', 'user_1']) customers.add({ key, partner: 'p_1' });
	for (let index = 0; index < 60; index += 1)
		transactions.add({ key: `old_${index}`, amount: 1000 + index, customer: `user_${index % 2}` });
	Object.assign(program.quirks, structuredClone(quirks));
	const start = async ({ operation, sales, retryOnFail }: Execution): Promise<Result> =>
		await startRun({
			credentials: { apiKey: program.key, baseUrl: sandbox.url },
			parameters: { resource: 'transaction', operation, ...keyedSale },
			items: sales.map(saleOf),
			node: {
				onError: 'continueRegularOutput',
				...(retryOnFail && { retryOnFail, maxTries: 2, waitBetweenTries: 1 }),
			},
		}).result;
	const given: IDataObject[] = [];
	for (const group of groups) {
		for (const { json } of await Promise.all(group.map(start))) given.push(...json);
	}
	return { manners, quirks, groups, program, given };
}

beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'empty' });
	const histories = fc.sample(history, { numRuns: count, seed });
	const next = async () => {
		for (let one = histories.shift(); one; one = histories.shift()) played.push(await play(one));
	};
	await Promise.all(Array.from({ length: atOnce }, next));
	await sandbox.settled();
});

afterAll(async () => await sandbox.close());

const told = ({ manners, quirks, groups }: History, what: unknown) =>
	JSON.stringify({ seed, manners, quirks, groups, what });

it('records no key twice', () => {
	const twice = played.filter(({ program }) => program.ledger().transactions.twice.length > 0);
	expect(twice.map((one) => told(one, one.program.ledger().transactions.twice))).toEqual([]);
});

it('gives a record that is there, or an error, for each item', () => {
	const wrong = played.flatMap((one) => {
		const { byKey } = one.program.ledger().transactions;
		const items = one.groups.flat().reduce((sum, { sales }) => sum + sales.length, 0);
		const missing = one.given.filter(
			({ error, key }) => error === undefined && !byKey[String(key)],
		);
		return one.given.length === items && missing.length === 0 ? [] : [told(one, missing)];
	});
	expect(wrong).toEqual([]);
});

it('says of one created item per key that it was created, at the most', () => {
	const wrong = played.filter(({ given }) => {
		const created = given.filter((item) => item.created === true).map(({ key }) => key);
		return new Set(created).size !== created.length;
	});
	expect(wrong.map((one) => told(one, one.given))).toEqual([]);
});

it('says "may have been recorded" of at most two items in a hundred, and of none on a server without quirks', () => {
	const all = played.flatMap(({ given }) => given);
	const unsure = played.flatMap(({ given, quirks }) =>
		given
			.filter(({ message }) => String(message).includes('may have been recorded'))
			.map(() => Object.keys(quirks).length),
	);
	expect(all.length).toBeGreaterThan(1000);
	expect(unsure.length / all.length).toBeLessThanOrEqual(0.02);
	expect(unsure).not.toContain(0);
});
