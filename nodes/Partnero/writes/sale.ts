import type { IDataObject } from 'n8n-workflow';

import { idempotencyKeyOf } from '../form/identifier';
import type { Reference } from '../form/values';
import { isDateTime } from '../form/values';
import type { Call } from '../response/call';
import { shaped } from '../response/shape';

/** One item's sale, and what it was asked to be. */
export interface Sale {
	call: Call;
	/** The idempotency key; none if it has no key, or is to be recorded whether or not it is there. */
	key?: string;
	/** The key as it was given, if that had white space at its ends. */
	untrimmedKey?: string;
	/** Who buys. */
	buyer: Reference;
	/** In currency units; `undefined` where it cannot be compared. */
	amount?: number;
	/** `undefined` for the program's. */
	currency?: string;
	/** Milliseconds since 1970, of a sale that took place before. */
	createdAt?: number;
	/** Whether a partner was sent along for a new customer. */
	hasPartner: boolean;
	/** Whether a key that is there makes the item fail. */
	failsIfThere: boolean;
	/** Whether a sale for an unknown customer is taken back. */
	refusesNobody: boolean;
	/** Whether the customer is created with it. */
	createsCustomer: boolean;
}

/** What became of a sale. */
export type SaleOutcome = { record: IDataObject } | { error: unknown };

/** The sale of an item whose form was checked and whose references are resolved. */
export function saleOf(call: Call): Sale {
	const { form, operation } = call;
	const [keyField] = operation.idempotency!.keyFields;
	// What the reward, a discount or a tax does to the amount that is shown, nobody documents.
	const isPlain = !['reward', 'grossAmount', 'discountAmount'].some((field) =>
		form.has(`additionalFields.${field}`),
	);
	const createdAt = form.value('additionalFields.createdAt');
	return {
		call,
		key: idempotencyKeyOf(form, operation.idempotency!),
		untrimmedKey: form.untrimmed(keyField),
		buyer: form.reference('customer')!,
		amount: isPlain ? (form.value('amount') as number | undefined) : undefined,
		currency: form.value('additionalFields.amountUnits') as string | undefined,
		createdAt: isDateTime(createdAt) ? createdAt.toMillis() : undefined,
		hasPartner: form.has('newCustomer.partner'),
		failsIfThere: form.value('ifKeyExists') === 'fail',
		refusesNobody: form.value('ifCustomerUnknown') !== 'record',
		createsCustomer: form.value('createCustomer') === true,
	};
}

/** The item of a sale that is there: first whether it is new, and what it earns. */
export function saleItem(
	{ call }: Sale,
	record: IDataObject,
	what: { created: boolean; warning?: string },
): IDataObject {
	const { output } = call.operation;
	if (output.kind !== 'record' || !output.summary) return { ...what, ...record, ...what };
	const summary = output.summary(record);
	const first = Object.fromEntries((output.first ?? []).map((name) => [name, summary[name]]));
	const { created, ...warning } = what;
	const item = { ...first, ...warning, ...shaped(record, output.summary, call), ...warning };
	return Object.assign({ created }, item, { created });
}
