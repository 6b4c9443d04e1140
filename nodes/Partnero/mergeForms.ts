import type { INodeProperties } from 'n8n-workflow';
import { updateDisplayOptions } from 'n8n-workflow';

/** The form of one operation, top to bottom, without the display options that the assembly adds. */
export interface OperationForm {
	operation: string;
	properties: INodeProperties[];
}

/**
 * The properties of a resource, in which each form finds its own in its order. Equal properties of several forms are one
 * property with all their operations in its display options, since n8n hands the description to every browser. A property
 * is taken once it is the next of all forms that still have it. Where forms disagree about an order, so that there is
 * none, it is taken only for those forms of which it is the next, and stands again further down for the others.
 * Fields are data, so that their JSON tells them apart.
 */
export function mergeForms(resource: string, forms: OperationForm[]): INodeProperties[] {
	const waiting = forms.map(({ operation, properties }) => ({
		operation,
		left: properties.map((property) => ({ property, key: JSON.stringify(property) })),
	}));
	const merged: INodeProperties[] = [];
	for (;;) {
		const unfinished = waiting.filter(({ left }) => left.length > 0);
		if (unfinished.length === 0) return merged;
		const isDue = (key: string) =>
			unfinished.every(({ left }) => left.findIndex((other) => other.key === key) <= 0);
		const { left: from } = unfinished.find(({ left }) => isDue(left[0].key)) ?? unfinished[0];
		const { property, key } = from[0];
		const sharing = unfinished.filter(({ left }) => left[0].key === key);
		for (const { left } of sharing) left.shift();
		const show = { resource: [resource], operation: sharing.map(({ operation }) => operation) };
		merged.push(...updateDisplayOptions({ show }, [property]));
	}
}
