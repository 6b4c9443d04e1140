import type { IDataObject } from 'n8n-workflow';

import type { SavedMemory } from '../../nodes/PartneroPollingTrigger/memory';

import type { BareServer } from './support/bareServer';
import { closeAll, json, serve } from './support/bareServer';
import type { PollerOptions } from './support/poller';
import { Poller } from './support/poller';

/** A server that heeds no `sort`: its list comes by arrival, the last one first. */
let rows: IDataObject[] = [];
let server: BareServer;
let apiKey: string;
/** What happens after a page was answered. */
let afterPage: ((page: number) => void) | undefined;

const hour = 3_600_000;

beforeEach(async () => {
	rows = [];
	afterPage = undefined;
	server = await serve(({ path }, response) => {
		const query = new URL(path, 'http://localhost').searchParams;
		const [page, limit] = [Number(query.get('page')), Number(query.get('limit'))];
		const shown = [...rows].reverse();
		json(response, 200, {
			data: shown.slice((page - 1) * limit, page * limit),
			links: { next: page * limit < shown.length ? '?' : null },
			status: 1,
		});
		afterPage?.(page);
	});
	apiKey = `key of ${expect.getState().currentTestName}`;
});
afterEach(closeAll);

function poller(
	parameters: PollerOptions['parameters'] = {},
	more: Partial<PollerOptions> = {},
): Poller {
	return new Poller({
		credentials: () => ({ apiKey, baseUrl: server.url }),
		parameters: { simplify: false, ...parameters },
		...more,
	});
}

const at = (ago: number) => new Date(Date.now() - ago).toISOString();
const ids = (items: IDataObject[]) => items.map(({ id }) => id);

function add(id: string | number, ago = 0, more: IDataObject = {}): void {
	rows.push({ id, email: `${id}@example.com`, created_at: at(ago), ...more });
}

/** So many records, an hour apart, the last one so long ago. */
function many(count: number, last: number, prefix: string): void {
	for (let index = 0; index < count; index++)
		add(`${prefix}-${index}`, last + (count - index) * hour);
}

/** The next poll is an hour later. */
async function anHourLater(trigger: Poller): Promise<IDataObject[]> {
	const saved = Object.values(trigger.saved)[0] as { memory: SavedMemory };
	saved.memory.readWholeAt = Number(saved.memory.readWholeAt) - hour;
	return await trigger.killAndStart();
}

describe('an import from long ago, above what is new,', () => {
	it('hides nothing from a first poll that starts from a date', async () => {
		many(50, 0, 'new');
		many(200, 5_000 * hour, 'imported');
		const trigger = poller({ options: { startFrom: at(100 * hour) } });
		expect(await trigger.publish()).toHaveLength(50);
		add('newer');
		many(150, 9_000 * hour, 'imported-later');
		expect(ids(await trigger.poll())).toEqual(['newer']);
	});

	it('hides nothing for more than an hour where more records came before than are remembered', async () => {
		many(5_600, 0, 'old');
		const trigger = poller();
		await trigger.publish();
		add('new');
		many(300, 9_000 * hour, 'imported');
		const items = [...(await trigger.poll()), ...(await anHourLater(trigger))];
		expect(ids(items)).toEqual(['new']);
	});
});

describe('a first poll remembers all that is there', () => {
	/** 5,100 records are remembered from above, and 500 are left below them. */
	const withOneAtTheEdge = (created_at: string | null) => {
		for (let index = 0; index < 5_600; index++)
			add(`old-${index}`, (6_000 - index) * 60_000, index === 600 ? { created_at } : {});
	};

	it.each([
		['has no date', null],
		['has a date in the future', at(-9_000 * hour)],
	])('where a record in the middle of a long list %s', async (_what, createdAt) => {
		withOneAtTheEdge(createdAt);
		const trigger = poller();
		expect(await trigger.publish()).toEqual([]);
		add('new');
		expect(ids(await trigger.poll())).toEqual(['new']);
		expect(await anHourLater(trigger)).toEqual([]);
	});

	it('where many were imported in no order of their dates', async () => {
		for (let index = 0; index < 6_500; index++)
			add(`imported-${index}`, 100 * hour + (6_500 - ((index * 3_301) % 6_500)) * hour);
		many(300, 0, 'old');
		const trigger = poller();
		expect(await trigger.publish()).toEqual([]);
		expect(await anHourLater(trigger)).toEqual([]);
	});
});

describe('another API key', () => {
	it.each([
		['', {}],
		[', with a date to start from', { options: { startFrom: at(2 * hour) } }],
	])('of the same program changes nothing%s', async (_what, parameters) => {
		add('p_1', hour);
		const trigger = poller(parameters);
		await trigger.publish();
		add('p_2');
		await trigger.poll();
		add('p_3');
		apiKey += ' anew';
		expect(ids(await trigger.poll())).toEqual(['p_3']);
		expect(await trigger.killAndStart()).toEqual([]);
	});

	it('of another program begins anew', async () => {
		add('p_1', hour);
		const trigger = poller();
		await trigger.publish();
		rows = [];
		add('p_1', 3 * hour);
		add('q_1', hour);
		apiKey += ' of another one';
		expect(await trigger.poll()).toEqual([]);
		add('q_2');
		expect(ids(await trigger.poll())).toEqual(['q_2']);
	});
});

it('a sale without a key comes out once, whatever changes of its customer', async () => {
	const [customer, buyer] = ['c_1', 'c_2'].map((id) => ({
		id,
		key: id,
		email: `${id}@example.com`,
		referrals_count: 1,
		name: 'Ann',
	}));
	const trigger = poller({ watch: 'transaction' });
	await trigger.publish();
	const sale = { key: null, action: 'sale', amount: 5, created_at: at(0) };
	rows.push(
		{ ...sale, customer, referred_customer: buyer },
		{ ...sale, customer, referred_customer: customer },
	);
	expect(await trigger.poll()).toHaveLength(2);
	Object.assign(customer, { referrals_count: 2, name: 'Anna', email: 'anna@example.com' });
	expect(await trigger.poll()).toEqual([]);
});

describe('statuses of payout requests', () => {
	it.each<[given: unknown, shown: string]>([
		[['Approved'], 'approved'],
		[' APPROVED ', 'approved'],
		['["finished","approved"]', 'Approved'],
		['rejected, resubmit requested', 'resubmit_requested'],
		[['resubmit_requested'], 'Resubmit Requested'],
	])('may be written as %j, and shown as %s', async (statuses, shown) => {
		add(1, hour, { status: 'requested' });
		const trigger = poller({ watch: 'payoutRequest', statuses } as PollerOptions['parameters']);
		await trigger.publish();
		expect(await trigger.poll()).toEqual([]);
		rows[0].status = shown;
		expect(await trigger.poll()).toHaveLength(1);
		expect(await trigger.poll()).toEqual([]);
	});

	it.each<[given: unknown, message: RegExp]>([
		['', /^'Statuses' is empty/],
		[[''], /^'Statuses' is empty/],
		["['approved']", /^'Statuses' must be a list/],
		[['aproved'], /^'Statuses' must contain only approved, /],
	])('are refused if they are %j', async (statuses, message) => {
		const trigger = poller({ watch: 'payoutRequest', statuses } as PollerOptions['parameters']);
		await expect(trigger.publish()).rejects.toThrow(message);
		await expect(trigger.test()).rejects.toThrow(message);
	});
});

it('a customer whose key is the ID of another one, created in the same second, comes out', async () => {
	const createdAt = at(0);
	const trigger = poller({ watch: 'customer' });
	await trigger.publish();
	rows.push({ id: 901, key: '902', email: 'a@example.com', created_at: createdAt });
	expect(ids(await trigger.poll())).toEqual([901]);
	rows.push({ id: 902, key: '903', email: 'b@example.com', created_at: createdAt });
	expect(ids(await trigger.poll())).toEqual([902]);
	Object.assign(rows[1], { id: '902', key: '904' });
	expect(await trigger.poll()).toEqual([]);
});

it('a deletion while a first poll reads its pages makes nothing new of what was there', async () => {
	many(350, hour, 'old');
	afterPage = (page) => {
		afterPage = undefined;
		if (page !== 1) return;
		rows.splice(-5, 2);
		add('meanwhile');
	};
	const trigger = poller();
	expect(await trigger.publish()).toEqual([]);
	expect(ids(await trigger.poll())).toEqual(['meanwhile']);
	add('new');
	expect(ids(await trigger.poll())).toEqual(['new']);
});

describe('a record without a date comes out once', () => {
	it('in a list that is longer than what is remembered', async () => {
		many(5_600, 0, 'old');
		const trigger = poller();
		await trigger.publish();
		add('undated', 0, { created_at: null });
		expect(
			[...(await trigger.poll()), ...(await anHourLater(trigger))].map(({ id }) => id),
		).toEqual(['undated']);
		many(5_200, -6_000 * hour, 'new');
		for (let poll = 0; poll < 7; poll++) await anHourLater(trigger);
		expect(new Set(ids(trigger.items)).size).toBe(5_201);
		expect(trigger.items).toHaveLength(5_201);
	});

	it('in a long list without any dates, whose IDs are digits', async () => {
		const undated = (from: number, count: number) => {
			for (let id = from; id < from + count; id++) add(String(id), 0, { created_at: null });
		};
		undated(1, 5_600);
		const trigger = poller();
		expect(await trigger.publish()).toEqual([]);
		undated(5_601, 20);
		expect(await trigger.poll()).toHaveLength(20);
		expect(await anHourLater(trigger)).toEqual([]);
	});
});
