import { Form } from '../form/form';
import { ofItem } from '../form/item';
import { isExpression } from '../form/parameters';
import type { Operation } from '../operation';
import type { CallContext } from '../response/call';

import { isTool, withoutWordsForNothing } from './tool';

/** The form of an item. @param read a parameter's value for the item, with its expressions evaluated */
export function formOf(
	context: CallContext,
	operation: Operation,
	itemIndex: number,
	read: (name: string) => unknown,
): Form {
	const node = context.getNode();
	const isFilledByModel = isTool(node);
	return new Form(
		{
			...{ node, itemIndex, ofItem: ofItem(context, itemIndex) },
			...{ timezone: context.getTimezone(), isTool: isFilledByModel },
			read: isFilledByModel ? (name) => withoutWordsForNothing(read(name)) : read,
			isExpression: (name) => isExpression(context, name),
		},
		operation,
	);
}
