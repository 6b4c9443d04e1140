import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const program = () => partnero.sandbox.program('affiliate');

describe('coupons', () => {
	const create = {
		couponDiscountType: 'percent',
		couponDiscountAmount: 25,
		couponDurationType: 'once',
	};
	const winter = { coupon: locator('uuidCode', 'WINTER') };

	it('are made with everything that was filled, and passed on to a shop that is connected', async () => {
		program().connectedProviders.add('stripe');
		const { json } = await partnero.operate('coupon', 'create', {
			...create,
			couponDurationType: 'months',
			couponDurationValue: 3,
			additionalFields: {
				name: 'Winter sale',
				uuidCode: 'WINTER',
				active: false,
				expiresAt: '2027-03-31',
				redemptionLimit: 100,
				metadata: { pairs: [{ name: 'campaign', value: 'winter' }] },
				syncProvider: 'stripe',
			},
		});
		expect(json).toEqual([
			expect.objectContaining({
				uuid_code: 'WINTER',
				synchronization: { enabled: true, successful: true, message: 'Synchronized with stripe.' },
			}),
		]);
		expect(partnero.sandbox.ledger().coupons).toEqual([
			expect.objectContaining({
				name: 'Winter sale',
				active: false,
				coupon_duration_type: 'months',
				coupon_duration_value: 3,
				redemption_specific_date_status: true,
				redemption_specific_date_value: '2027-03-31',
				redemption_times_status: true,
				redemption_times_value: 100,
				metadata: { campaign: 'winter' },
				provider: 'stripe',
			}),
		]);
	});

	it('are not made for a shop that is not connected, and the error names the field', async () => {
		const { error } = await partnero.operate('coupon', 'create', {
			...create,
			additionalFields: { syncProvider: 'paddle' },
		});
		expect(error?.description).toContain("Check 'Additional Fields > Sync Provider'.");
		expect(partnero.sandbox.ledger().coupons).toEqual([]);
	});

	it('of another item with the same code are not taken for the one whose answer was lost', async () => {
		partnero.sandbox.faults.add({ kind: 'cut', match: { method: 'POST' }, times: 1 });
		const { outputs } = await partnero.operate(
			'coupon',
			'create',
			{ ...create, additionalFields: { uuidCode: 'WINTER', name: '={{ $json.name }}' } },
			{
				items: [{ name: 'first' }, { name: 'second' }],
				node: { onError: 'continueRegularOutput' },
			},
		);
		const [{ name }] = partnero.sandbox.ledger().coupons;
		const made = outputs[0].filter(({ json }) => !json.error).map(({ json }) => json.name);
		expect(made).toEqual([name]);
	});

	it('count each redemption, and remember the sale', async () => {
		program().coupons.add({ uuid_code: 'WINTER' });
		program().transactions.add({ key: 'inv_1', amount: 10 });
		await partnero.operate('coupon', 'redeem', {
			...winter,
			additionalFields: { transactionKey: 'inv_1' },
		});
		const { json } = await partnero.operate('coupon', 'redeem', winter);
		expect(json).toEqual([expect.objectContaining({ uuid_code: 'WINTER', times_redeemed: 2 })]);
		const { coupons, redemptions } = partnero.sandbox.ledger();
		expect(redemptions).toEqual({ WINTER: 2 });
		expect(coupons[0].redemptions.map(({ transaction_key: key }) => key)).toEqual(['inv_1', null]);
	});

	it('keep their discount and what was not filled when they are updated', async () => {
		program().coupons.add({
			uuid_code: 'WINTER',
			name: 'Winter',
			coupon_discount_amount: 25,
			metadata: { campaign: 'winter', year: '2026' },
		});
		await partnero.operate('coupon', 'update', {
			...winter,
			updateFields: { metadata: { pairs: [{ name: 'year', value: '2027' }] } },
		});
		expect(partnero.sandbox.ledger().coupons).toEqual([
			expect.objectContaining({
				name: 'Winter',
				coupon_discount_amount: 25,
				timesRedeemed: 0,
				metadata: { campaign: 'winter', year: '2027' },
			}),
		]);
	});

	it.each(['update', 'redeem'])(
		'are named by the error when they are not there: %s',
		async (operation) => {
			const { error } = await partnero.operate('coupon', operation, {
				...winter,
				updateFields: { name: 'x' },
			});
			expect(error?.message).toBe("Coupon 'WINTER' was not found");
		},
	);
});
