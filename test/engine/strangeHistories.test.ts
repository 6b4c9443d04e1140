import fc from '../support/fastCheck';

import type { History, Verdict } from './support/randomHistory';
import { anyHistory, cleanHistory, play } from './support/randomHistory';
import { StrangeServer } from './support/strangeServer';

/** The same histories each time. Others, or more: `RANDOM_HISTORIES_SEED=7 RANDOM_HISTORIES=200 npx jest test/engine/strangeHistories`. */
const seed = Number(process.env.RANDOM_HISTORIES_SEED ?? 11);
const histories = Number(process.env.RANDOM_HISTORIES ?? 60);
/** Histories wait more than they compute, so that some are played side by side. */
const lanes = 6;

jest.setTimeout(600_000);

let server: StrangeServer;

beforeAll(async () => {
	server = await StrangeServer.start();
});

afterAll(async () => {
	await server.close();
});

/** Plays histories until one has a complaint. */
async function playAll(
	arbitrary: fc.Arbitrary<History>,
	count: number,
	holds: (verdict: Verdict) => void,
): Promise<void> {
	const lane = async (number: number) => {
		const property = fc.asyncProperty(arbitrary, async (history) =>
			holds(await play(server, history)),
		);
		await fc.assert(property, {
			seed: seed + number,
			numRuns: Math.ceil(count / lanes),
			endOnFailure: true,
		});
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
});

it('nothing fails on a server with which nothing is wrong', async () => {
	await playAll(cleanHistory, histories / 3, (verdict) => {
		expect(verdict).toMatchObject({ complaints: [], errors: [], inDoubt: 0 });
	});
});
