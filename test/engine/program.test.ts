import type { IDataObject } from 'n8n-workflow';

import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

beforeEach(async () => {
	const { partners, customers } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com' });
	customers.add({ key: 'c_1', partner: 'p_1' });
	await partnero.operate('transaction', 'create', { customer: locator('key', 'c_1'), amount: 1124.9, key: 't_1' });
	partnero.sandbox.requests.length = 0;
});

describe('program get', () => {
	it.each(['blocks', 'flat'] as const)('gives its numbers as numbers, from the %s shape', async (shape) => {
		partnero.sandbox.switches.programShape = shape;
		const { json, outputs } = await partnero.operate('program', 'get');
		expect(json).toEqual([
			expect.objectContaining({
				type: 'Affiliate',
				total_partners: 1,
				total_purchases: 1,
				total_revenue: 1124.9,
				total_revenue_currency: 'USD',
				total_revenue_growth: expect.any(Number),
			}),
		]);
		expect(outputs[0][0].pairedItem).toEqual({ item: 0 });
		expect(partnero.wire()).toEqual([{ method: 'GET', path: '/program' }]);
	});

	it('gives the data as sent without Simplify', async () => {
		partnero.sandbox.switches.programShape = 'blocks';
		const { json } = await partnero.operate('program', 'get', { simplify: false });
		expect(json[0]).toMatchObject({ stats: { total_revenue: { usd: '$1,124.90' } }, program: { type: 'Affiliate' } });
	});
});

describe('program getReport', () => {
	const revenue = (report: IDataObject) =>
		(report.metrics as IDataObject[]).find(({ name }) => name === 'total_revenue');

	it('gives the numbers, and texts that carry them', async () => {
		const { json } = await partnero.operate('program', 'getReport');
		expect(revenue(json[0])).toMatchObject({ value: 1124.9, unit: 'USD', sinceLastReport: null });
		for (const text of [json[0].text, json[0].markdown, json[0].html]) expect(text).toContain('$1,124.90');
		expect(json[0].html).not.toMatch(/<(svg|script|img|style)/i);
	});

	it('compares with the last production run, for every item of the run alike', async () => {
		const staticData = {};
		const production = { staticData, mode: 'trigger' as const };
		await partnero.operate('program', 'getReport', {}, production);
		await partnero.operate('transaction', 'create', { customer: locator('key', 'c_1'), amount: 100, key: 't_2' });
		const manual = await partnero.operate('program', 'getReport', {}, { staticData });
		expect(revenue(manual.json[0])?.sinceLastReport).toBe(100);
		const second = await partnero.operate('program', 'getReport', {}, { ...production, items: [{}, {}] });
		expect(second.json.map((report) => revenue(report)?.sinceLastReport)).toEqual([100, 100]);
		const third = await partnero.operate('program', 'getReport', {}, production);
		expect(revenue(third.json[0])?.sinceLastReport).toBe(0);
	});

	it('leaves the comparison out when told to, and reports the chosen metrics', async () => {
		const { json } = await partnero.operate('program', 'getReport', {
			options: { comparePrevious: false, metrics: ['total_partners'] },
		});
		expect((json[0].metrics as IDataObject[]).map(({ name, value }) => [name, value])).toEqual([['total_partners', 1]]);
	});
});
