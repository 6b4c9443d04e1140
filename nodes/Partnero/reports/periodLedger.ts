import type { Amount } from './decimal';
import { difference, Sums } from './decimal';
import type { Periods, Span, Step } from './period';
import type { Sale } from './saleRecord';
import { isEarned } from './saleRecord';

/** What is counted beside sales, by the name of its metric. */
export type Newcomer =
	'newPartners' | 'newCustomers' | 'newLeads' | 'newSubscribers' | 'newReferrals';

/** Numbers of a span of time. Sums are by unit. */
export class Tally {
	sales = 0;

	archived = 0;

	readonly revenue = new Sums();

	readonly commissions = new Sums();

	readonly archivedAmount = new Sums();

	readonly newcomers: { [name in Newcomer]?: number } = {};

	addSale({ amount, commissions = [], isArchived }: Sale): void {
		if (isArchived) this.archived += 1;
		else this.sales += 1;
		if (amount) (isArchived ? this.archivedAmount : this.revenue).add(amount);
		for (const commission of commissions)
			if (isEarned(commission) && commission.amount) this.commissions.add(commission.amount);
	}

	addNewcomer(name: Newcomer): void {
		this.newcomers[name] = (this.newcomers[name] ?? 0) + 1;
	}
}

/** What somebody brought in a period, and in the one before it. */
export interface Earner {
	id: string;
	sales: number;
	revenue: Sums;
	commissions: Sums;
	previousRevenue: Sums;
}

/** Sums what a report of a period is of, record by record; no record is kept. */
export class PeriodLedger {
	readonly current = new Tally();

	readonly previous = new Tally();

	/** One tally for each step of the series. */
	readonly series: Tally[];

	private readonly earners = new Map<string, Earner>();

	/** Sales of either period whose amount cannot be read. */
	withoutAmount = 0;

	/** Commissions of either period whose amount cannot be read. */
	withoutCommissionAmount = 0;

	/** Sales of either period, and how many of them show what they earned. */
	private taken = 0;

	private withAmount = 0;

	private withCommissions = 0;

	/** Whether the list has shown any archived sale, of whatever time. */
	private sawArchived = false;

	constructor(
		private readonly periods: Periods,
		private readonly steps: Step[],
	) {
		this.series = steps.map(() => new Tally());
	}

	/** Whether the server shows amounts; it does as long as there is no sale. */
	get showsAmounts(): boolean {
		return this.taken === 0 || this.withAmount > 0;
	}

	/** Whether the server shows what sales earned. */
	get showsCommissions(): boolean {
		return this.taken === 0 || this.withCommissions > 0;
	}

	/** Sales of either period that show no commission, where others do. */
	get withoutCommissions(): number {
		return this.withCommissions > 0 ? this.taken - this.withCommissions : 0;
	}

	/** Whether the server shows archived sales: nobody knows before one was seen. */
	get showsArchived(): boolean {
		return this.sawArchived;
	}

	takeSale(sale: Sale, instant: number | undefined): void {
		if (sale.isArchived) this.sawArchived = true;
		const side = instant === undefined ? undefined : this.sideOf(instant);
		if (!side) return;
		this.taken += 1;
		if (sale.amount) this.withAmount += 1;
		else this.withoutAmount += 1;
		if (sale.commissions) this.withCommissions += 1;
		for (const { amount } of sale.commissions ?? []) if (!amount) this.withoutCommissionAmount += 1;
		this[side].addSale(sale);
		if (side === 'current') this.series[stepAt(this.steps, instant!)].addSale(sale);
		this.takeEarnings(sale, side);
	}

	takeNewcomer(name: Newcomer, instant: number | undefined): void {
		const side = instant === undefined ? undefined : this.sideOf(instant);
		if (!side) return;
		this[side].addNewcomer(name);
		if (side === 'current') this.series[stepAt(this.steps, instant!)].addNewcomer(name);
	}

	/** Who brought the most in a unit, best first; who brought the same by commission, by sales, and then by identifier. */
	top(count: number, unit: string): Earner[] {
		const all = [...this.earners.values()].filter(({ sales }) => sales > 0);
		const order = (a: Earner, b: Earner) =>
			b.revenue.value(unit) - a.revenue.value(unit) ||
			b.commissions.value(unit) - a.commissions.value(unit) ||
			b.sales - a.sales ||
			(a.id < b.id ? -1 : 1);
		return all.sort(order).slice(0, count);
	}

	private takeEarnings(
		{ amount, commissions = [], isArchived, earner }: Sale,
		side: 'current' | 'previous',
	): void {
		if (earner !== undefined && !isArchived) {
			const known = this.earner(earner);
			if (side === 'current') known.sales += 1;
			if (amount) (side === 'current' ? known.revenue : known.previousRevenue).add(amount);
		}
		for (const commission of commissions) {
			if (
				side === 'current' &&
				commission.earner !== undefined &&
				isEarned(commission) &&
				commission.amount
			) {
				this.earner(commission.earner).commissions.add(commission.amount);
			}
		}
	}

	private earner(id: string): Earner {
		let known = this.earners.get(id);
		if (!known) {
			known = {
				id,
				sales: 0,
				revenue: new Sums(),
				commissions: new Sums(),
				previousRevenue: new Sums(),
			};
			this.earners.set(id, known);
		}
		return known;
	}

	private sideOf(instant: number): 'current' | 'previous' | undefined {
		if (isIn(this.periods.current, instant)) return 'current';
		return isIn(this.periods.previous, instant) ? 'previous' : undefined;
	}
}

/** Whether an instant is a part of a span. */
export function isIn({ from, to }: Span, instant: number): boolean {
	return instant >= from && instant < to;
}

/** The step that an instant of the period is in, by halving: a report of thousands of sales asks for each. */
function stepAt(steps: Step[], instant: number): number {
	let low = 0;
	let high = steps.length - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (steps[middle].from <= instant) low = middle;
		else high = middle - 1;
	}
	return low;
}

/** A number of a period beside that of the one before. `null` is what the server does not show. */
export interface Compared {
	value: number | null;
	unit: string;
	previous: number | null;
	change: number | null;
	/** To one decimal; `null` where there was nothing before. */
	changePercent: number | null;
}

/** Compares two numbers of one unit. */
export function compare(value: number | null, previous: number | null, unit: string): Compared {
	const change = value === null || previous === null ? null : difference(value, previous);
	return {
		value,
		unit,
		previous,
		change,
		changePercent: change === null ? null : percentOf(change, Math.abs(previous!)),
	};
}

/** So many percent, to one decimal, half away from zero; `null` of nothing. */
export function percentOf(part: number, whole: number): number | null {
	if (whole === 0) return null;
	const percent = (part / whole) * 100;
	return (Math.sign(percent) * Math.round(Math.abs(percent) * 10)) / 10 + 0;
}

/** Compares sums unit by unit, that of the program first; nothing at all is 0 in it. */
export function compareSums(
	units: string[],
	of: (unit: string) => [value: number, previous: number],
	main: string,
): Compared[] {
	const known = units.length > 0 ? units : [main];
	return known.map((unit) => compare(...of(unit), unit));
}

/** The units of several sums, that one first. */
export function unitsOf(sums: Sums[], main: string): string[] {
	const all = new Sums();
	for (const one of sums) for (const unit of one.units()) all.add({ value: 0, unit });
	return all.units(main);
}

/** Amounts by unit as a list, that one first. */
export function amountsOf(sums: Sums, main: string): Amount[] {
	return sums.units(main).map((unit) => ({ value: sums.value(unit), unit }));
}
