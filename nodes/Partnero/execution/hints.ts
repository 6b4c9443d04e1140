import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Hint, Run } from '../transport/run';

const sentences: Record<Hint, (count: number) => string> = {
	wasThere: (count) =>
		`${sales(count)} there already, so that nothing was sent for ${count === 1 ? 'it' : 'them'}.`,
	forNobody: (count) =>
		`${sales(count)} recorded for nobody, since Partnero does not know the customer: no partner is paid.`,
	otherAmount: (count) =>
		`${sales(count)} recorded with another amount than the one that was sent: see 'warning' in the output.`,
	noPartner: (count) =>
		`${sales(count)} recorded, but the new customer has no partner: see 'warning' in the output.`,
	undated: (count) =>
		`${count} ${count === 1 ? 'record' : 'records'} came out whose date cannot be read, so that 'Created After' could not be checked.`,
	undatedSales: (count) =>
		`${count} ${count === 1 ? 'sale shows' : 'sales show'} no date that can be read, and ${count === 1 ? 'is' : 'are'} in no statement.`,
};

function sales(count: number): string {
	return count === 1 ? '1 sale was' : `${count} sales were`;
}

function records(count: number): string {
	return count === 1 ? '1 record' : `${count} records`;
}

/** What the filters of lists have to say; each one once. */
function filterHints(runs: Run[]): NodeExecutionHint[] {
	const total = (of: (run: Run) => Map<string, number>) => {
		const counts = new Map<string, number>();
		for (const run of runs)
			for (const [filter, count] of of(run)) counts.set(filter, (counts.get(filter) ?? 0) + count);
		return [...counts];
	};
	const ignored = total((run) => run.ignoredFilters).map(([filter, count]): NodeExecutionHint => ({
		message: `Partnero did not apply the filter '${filter}', so the node did: it left out ${records(count)}.`,
		type: 'warning',
		location: 'outputPane',
	}));
	const unchecked = total((run) => run.uncheckedFilters).map(
		([filter, count]): NodeExecutionHint => ({
			message: `${records(count)} came out that ${count === 1 ? 'does' : 'do'} not show whether the filter '${filter}' was applied, so that the node could not check it.`,
			type: 'info',
			location: 'outputPane',
		}),
	);
	return [...ignored, ...unchecked];
}

/** Shows in the editor what a run has to say beside its items; n8n before version 1.79 has no place for it. */
export function showHints(context: IExecuteFunctions, runs: Run[]): void {
	const hints = new Map<Hint, number>();
	for (const run of runs)
		for (const [hint, count] of run.hints) hints.set(hint, (hints.get(hint) ?? 0) + count);
	const ofFilters = filterHints(runs);
	if (hints.size + ofFilters.length === 0 || typeof context.addExecutionHints !== 'function')
		return;
	context.addExecutionHints(
		...[...hints].map(([hint, count]): NodeExecutionHint => ({
			message: sentences[hint](count),
			type: hint === 'wasThere' ? 'info' : 'warning',
			location: 'outputPane',
		})),
		...ofFilters,
	);
}
