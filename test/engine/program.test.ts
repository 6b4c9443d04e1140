import type { IDataObject } from 'n8n-workflow';

import type { RunOptions } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

beforeEach(async () => {
	const { partners, customers } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com' });
	customers.add({ key: 'c_1', partner: 'p_1' });
	await partnero.operate('transaction', 'create', {
		customer: locator('key', 'c_1'),
		amount: 1124.9,
		key: 't_1',
	});
	partnero.sandbox.requests.length = 0;
});

describe('program get', () => {
	it.each(['blocks', 'flat'] as const)(
		'gives its numbers as numbers, from the %s shape',
		async (shape) => {
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
		},
	);

	it('gives the data as sent without Simplify', async () => {
		partnero.sandbox.switches.programShape = 'blocks';
		const { json } = await partnero.operate('program', 'get', { simplify: false });
		expect(json[0]).toMatchObject({
			stats: { total_revenue: { usd: '$1,124.90' } },
			program: { type: 'Affiliate' },
		});
	});
});

describe('program getReport', () => {
	const revenue = (report: IDataObject) =>
		(report.metrics as IDataObject[]).find(({ name }) => name === 'total_revenue');

	it('gives the numbers, and texts that carry them', async () => {
		const { json } = await partnero.operate('program', 'getReport');
		expect(revenue(json[0])).toMatchObject({ value: 1124.9, unit: 'USD', sinceLastReport: null });
		for (const text of [json[0].text, json[0].markdown, json[0].html])
			expect(text).toContain('$1,124.90');
		expect(json[0].html).not.toMatch(/<(svg|script|img|style)/i);
	});

	it('compares with the last production run, for every item of the run alike', async () => {
		const staticData = {};
		const production = { staticData, mode: 'trigger' as const };
		await partnero.operate('program', 'getReport', {}, production);
		await partnero.operate('transaction', 'create', {
			customer: locator('key', 'c_1'),
			amount: 100,
			key: 't_2',
		});
		const manual = await partnero.operate('program', 'getReport', {}, { staticData });
		expect(revenue(manual.json[0])?.sinceLastReport).toBe(100);
		const second = await partnero.operate(
			'program',
			'getReport',
			{},
			{ ...production, items: [{}, {}] },
		);
		expect(second.json.map((report) => revenue(report)?.sinceLastReport)).toEqual([100, 100]);
		const third = await partnero.operate('program', 'getReport', {}, production);
		expect(revenue(third.json[0])?.sinceLastReport).toBe(0);
	});

	describe('in a loop', () => {
		/** Three rounds of a loop, or three calls of a sub-workflow, with a sale before each. */
		async function threeManagers(
			staticData: IDataObject,
			options: Partial<RunOptions>,
		): Promise<IDataObject[]> {
			const reports: IDataObject[] = [];
			for (let manager = 0; manager < 3; manager++) {
				const { json } = await partnero.operate(
					'program',
					'getReport',
					{},
					{ staticData, mode: 'trigger', ...options },
				);
				reports.push(json[0]);
			}
			return reports;
		}
		const sell = async (key: string) =>
			void (await partnero.operate('transaction', 'create', {
				customer: locator('key', 'c_1'),
				amount: 100,
				key,
			}));
		const differences = (reports: IDataObject[]) =>
			reports.map((report) => revenue(report)?.sinceLastReport);
		const called = (executionId: string, more: object = {}): Partial<RunOptions> => ({
			mode: 'integrated',
			parentExecution: {
				executionId,
				workflowId: 'parent',
				executionContext: {
					version: 1,
					establishedAt: 0,
					source: 'trigger',
					triggerNode: { name: 'Monday', type: 'n8n-nodes-base.scheduleTrigger' },
					...more,
				},
			},
		});

		it.each<[string, (week: number) => Partial<RunOptions>]>([
			['of one execution', (week) => ({ executionId: `week ${week}` })],
			['that calls a sub-workflow', (week) => called(`week ${week}`)],
		])('%s: all are compared with the report of the week before', async (_what, options) => {
			const staticData = {};
			const first = await threeManagers(staticData, options(1));
			expect(differences(first)).toEqual([null, null, null]);
			for (const { text } of first) {
				expect(text).toContain(
					'This is the first report: there is nothing to compare it with yet.',
				);
				expect(text).not.toContain('unchanged');
			}
			await sell('t_2');
			expect(differences(await threeManagers(staticData, options(2)))).toEqual([100, 100, 100]);
			await sell('t_3');
			await sell('t_4');
			expect(differences(await threeManagers(staticData, options(3)))).toEqual([200, 200, 200]);
		});

		it('with other metrics in each round, each is compared with its own', async () => {
			const staticData = {};
			const differencesOf = async (executionId: string) => {
				const found: unknown[] = [];
				for (const metrics of [['total_revenue'], ['total_purchases']]) {
					const { json } = await partnero.operate(
						'program',
						'getReport',
						{ options: { metrics } },
						{ staticData, mode: 'trigger', executionId },
					);
					found.push((json[0].metrics as IDataObject[])[0].sinceLastReport);
				}
				return found;
			};
			expect(await differencesOf('1')).toEqual([null, null]);
			await sell('t_2');
			expect(await differencesOf('2')).toEqual([100, 1]);
		});

		// test/e2e/reports.e2e.test.ts has the other triggers that a person can start.
		it('a workflow that calls it is tried by hand: that is not the last report', async () => {
			const more = {
				source: 'manual',
				triggerNode: { name: 'Try it now', type: 'n8n-nodes-base.manualTrigger' },
			};
			const staticData = {};
			await threeManagers(staticData, called('week 1'));
			await sell('t_2');
			const kept = JSON.stringify(staticData);
			expect(differences(await threeManagers(staticData, called('by hand', more)))).toEqual([
				100, 100, 100,
			]);
			expect(JSON.stringify(staticData)).toBe(kept);
			expect(differences(await threeManagers(staticData, called('week 2')))).toEqual([
				100, 100, 100,
			]);
		});

		it('what an older version of the node has kept is the last report', async () => {
			const staticData = { 'node:Partnero': { lastReports: {} as IDataObject } };
			await threeManagers(staticData, { executionId: '1' });
			const reports = staticData['node:Partnero'].lastReports;
			const [program] = Object.keys(reports);
			const { generatedAt, values } = reports[program] as IDataObject;
			reports[program] = { generatedAt, values };
			await sell('t_2');
			expect(differences(await threeManagers(staticData, { executionId: '2' }))).toEqual([
				100, 100, 100,
			]);
		});
	});

	it('leaves the comparison out when told to, and reports the chosen metrics', async () => {
		const { json } = await partnero.operate('program', 'getReport', {
			options: { comparePrevious: false, metrics: ['total_partners'] },
		});
		expect((json[0].metrics as IDataObject[]).map(({ name, value }) => [name, value])).toEqual([
			['total_partners', 1],
		]);
	});
});
