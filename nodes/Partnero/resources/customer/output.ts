import type { IDataObject } from 'n8n-workflow';

import { withMaps } from '../../response/unwrap';
import type { Compute } from '../../response/output';

/** An empty balance comes as an array, any other as an object of arrays (`partnero-api.md` 2.3.2). */
export const balanceItem: Compute = ({ customer, balance }) => {
	const entries = Object.values((balance ?? {}) as IDataObject).flat() as IDataObject[];
	return [
		{
			customer: customer ? withMaps(customer as IDataObject) : null,
			balance: entries.map(({ amount, amount_units: amountUnits, is_currency: isCurrency }) => ({
				amount,
				amountUnits,
				isCurrency,
			})),
		},
	];
};
