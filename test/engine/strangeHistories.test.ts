import fc from 'fast-check';

import type { History, Verdict } from './support/randomHistory';
import { anyHistory, cleanHistory, play } from './support/randomHistory';
import { StrangeServer } from './support/strangeServer';

/** More with `RANDOM_HISTORIES=200`; the seed of a failure is printed, and is given again with `RANDOM_SEED`. */
const histories = Number(process.env.RANDOM_HISTORIES ?? 60);
const seed = process.env.RANDOM_SEED;
/** Histories wait more than they compute, so that some are played side by side. */
const lanes = 6;
/** Where a machine is too busy for all of them, those that were played count. */
const longest = process.env.RANDOM_HISTORIES === undefined ? 30_000 : 100_000;

let server: StrangeServer;

beforeAll(async () => {
	server = await StrangeServer.start();
});

afterAll(async () => {
	await server.close();
});

/** Plays histories until one has a complaint, which is then made smaller. */
async function playAll(arbitrary: fc.Arbitrary<History>, count: number, holds: (verdict: Verdict) => void): Promise<void> {
	const first = seed === undefined ? Math.floor(Math.random() * 1e9) : Number(seed);
	const lane = async (number: number) => {
		const property = fc.asyncProperty(arbitrary, async (history) => holds(await play(server, history)));
		await fc.assert(property, { seed: first + number, numRuns: Math.ceil(count / lanes), interruptAfterTimeLimit: longest });
	};
	await Promise.all(Array.from({ length: lanes }, async (_, number) => await lane(number)));
}

it('each sale is recorded once, and every item says what became of it, whatever happens', async () => {
	let items = 0;
	let inDoubt = 0;
	await playAll(anyHistory, histories, (verdict) => {
		expect(verdict.complaints).toEqual([]);
		items += verdict.items;
		inDoubt += verdict.inDoubt;
	});
	expect(inDoubt).toBeLessThanOrEqual(Math.max(4, items * 0.02));
}, longest + 60_000);

it('nothing fails on a server with which nothing is wrong', async () => {
	await playAll(cleanHistory, histories / 3, (verdict) => {
		expect(verdict).toMatchObject({ complaints: [], errors: [], inDoubt: 0 });
	});
}, longest + 60_000);
