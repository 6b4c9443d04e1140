import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { Hint, Run } from '../transport/run';

import type { ItemOutcome } from './outcomes';

const sentences: Record<Hint, (count: number) => string> = {
	wasThere: (count) =>
		`${sales(count)} recorded before, so nothing was sent for ${count === 1 ? 'it' : 'them'}.`,
	otherSale: (count) =>
		`${count === 1 ? '1 key stands for another sale' : `${count} keys stand for other sales`}: nothing was sent, see 'error' in the output.`,
	forNobody: (count) =>
		`${sales(count)} recorded without a customer, since Partnero does not know the customer: no partner is paid.`,
	otherAmount: (count) =>
		`${sales(count)} recorded with another amount than was sent: see 'warning' in the output.`,
	noPartner: (count) =>
		`${sales(count)} recorded, but the new customer has no partner: see 'warning' in the output.`,
	undated: (count) =>
		`${records(count)} in the output ${count === 1 ? 'has' : 'have'} no date that can be read, so the filter by date could not be checked.`,
	undatedSales: (count) =>
		`${count} ${count === 1 ? 'sale shows' : 'sales show'} no date that can be read, and ${count === 1 ? 'is' : 'are'} in no statement.`,
	limitReached: (count) =>
		`${limits(count)}, and there are more records. 'Return All' gets all of them.`,
	limitPerhapsReached: (count) =>
		`${limits(count)}, and there may be more records. 'Return All' gets all of them.`,
};

/** What is no reason for concern. */
const forInformation: Hint[] = ['wasThere', 'limitReached', 'limitPerhapsReached'];

function limits(count: number): string {
	return count === 1
		? 'The limit was reached'
		: `The limit was reached for ${count} of the input items`;
}

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
			message: `${records(count)} in the output ${count === 1 ? 'does' : 'do'} not show what the filter '${filter}' is about, so the node could not check it.`,
			type: 'info',
			location: 'outputPane',
		}),
	);
	return [...ignored, ...unchecked];
}

/** Whether n8n's editor itself says that the limit was reached, which it does where as many items come out as the form says. */
function isLimitSaidByEditor(context: IExecuteFunctions, outcomes: ItemOutcome[]): boolean {
	const count = outcomes.reduce(
		(sum, outcome) => sum + ('records' in outcome ? outcome.records.length : 1),
		0,
	);
	return context.getNode().parameters.limit === count;
}

/** Shows in the editor what a run has to say beside its items; n8n before version 1.79 has no place for it. */
export function showHints(context: IExecuteFunctions, runs: Run[], outcomes: ItemOutcome[]): void {
	const hints = new Map<Hint, number>();
	for (const run of runs)
		for (const [hint, count] of run.hints) hints.set(hint, (hints.get(hint) ?? 0) + count);
	if (isLimitSaidByEditor(context, outcomes)) hints.delete('limitPerhapsReached');
	const ofFilters = filterHints(runs);
	if (hints.size + ofFilters.length === 0 || typeof context.addExecutionHints !== 'function')
		return;
	context.addExecutionHints(
		...[...hints].map(([hint, count]): NodeExecutionHint => ({
			message: sentences[hint](count),
			type: forInformation.includes(hint) ? 'info' : 'warning',
			location: 'outputPane',
		})),
		...ofFilters,
	);
}
