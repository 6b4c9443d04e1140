import type { IDataObject } from 'n8n-workflow';

import type { Statement } from '../../nodes/Partnero/reports/statementView';
import { noQuirks } from '../../sandbox/quirks';
import { defaultSwitches } from '../../sandbox/switches';
import fc from '../support/fastCheck';

import { locator, useSandbox } from './support/partnero';
import { addPeople, addSales, dayIn, earnerCount, salesOf, sumOf } from './support/reportLedger';

const partnero = useSandbox();
const program = () => partnero.sandbox.program('affiliate');

afterEach(() => {
	Object.assign(partnero.sandbox.switches, defaultSwitches());
	Object.assign(partnero.sandbox.quirks, noQuirks());
});

type Shown = Statement & { text: string; markdown: string; html: string };

async function statements(parameters: IDataObject = {}, timezone = 'UTC'): Promise<Shown[]> {
	const october = { period: 'custom', from: '2026-10-01', to: '2026-10-31' };
	const { json, error } = await partnero.operate(
		'partner',
		'getStatements',
		{ ...october, ...parameters } as never,
		{ timezone },
	);
	if (error) throw new Error(error.message);
	return json as never;
}

const paths = () => partnero.wire().map(({ path }) => path);
const sell = (key: string, earner: number, amount: number, more = {}) =>
	program().transactions.add({
		key,
		customer: `b_${earner}`,
		amount,
		reward: amount / 10,
		created_at: '2026-10-15T12:00:00.000000Z',
		...more,
	});

describe('partner getStatements', () => {
	it('has the sums of the ledger for each partner, in the days of the time zone', async () => {
		await fc.assert(
			fc.asyncProperty(
				salesOf(['2026-09-15', '2026-11-15'], ['2026-10-01', '2026-10-25', '2026-11-01'], 40),
				fc.constantFrom('Europe/Berlin', 'America/New_York', 'Pacific/Auckland'),
				async (sales, timeZone) => {
					partnero.sandbox.reset('empty');
					partnero.sandbox.quirks.archivedSalesDated = true;
					addPeople(program(), '2026-01-01T00:00:00.000000Z');
					addSales(partnero.sandbox, 'affiliate', sales);
					const shown = await statements({}, timeZone);
					const within = sales.filter(({ at }) => dayIn(at, timeZone).startsWith('2026-10'));
					expect(shown.map(({ partner }) => partner).sort()).toEqual(
						[...new Set(within.map(({ earner }) => `e_${earner}`))].sort(),
					);
					for (let earner = 0; earner < earnerCount; earner += 1) {
						const own = within.filter((sale) => sale.earner === earner);
						const live = own.filter(({ isArchived }) => !isArchived);
						const statement = shown.find(({ partner }) => partner === `e_${earner}`);
						if (!statement) continue;
						const earned = sumOf(live, ({ commissionCents }) => commissionCents);
						expect(statement).toMatchObject({
							salesCount: live.length,
							revenueByCurrency: sumOf(live, ({ cents }) => cents),
							commissionByCurrency: earned,
							commission: earned.USD ?? 0,
						});
						expect(statement.sales).toHaveLength(own.length);
						const byStatus = (status: string) =>
							Object.fromEntries(
								statement.commissions
									.filter((one) => one.status === status)
									.map(({ unit, value }) => [unit, value]),
							);
						expect(byStatus('ok')).toEqual(earned);
						expect(byStatus('archived')).toEqual(
							sumOf(
								own.filter(({ isArchived }) => isArchived),
								({ commissionCents }) => commissionCents,
							),
						);
					}
				},
			),
			{ numRuns: 15, seed: 22 },
		);
	}, 60_000);

	it('can be mailed as it is: whose it is, each sale, and what the account shows', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		sell('inv_1', 0, 200);
		sell('inv_2', 0, 99.99, { created_at: '2026-10-16T12:00:00.000000Z' });
		program().payoutRequests.add({ partner: 'e_0', amount: 12, status: 'finished' });
		const [{ text, markdown, html, ...statement }] = await statements();
		expect(statement).toMatchObject({
			partner: 'e_0',
			partnerName: 'Earner 0',
			partnerEmail: 'e0@example.com',
			commission: 29.999,
			paid: { USD: 12 },
			pending: {},
			notPaid: { USD: 17.999 },
		});
		expect(
			statement.sales.map(({ key, amount, commission, status, customer }) => [
				key,
				amount,
				commission,
				status,
				customer,
			]),
		).toEqual([
			['inv_2', 99.99, 9.999, 'ok', 'b_0'],
			['inv_1', 200, 20, 'ok', 'b_0'],
		]);
		for (const made of [text, markdown, html]) {
			for (const said of ['Earner 0', '$30.00', '$20.00', '$10.00', 'Oct 15, 2026', '$12.00'])
				expect(made).toContain(said);
		}
		expect(text).toContain('inv_1');
	});

	it('shows no customer where it is not to', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		sell('inv_1', 0, 200);
		const [statement] = await statements({ options: { showCustomers: false } });
		expect(JSON.stringify(statement)).not.toContain('b_0');
	});

	it('is made for those who earned enough, and only these are looked up', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		for (const [earner, amount] of [200, 500, 199.99].entries())
			sell(`inv_${earner}`, earner, amount);
		partnero.sandbox.requests.length = 0;
		const shown = await statements({ options: { minimumAmount: 20 } });
		expect(shown.map(({ partner }) => partner)).toEqual(['e_1', 'e_0']);
		expect(paths()).toEqual(['/program', '/transactions', '/partners/e_1', '/partners/e_0']);
	});

	it.each(['id', 'key', 'email'])('is made for one partner, picked by %s', async (mode) => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		const partner = program().partners.find('id', 'e_1')!;
		for (const earner of [0, 1, 2]) sell(`inv_${earner}`, earner, 100);
		const shown = await statements({ filters: { partner: locator(mode, partner[mode as 'id']) } });
		expect(shown.map(({ partner: of, sales }) => [of, sales.map(({ key }) => key)])).toEqual([
			['e_1', ['inv_1']],
		]);
	});

	it('comes once per partner over several pages, and reads no further back than it has to', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		const last = Date.parse('2026-10-31T12:00:00Z');
		for (let index = 1500; index > 0; index -= 1)
			sell(`inv_${index}`, index % 2, 10, {
				created_at: new Date(last - index * 3_600_000).toISOString(),
			});
		const shown = await statements();
		expect(shown.map(({ salesCount }) => salesCount)).toEqual([366, 366]);
		expect(shown[0].read).toMatchObject({ toTheEnd: false, newestFirst: true, pages: 11 });
		expect(shown[0].text).toContain('266 more sales are in the sums');
	});

	it.each([
		[{ from: '2026-11-22', to: '2026-11-01' }, /'From' must be earlier than 'To'/],
		[{ options: { locale: '?' } }, /'Options > Locale' must be a language tag/],
		[{ options: { minimumAmount: -1 } }, /'Options > Minimum Amount' must not be negative/],
		[
			{ filters: { partner: locator('key', '={{ $json.missing }}') } },
			/'Filters > Partner' is empty/,
		],
	])(
		'are refused before any request, with the name of the field: %j',
		async (parameters, message) => {
			await expect(statements(parameters)).rejects.toThrow(message);
			expect(paths()).toEqual([]);
		},
	);

	it('of a month without sales is none', async () => {
		expect(await statements()).toEqual([]);
	});

	it('of one partner who is gone still says what the sales earned', async () => {
		addPeople(program(), '2026-01-01T00:00:00.000000Z');
		sell('inv_1', 0, 200);
		program().partners.remove(program().partners.find('id', 'e_0')!);
		const [statement] = await statements();
		expect(statement).toMatchObject({
			partner: 'e_0',
			partnerName: null,
			partnerEmail: null,
			commission: 20,
			paid: null,
			notPaid: null,
		});
	});
});
