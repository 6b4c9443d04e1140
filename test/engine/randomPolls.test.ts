import type { IDataObject } from 'n8n-workflow';

import fc from '../support/fastCheck';

import type { BareServer } from './support/bareServer';
import { closeAll, json, serve } from './support/bareServer';
import type { Keeping } from './support/poller';
import { Poller } from './support/poller';

/**
 * Records that arrive by chance, against polls by chance. Each record that shows comes out once: the counts are the
 * judge. Another seed: `RANDOM_POLLS_SEED=7 npx jest test/engine/randomPolls`.
 */
const seed = Number(process.env.RANDOM_POLLS_SEED ?? 23);

jest.setTimeout(600_000);

const hour = 3_600_000;
const start = Date.parse('2026-05-01T12:00:00Z');

type Watched = 'partner' | 'customer' | 'transaction' | 'subscriber' | 'payoutRequest';

/** How a server sorts what it is asked for; the last one heeds no `sort`. */
type Order = 'date' | 'arrival' | 'oldestFirst';

type Step =
	/** So many records, created so long ago, showing after so many polls. */
	| { do: 'arrive'; count: number; ago: number; lag: number; isDated: boolean }
	| { do: 'delete'; which: number }
	/** What a record of another list does not do: it gets another key and keeps its date. */
	| { do: 'rename'; which: number }
	| { do: 'wait'; milliseconds: number }
	| { do: 'poll' }
	/** A poll in the middle of which a record arrives. */
	| { do: 'shiftedPoll' }
	| { do: 'failingPoll'; page: number }
	| { do: 'kill' };

interface History {
	watch: Watched;
	order: Order;
	/** Records that were there before the node was. */
	before: number;
	pageCap: number;
	limit: number;
	keeping: Keeping;
	steps: Step[];
}

const ago = fc.oneof(
	{ weight: 4, arbitrary: fc.constant(0) },
	{ weight: 2, arbitrary: fc.integer({ min: 0, max: 50 * 60_000 }) },
	{ weight: 2, arbitrary: fc.integer({ min: hour, max: 20_000 * hour }) },
	// In the future, as an import with a wrong date.
	{ weight: 1, arbitrary: fc.constant(-9_000 * hour) },
);

const step: fc.Arbitrary<Step> = fc.oneof(
	{
		weight: 5,
		arbitrary: fc.record({
			do: fc.constant('arrive' as const),
			count: fc.integer({ min: 1, max: 30 }),
			ago,
			lag: fc.nat(2),
			isDated: fc.boolean(),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('arrive' as const),
			count: fc.constant(230),
			ago,
			lag: fc.nat(1),
			isDated: fc.constant(true),
		}),
	},
	{ weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), which: fc.nat(1_000) }) },
	{ weight: 1, arbitrary: fc.record({ do: fc.constant('rename' as const), which: fc.nat(1_000) }) },
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('wait' as const),
			milliseconds: fc.constantFrom(1, 60_000, hour),
		}),
	},
	{ weight: 4, arbitrary: fc.constant({ do: 'poll' } as const) },
	{ weight: 2, arbitrary: fc.constant({ do: 'shiftedPoll' } as const) },
	{
		weight: 1,
		arbitrary: fc.record({
			do: fc.constant('failingPoll' as const),
			page: fc.integer({ min: 1, max: 3 }),
		}),
	},
	{ weight: 1, arbitrary: fc.constant({ do: 'kill' } as const) },
);

const history: fc.Arbitrary<History> = fc.record({
	watch: fc.constantFrom('partner', 'customer', 'transaction', 'subscriber', 'payoutRequest'),
	order: fc.constantFrom('date', 'arrival', 'oldestFirst'),
	before: fc.constantFrom(0, 3, 130, 620),
	pageCap: fc.constantFrom(50, 100),
	limit: fc.constantFrom(35, 1_000),
	keeping: fc.constantFrom('withWorkflow', 'staged'),
	steps: fc.array(step, { minLength: 3, maxLength: 14 }),
});

interface Row {
	number: number;
	record: IDataObject;
	createdAt: number;
	showsAfter: number;
	wasThereBefore: boolean;
	isDeleted: boolean;
}

/** A server with one list, and the time in its world. */
class World {
	rows: Row[] = [];
	shift = 0;
	polls = 0;
	failAt?: number;
	arriveAt?: number;
	server!: BareServer;

	constructor(private readonly given: History) {}

	get now(): number {
		return start + this.shift;
	}

	async listen(): Promise<this> {
		this.server = await serve(({ path }, response) => {
			const query = new URL(path, 'http://localhost').searchParams;
			const page = Number(query.get('page'));
			if (this.failAt === page) return json(response, 403, { message: 'Not now.' });
			const limit = Math.min(Number(query.get('limit')), this.given.pageCap);
			const shown = this.inOrder();
			const data = shown.slice((page - 1) * limit, page * limit).map(({ record }) => record);
			json(response, 200, {
				data,
				links: { next: page * limit < shown.length ? `?page=${page + 1}` : null },
				status: 1,
			});
			if (this.arriveAt === page) {
				this.arriveAt = undefined;
				this.arrive({ do: 'arrive', count: 1, ago: 0, lag: 0, isDated: true });
			}
		});
		return this;
	}

	shows({ showsAfter, isDeleted }: Row): boolean {
		return !isDeleted && showsAfter <= this.polls;
	}

	arrive(
		{ count, ago: age, lag, isDated }: Extract<Step, { do: 'arrive' }>,
		wasThereBefore = false,
	): void {
		for (let left = count; left > 0; left--) {
			const number = this.rows.length + 1;
			// To the second, as Partnero shows it, so that many have one date.
			const createdAt = Math.floor((this.now - age) / 1000) * 1000;
			const dated =
				isDated || this.given.watch !== 'payoutRequest'
					? { created_at: new Date(createdAt).toISOString().replace('Z', '000Z') }
					: {};
			const identifiers: { [watch in Watched]: IDataObject } = {
				partner: { id: `p_${number}` },
				customer: { key: `c_${number}`, email: `c_${number}@example.com` },
				// Some share their key, as sales that were recorded twice.
				transaction: {
					key: `t_${Math.floor(number / 2)}`,
					action: 'sale',
					amount: number,
					customer: 'c_1',
				},
				subscriber: { id: null, email: `s_${number}@example.com` },
				payoutRequest: { id: number, status: 'requested' },
			};
			this.rows.push({
				number,
				createdAt,
				record: { ...identifiers[this.given.watch], ...dated, number },
				showsAfter: this.polls + lag,
				wasThereBefore,
				isDeleted: false,
			});
		}
	}

	/** The one of the records that show. */
	pick(which: number): Row | undefined {
		const shown = this.rows.filter((row) => this.shows(row));
		return shown[which % Math.max(1, shown.length)];
	}

	private inOrder(): Row[] {
		const shown = this.rows.filter((row) => this.shows(row));
		if (this.given.order === 'oldestFirst') return shown;
		const newest = shown.reverse();
		return this.given.order === 'arrival'
			? newest
			: newest.sort((one, other) => other.createdAt - one.createdAt);
	}
}

const realNow = Date.now;
let world: World;

beforeEach(() => {
	jest
		.spyOn(Date, 'now')
		.mockImplementation(() => (world ? world.now : start) + (realNow() % 1_000));
});
afterEach(async () => {
	jest.restoreAllMocks();
	await closeAll();
});

const lengthOfLongList = 500;

async function play(given: History): Promise<void> {
	world = await new World(given).listen();
	const counts = new Map<number, number>();
	const trigger = new Poller({
		credentials: () => ({ apiKey: 'key', baseUrl: world.server.url }),
		parameters: { watch: given.watch, simplify: false, options: { limit: given.limit } },
		keeping: given.keeping,
	});
	const take = (items: IDataObject[]) => {
		for (const { number } of items)
			counts.set(Number(number), (counts.get(Number(number)) ?? 0) + 1);
		// What is shown from now on shows a poll later.
		world.polls += 1;
		return items;
	};
	const missing = () =>
		world.rows.filter((row) => world.shows(row) && !row.wasThereBefore && !counts.has(row.number));

	for (let left = given.before; left > 0; left -= 10) {
		world.arrive(
			{ do: 'arrive', count: Math.min(10, left), ago: left * 30 * 60_000, lag: 0, isDated: true },
			true,
		);
	}
	expect(take(await trigger.publish())).toEqual([]);
	for (const one of given.steps) {
		world.shift += 1_000;
		switch (one.do) {
			case 'arrive':
				world.arrive(one);
				break;
			case 'delete': {
				const row = world.pick(one.which);
				if (row) row.isDeleted = true;
				break;
			}
			case 'rename': {
				const row = world.pick(one.which);
				if (given.watch === 'customer' && row) row.record.key = `${String(row.record.key)}-renamed`;
				if (given.watch === 'subscriber' && row && (row.wasThereBefore || counts.has(row.number)))
					row.record.id = `id-${row.number}`;
				break;
			}
			case 'wait':
				world.shift += one.milliseconds;
				break;
			case 'failingPoll': {
				world.failAt = one.page;
				const before = JSON.stringify(trigger.kept);
				const failed = await trigger.poll().then(take, () => undefined);
				world.failAt = undefined;
				if (!failed) expect(JSON.stringify(trigger.kept)).toBe(before);
				break;
			}
			case 'kill':
				take(await trigger.killAndStart());
				break;
			default: {
				if (one.do === 'shiftedPoll') world.arriveAt = 1;
				const isComplete = missing();
				const items = take(await trigger.poll());
				world.arriveAt = undefined;
				expect(items.length).toBeLessThanOrEqual(given.limit);
				// A short list is read as a whole: nothing that showed before the poll is left.
				if (world.rows.length < lengthOfLongList)
					expect(items.length).toBeGreaterThanOrEqual(Math.min(given.limit, isComplete.length));
			}
		}
		expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
	}
	// An hour later at the latest, all have come out.
	world.shift += hour;
	world.polls += 10;
	const most = Math.ceil(missing().length / given.limit) + 1;
	for (let poll = 0; poll < most; poll++) take(await trigger.poll());
	expect(missing().map(({ number }) => number)).toEqual([]);
	expect([...counts].filter(([, count]) => count > 1)).toEqual([]);
	expect(world.rows.filter((row) => row.wasThereBefore && counts.has(row.number))).toEqual([]);
}

it('each record that shows comes out once, whatever the order', async () => {
	await fc.assert(fc.asyncProperty(history, play).afterEach(closeAll), { numRuns: 150, seed });
});
