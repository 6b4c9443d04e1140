import type { DateTime } from '../form/dates';
import type { Call } from '../response/call';

import { Formats, isLocale } from './formats';
import type { Periods } from './period';
import { periodsOf } from './period';

/** What the form says of the time and the language of a report. */
export interface Settings {
	periods: Periods;
	weekStartsOn: number;
	formats: Formats;
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * The period of a form, in the days of the workflow's time zone.
 * @throws NodeOperationError that names the field which makes none
 */
export function settingsOf({ context, form }: Pick<Call, 'context' | 'form'>): Settings {
	const timeZone = context.getTimezone();
	const locale = String(form.value('options.locale') ?? 'en-US').trim();
	if (!isLocale(locale)) {
		throw form.refuse(
			`'${form.label('options.locale')}' must be a language tag such as en-US or de-DE`,
			`It is '${locale}'.`,
		);
	}
	const weekStartsOn =
		Math.max(0, weekdays.indexOf(String(form.value('options.weekStartsOn') ?? 'monday'))) + 1;
	const name = String(form.value('period'));
	const [from, to] = ['from', 'to'].map((field) => form.value(field) as DateTime | undefined);
	const periods = periodsOf({ name, now: Date.now(), timeZone, weekStartsOn, from, to });
	if (periods.current.to <= periods.current.from) {
		throw form.refuse(`'${form.label('from')}' must be earlier than '${form.label('to')}'`);
	}
	return { periods, weekStartsOn, formats: new Formats(locale, timeZone) };
}
