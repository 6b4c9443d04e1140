import { isSameCurrency } from '../form/money';
import type { Call } from '../response/call';

import { programFacts } from './program';

/**
 * Refuses an amount that names another currency than the one that it would be taken for. With a field for the currency
 * that is filled, the form has compared the two; without it the amount is in the program's, which is asked once per run.
 * @throws NodeOperationError that names the field and the item
 */
export async function checkCurrencies(call: Call): Promise<void> {
	const { form, operation } = call;
	for (const [field, { units }] of Object.entries(operation.amounts ?? {})) {
		const named = form.currency(field);
		if (named === undefined || (units && form.has(units))) continue;
		const shown = (await programFacts(call).catch(() => undefined))?.currency;
		if (shown !== undefined && isSameCurrency(named, shown)) continue;
		throw form.refuse(
			`'${form.label(field)}' is in ${named}, and the program ${shown === undefined ? 'shows no currency' : `is in ${shown}`}`,
			units
				? `Give the currency in '${form.label(units)}'.`
				: 'Give the amount alone, in the currency of the program.',
		);
	}
}
