import { setTimeout as pause } from 'node:timers/promises';

import type { IDataObject } from 'n8n-workflow';

import { clock } from '../../nodes/Partnero/transport/clock';
import { useSpeed } from '../support/clock';

import { closeAll, json, serve } from './support/bareServer';
import { run, startRun } from './support/engine';
import { locator } from './support/partnero';

/*
 * Writes other than sales, on a server that reads from a replica: what is read before and after a write may both be
 * of a time before it.
 */

afterEach(closeAll);
useSpeed(30);

interface Made extends IDataObject {
	at: number;
}

/** What becomes of each write: it is answered, at length or in one word, carried out without an answer, or comes to nothing. */
type Write = 'answered' | 'accepted' | 'lost' | 'in vain';

/** Where one record is read. */
const oneRecord = /^\/(customers|coupons|promotion-codes|subscribers)\/|^\/partner\?/;

/** Whatever is posted is kept in one table, and shown so late, in searches perhaps later still. */
async function replica(lag: number, writes: Write[], unique?: string, searchLag = lag) {
	const table: Made[] = [];
	const visible = (after = lag) => table.filter(({ at }) => at + after <= clock.now());
	const { url, arrivals } = await serve(({ method, path, body: said }, response) => {
		if (method === 'GET' && path.includes('/balance')) {
			const sum = visible().reduce((total, { amount }) => total + Number(amount), 0);
			const balance = sum ? { currency: [{ amount: sum, amount_units: 'USD' }] } : [];
			json(response, 200, { data: { customer: { id: 'u_1' }, balance }, status: 1 });
		} else if (method === 'GET' && oneRecord.test(path)) {
			const [found] = visible();
			json(response, found ? 200 : 404, found ? { data: found, status: 1 } : { message: 'No.' });
		} else if (method === 'GET') {
			const data = visible(path.includes(':search') ? searchLag : lag);
			json(response, 200, { data, links: { next: null }, status: 1 });
		} else if (method === 'DELETE') {
			table.splice(0);
			json(response, 200, { status: 1 });
		} else if (method === 'PUT') {
			const { update } = JSON.parse(said) as { update: IDataObject };
			const made = table.find(({ id, key }) =>
				[id, key].includes(decodeURIComponent(path.split('/')[2])),
			);
			if (made) Object.assign(made, update);
			json(response, made ? 200 : 404, made ? { data: made, status: 1 } : { message: 'No.' });
		} else {
			const write = writes.shift() ?? 'answered';
			const body = JSON.parse(said) as IDataObject;
			const isTaken = unique && table.some((made) => made[unique] === body[unique]);
			if (isTaken) {
				const message = `The ${unique} has already been taken.`;
				json(response, 422, { message, errors: { [unique]: [message] } });
				return;
			}
			const made = {
				...{ id: String(table.length + 1), ...body, at: clock.now() },
				created_at: new Date().toISOString(),
			};
			if (write !== 'in vain') table.push(made);
			if (write === 'answered') json(response, 201, { data: made, status: 1 });
			else if (write === 'accepted') json(response, 202, { status: 1 });
			else response.destroy();
		}
	});
	const credentials = { apiKey: `replica_${process.pid}_${url}`, baseUrl: url };
	const begin = (
		resource: string,
		operation: string,
		parameters: IDataObject,
		items: IDataObject[] = [{}],
	) =>
		startRun({
			credentials,
			parameters: { resource, operation, ...(parameters as object) },
			items,
			node: { onError: 'continueRegularOutput' },
		});
	const operate = async (...what: Parameters<typeof begin>) => (await begin(...what).result).json;
	return { table, arrivals, begin, operate };
}

it.each<[string, string, IDataObject]>([
	['customer', 'create', { key: 'user_1', partner: locator('id', 'p_1'), unique: 'key' }],
	['customer', 'upsert', { key: 'user_1', partner: locator('id', 'p_1'), unique: 'key' }],
	['partner', 'create', { email: 'ann@example.com', unique: 'email' }],
	['partner', 'upsert', { email: 'ann@example.com', unique: 'email' }],
])(
	'%s: %s, whose answer was lost, is no refusal because the record is there',
	async (resource, operation, { unique, ...parameters }) => {
		const soon = await replica(6_000, ['lost'], String(unique));
		expect((await soon.operate(resource, operation, parameters))[0].error).toBeUndefined();
		const late = await replica(3_600_000, ['lost'], String(unique));
		const [{ error, message }] = await late.operate(resource, operation, parameters);
		expect(`${String(error)} ${String(message)}`).toContain('may have been recorded anyway');
		expect(soon.table).toHaveLength(1);
		expect(late.table).toHaveLength(1);
	},
);

describe.each<[string, string, IDataObject]>([
	['customer', 'create', { key: 'user_1', partner: locator('id', 'p_1') }],
	['customer', 'upsert', { key: 'user_1', partner: locator('id', 'p_1') }],
	['partner', 'create', { email: 'ann@example.com' }],
	['partner', 'upsert', { email: 'ann@example.com' }],
	['subscriber', 'create', { email: 'ann@example.com' }],
	['subscriber', 'upsert', { email: 'ann@example.com' }],
	[
		'coupon',
		'create',
		{ name: 'Ten', couponDiscountAmount: '10', additionalFields: { uuidCode: 'TEN' } },
	],
	['promotionCode', 'create', { coupon: locator('uuidCode', 'TEN'), code: 'ANN10' }],
	['referralLink', 'create', { owner: 'partner', partner: locator('id', 'p_1'), key: 'ann-yt' }],
])('%s: %s, where nothing keeps it unique', (resource, operation, parameters) => {
	const posts = ({ arrivals }: Awaited<ReturnType<typeof replica>>) =>
		arrivals.filter(({ method }) => method === 'POST').length;

	it('is sent once if the answer is lost and it shows six seconds late', async () => {
		const server = await replica(6_000, ['lost']);
		const [item] = await server.operate(resource, operation, parameters);
		expect(item).toMatchObject({ id: '1' });
		expect(server.table).toHaveLength(1);
		expect(posts(server)).toBe(1);
	});

	it('is sent once more if it came to nothing', async () => {
		const server = await replica(0, ['in vain']);
		const [item] = await server.operate(resource, operation, parameters);
		expect(item).toMatchObject({ id: '1' });
		expect(posts(server)).toBe(2);
	});

	it('is not sent a third time', async () => {
		const server = await replica(0, ['in vain', 'in vain']);
		const [{ message }] = await server.operate(resource, operation, parameters);
		expect(message).toContain('may have been recorded anyway');
		expect(posts(server)).toBe(2);
	});
});

const credit = {
	...{ customer: locator('id', 'u_1'), amount: 5 },
	additionalFields: { amountUnits: 'usd' },
};

it('a credit that came to nothing is not taken for the one before it, which the balance shows only now', async () => {
	const { table, operate } = await replica(4_000, ['answered', 'in vain']);
	await operate('customer', 'creditBalance', credit);
	const [{ error, message }] = await operate('customer', 'creditBalance', credit);
	expect(table).toHaveLength(1);
	expect(`${String(error)} ${String(message)}`).toContain('may have been');
});

it('two credits that the balance shows at once are told apart as before', async () => {
	const { table, operate } = await replica(0, ['answered', 'lost']);
	const outputs = await operate('customer', 'creditBalance', credit, [{}, {}]);
	expect(outputs.map(({ error }) => error)).toEqual([undefined, undefined]);
	expect(table).toHaveLength(2);
});

it('two executions that credit one customer take turns, so that none takes the credit of the other for its own', async () => {
	const { table, operate } = await replica(0, ['in vain', 'answered']);
	const outputs = await Promise.all([
		operate('customer', 'creditBalance', credit),
		operate('customer', 'creditBalance', credit),
	]);
	const credited = outputs.filter(([{ error }]) => error === undefined);
	expect(credited).toHaveLength(table.length);
	expect(table).toHaveLength(1);
});

describe.each<[string, IDataObject]>([
	['customer', { key: '={{ $json.id }}', partner: locator('id', 'p_1') }],
	['partner', { email: '={{ $json.id }}' }],
])(
	'%s: Create or Update of what was made just now, and shows three seconds late',
	(resource, by) => {
		const upsert = { ...by, additionalFields: { name: '={{ $json.name }}' } };
		const ann = ['Ann', 'Anna', 'Anne'].map((name) => ({ id: 'ann@example.com', name }));

		it('updates it, in one run', async () => {
			const { table, operate } = await replica(3_000, []);
			const outputs = await operate(resource, 'upsert', upsert, ann);
			expect(outputs.map(({ created, name }) => [created, name])).toEqual([
				[true, 'Ann'],
				[false, 'Anna'],
				[false, 'Anne'],
			]);
			expect(table).toMatchObject([{ name: 'Anne' }]);
		});

		it('updates it, in executions at the same time', async () => {
			const { table, operate } = await replica(3_000, []);
			const outputs = await Promise.all(
				ann.map(async (item) => await operate(resource, 'upsert', upsert, [item])),
			);
			expect(outputs.flat().filter(({ created }) => created === true)).toHaveLength(1);
			expect(outputs.flat().filter(({ created }) => created === false)).toHaveLength(2);
			expect(table).toHaveLength(1);
		});

		it('updates what Create made', async () => {
			const { table, operate } = await replica(3_000, []);
			await operate(resource, 'create', upsert, [ann[0]]);
			const [{ created, name }] = await operate(resource, 'upsert', upsert, [ann[1]]);
			expect([created, name]).toEqual([false, 'Anna']);
			expect(table).toHaveLength(1);
		});

		it('updates what was only accepted, and could not be found', async () => {
			const { table, operate } = await replica(9_000, ['accepted']);
			const [first] = await operate(resource, 'upsert', upsert, [ann[0]]);
			expect(`${String(first.error)} ${String(first.message)}`).toContain('may have been recorded');
			const [{ created, name }] = await operate(resource, 'upsert', upsert, [ann[1]]);
			expect([created, name]).toEqual([false, 'Anna']);
			expect(table).toHaveLength(1);
		});

		it('updates what an execution made that was canceled while it was in doubt', async () => {
			const { table, begin, operate } = await replica(9_000, ['lost']);
			const { result, cancel } = begin(resource, 'upsert', upsert, [ann[0]]);
			while (table.length === 0) await pause(1);
			await pause(clock.real(1_000));
			cancel();
			await result;
			const [{ created, name }] = await operate(resource, 'upsert', upsert, [ann[1]]);
			expect([created, name]).toEqual([false, 'Anna']);
			expect(table).toHaveLength(1);
		});

		it('waits for nothing if it was deleted', async () => {
			const { table, arrivals, operate } = await replica(0, []);
			const [{ id }] = await operate(resource, 'upsert', upsert, [ann[0]]);
			await operate(resource, 'delete', { [resource]: locator('id', String(id)) });
			arrivals.splice(0);
			const [{ created }] = await operate(resource, 'upsert', upsert, [ann[1]]);
			expect(created).toBe(true);
			expect(arrivals.map(({ method }) => method)).toEqual(['GET', 'POST']);
			expect(table).toHaveLength(1);
		});
	},
);

it('Create or Update of a customer knows it by its key, if it was created by its ID as well', async () => {
	const { table, operate } = await replica(3_000, []);
	const customer = { key: 'user_1', partner: locator('id', 'p_1') };
	await operate('customer', 'upsert', { ...customer, additionalFields: { id: 'i_1' } });
	const [{ created }] = await operate('customer', 'upsert', {
		...customer,
		additionalFields: { name: 'Ann' },
	});
	expect(created).toBe(false);
	expect(table).toMatchObject([{ id: 'i_1', name: 'Ann' }]);
});

it('Create or Update finds what was made just now where the search shows it too late', async () => {
	const { table, operate } = await replica(2_000, [], undefined, 60_000);
	const upsert = { email: 'ann@example.com', additionalFields: { name: '={{ $json.name }}' } };
	const outputs = await operate('partner', 'upsert', upsert, [{ name: 'Ann' }, { name: 'Anna' }]);
	expect(outputs.map(({ created }) => created)).toEqual([true, false]);
	expect(table).toMatchObject([{ name: 'Anna' }]);
});

describe.each<[string, string, string, string, IDataObject]>([
	['payoutRequest', 'approve', 'requested', 'approved', { payoutRequest: '7' }],
	['payoutRequest', 'markAsPaid', 'approved', 'finished', { payoutRequest: '7' }],
	['partner', 'archive', 'active', 'archived', { partner: locator('id', 'p_1') }],
	['lead', 'reject', 'submitted', 'rejected', { lead: '7' }],
	['lead', 'convert', 'submitted', 'converted', { lead: '7', commissionTransactionAmount: '5' }],
])('%s: %s, whose answer is lost', (resource, operation, from, to, parameters) => {
	/** The first answer is lost, and the status shows so late. */
	const move = async (lag: number, { inVain = false, again = 422 } = {}) => {
		let movedAt = Infinity;
		let isFirst = true;
		const { url, arrivals } = await serve(({ method }, response) => {
			const data = { id: '1', status: movedAt + lag <= clock.now() ? to : from };
			if (method === 'GET') {
				json(response, 200, { data, status: 1 });
			} else if (isFirst) {
				isFirst = false;
				if (!inVain) movedAt = clock.now();
				response.destroy();
			} else if (again === 422) json(response, 422, { message: `It is ${to} already.`, status: 0 });
			else json(response, 200, { data: { ...data, status: to }, status: 1 });
		});
		const { error } = await run({
			credentials: { apiKey: 'replica', baseUrl: url },
			parameters: { resource, operation, ...(parameters as object) },
		});
		return { error, sent: arrivals.filter(({ method }) => method !== 'GET').length };
	};

	it('is done if it shows six seconds late, and is not sent again, whoever would take it twice', async () => {
		expect(await move(6_000, { again: 200 })).toEqual({ error: undefined, sent: 1 });
	});

	it('is sent once more if it came to nothing', async () => {
		expect(await move(0, { inVain: true, again: 200 })).toEqual({ error: undefined, sent: 2 });
	});

	it('says that it may have been done if that does not show', async () => {
		const { error, sent } = await move(3_600_000);
		expect(error?.description).toContain('may have been recorded anyway');
		expect(sent).toBe(2);
	});
});

it('a payout request that came to nothing is not taken for the one before it', async () => {
	const payout = { partner: locator('id', 'p_1'), amountUnits: 'usd' };
	const { table, operate } = await replica(300, ['answered', 'in vain']);
	await operate('payoutRequest', 'create', payout);
	const [{ error, message }] = await operate('payoutRequest', 'create', payout);
	await pause(clock.real(1_000));
	expect(table).toHaveLength(1);
	expect(`${String(error)} ${String(message)}`).toContain('may have been recorded anyway');
});
