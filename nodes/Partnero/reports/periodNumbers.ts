import { isoAt } from './formats';
import type { Person } from './people';
import type { Period } from './period';
import type { Compared } from './periodLedger';
import type { Reading } from './readSince';
import type { Waiting } from './waiting';

/** One number of a report of a period; money has an entry for each currency, the program's first. */
export interface PeriodNumber extends Compared {
	name: string;
	label: string;
	/** What the user wants it to be, in the program's currency if it is money. */
	target: number | null;
	/** How much of the target there is, in percent. */
	reached: number | null;
}

/** Who brought the most. Money is in `unit`; what there is in other currencies stands beside it. */
export interface TopEarner extends Person {
	rank: number;
	sales: number;
	revenue: number;
	commission: number;
	unit: string;
	previousRevenue: number;
	change: number;
	changePercent: number | null;
	revenueByCurrency: { [unit: string]: number };
	commissionByCurrency: { [unit: string]: number };
}

/** A day of the series, or a week. */
export interface SeriesEntry {
	from: string;
	to: string;
	sales?: number;
	revenue?: { [unit: string]: number };
	commissions?: { [unit: string]: number };
	newPartners?: number;
	newCustomers?: number;
	newLeads?: number;
	newSubscribers?: number;
	newReferrals?: number;
}

/** The numbers of a report of a period, before they are put into words. */
export interface PeriodNumbers {
	programName: string;
	programType: string;
	generatedAt: string;
	period: ShownPeriod;
	previousPeriod: ShownPeriod;
	/** The program's currency, or the one with the most sales where the server shows none; '' if there is none. */
	currency: string;
	metrics: PeriodNumber[];
	series: SeriesEntry[];
	topPartners: TopEarner[];
	topReferrers: TopEarner[];
	waiting: Waiting | null;
	/** What was read of each list. */
	read: { [list: string]: Reading };
	/** What the reader has to know of the numbers. */
	notes: string[];
}

/** A period as the output shows it. `to` is the first instant that is no part of it. */
export type ShownPeriod = Pick<Period, 'name' | 'firstDay' | 'lastDay' | 'timeZone'> & {
	from: string;
	to: string;
};

/** A period as the output shows it. */
export function shownPeriod({ name, from, to, firstDay, lastDay, timeZone }: Period): ShownPeriod {
	return {
		name,
		from: isoAt(from, timeZone),
		to: isoAt(to, timeZone),
		firstDay,
		lastDay,
		timeZone,
	};
}
