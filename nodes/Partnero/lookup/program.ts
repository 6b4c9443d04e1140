import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../response/call';
import { recordOf } from '../response/unwrap';
import { isRecord } from '../transport/outcome';
import { sendWithRetry } from '../transport/retry';

/** What the node has to know of the program of an API key (`partnero-api.md` 1.7, 2.1). */
export interface ProgramFacts {
	isAffiliate: boolean;
	/** The code of its currency, in the case that the API has it in. */
	currency?: string;
}

/**
 * Asked once per run.
 * @throws ItemFailure if the program cannot be read
 */
export async function programFacts(call: Call): Promise<ProgramFacts> {
	return await call.run.lookups.run('program', async () => {
		const data = await recordOf(
			call,
			await sendWithRetry(call, { method: 'GET', url: '/program' }),
		);
		const settings = (data.overview_program_current_settings ?? {}) as IDataObject;
		const { currency = settings.currency } = (data.program_settings ?? {}) as IDataObject;
		const program = isRecord(data.program) ? data.program : data;
		return {
			isAffiliate:
				String(program.type ?? settings.program_type_title).toLowerCase() === 'affiliate',
			...(typeof currency === 'string' && { currency }),
		};
	});
}
