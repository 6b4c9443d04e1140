import type { IDataObject } from 'n8n-workflow';

import type { ProgramType } from '../operation';
import { programCurrency, simplifyProgram } from '../resources/program/output';

/** What a report has to know of its program, from the `data` of GET /program (`partnero-api.md` 2.1). */
export interface ProgramIdentity {
	name: string;
	/** In the API's word: `Affiliate`. */
	type: string;
	kind: ProgramType;
	currency?: string;
	/** All numbers, as Program: Get gives them. */
	statistics: IDataObject;
}

export function programIdentity(data: IDataObject): ProgramIdentity {
	const statistics = simplifyProgram(data);
	const type = String(statistics.type ?? '');
	return {
		name: String(statistics.name ?? ''),
		...{ type, statistics },
		kind: kindOf(type, statistics),
		currency: programCurrency(data),
	};
}

function kindOf(type: string, statistics: IDataObject): ProgramType {
	if (/newsletter/i.test(type)) return 'newsletter';
	if (
		/refer/i.test(type) ||
		(!/affiliate/i.test(type) && 'total_referring_customers' in statistics)
	)
		return 'refer-a-friend';
	return 'affiliate';
}
