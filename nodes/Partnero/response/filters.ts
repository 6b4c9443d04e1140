import type { IDataObject } from 'n8n-workflow';

import type { Form } from '../form/form';
import { isSimilarKey } from '../form/keys';
import { isBlank, isDateTime, isObject } from '../form/values';
import type { FilterCheck, NodeFilters } from '../operation';
import { isRecord } from '../transport/outcome';
import type { Run } from '../transport/run';

import type { Created } from './created';
import { createdOf } from './created';
import { Descent } from './descent';
import { isSameName, shownIdentifiers } from './identity';

/** Looks up all identifiers of whom a field picks. */
type Resolve = (field: string) => Promise<string[]>;

/**
 * The conditions of one list, as far as they were filled. What the API filters is checked as well, since it may not
 * heed a filter (`recording-rules.md` 14): what a record shows decides, and one that does not show it stays.
 */
export class Filters {
	private readonly checks: Check[];

	private readonly createdAfter?: number;

	private readonly createdBefore?: number;

	private readonly sortable: boolean;

	private readonly descent?: Descent;

	/** How many records came out although nobody can read when they were created. */
	undated = 0;

	constructor(filters: NodeFilters | undefined, form: Form) {
		const { checks = [], createdAfter, createdBefore, sortable = false } = filters ?? {};
		this.sortable = sortable;
		this.checks = checks
			.filter(({ field }) => form.has(field))
			.map((check) =>
				check.by === 'person' ? new PersonCheck(check, form) : new ValueCheck(check, form),
			);
		this.createdBefore = instantIn(form, createdBefore);
		this.createdAfter = instantIn(form, createdAfter);
		if (this.createdAfter === undefined) return;
		this.descent = new Descent(this.createdAfter, (record) => createdOf(record)?.to);
	}

	/** Whether there is any condition at all. */
	get hasConditions(): boolean {
		return this.checks.length > 0 || this.hasDate;
	}

	/** Whether there is any condition that only the node knows, so that a page may bring less than it holds. */
	get isActive(): boolean {
		return this.checks.some(({ isOwn }) => isOwn) || this.hasDate;
	}

	private get hasDate(): boolean {
		return this.createdAfter !== undefined || this.createdBefore !== undefined;
	}

	/** Whether a record may have been created in time: one that shows only its day, at any time of that. */
	private isInTime({ from, to }: Created): boolean {
		const { createdAfter = -Infinity, createdBefore = Infinity } = this;
		return to > createdAfter && from < createdBefore;
	}

	/** What a list that can be sorted has to be asked for, so that it can end early. */
	get newestFirst(): IDataObject {
		return this.sortable && this.createdAfter !== undefined ? { sort: 'desc' } : {};
	}

	/** Looks up what the records of a page have to be compared with, where what was given does not do. */
	async prepare(page: IDataObject[], resolve: Resolve): Promise<void> {
		for (const check of this.checks) {
			check.notePage(page);
			await check.prepare?.(page, resolve);
		}
	}

	/** Whether a record meets the conditions. */
	keep(record: IDataObject): boolean {
		const shown = this.checks.map((check) => check.compare(record));
		const contradicting = this.checks.filter((_, index) => shown[index] === 'contradicted');
		for (const check of contradicting) check.leftOut += 1;
		if (contradicting.length > 0) return false;
		const created = this.hasDate ? createdOf(record) : undefined;
		if (created && !this.isInTime(created)) return false;
		if (this.hasDate && !created) this.undated += 1;
		for (const [index, check] of this.checks.entries())
			if (shown[index] === 'notShown') check.unchecked += 1;
		return true;
	}

	/** Whether a record meets the conditions, of one that does not come out. */
	fits(record: IDataObject): boolean {
		const created = this.hasDate ? createdOf(record) : undefined;
		return (
			(!created || this.isInTime(created)) &&
			this.checks.every((check) => check.compare(record) !== 'contradicted')
		);
	}

	/** Notes for the user what the API did not heed, and what nobody could check. */
	report(run: Pick<Run, 'ignoredFilters' | 'uncheckedFilters'>): void {
		for (const { label, isOwn, leftOut, unchecked } of this.checks) {
			// What the API does not know as a filter, it did not ignore.
			if (leftOut > 0 && !isOwn)
				run.ignoredFilters.set(label, (run.ignoredFilters.get(label) ?? 0) + leftOut);
			if (unchecked > 0)
				run.uncheckedFilters.set(label, (run.uncheckedFilters.get(label) ?? 0) + unchecked);
		}
	}

	/** Whether no later page is expected to hold a match. */
	isBeyond(page: IDataObject[]): boolean {
		return this.descent?.isBeyond(page) ?? false;
	}
}

/** The instant in a field with a date (milliseconds since 1970); `undefined` where there is none. */
function instantIn(form: Form, field: string | undefined): number | undefined {
	const date = field === undefined ? undefined : form.value(field);
	return isDateTime(date) ? date.toMillis() : undefined;
}

/** What a record says of a filter. */
type Shown = 'shown' | 'contradicted' | 'notShown';

/** One filter that was filled, and what came of checking it. */
abstract class Check {
	readonly label: string;

	readonly isOwn: boolean;

	/** How many records the filter should have kept out. */
	leftOut = 0;

	/** How many records came out that do not show it. */
	unchecked = 0;

	constructor(
		protected readonly check: FilterCheck,
		protected readonly form: Form,
	) {
		this.label = form.field(check.field)?.displayName ?? check.field;
		this.isOwn = check.isOwn ?? false;
	}

	/** Whether all records so far have nothing where they would show it: then their list may never show it. */
	private isNeverFilled = true;

	notePage(page: IDataObject[]): void {
		this.isNeverFilled &&= page.every((record) => this.valuesIn(record).every(isEmpty));
	}

	/** Whether a record that has nothing where it would show it says something by that. */
	protected get isNothingTelling(): boolean {
		return !this.isNeverFilled;
	}

	/** Gets ready for the records of a page, where there is anything to get. */
	prepare?(page: IDataObject[], resolve: Resolve): Promise<void>;

	abstract compare(record: IDataObject): Shown;

	/** What the record has where it would show it. */
	protected valuesIn(record: IDataObject): unknown[] {
		return this.check.shownBy.map((name) => record[name]).filter((value) => value !== undefined);
	}
}

/** A filter by a value. */
class ValueCheck extends Check {
	/** What a record may say where the field has options; any other word may stand for one of them. */
	private readonly words?: string[];

	constructor(check: FilterCheck, form: Form) {
		super(check, form);
		const options = (form.field(check.field)?.options ?? []).flatMap((option) =>
			'value' in option ? String(option.value) : [],
		);
		if (check.by === 'is' && options.length > 0)
			this.words = [...options, ...Object.values(check.alsoCalled ?? {}).flat()].map(asWord);
	}

	compare(record: IDataObject): Shown {
		const values = this.valuesIn(record).filter((value) => this.isComparable(value));
		if (values.length === 0) return 'notShown';
		return values.some((value) => this.fits(value)) ? 'shown' : 'contradicted';
	}

	/** A word for nothing, or one that stands in a record of its own, says nothing of a filter by a value. */
	private isComparable(value: unknown): boolean {
		const { by } = this.check;
		if (by === 'key') return true;
		if (isEmpty(value))
			return by === 'referral'
				? this.isNothingTelling || !this.wantsSomebody
				: by !== 'is' && this.isNothingTelling;
		if (by === 'referral') return true;
		if (isObject(value) || isMasked(String(value))) return false;
		return !this.words || this.words.includes(asWord(value));
	}

	private get wantsSomebody(): boolean {
		return this.form.value(this.check.field) === 'referred';
	}

	private fits(value: unknown): boolean {
		const { field, by, alsoCalled = {} } = this.check;
		const wanted = String(this.form.value(field));
		switch (by) {
			case 'referral':
				return isSomebody(value) === this.wantsSomebody;
			case 'key':
				return String(value ?? '') === wanted || isSimilarKey(value, wanted);
			case 'contains':
				return folded(value).includes(
					typeof value === 'number' ? folded(wanted).replace(/^0+(?=\d)/, '') : folded(wanted),
				);
			default:
				return [wanted, ...(alsoCalled[wanted] ?? [])].some(
					(word) => asWord(word) === asWord(value),
				);
		}
	}
}

/** Text as it is compared with what a search was asked for. */
function folded(value: unknown): string {
	return String(value ?? '')
		.normalize('NFKC')
		.trim()
		.toLowerCase();
}

/** One of the words that a field has, however it is written: `Resubmit Requested` for `resubmit_requested`. */
function asWord(value: unknown): string {
	return folded(value).replace(/[\s_-]+/g, '_');
}

/** An email or an identifier that is shown in part only: `a***@example.com`. */
function isMasked(text: string): boolean {
	return /[*•…]/.test(text);
}

/** Whether there is nothing, not even a word for it. */
function isEmpty(value: unknown): boolean {
	return isObject(value) ? Object.keys(value).length === 0 : isBlank(value);
}

/** Whether a record says that there is somebody who brought its one in: a switch, or that one. */
function isSomebody(value: unknown): boolean {
	return (
		!isEmpty(value) &&
		!['false', '0', 'no', 'n', 'none', 'null', 'off'].includes(String(value).trim().toLowerCase())
	);
}

/** A filter by whose a record is. Lists show one identifier, and not always of the kind that was given. */
class PersonCheck extends Check {
	/** What the person is known by. */
	private names?: string[];

	/** Whether these are all names. */
	private isResolved = false;

	override async prepare(page: IDataObject[], resolve: Resolve): Promise<void> {
		if (!this.names) {
			const { value, identifiers } = this.form.reference(this.check.field)!;
			this.names = identifiers ?? [value];
			this.isResolved = identifiers !== undefined;
		}
		if (this.isResolved) return;
		const open = page.filter((record) => this.judge(record) === 'unknown');
		if (open.length === 0) return;
		// The one in the address is whom all records have in common.
		const common = this.namesIn(open[0]).filter((name) =>
			open.every((record) => this.namesIn(record).some((other) => isSameName(name, other))),
		);
		if (
			this.check.isInAddress &&
			this.names.length === 1 &&
			open.length === page.length &&
			common.length > 0
		) {
			this.names.push(...common);
			return;
		}
		this.names = await resolve(this.check.field);
		this.isResolved = true;
	}

	compare(record: IDataObject): Shown {
		const judged = this.judge(record);
		return judged === 'unknown' ? 'notShown' : judged;
	}

	private judge(record: IDataObject): Shown | 'unknown' {
		const values = this.valuesIn(record);
		if (values.length > 0 && !values.some(isSomebody))
			return this.check.isInAddress || !this.isNothingTelling ? 'notShown' : 'contradicted';
		const shown = this.namesIn(record);
		if (shown.length === 0) return 'notShown';
		if (shown.some((name) => this.names?.some((other) => isSameName(name, other)))) return 'shown';
		if (!this.isResolved && !values.every((value) => this.showsGivenKind(value))) return 'unknown';
		// An internal number says nothing of somebody whose names are none.
		return shown.some((name) => this.names?.some((other) => looksOf(other) === looksOf(name)))
			? 'contradicted'
			: 'notShown';
	}

	/** Whether what was given is of a kind that the record shows. A partner may have several keys. */
	private showsGivenKind(value: unknown): boolean {
		const { kind } = this.form.reference(this.check.field)!;
		return isRecord(value) && (kind === 'id' || kind === 'email') && !isBlank(value[kind]);
	}

	private namesIn(record: IDataObject): string[] {
		return this.valuesIn(record)
			.flatMap(shownIdentifiers)
			.filter((name) => !isMasked(name));
	}
}

/** What kind of name it is, as far as one can see. */
function looksOf(name: string): 'number' | 'email' | 'full name' | 'text' {
	if (/^\d+$/.test(name)) return 'number';
	if (/\s/.test(name)) return 'full name';
	return name.includes('@') ? 'email' : 'text';
}
