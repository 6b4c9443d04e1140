import { dateOf } from '../../../nodes/Partnero/form/dates';
import type { PeriodChoice } from '../../../nodes/Partnero/reports/period';
import { instantOf, periodsOf, stepsOf } from '../../../nodes/Partnero/reports/period';
import fc from '../../support/fastCheck';

const HOUR = 3_600_000;

function periods(
	name: string,
	now: string,
	timeZone = 'America/New_York',
	more: Partial<PeriodChoice> = {},
) {
	const made = periodsOf({ name, now: Date.parse(now), timeZone, weekStartsOn: 1, ...more });
	const days = ({ firstDay, lastDay }: { firstDay: string; lastDay: string }) =>
		`${firstDay} to ${lastDay}`;
	return {
		...made,
		days: [days(made.current), days(made.previous)],
		hours: (made.current.to - made.current.from) / HOUR,
	};
}

describe('periodsOf', () => {
	// A Tuesday; in New York the clocks were changed on Sunday, November 1.
	const now = '2026-11-03T13:00:00Z';

	it.each([
		['last7Days', '2026-10-27 to 2026-11-02', '2026-10-20 to 2026-10-26'],
		['last30Days', '2026-10-04 to 2026-11-02', '2026-09-04 to 2026-10-03'],
		['lastWeek', '2026-10-26 to 2026-11-01', '2026-10-19 to 2026-10-25'],
		['thisWeek', '2026-11-02 to 2026-11-03', '2026-10-26 to 2026-10-27'],
		['lastMonth', '2026-10-01 to 2026-10-31', '2026-09-01 to 2026-09-30'],
		['thisMonth', '2026-11-01 to 2026-11-03', '2026-10-01 to 2026-10-03'],
		['lastQuarter', '2026-07-01 to 2026-09-30', '2026-04-01 to 2026-06-30'],
	])('%s is %s, beside %s', (name, current, previous) => {
		expect(periods(name, now).days).toEqual([current, previous]);
	});

	it('has the hour that a change of the clock adds or takes', () => {
		expect(periods('lastWeek', now).hours).toBe(7 * 24 + 1);
		expect(periods('lastWeek', '2026-03-10T13:00:00Z').hours).toBe(7 * 24 - 1);
		expect(periods('lastWeek', now, 'UTC').hours).toBe(7 * 24);
	});

	it('is of the day in the time zone, not of the day in UTC', () => {
		const midnight = '2026-11-01T02:00:00Z';
		expect(periods('last7Days', midnight, 'Pacific/Auckland').current.lastDay).toBe('2026-10-31');
		expect(periods('last7Days', midnight, 'America/Los_Angeles').current.lastDay).toBe(
			'2026-10-30',
		);
	});

	it('begins its weeks on the day that was chosen', () => {
		expect(periods('lastWeek', now, 'UTC', { weekStartsOn: 7 }).days[0]).toBe(
			'2026-10-25 to 2026-10-31',
		);
		expect(periods('thisWeek', '2026-11-01T12:00:00Z', 'UTC', { weekStartsOn: 7 }).days).toEqual([
			'2026-11-01 to 2026-11-01',
			'2026-10-25 to 2026-10-25',
		]);
	});

	it.each(['thisWeek', 'thisMonth'])('that has just begun is not nothing: %s', (name) => {
		const { current } = periods(name, '2026-06-01T00:00:00Z', 'UTC');
		expect(current.to).toBeGreaterThan(current.from);
		expect([current.firstDay, current.lastDay]).toEqual(['2026-06-01', '2026-06-01']);
	});

	it.each([
		['2026-03-28T12:00:00Z', '2026-02-28T12:00:00Z'],
		['2026-03-29T12:00:00Z', '2026-03-01T00:00:00Z'],
		['2026-03-31T12:00:00Z', '2026-03-01T00:00:00Z'],
		['2026-05-31T00:00:00Z', '2026-05-01T00:00:00Z'],
	])(
		'that is not over is beside as much of the one before, as far as that has it: %s',
		(now, end) => {
			const { current, previous } = periods('thisMonth', now, 'UTC');
			expect(previous.to).toBe(Date.parse(end));
			expect(current.to).toBeGreaterThanOrEqual(Date.parse(now));
		},
	);

	it.each([
		['2026-11-10', '2026-11-16', '2026-11-10 to 2026-11-16', '2026-11-03 to 2026-11-09'],
		['2026-10-30', '2026-11-02', '2026-10-30 to 2026-11-02', '2026-10-26 to 2026-10-29'],
		['2026-11-03', '2026-11-03', '2026-11-03 to 2026-11-03', '2026-11-02 to 2026-11-02'],
		// Months are compared with months, whatever their length.
		['2026-03-01', '2026-03-31', '2026-03-01 to 2026-03-31', '2026-02-01 to 2026-02-28'],
		['2025-01-01', '2025-12-31', '2025-01-01 to 2025-12-31', '2024-01-01 to 2024-12-31'],
	])('custom from %s to %s is %s, beside %s', (from, to, current, previous) => {
		const [start, end] = [from, to].map((day) => dateOf(day, 'America/New_York'));
		expect(periods('custom', now, 'America/New_York', { from: start, to: end }).days).toEqual([
			current,
			previous,
		]);
	});

	it('custom with times of day ends at the instant, and is beside as long a time', () => {
		const [from, to] = ['2026-11-02T08:00:00Z', '2026-11-02T20:30:00Z'].map((day) =>
			dateOf(day, 'UTC'),
		);
		const { current, previous } = periods('custom', now, 'UTC', { from, to });
		expect([
			current.to - current.from,
			previous.to - previous.from,
			current.from - previous.to,
		]).toEqual([12.5 * HOUR, 12.5 * HOUR, 0]);
	});

	it('is followed by the current one without a gap or an overlap, unless it is not over', () => {
		const names = ['last7Days', 'last30Days', 'lastWeek', 'lastMonth', 'lastQuarter'];
		const zones = [
			'UTC',
			'America/New_York',
			'Pacific/Auckland',
			'Asia/Kathmandu',
			'America/Sao_Paulo',
			'Africa/Cairo',
		];
		fc.assert(
			fc.property(
				fc.constantFrom(...names),
				fc.constantFrom(...zones),
				fc.integer({ min: 1_500_000_000, max: 2_000_000_000 }),
				(name, timeZone, seconds) => {
					const { current, previous } = periodsOf({
						name,
						now: seconds * 1000,
						timeZone,
						weekStartsOn: 1,
					});
					expect(previous.to).toBe(current.from);
					expect(current.to).toBeLessThanOrEqual(seconds * 1000);
					const steps = stepsOf(current, 1);
					expect([steps[0].from, steps[steps.length - 1].to]).toEqual([current.from, current.to]);
					for (const [index, step] of steps.entries())
						if (index > 0) expect(step.from).toBe(steps[index - 1].to);
				},
			),
			{ numRuns: 300, seed: 22 },
		);
	});
});

describe('instantOf', () => {
	it.each([
		['2026-11-16T05:00:00.000000Z', '2026-11-16T05:00:00Z'],
		['2026-11-16T05:00:00+01:00', '2026-11-16T04:00:00Z'],
		// Without a zone it is in UTC, whatever the zone of this machine.
		['2026-11-16 05:00:00', '2026-11-16T05:00:00Z'],
		// A day alone is that day in the time zone of the report.
		['2026-11-16', '2026-11-16T05:00:00Z'],
	])('reads %s', (created, instant) => {
		expect(instantOf({ created_at: created }, 'America/New_York')).toBe(Date.parse(instant));
	});

	it.each([undefined, null, '', 'someday', 5])('reads nothing in %p', (created) => {
		expect(instantOf({ created_at: created }, 'UTC')).toBeUndefined();
	});
});
