import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const program = () => partnero.sandbox.program('affiliate');
const codes = () => partnero.sandbox.ledger().promotionCodes;

const winter = { coupon: locator('uuidCode', 'WINTER') };
const ann25 = { promotionCode: locator('code', 'ANN25') };
const limit = { id: 'p_1', full_name: 'Ann Lee' };

function arrange(): void {
	program().partners.add({
		id: 'p_1',
		key: 'annlee',
		email: 'ann@example.com',
		name: 'Ann',
		surname: 'Lee',
	});
	program().partners.add({ id: 'p_2', key: 'joann', email: 'joann@example.com' });
	program().coupons.add({ uuid_code: 'WINTER', name: 'Winter' });
	program().transactions.add({ key: 'inv_1', amount: 10 });
}

beforeEach(arrange);

describe('creating a promotion code', () => {
	it('sends everything that was filled, and the switch that the API wants beside a value', async () => {
		const { json, error } = await partnero.operate('promotionCode', 'create', {
			...winter,
			code: 'ANN25',
			limitTo: 'partner',
			partner: locator('key', 'annlee'),
			additionalFields: {
				firstTimeOrder: true,
				minimumOrder: 22,
				expiresAt: '2027-03-31',
				redemptionLimit: 100,
				metadata: { pairs: [{ name: 'campaign', value: 'winter' }] },
			},
		});
		expect(error).toBeUndefined();
		expect(partnero.wire().at(-1)).toEqual({
			method: 'POST',
			path: '/promotion-codes',
			body: {
				coupon_uuid: 'WINTER',
				code: 'ANN25',
				first_time_order: true,
				limit_to_specific_partner: true,
				coupon_specific_partners: limit,
				minimum_order_status: true,
				minimum_order_value: 22,
				expiration_date_status: true,
				expiration_date_value: '2027-03-31',
				redemption_times_status: true,
				redemption_times_value: 100,
				metadata: { campaign: 'winter' },
			},
		});
		expect(json).toEqual([
			expect.objectContaining({
				code: 'ANN25',
				coupon_specific_partners: limit,
				coupon_specific_customers: {},
				message: 'The promotion code has been created.',
			}),
		]);
		expect(codes()).toMatchObject([
			{ code: 'ANN25', coupon: 'WINTER', partner: { id: 'p_1', fullName: 'Ann Lee' } },
		]);
	});

	it('looks the partner up once for all items, and calls a partner without a name by its email', async () => {
		const { json } = await partnero.operate(
			'promotionCode',
			'create',
			{
				...winter,
				code: '={{ $json.code }}',
				limitTo: 'partner',
				partner: locator('email', 'JoAnn@example.com'),
			},
			{ items: [{ code: 'JO1' }, { code: 'JO2' }, { code: 'JO3' }] },
		);
		const joann = { id: 'p_2', full_name: 'joann@example.com' };
		expect(json.map(({ coupon_specific_partners: to }) => to)).toEqual([joann, joann, joann]);
		expect(partnero.wire().filter(({ method }) => method === 'GET')).toHaveLength(1);
	});

	it.each([
		['partner', 'Partner'],
		['customer', 'Customer'],
		['subscriber', 'Subscriber'],
	])(
		'is refused before any request when it is limited to a %s and none is given',
		async (limitTo, label) => {
			const empty = { [limitTo]: locator('id', '={{ $json.missing }}') };
			const { error } = await partnero.operate('promotionCode', 'create', {
				...winter,
				limitTo,
				...empty,
			});
			expect(error?.message).toBe(`'${label}' is empty`);
			expect(partnero.wire()).toEqual([]);
		},
	);

	it('is refused when nobody is the partner, and nothing is created', async () => {
		const parameters = { ...winter, limitTo: 'partner', partner: locator('email', 'ann') };
		const { error } = await partnero.operate('promotionCode', 'create', parameters);
		expect(error?.message).toBe("No partner has the email 'ann'");
		expect(codes()).toEqual([]);
	});

	it('is refused when an expression does not say whom it is limited to, rather than open to everybody', async () => {
		const { error } = await partnero.operate('promotionCode', 'create', {
			...winter,
			limitTo: '={{ $json.missing }}',
			partner: locator('id', 'p_1'),
		});
		expect(error?.message).toBe("'Limit To' is empty");
		expect(partnero.wire()).toEqual([]);
	});

	it('leaves out whom a hidden field still names', async () => {
		const parameters = {
			...winter,
			limitTo: '={{ $json.to }}',
			partner: locator('id', 'p_1'),
			customer: locator('key', 'c_1'),
		};
		const { json } = await partnero.operate('promotionCode', 'create', parameters, {
			items: [{ to: 'nobody' }],
		});
		expect(json).toEqual([expect.objectContaining({ limit_to_specific_partner: false })]);
		expect(partnero.wire()).toEqual([
			{ method: 'POST', path: '/promotion-codes', body: { coupon_uuid: 'WINTER' } },
		]);
	});

	it('limits it to a customer by the identifier that the program knows', async () => {
		program().customers.add({
			id: 'i_1',
			key: 'c_1',
			name: 'Bob',
			surname: 'Ray',
			email: 'bob@example.com',
		});
		const { json } = await partnero.operate('promotionCode', 'create', {
			...winter,
			limitTo: 'customer',
			customer: locator('list', 'c_1'),
		});
		expect(json).toEqual([
			expect.objectContaining({
				limit_to_specific_customer: true,
				coupon_specific_customers: { id: 'c_1', customer_full_name: 'Bob Ray' },
			}),
		]);
	});

	it('happens once when the answer is lost, and the record that was found comes out', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' }, times: 1 });
		const { json, error } = await partnero.operate('promotionCode', 'create', {
			...winter,
			code: 'ANN25',
		});
		expect(error).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ code: 'ANN25' })]);
		expect(codes()).toHaveLength(1);
	});

	it.each([
		['of another coupon', { coupon: 'SUMMER' }],
		['on other conditions', { first_time_order: true }],
		['of another partner', { partner: { id: 'p_1', fullName: 'Ann Lee' } }],
	])(
		'is not taken for one %s that was there before, when the answer is lost',
		async (_what, older) => {
			program().coupons.add({ uuid_code: 'SUMMER' });
			program().promotionCodes.add({ code: 'ANN25', coupon: 'WINTER', ...older });
			partnero.sandbox.faults.add({
				kind: 'status',
				status: 502,
				match: { method: 'POST' },
				times: 1,
			});
			const { error } = await partnero.operate('promotionCode', 'create', {
				...winter,
				code: 'ANN25',
				limitTo: 'partner',
				partner: locator('id', 'p_2'),
				additionalFields: { firstTimeOrder: false },
			});
			expect(error?.description).toContain('look it up in Partnero');
			expect(partnero.wire().filter(({ method }) => method === 'POST')).toHaveLength(1);
		},
	);

	it('with everything that was filled is found when the answer is lost', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' }, times: 1 });
		const { json, error } = await partnero.operate('promotionCode', 'create', {
			...winter,
			code: 'ANN25',
			limitTo: 'partner',
			partner: locator('key', 'annlee'),
			additionalFields: {
				firstTimeOrder: true,
				minimumOrder: 22,
				expiresAt: '2027-03-31',
				redemptionLimit: 9,
				metadata: { pairs: [{ name: 'a', value: 'B' }] },
			},
		});
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([
			expect.objectContaining({ code: 'ANN25', coupon_specific_partners: limit }),
		]);
	});

	it('is refused for a subscriber who has no ID yet, and nothing is created', async () => {
		partnero.sandbox.program('newsletter').subscribers.add({ id: null, email: 'rea@example.com' });
		partnero.sandbox.program('newsletter').coupons.add({ uuid_code: 'WINTER' });
		for (const subscriber of [
			locator('email', 'rea@example.com'),
			locator('list', 'rea@example.com'),
		]) {
			const { error } = await partnero.operate(
				'promotionCode',
				'create',
				{ ...winter, limitTo: 'subscriber', subscriber },
				{ credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys.newsletter } },
			);
			expect(error?.message).toBe("Subscriber 'rea@example.com' has no ID yet");
		}
		expect(partnero.wire().filter(({ method }) => method !== 'GET')).toEqual([]);
	});

	it('without a code is sent once, and says that it may have been recorded when the answer is lost', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' } });
		const { error } = await partnero.operate('promotionCode', 'create', winter, {
			node: { retryOnFail: true, waitBetweenTries: 1 },
		});
		expect(error?.description).toContain('may have been recorded');
		expect(codes()).toHaveLength(1);
	});

	it('names the field when the code is taken or the coupon unknown', async () => {
		program().promotionCodes.add({ code: 'ANN25', coupon: 'WINTER' });
		const taken = await partnero.operate('promotionCode', 'create', { ...winter, code: 'ANN25' });
		expect(taken.error?.description).toContain("Check 'Promotion Code'.");
		const unknown = await partnero.operate('promotionCode', 'create', {
			coupon: locator('uuidCode', 'NONE'),
		});
		expect(unknown.error?.description).toContain("'Coupon': The coupon is unknown.");
	});
});

describe('updating a promotion code', () => {
	beforeEach(() =>
		program().promotionCodes.add({ code: 'ANN25', coupon: 'WINTER', metadata: { a: '1' } }),
	);
	const update = async (updateFields: object) =>
		await partnero.operate('promotionCode', 'update', {
			...ann25,
			updateFields: updateFields as never,
		});

	it('limits it to a partner, and lifts the limit', async () => {
		await update({ limitTo: 'partner', partner: locator('email', 'ann@example.com') });
		expect(codes()).toMatchObject([
			{ partner: { id: 'p_1', fullName: 'Ann Lee' }, metadata: { a: '1' } },
		]);
		await update({ limitTo: 'nobody', partner: locator('id', 'p_1') });
		expect(codes()).toMatchObject([{ partner: null }]);
		expect(partnero.wire().map(({ method, body }) => [method, body])).toEqual([
			['GET', undefined],
			['PUT', { code: 'ANN25', limit_to_specific_partner: true, coupon_specific_partners: limit }],
			['PUT', { code: 'ANN25', limit_to_specific_partner: false }],
		]);
	});

	it('leaves the limit as it is when only metadata changes', async () => {
		await update({ limitTo: 'partner', partner: locator('id', 'p_1') });
		await update({ metadata: { pairs: [{ name: 'b', value: '2' }] } });
		expect(codes()).toMatchObject([{ partner: { id: 'p_1' }, metadata: { a: '1', b: '2' } }]);
	});

	it.each([
		[{ limitTo: 'partner' }, "'Update Fields > Partner' is empty"],
		[{ limitTo: 'partner', partner: locator('id', ' ') }, "'Update Fields > Partner' is empty"],
		// Without Limit To the field is not shown.
		[{ partner: locator('id', 'p_1') }, "'Update Fields' is empty"],
		[{}, "'Update Fields' is empty"],
	])('is refused before any request: %j', async (updateFields, message) => {
		const { error } = await update(updateFields);
		expect(error?.message).toBe(message);
		expect(partnero.wire()).toEqual([]);
	});
});

describe('redeeming a promotion code', () => {
	beforeEach(() => program().promotionCodes.add({ code: 'ANN25', coupon: 'WINTER' }));

	it('counts, and a sale once', async () => {
		const withSale = { ...ann25, additionalFields: { transactionKey: 'inv_1' } };
		await partnero.operate('promotionCode', 'redeem', withSale);
		await partnero.operate('promotionCode', 'redeem', withSale);
		const { json } = await partnero.operate('promotionCode', 'redeem', ann25);
		expect(json).toEqual([expect.objectContaining({ code: 'ANN25', times_redeemed: 2 })]);
		expect(codes()[0].redemptions.map(({ transaction_key: key }) => key)).toEqual(['inv_1', null]);
	});

	it('is sent once, whatever n8n repeats', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'PUT' } });
		const { error } = await partnero.operate('promotionCode', 'redeem', ann25, {
			node: { retryOnFail: true, waitBetweenTries: 1 },
		});
		expect(error?.description).toContain("Redeem promotion code 'ANN25' may have been recorded");
		expect(codes()).toMatchObject([{ timesRedeemed: 1 }]);
	});
});

describe('deleting a promotion code', () => {
	beforeEach(() => program().promotionCodes.add({ code: 'ANN25', coupon: 'WINTER' }));

	it('has succeeded when the answer is lost and another try finds nothing', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'DELETE' }, times: 1 });
		const { json, error } = await partnero.operate('promotionCode', 'delete', ann25);
		expect(error).toBeUndefined();
		expect(json).toEqual([{ deleted: true, id: 'ANN25' }]);
		expect(codes()).toEqual([]);
		expect(partnero.sandbox.ledger().coupons).toHaveLength(1);
	});

	it('fails when what stands inside `data` says so, in the words of the API', async () => {
		const server = createServer(({ method }, response) => {
			const data =
				method === 'GET'
					? { code: 'ANN25', coupon: { uuid_code: 'WINTER' } }
					: { status: 0, message: 'The code is locked.' };
			response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data }));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
		const { error } = await partnero.operate('promotionCode', 'delete', ann25, {
			credentials: { apiKey: 'some-key', baseUrl },
		});
		server.closeAllConnections();
		await new Promise((resolve) => server.close(resolve));
		expect(error?.message).toBe("Delete promotion code 'ANN25' was refused: The code is locked");
	});
});

it.each(['get', 'delete'])('%s names the code that is not there', async (operation) => {
	const { error } = await partnero.operate('promotionCode', operation, ann25);
	expect(error?.message).toMatch(/Promotion Code'?:? 'ANN25' was not found$/);
});

it.each(['update', 'redeem'])('%s names the code that is not there', async (operation) => {
	const updateFields = { metadata: { pairs: [{ name: 'a', value: 'b' }] } };
	const { error } = await partnero.operate('promotionCode', operation, { ...ann25, updateFields });
	expect(error?.message).toBe("Promotion Code 'ANN25' was not found");
});

describe('the list to pick from', () => {
	it('shows whom a code is limited to, and finds it by that', async () => {
		program().promotionCodes.add({
			code: 'ANN25',
			coupon: 'WINTER',
			partner: { id: 'p_1', fullName: 'Ann Lee' },
		});
		program().promotionCodes.add({ code: 'ALL10', coupon: 'WINTER' });
		const list = async (filter?: string) =>
			(await searchList('searchPromotionCodes', partnero.credentials, filter)).results;
		expect(await list()).toEqual([
			{ name: 'ALL10', value: 'ALL10' },
			{ name: 'ANN25 · Ann Lee', value: 'ANN25' },
		]);
		expect(await list('ann lee')).toEqual([{ name: 'ANN25 · Ann Lee', value: 'ANN25' }]);
	});

	it('shows subscribers by name and email, and finds them by email', async () => {
		const { subscribers } = partnero.sandbox.program('newsletter');
		subscribers.add({ id: 's_1', email: 'rea@example.com', name: 'Rea Lo' });
		subscribers.add({ id: 's_2', email: 'bo@example.com' });
		const credentials = { ...partnero.credentials, apiKey: partnero.sandbox.keys.newsletter };
		expect((await searchList('searchSubscribers', credentials, 'rea@')).results).toEqual([
			{ name: 'Rea Lo (rea@example.com)', value: 's_1' },
		]);
	});
});
