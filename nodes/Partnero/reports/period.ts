import { tryToParseDateTime } from 'n8n-workflow';

import type { DateTime } from '../form/dates';
import { instantOfDate } from '../response/created';

/** From an instant on, up to another one that is no part of it (milliseconds since 1970). */
export interface Span {
	from: number;
	to: number;
}

/** The time that a report is of, in the days of a time zone. */
export interface Period extends Span {
	/** What it was chosen by: `lastWeek`. */
	name: string;
	/** An IANA name. */
	timeZone: string;
	/** The first and the last day of which it holds anything: `2026-11-16`. */
	firstDay: string;
	lastDay: string;
	/** Whether it begins and ends with a day. */
	isOfWholeDays: boolean;
}

/** A period and the one before it that it is compared with. */
export interface Periods {
	current: Period;
	previous: Period;
}

/** What a period is chosen by. */
export interface PeriodChoice {
	name: string;
	/** Milliseconds since 1970. */
	now: number;
	timeZone: string;
	/** The first day of a week: 1 is Monday, 7 is Sunday. */
	weekStartsOn: number;
	/** Of a custom period. One that is at midnight stands for the whole day. */
	from?: DateTime;
	to?: DateTime;
}

type Length = { days: number } | { months: number };

/** An instant as a date of a time zone. */
export function dateAt(instant: number, timeZone: string): DateTime {
	return tryToParseDateTime(new Date(instant), timeZone);
}

/** The days, weeks, months and quarters of a time zone; an hour that a change of the clock takes or adds is a part of its day. */
export function periodsOf(choice: PeriodChoice): Periods {
	const { name, now, timeZone, weekStartsOn } = choice;
	const today = dateAt(now, timeZone).startOf('day');
	const thisWeek = today.minus({ days: (today.weekday - weekStartsOn + 7) % 7 });
	const thisMonth = today.startOf('month');
	// A period that begins at this very instant, as for a schedule at midnight, is not nothing.
	const until = dateAt(now, timeZone).plus({ milliseconds: now === today.toMillis() ? 1 : 0 });
	switch (name) {
		case 'last7Days':
			return whole(choice, today.minus({ days: 7 }), { days: 7 });
		case 'last30Days':
			return whole(choice, today.minus({ days: 30 }), { days: 30 });
		case 'lastWeek':
			return whole(choice, thisWeek.minus({ days: 7 }), { days: 7 });
		case 'thisWeek':
			return partly(choice, thisWeek, until, { days: 7 });
		case 'lastMonth':
			return whole(choice, thisMonth.minus({ months: 1 }), { months: 1 });
		case 'thisMonth':
			return partly(choice, thisMonth, until, { months: 1 });
		case 'lastQuarter':
			return whole(choice, today.startOf('quarter').minus({ months: 3 }), { months: 3 });
		default:
			return custom(choice);
	}
}

/** A period that is over, and as long a one before it. */
function whole(choice: PeriodChoice, start: DateTime, length: Length): Periods {
	return {
		current: periodFrom(choice, start, start.plus(length)),
		previous: periodFrom(choice, start.minus(length), start),
	};
}

/** A period that is not over: it is compared with as much of the one before. */
function partly(choice: PeriodChoice, start: DateTime, until: DateTime, length: Length): Periods {
	const before = start.minus(length);
	const counterpart = until.minus(length);
	// The last days of a long month have no counterpart in a short one, which is over by then.
	const isOver = 'months' in length && counterpart.day !== until.day;
	return {
		current: periodFrom(choice, start, until),
		previous: periodFrom(choice, before, isOver ? start : counterpart),
	};
}

/** Whole months are compared with as many months, whole days with as many days, anything else with as many milliseconds. */
function custom(choice: PeriodChoice): Periods {
	const from = choice.from!.setZone(choice.timeZone);
	const until = choice.to!.setZone(choice.timeZone);
	const to = isMidnight(until) ? until.plus({ days: 1 }) : until;
	if (!isMidnight(from) || !isMidnight(to)) {
		const length = to.toMillis() - from.toMillis();
		return {
			current: periodFrom(choice, from, to),
			previous: periodFrom(choice, dateAt(from.toMillis() - length, choice.timeZone), from),
		};
	}
	const isOfMonths = from.day === 1 && to.day === 1;
	const months = (to.year - from.year) * 12 + to.month - from.month;
	return whole(choice, from, isOfMonths ? { months } : { days: daysBetween(from, to) });
}

function isMidnight(date: DateTime): boolean {
	return date.toMillis() === date.startOf('day').toMillis();
}

function daysBetween(from: DateTime, to: DateTime): number {
	const day = (date: DateTime) => Date.UTC(date.year, date.month - 1, date.day);
	return Math.round((day(to) - day(from)) / 86_400_000);
}

function periodFrom({ name, timeZone }: PeriodChoice, start: DateTime, end: DateTime): Period {
	const from = start.toMillis();
	const to = end.toMillis();
	const last = dateAt(Math.max(from, to - 1), timeZone);
	return {
		...{ name, timeZone, from, to },
		firstDay: dayOf(start),
		lastDay: dayOf(last),
		isOfWholeDays: isMidnight(start) && isMidnight(end),
	};
}

function dayOf(date: DateTime): string {
	return date.toISODate() ?? '';
}

/** Above so many days a series has weeks instead. */
const mostDays = 62;

/** A day of a series, or a week; the first and the last one as far as the period has them. */
export interface Step extends Span {
	firstDay: string;
	lastDay: string;
}

/** The days of a period, or its weeks where it is longer than 62 days. */
export function stepsOf({ from, to, timeZone }: Period, weekStartsOn: number): Step[] {
	const end = dateAt(to, timeZone);
	const start = dateAt(from, timeZone);
	const isOfDays = daysBetween(start, end) <= mostDays;
	const steps: Step[] = [];
	for (let day = start.startOf('day'); day.toMillis() < to;) {
		const next = day.plus({ days: isOfDays ? 1 : 7 - ((day.weekday - weekStartsOn + 7) % 7) });
		const span = { from: Math.max(from, day.toMillis()), to: Math.min(to, next.toMillis()) };
		steps.push({ ...span, firstDay: dayOf(day), lastDay: dayOf(dateAt(span.to - 1, timeZone)) });
		day = next;
	}
	return steps;
}

/**
 * When a record was made, in milliseconds since 1970. One that shows only the day, as leads do (`partnero-api.md` 1.2),
 * counts from the beginning of that day on.
 */
export function instantOf(
	{ created_at: created }: { created_at?: unknown },
	timeZone: string,
): number | undefined {
	return instantOfDate(created, timeZone);
}
