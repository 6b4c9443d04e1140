import type { Amount } from './decimal';
import type { DocumentLine, ReportDocument } from './document';
import { counted, plainRemark, shownName } from './document';
import type { Formats } from './formats';
import type { Period } from './period';
import type { ShownPeriod } from './periodNumbers';
import type { Reading } from './readSince';

/** A sale of a statement, and what the partner has earned by it. */
export interface StatementSale {
	key: string | null;
	/** ISO 8601, in the time zone of the statement. */
	date: string;
	amount: number | null;
	unit: string;
	/** What counts of its commissions, in the unit of the first; `null` where it cannot be read. */
	commission: number | null;
	commissionUnit: string;
	commissions: Array<Amount & { status: string }>;
	/** `ok`, `review_period`, `rejected`, or `archived`; `null` where the server shows no commission. */
	status: string | null;
	/** The buyer's key, unless customers are not to be shown. */
	customer?: string | null;
}

/** The statement of a partner, before it is put into words. */
export interface Statement {
	partner: string;
	partnerName: string | null;
	partnerEmail: string | null;
	programName: string;
	generatedAt: string;
	period: ShownPeriod;
	currency: string;
	/** Without archived sales. */
	salesCount: number;
	revenueByCurrency: { [unit: string]: number };
	/** In `currency`, without what was rejected or archived. */
	commission: number;
	commissionByCurrency: { [unit: string]: number };
	commissions: Array<Amount & { status: string }>;
	paid: { [unit: string]: number } | null;
	pending: { [unit: string]: number } | null;
	notPaid: { [unit: string]: number } | null;
	sales: StatementSale[];
	read: Reading;
	/** Amounts and commissions that are not shown or cannot be read, and are in no sum. */
	unreadableAmounts: number;
}

/** So many sales fit into a mail that no mail program cuts off; the fields have all. */
const mostSales = 100;

/** The statuses of commissions (`partnero-api.md` 2.4) as a partner reads them. */
const statusNames: { [status: string]: string } = {
	ok: 'Confirmed',
	review_period: 'In Review',
	rejected: 'Rejected',
	archived: 'Withdrawn',
};

function nameOfStatus(status: string): string {
	return statusNames[status] ?? shownName(status);
}

/** The words of a statement, for the partner to read. */
export function statementDocument(
	statement: Statement,
	formats: Formats,
	period: Period,
): ReportDocument {
	const {
		partner,
		partnerName,
		partnerEmail,
		programName,
		currency,
		commission,
		commissionByCurrency,
		commissions,
		salesCount,
		revenueByCurrency,
		sales,
	} = statement;
	const line = (label: string, value: string): DocumentLine => ({ label, value, remarks: [] });
	const amounts = (all: Array<[unit: string, value: number]>) =>
		all.map(([unit, value]) => formats.amount(value, unit)).join(', ');
	const others = Object.entries(commissionByCurrency).filter(([unit]) => unit !== currency);
	const revenue = Object.entries(revenueByCurrency);
	const payments = [
		['Paid', statement.paid],
		['Pending', statement.pending],
		['Not Paid Yet', statement.notPaid],
	] as const;
	const sections = [
		{
			heading: '',
			lines: [
				{
					label: 'Your commission',
					value: formats.amount(commission, currency),
					remarks: [
						...others.map(([unit, value]) => plainRemark(`and ${formats.amount(value, unit)}`)),
						plainRemark(
							`${counted(formats.amount(salesCount, ''), 'sale', salesCount === 1)}${revenue.length > 0 ? ` of ${amounts(revenue)}` : ''}`,
						),
					],
					isHeadline: true as const,
				},
			],
		},
		{
			heading: 'Commission by Status',
			lines: commissions.map(({ status, value, unit }) =>
				line(nameOfStatus(status), formats.amount(value, unit)),
			),
		},
		{
			heading: 'Your Account',
			lines: payments.flatMap(([label, all]) =>
				all === null
					? []
					: [line(label, amounts(Object.entries(all)) || formats.amount(0, currency))],
			),
		},
		{ heading: 'Sales', lines: sales.slice(0, mostSales).map((sale) => saleLine(sale, formats)) },
	];
	const left = sales.length - mostSales;
	return {
		title: shownName(programName) || 'Partnero program',
		subtitle: `Statement for ${shownName(partnerName ?? partnerEmail ?? partner)}, ${formats.span(period)}`,
		sections: sections.filter(({ lines }) => lines.length > 0),
		notes: [
			...(left > 0
				? [`${formats.amount(left, '')} more sales are in the sums, and not in this list.`]
				: []),
			...(payments.some(([, all]) => all !== null)
				? ['What was paid, is pending or not paid yet is of all time, not of this period.']
				: []),
			...(statement.unreadableAmounts > 0
				? [
						`${formats.amount(statement.unreadableAmounts, '')} of the amounts and commissions are not shown or cannot be read, and are in no sum.`,
					]
				: []),
		],
	};
}

function saleLine(
	{ key, date, amount, unit, commission, commissionUnit, status, customer }: StatementSale,
	formats: Formats,
): DocumentLine {
	return {
		label: key === null ? 'Sale without a key' : shownName(key),
		value: commission === null ? 'not shown' : formats.amount(commission, commissionUnit || unit),
		remarks: [
			plainRemark(formats.dayAt(Date.parse(date))),
			plainRemark(amount === null ? 'amount not shown' : `sale of ${formats.amount(amount, unit)}`),
			...(customer ? [plainRemark(`customer ${shownName(customer)}`)] : []),
			...(status ? [plainRemark(status.split(', ').map(nameOfStatus).join(', '))] : []),
		],
	};
}
