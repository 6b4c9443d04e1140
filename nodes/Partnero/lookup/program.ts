import type { IDataObject } from 'n8n-workflow';

import type { Call } from '../response/call';
import { recordOf } from '../response/unwrap';
import { isRecord } from '../transport/outcome';
import { sendWithRetry } from '../transport/retry';

/** Whether the API key belongs to an affiliate program, asked once per run (`partnero-api.md` 1.7, 2.1). */
export async function isAffiliateProgram(call: Call): Promise<boolean> {
	const { type } = await call.run.lookups.run('program', async () => {
		const data = await recordOf(call, await sendWithRetry(call, { method: 'GET', url: '/program' }));
		const settings = (data.overview_program_current_settings ?? {}) as IDataObject;
		const program = isRecord(data.program) ? data.program : data;
		return { type: program.type ?? settings.program_type_title };
	});
	return String(type).toLowerCase() === 'affiliate';
}
