import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

/** Reads a parameter for an item, with its expressions evaluated. */
export type Parameters = (name: string, itemIndex: number) => unknown;

/** A parameter of which n8n has to evaluate something. */
const needsEvaluation = Symbol('needs evaluation');

/** What an item makes of a parameter, or of a part of one. */
type Reader = (json: IDataObject) => unknown;

/** What dragging a field of the input into a form writes: `={{ $json.name }}`, `={{ $json["name"].inner }}`. */
const dragged =
	/^=\{\{\s*\$json((?:\.[A-Za-z_]\w*|\["[^"\\\]}\n]+"\]|\['[^'\\\]}\n]+'\])+)\s*\}\}$/;
const step = /\.(\w+)|\["([^"]+)"\]|\['([^']+)'\]/g;

/**
 * The parameters of a node's items. A field of the input that stands alone is read from the item:
 * evaluating an expression costs n8n 0.4 ms and more each time (`bench/README.md`), which is most of what
 * an item costs. Whatever else it is, n8n evaluates it.
 */
export function parametersOf(context: IExecuteFunctions): Parameters {
	const items = context.getInputData();
	const readers = new Map<string, Reader>();
	return (name, itemIndex) => {
		let reader = readers.get(name);
		if (!reader)
			readers.set(
				name,
				(reader = readerOf(context.getNodeParameter(name, 0, null, { rawExpressions: true }))),
			);
		const value = reader(items[itemIndex]?.json ?? {});
		return value === needsEvaluation ? context.getNodeParameter(name, itemIndex, null) : value;
	};
}

/** Whether a parameter of a node is an expression, or holds one. */
export function isExpression(context: Pick<IExecuteFunctions, 'getNode'>, name: string): boolean {
	return holdsExpression(context.getNode().parameters[name]);
}

function holdsExpression(raw: unknown): boolean {
	if (typeof raw === 'object' && raw !== null) return Object.values(raw).some(holdsExpression);
	return typeof raw === 'string' && raw.startsWith('=');
}

function readerOf(raw: unknown): Reader {
	if (typeof raw === 'string' && raw.startsWith('=')) {
		const path = dragged.exec(raw)?.[1];
		if (path === undefined) return () => needsEvaluation;
		const names = [...path.matchAll(step)].map(
			([, name, quoted, single]) => name ?? quoted ?? single,
		);
		return (json) => valueAt(json, names);
	}
	if (typeof raw !== 'object' || raw === null) return () => raw;
	const parts = Object.entries(raw).map(([key, part]) => [key, readerOf(part)] as const);
	return (json) => {
		const read = parts.map(([key, part]) => [key, part(json)] as const);
		if (read.some(([, value]) => value === needsEvaluation)) return needsEvaluation;
		return Array.isArray(raw) ? read.map(([, value]) => value) : Object.fromEntries(read);
	};
}

/** Other names that n8n's expressions refuse, in one release or another, since they lead out of the sandbox. */
const refusedNames = new Set(
	[
		[
			'prototype',
			'getPrototypeOf',
			'setPrototypeOf',
			'getOwnPropertyDescriptor',
			'getOwnPropertyDescriptors',
			'defineProperty',
		],
		[
			'defineProperties',
			'mainModule',
			'binding',
			'_linkedBinding',
			'_load',
			'prepareStackTrace',
			'caller',
			'callee',
			'arguments',
		],
		['getBuiltinModule', 'dlopen', 'execve', 'loadEnvFile'],
	].flat(),
);

/** A value that is the same in n8n's expressions: text, a number, true, false, null, or nothing where there is none. */
function valueAt(json: IDataObject, names: string[]): unknown {
	let value: unknown = json;
	for (const name of names) {
		// A name that every object has, such as constructor, is up to n8n, which may refuse it.
		if (!isPlain(value) || name in Object.prototype || refusedNames.has(name))
			return needsEvaluation;
		value = value[name];
	}
	return value === null || ['string', 'number', 'boolean', 'undefined'].includes(typeof value)
		? value
		: needsEvaluation;
}

function isPlain(value: unknown): value is IDataObject {
	if (typeof value !== 'object' || value === null) return false;
	const prototype: unknown = Object.getPrototypeOf(value);
	return prototype === Object.prototype || prototype === null;
}
