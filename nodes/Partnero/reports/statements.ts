import type { IDataObject } from 'n8n-workflow';

import { identifiersOf } from '../lookup/references';
import type { Call } from '../response/call';
import { isSameName } from '../response/identity';
import { programAdvice } from '../response/subject';
import { isRecord } from '../transport/outcome';

import { amountOf, Sums } from './decimal';
import { documentAsText } from './document';
import { documentAsHtml } from './documentHtml';
import { documentAsMarkdown } from './documentMarkdown';
import { isoAt } from './formats';
import { personIn, recordOfPerson } from './people';
import { isIn } from './periodLedger';
import { shownPeriod } from './periodNumbers';
import { settingsOf } from './periodOf';
import type { ProgramIdentity } from './programIdentity';
import { programIdentity } from './programIdentity';
import { readSince } from './readSince';
import type { Commission, Sale } from './saleRecord';
import { isEarned, saleOf } from './saleRecord';
import type { Statement, StatementSale } from './statementView';
import { statementDocument } from './statementView';

/** So many partners are looked up side by side, as far as the gate lets them through. */
const lookedUpAtOnce = 4;

/** What a partner has earned in a period, sale by sale. */
class Account {
	readonly sales: StatementSale[] = [];

	salesCount = 0;

	readonly revenue = new Sums();

	readonly earned = new Sums();

	readonly byStatus = new Map<string, Sums>();

	unreadable = 0;

	take(sale: Sale, commissions: Commission[], date: string, showCustomers: boolean): void {
		const earned = new Sums();
		const read = commissions.flatMap(({ amount, status }) =>
			amount ? [{ ...amount, status }] : [],
		);
		const { unit: commissionUnit } = read[0] ?? { unit: '' };
		if (!sale.isArchived) this.salesCount += 1;
		if (sale.amount && !sale.isArchived) this.revenue.add(sale.amount);
		for (const commission of read) {
			let sums = this.byStatus.get(commission.status);
			if (!sums) this.byStatus.set(commission.status, (sums = new Sums()));
			sums.add(commission);
			if (!isEarned(commission)) continue;
			this.earned.add(commission);
			earned.add(commission);
		}
		this.unreadable +=
			commissions.length - read.length + (sale.amount ? 0 : 1) + (sale.commissions ? 0 : 1);
		const statuses = [...new Set(commissions.map(({ status }) => status))];
		this.sales.push({
			...{ key: sale.key, date },
			...{ amount: sale.amount?.value ?? null, unit: sale.amount?.unit ?? '' },
			commission:
				sale.commissions === undefined || read.length < commissions.length
					? null
					: earned.value(commissionUnit),
			commissionUnit,
			commissions: read,
			status: sale.isArchived ? 'archived' : statuses.join(', ') || null,
			...(showCustomers && { customer: sale.customer }),
		});
	}
}

/**
 * One item for each partner who had a sale in the period, from one pass over the list of transactions.
 * @param data of GET /program
 */
export async function makeStatements(data: IDataObject, call: Call): Promise<IDataObject[]> {
	const { form } = call;
	const { periods, formats } = settingsOf(call);
	const { current } = periods;
	const program = programIdentity(data);
	if (program.kind !== 'affiliate')
		throw form.refuse(
			'Statements work only in affiliate programs; this program has no partners',
			programAdvice(call),
		);
	const minimum = minimumOf(call);
	const showCustomers = form.value('options.showCustomers') !== false;
	const wanted = await wantedPartner(call);

	const accounts = new Map<string, Account>();
	const earnedByAll = new Sums();
	const list = { name: 'transactions', url: '/transactions', isSortable: true };
	const reading = { isReferral: false, currency: program.currency };
	const read = await readSince(call, list, current.from, current.timeZone, (record, instant) => {
		if (instant === undefined || !isIn(current, instant)) return;
		const sale = saleOf(record, reading);
		for (const partner of partnersOf(sale)) {
			if (wanted && !wanted.some((name) => isSameName(name, partner))) continue;
			let account = accounts.get(partner);
			if (!account) accounts.set(partner, (account = new Account()));
			const own = (sale.commissions ?? []).filter(({ earner }) => earner === partner);
			for (const { amount } of own) if (amount) earnedByAll.add(amount);
			account.take(sale, own, isoAt(instant, current.timeZone), showCustomers);
		}
	});

	if (read.undated > 0) call.run.hint('undatedSales', read.undated);
	const main = program.currency ?? earnedByAll.commonest() ?? '';
	const due = [...accounts]
		.filter(
			([, { earned }]) =>
				minimum === 0 || earned.units().some((unit) => earned.value(unit) >= minimum),
		)
		.sort(
			([a, one], [b, other]) =>
				other.earned.value(main) - one.earned.value(main) || (a < b ? -1 : 1),
		);
	const records = await recordsOf(
		call,
		due.map(([partner]) => partner),
	);
	return due.map(([partner, account], index) => {
		const statement: Statement = {
			...identityOf(partner, records[index], program),
			generatedAt: new Date().toISOString(),
			period: shownPeriod(current),
			currency: main,
			salesCount: account.salesCount,
			revenueByCurrency: account.revenue.byUnit(main),
			commission: account.earned.value(main),
			commissionByCurrency: account.earned.byUnit(main),
			commissions: [...account.byStatus].flatMap(([status, sums]) =>
				sums.units(main).map((unit) => ({ status, value: sums.value(unit), unit })),
			),
			...paymentsOf(records[index], program, main),
			// A server may ignore the order that was asked for.
			sales: account.sales.sort((a, b) => Date.parse(b.date) - Date.parse(a.date)),
			read,
			unreadableAmounts: account.unreadable,
		};
		const document = statementDocument(statement, formats, current);
		return {
			...(statement as unknown as IDataObject),
			text: documentAsText(document),
			markdown: documentAsMarkdown(document),
			html: documentAsHtml(document),
		};
	});
}

/**
 * The identifiers of the one partner who is wanted, if it is one. The list is not filtered by it: that knows who brought a
 * sale, but not who else has earned by it.
 */
async function wantedPartner(call: Call): Promise<string[] | undefined> {
	const reference = call.form.reference('filters.partner');
	if (!reference) return undefined;
	// Sales show the ID (`partnero-api.md` 2.4).
	return reference.kind === 'id' || reference.kind === 'list'
		? [reference.value]
		: await identifiersOf(call, 'filters.partner');
}

/**
 * Refuses, before any request, what makes no statements.
 * @throws NodeOperationError that names the field
 */
export function checkStatements(call: Call): void {
	settingsOf(call);
	minimumOf(call);
}

/** Who brought a sale, and who else has earned by it, as in programs with several tiers. */
function partnersOf({ earner, commissions = [] }: Sale): string[] {
	const all = [earner, ...commissions.map((commission) => commission.earner)];
	return [...new Set(all.filter((partner) => partner !== undefined))];
}

function minimumOf({ form }: Call): number {
	return Number(form.value('options.minimumAmount') ?? 0);
}

/** The partners' records, in their order. */
async function recordsOf(call: Call, partners: string[]): Promise<IDataObject[]> {
	const records: IDataObject[] = [];
	for (let start = 0; start < partners.length; start += lookedUpAtOnce) {
		const some = partners.slice(start, start + lookedUpAtOnce);
		// Nothing may be under way any more when the node is done.
		const settled = await Promise.allSettled(
			some.map(async (partner) => await recordOfPerson(call, 'partners', partner)),
		);
		for (const result of settled) {
			if (result.status === 'rejected') throw result.reason;
			records.push(result.value);
		}
	}
	return records;
}

function identityOf(id: string, record: IDataObject, { name: programName }: ProgramIdentity) {
	const { name, email } = personIn(id, record);
	return { partner: id, partnerName: name, partnerEmail: email, programName };
}

/** What the partner's record says of all time, by currency; `null` is what it does not show (`partnero-api.md` 2.2). */
function paymentsOf(
	{ commissions }: IDataObject,
	{ currency }: ProgramIdentity,
	main: string,
): Pick<Statement, 'paid' | 'pending' | 'notPaid'> {
	const shown = isRecord(commissions) ? commissions : {};
	const sumOf = (value: unknown): { [unit: string]: number } | null => {
		if (value === undefined || value === null) return null;
		const sums = new Sums();
		for (const one of Array.isArray(value) ? (value as unknown[]) : [value]) {
			const amount = amountOf(
				isRecord(one)
					? { amount: one.amount, amount_units: one.currency }
					: { amount: one as number },
				currency,
			);
			if (!amount) return null;
			sums.add(amount);
		}
		return sums.byUnit(main);
	};
	return { paid: sumOf(shown.paid), pending: sumOf(shown.pending), notPaid: sumOf(shown.not_paid) };
}
