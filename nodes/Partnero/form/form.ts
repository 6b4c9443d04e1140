import type { INode, INodeProperties } from 'n8n-workflow';
import { NodeOperationError } from 'n8n-workflow';

import type { AmountField, Operation } from '../operation';

import { isSameCurrency, readAmount } from './money';
import { cut, shortened } from './shortened';
import type { Fields, Use } from './template';
import { fieldsIn, fieldsInUrl, isAnyFilled } from './template';
import type { Reference } from './values';
import {
	canonicalIdentifier,
	conversions,
	InvalidValue,
	isBlank,
	isDateTime,
	isObject,
	joined,
	numberAdvice,
	parseValue,
	positiveInteger,
} from './values';

/** What a form needs of n8n. */
export interface FormSource {
	node: INode;
	itemIndex: number;
	/** What stands behind the message of an error: which item it is about. */
	ofItem: string;
	timezone: string;
	/** A parameter's value for the item, with its expressions evaluated. */
	read(name: string): unknown;
	/** Whether a parameter is an expression, or holds one. */
	isExpression(name: string): boolean;
	/** Whether a model fills the form in, which gives something for every field. */
	isTool: boolean;
}

/**
 * The fields that were filled for one item. Each parameter is read once, since every reading
 * evaluates the user's expressions anew, and each value is checked when it is read.
 */
export class Form implements Fields {
	private readonly parameters = new Map<string, unknown>();

	private readonly values = new Map<string, unknown>();

	private readonly untrimmedValues = new Map<string, string>();

	private readonly currencies = new Map<string, string>();

	constructor(
		private readonly source: FormSource,
		private readonly operation: Operation,
	) {}

	get itemIndex(): number {
		return this.source.itemIndex;
	}

	/** What stands behind the message of an error: which item it is about. */
	get ofItem(): string {
		return this.source.ofItem;
	}

	get node(): INode {
		return this.source.node;
	}

	/** The description of a field: `key`, or `additionalFields.email` for one of a collection. */
	field(path: string): INodeProperties | undefined {
		let fields: INodeProperties[] = this.operation.fields;
		let field: INodeProperties | undefined;
		let within = '';
		for (const name of path.split('.')) {
			// Several fields may share a name when only one of them is shown at a time.
			const named = fields.filter((candidate) => candidate.name === name);
			field = named.find((candidate) => this.conditionsHold(candidate, within)) ?? named[0];
			fields = (field?.options ?? []) as INodeProperties[];
			within = `${name}.`;
		}
		return field;
	}

	/** What the user calls a field, and where it is if it is not on the screen: `Additional Fields > Tags`. */
	label(path: string): string {
		const names = path.split('.');
		return names
			.map((name, depth) => this.field(names.slice(0, depth + 1).join('.'))?.displayName ?? name)
			.join(' > ');
	}

	/**
	 * A field's value in the type that the form promises; `undefined` if it is not filled or not shown.
	 * @throws NodeOperationError that names the field and the item
	 */
	value(path: string): unknown {
		if (!this.values.has(path)) this.values.set(path, this.read(path));
		return this.values.get(path);
	}

	/** Whether a field is filled. */
	has(path: string): boolean {
		return this.value(path) !== undefined;
	}

	/** A field's value as a positive integer. */
	count(path: string, otherwise: number): number {
		const value = this.value(path) ?? otherwise;
		return this.withFieldError(path, value, () => positiveInteger(value)) as number;
	}

	/** A resource locator's value. */
	reference(path: string): Reference | undefined {
		return this.value(path) as Reference | undefined;
	}

	/** An identifier as it was given, where trimming it has changed it: an exact server may hold that one. */
	untrimmed(path: string): string | undefined {
		this.value(path);
		return this.untrimmedValues.get(path);
	}

	/** The currency that an amount names beside it. */
	currency(path: string): string | undefined {
		this.value(path);
		return this.currencies.get(path);
	}

	/** Replaces a locator's value by what was looked up for it. */
	setReference(path: string, reference: Reference): void {
		this.values.set(path, reference);
	}

	/**
	 * A field's value as a template wants it: `conversions`, `unless:other`, `with:other`, `is:value`,
	 * `except:value`, a kind of identifier, or a detail that was looked up.
	 */
	convert(path: string, conversion?: string, argument?: string): unknown {
		if (this.isCleared(path)) return conversion === 'list' ? [] : null;
		const value = this.value(path);
		if (value === undefined) return undefined;
		if (!conversion && Array.isArray(value))
			throw this.refuse(`'${this.label(path)}' must be text`, `It is ${show(value)}.`);
		if (conversion === 'unless') return this.has(argument ?? '') ? undefined : value;
		if (conversion === 'is') return value === argument;
		if (conversion === 'with') return joined(value, this.value(argument ?? ''));
		if (conversion === 'except') return value === argument ? undefined : value;
		if (conversion && !(conversion in conversions)) {
			const reference = value as Reference;
			return reference.kind === conversion ? reference.value : reference.details?.[conversion];
		}
		if (conversion) return this.withFieldError(path, value, () => conversions[conversion](value));
		return isDateTime(value) ? conversions.iso(value) : value;
	}

	/** An identifier as it may stand in a path, not yet encoded. */
	pathSegment(path: string): string {
		const value = this.value(path);
		const segment =
			value !== null && typeof value === 'object'
				? (value as Reference).value
				: String(value ?? '');
		this.checkIdentifier(path, segment);
		return segment;
	}

	/**
	 * Refuses what cannot be sent, before any request: a required field that is empty, a value of the
	 * wrong type, an identifier that no path can hold.
	 */
	check(): void {
		for (const field of this.operation.fields) {
			const value = this.value(field.name);
			const isNeeded = field.required || this.decidesWhatIsShown(field);
			if (
				isNeeded &&
				value === undefined &&
				this.isVisible(field.name) &&
				!this.isOneOfSeveral(field.name)
			) {
				throw this.refuse(`'${field.displayName}' is empty`, this.hintFor(field.name));
			}
		}
		for (const { field, conversion, argument } of this.sent)
			this.convert(field, conversion, argument);
		this.checkFilters();
		this.checkClearedFields();
		if (
			this.changesNothing &&
			!['updateFields', 'clearFields'].some(
				(name) => this.field(name) && this.source.isExpression(name),
			)
		) {
			throw this.refuse("'Update Fields' is empty", 'Add at least one field to change.');
		}
		this.checkKeyExpression();
		for (const group of this.operation.requireOneOf ?? []) {
			const shown = group.filter((path) => this.isVisible(path));
			if (shown.length > 0 && !shown.some((path) => this.has(path))) {
				const labels = shown.map((path) => `'${this.label(path)}'`);
				throw this.refuse(
					labels.length > 1 ? `${labels.join(' or ')} must be filled` : `${labels[0]} is empty`,
					this.hintFor(shown[0]),
				);
			}
		}
	}

	/** Whether it is an update whose fields are all empty for this item. */
	get changesNothing(): boolean {
		const changes = fieldsIn(this.operation.request.body ?? {}).filter(({ field }) =>
			field.startsWith('updateFields.'),
		);
		return changes.length > 0 && !isAnyFilled(changes, this);
	}

	/** A filter that was added and is empty: without it every record would come out, and be taken for a match. */
	private checkFilters(): void {
		if (this.source.isTool) return;
		for (const path of this.addedTo('filters')) {
			if (this.has(path)) continue;
			throw this.refuse(
				`'${this.label(path)}' is empty`,
				'Without this filter all records would be returned. Fill it, check that its expression gives a value for this item, or remove the filter.',
			);
		}
	}

	/** The fields that were added to a collection, as far as the operation has them. */
	private addedTo(collection: string): string[] {
		const added = this.field(collection) && this.parameter(collection);
		const paths = isObject(added) ? Object.keys(added).map((name) => `${collection}.${name}`) : [];
		return paths.filter((path) => this.field(path));
	}

	/** The fields of an update that are to be emptied, by their names. */
	private get cleared(): string[] {
		return this.field('clearFields') ? ((this.value('clearFields') ?? []) as string[]) : [];
	}

	private isCleared(path: string): boolean {
		return (
			path.startsWith('updateFields.') && this.cleared.includes(path.slice('updateFields.'.length))
		);
	}

	private checkClearedFields(): void {
		const known = (this.field('clearFields')?.options ?? []).map((option) =>
			'value' in option ? option.value : '',
		);
		for (const name of this.cleared) {
			const label = `'${this.label('clearFields')}'`;
			if (!known.includes(name))
				throw this.refuse(`${label} must contain only ${known.join(', ')}`, `It is ${show(name)}.`);
			const path = `updateFields.${name}`;
			if (this.has(path))
				throw this.refuse(
					`'${this.label(path)}' is filled, and chosen in ${label} as well`,
					'Remove it from one of the two.',
				);
		}
	}

	/**
	 * A key that was meant, and whose expression gave nothing: without it every run would record the sale anew. A
	 * field that a person left empty means that there is no key.
	 */
	private checkKeyExpression(): void {
		const { keyFields: [path] = [], onConflict } = this.operation.idempotency ?? {};
		if (
			!path ||
			!onConflict ||
			this.isOneOfSeveral(path) ||
			this.has(path) ||
			!this.source.isExpression(path) ||
			this.value(onConflict) === 'record'
		)
			return;
		throw this.refuse(
			`'${this.label(path)}' is empty: its expression gives no value for this item`,
			`Nothing was sent. Check the expression. To record the sale without a key, and again in every run, choose Record in '${this.label(onConflict)}'.`,
		);
	}

	/** An error about the input of this item. */
	refuse(message: string, description?: string): NodeOperationError {
		const { node, ofItem } = this.source;
		return new NodeOperationError(node, `${cut(message)}${ofItem}`, {
			description: description && cut(description),
		});
	}

	/** Every field that the route names, so that a value of the wrong type is found before a look-up. */
	private get sent(): Array<Omit<Use, 'apiField'>> {
		const { url, qs, body } = this.operation.request;
		return [...fieldsInUrl(url).map((field) => ({ field })), ...fieldsIn({ ...qs, ...body })];
	}

	private read(path: string): unknown {
		const [name, ...inner] = path.split('.');
		const field = this.field(path);
		if (!field || !this.isVisible(path)) return undefined;
		let raw = this.parameter(name);
		for (const key of inner) raw = isBlank(raw) ? undefined : (raw as Record<string, unknown>)[key];
		if (isIdentifier(path) && field.type === 'string') raw = this.canonical(path, raw);
		const amount = this.operation.amounts?.[path];
		const value = this.withFieldError(path, raw, () =>
			amount ? this.amount(path, raw, amount) : parseValue(raw, field, this.source.timezone),
		);
		if (field.type === 'resourceLocator' && value !== undefined) {
			this.checkIdentifier(path, (value as Reference).value);
		} else if (typeof value === 'string' && isNewIdentifier(path)) {
			this.checkIdentifier(path, value);
		}
		const rule = this.operation.rules?.[path];
		if (rule && typeof value === 'string' && !rule.pattern.test(value)) {
			throw this.refuse(`'${this.label(path)}' must be ${rule.demand}`, `It is ${show(raw)}.`);
		}
		return value;
	}

	private amount(
		path: string,
		raw: unknown,
		{ units, insteadOfNegative, percentIf }: AmountField,
	): number | undefined {
		if (isBlank(raw)) return undefined;
		if (typeof raw !== 'string' && typeof raw !== 'number')
			throw new InvalidValue('must be a number', numberAdvice);
		const unit = units && (this.value(units) as string | undefined);
		const isPercent = percentIf !== undefined && this.value(percentIf.field) === percentIf.value;
		const amount = readAmount(
			isPercent && typeof raw === 'string' ? raw.replace(/%\s*$/, '') : raw,
			unit,
		);
		if ('problem' in amount) throw new InvalidValue(amount.problem, amount.advice);
		const { value, currency } = amount;
		if (value < 0) throw new InvalidValue('must not be negative', insteadOfNegative);
		if (isPercent && currency)
			throw new InvalidValue('must be a percentage', 'Write it without a currency, such as 25.');
		if (currency && unit && !isSameCurrency(currency, unit))
			throw new InvalidValue(
				`is in another currency than '${this.label(units!)}'`,
				`'${this.label(units!)}' is '${unit}'. Remove the currency from the amount, or give the same one in both.`,
			);
		if (currency) this.currencies.set(path, currency);
		return value;
	}

	private canonical(path: string, raw: unknown): string | undefined {
		const identifier = this.withFieldError(path, raw, () => canonicalIdentifier(raw)) as
			string | undefined;
		if (typeof raw === 'string' && identifier !== undefined && identifier !== raw)
			this.untrimmedValues.set(path, raw);
		return identifier;
	}

	/** What `make` makes of a value; an error that names the field if the value does not fit it. */
	private withFieldError(path: string, value: unknown, make: () => unknown): unknown {
		try {
			return make();
		} catch (error) {
			if (!(error instanceof InvalidValue)) throw this.refuse(shortened((error as Error).message));
			throw this.refuse(
				`'${this.label(path)}' ${error.message}`,
				[`It is ${show(value)}.`, error.advice].filter(Boolean).join(' '),
			);
		}
	}

	private parameter(name: string): unknown {
		if (!this.parameters.has(name)) {
			try {
				this.parameters.set(name, this.source.read(name));
			} catch (error) {
				throw this.refuse(
					`'${this.label(name)}' could not be evaluated: ${shortened((error as Error).message)}`,
					'Check the expression of this field.',
				);
			}
		}
		return this.parameters.get(name);
	}

	/** Whether a field is shown, and the collection that it stands in. */
	private isVisible(path: string): boolean {
		const [name, inner] = path.split('.');
		return (
			this.conditionsHold(this.field(name)!, '') &&
			(inner === undefined || this.conditionsHold(this.field(path)!, `${name}.`))
		);
	}

	/**
	 * n8n keeps the values of hidden fields when what hides them is an expression.
	 * @param within the collection of the field, to whose other fields the conditions refer; `/name` is outside of it
	 */
	private conditionsHold(field: INodeProperties, within: string): boolean {
		const { show, hide } = field.displayOptions ?? {};
		const valueOf = (name: string) =>
			name === '@tool'
				? this.source.isTool
				: this.value(name.startsWith('/') ? name.slice(1) : `${within}${name}`);
		const holds = ([name, values]: [string, unknown]) =>
			(values as unknown[]).includes(valueOf(name));
		return Object.entries(show ?? {}).every(holds) && !(hide && Object.entries(hide).some(holds));
	}

	/** Such a choice has no value only if an expression gives none, and then what was filled beside it would be left out. */
	private decidesWhatIsShown({ name, type, displayOptions }: INodeProperties): boolean {
		return (
			type === 'options' &&
			// What only a tool has, a model may leave out.
			!displayOptions?.show?.['@tool'] &&
			this.operation.fields.some(({ displayOptions }) => displayOptions?.show?.[name])
		);
	}

	private hintFor(path: string): string {
		if (this.operation.amounts?.[path])
			return 'Write the amount in currency units, such as 49.90, or check that the expression gives a value for this item.';
		return this.field(path)?.type === 'resourceLocator'
			? 'Choose a record from the list, or check that the expression gives its identifier for this item.'
			: 'Fill it, or check that the expression gives a value for this item.';
	}

	private isOneOfSeveral(name: string): boolean {
		return (this.operation.requireOneOf ?? []).some((group) => group.includes(name));
	}

	private checkIdentifier(path: string, identifier: string): void {
		const label = this.label(path);
		if (isBlank(identifier)) throw this.refuse(`'${label}' is empty`, this.hintFor(path));
		if (identifier === '.' || identifier === '..') {
			throw this.refuse(
				`'${label}' cannot be '${identifier}'`,
				'No record has such an identifier.',
			);
		}
		for (const { regex, errorMessage } of rulesOf(this.field(path))) {
			if (!new RegExp(regex).test(identifier))
				throw this.refuse(`'${label}': ${errorMessage}`, `It is ${show(identifier)}.`);
		}
		// Half of a surrogate pair: it cannot be percent-encoded.
		if (/[\uD800-\uDFFF]/u.test(identifier)) {
			throw this.refuse(
				`'${label}' has a character that cannot be sent`,
				'Remove it, for example with `{{ $json.key.toWellFormed() }}`.',
			);
		}
	}
}

/** Whether a field holds an identifier: a key, an ID, an email, a code, a currency. */
function isIdentifier(path: string): boolean {
	return /^(?:key|id|code|uuidCode|email|amountUnits|transactionKey|discountCode)$/.test(
		path.split('.').at(-1)!,
	);
}

/** Whether a field gives a record its identifier, by which a path has to be able to name it later. */
function isNewIdentifier(path: string): boolean {
	return (
		!path.startsWith('filters.') &&
		['code', 'id', 'key', 'uuidCode'].includes(path.split('.').at(-1)!)
	);
}

/** What n8n's editor checks of an identifier that is typed in; an expression can give anything. */
function rulesOf(
	field: INodeProperties | undefined,
): Array<{ regex: string; errorMessage: string }> {
	return (field?.modes ?? []).flatMap(({ validation = [] }) =>
		validation.flatMap((rule) =>
			'properties' in rule ? [rule.properties as { regex: string; errorMessage: string }] : [],
		),
	);
}

function show(raw: unknown): string {
	if (typeof raw === 'number') return String(raw);
	return typeof raw === 'string'
		? `'${shortened(raw)}'`
		: shortened(JSON.stringify(raw) ?? typeof raw);
}
