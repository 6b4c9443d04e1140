/** What a context of n8n shows of its input: all items, or, where n8n routes them one by one, a single one. */
interface WithInput {
	getInputData(): unknown;
}

/**
 * Which item an error is about, counted as people count, to be put behind its message; nothing if there is only one.
 * The errors carry no `itemIndex` beside it: from it n8n's editor would add the index, which begins with 0.
 */
export function ofItem(context: WithInput, itemIndex: number): string {
	// n8n names the item by itself where it routes them.
	const items = 'getItemIndex' in context ? undefined : context.getInputData();
	const count = Array.isArray(items) ? items.length : 1;
	return count > 1 ? ` [item ${itemIndex + 1} of ${count}]` : '';
}

/** A message without the item that it is about. */
export function withoutItem(message: string): string {
	return message.replace(/ \[item \d+ of \d+\]$/, '');
}
