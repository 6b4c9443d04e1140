import type { IDataObject, IHttpRequestMethods, INodeProperties } from 'n8n-workflow';

/** The few fields of a record that most workflows need, under the API's names. */
export type Summary = (record: IDataObject) => IDataObject;

/** What an operation may know of its item when it computes the output. */
export interface ComputeSource {
	/** A filled field, by its path. */
	form: { value(path: string): unknown };
}

/** Turns `data` into the items of an operation whose output is more than the record. */
export type Compute = (data: IDataObject, source: ComputeSource) => IDataObject[];

/**
 * What goes on the wire, as a literal. `{name}` stands for a filled field and `{name|conversion}`
 * for a converted one (`form/template.ts` lists the conversions); a field that is not filled
 * takes its key along, and of an array the first that is filled counts. In a URL a field becomes one
 * percent-encoded path segment, or a part of one, and of `{one,other}` the first that is filled counts.
 */
export type Template = string | number | boolean | Template[] | { [key: string]: Template };

/** n8n's own `routing.request`, with fields where they go. */
export interface RequestTemplate {
	method: IHttpRequestMethods;
	url: string;
	qs?: { [key: string]: Template };
	body?: { [key: string]: Template };
}

/** A limit of the API that is checked before anything is sent. */
export interface Rule {
	pattern: RegExp;
	/** What the field "must be". */
	demand: string;
}

/** How a text field is read as an amount of money (`form/money.ts`). */
export interface AmountField {
	/** The field with the currency that it is in. */
	units?: string;
	/** What to do instead of giving a negative amount. */
	insteadOfNegative?: string;
	/** The choice under which it is a percentage and no money. */
	percentIf?: { field: string; value: string };
}

/** The types of programs (`partnero-api.md` 1.7), in the words that the user reads. */
export type ProgramType = 'affiliate' | 'refer-a-friend' | 'newsletter';

/**
 * How a record shows whether a filter should have kept it out (`recording-rules.md` 14).
 * - `is`: the value itself, whatever its case.
 * - `contains`: a search, of which the API documents that parts match.
 * - `key`: the key of a sale, or what Partnero may take for the same.
 * - `person`: an identifier of whom the field picks, or the record of that one.
 * - `referral`: whether somebody is there who brought the record's one in.
 */
export interface FilterCheck {
	/** The field of the form. */
	field: string;
	/** The fields of a record that show it, any of which may; none where no list does. */
	shownBy: string[];
	by: 'is' | 'contains' | 'key' | 'person' | 'referral';
	/** Other words that records have for a value of the field. */
	alsoCalled?: { [value: string]: string[] };
	/** Whether the API has no such filter, so that only the node checks it. */
	isOwn?: true;
	/** Whether the field stands in the list's address, so that records that name one and the same person are believed. */
	isInAddress?: true;
}

/** The conditions of a list, each of which the node checks as far as records show it. */
export interface NodeFilters {
	checks?: FilterCheck[];
	/** The field with the date that `created_at` has to be later than. */
	createdAfter?: string;
	/** The field with the date that `created_at` has to be earlier than. */
	createdBefore?: string;
	/** Whether the list knows `sort` (`partnero-api.md` 1.3), so that the newest can be asked for first. */
	sortable?: boolean;
}

/** What the API answers where something else has to be sent then. */
export type Fallback =
	| {
			/** The status of an answer that carried nothing out, where the documents disagree about the form. */
			status: 405 | 422;
			/** The field that the answer complains about. */
			field?: string;
			/**
			 * Whether a 404 means the same, as long as the record that the operation's `transition` names is there, in the
			 * status that it is moved from (`partnero-api.md` 10, A13).
			 */
			unlessMoved?: true;
			/** Also due where the record that comes back shows that an update was not heeded (`recording-rules.md` 13). */
			orIgnored?: true;
			request: RequestTemplate;
	  }
	| {
			/** For an update that changes the identifier in its own address: the record is gone from there. */
			status: 404;
			/** It says so only after a try whose answer was lost, which then has done it. */
			afterLoss: true;
			/** Reads the record at its new address. */
			request: RequestTemplate;
	  };

/**
 * How the record is looked up that has the identifier which a create sends: by a path with `{identifier}` in
 * it, or by a list or search whose records are compared with the identifier, and whose address may
 * name other fields.
 */
export type Lookup = {
	url: string;
	/** Gives the one record by `{identifier}` where the API's search overlooks it (`partnero-api.md` 10, A12). */
	otherwise?: { url: string; qs?: { [key: string]: Template } };
	/** For a look-up by a path: where a record is found whose identifier has a slash (`Operation.bySearch`). */
	bySearch?: Search;
	/** What a record without a date shows of what was sent, where it calls that otherwise: that tells it from an older one. */
	shows?: { [key: string]: Template };
} & (object | { qs: { [key: string]: Template }; match: string; id?: string });

/**
 * A list or search whose query takes `{identifier}`, by its kind if need be, and under which of their keys its records
 * have the identifier.
 */
export interface Search {
	url: string;
	qs?: { [key: string]: Template };
	match: string[];
}

/** For a create without an identifier: the list in which the new record shows up, read before and after. */
export interface ListDiff {
	list: { url: string; qs: { [key: string]: Template } };
	/** The key that no two of its records share. */
	unique: string;
}

/**
 * What a POST does that moves a record from one status to another. The API refuses it a second time,
 * so the record itself tells whether an earlier one was carried out, and what is in the way.
 */
export interface Transition {
	/** Where the record is read. */
	url: string;
	/** The statuses in which the API allows it; any if not given. */
	from?: string[];
	/** The status that it leads to, in every spelling that the documents have. */
	to: string[];
	/** What to do about a record in another status. */
	advice?: { [status: string]: string };
}

/** For what adds to a balance: where that is read before and after, and the fields that say what is added. */
export interface Credit {
	balance: string;
	amount: string;
	units: string;
	isCurrency: string;
}

/** What makes it possible to create a record once, whatever becomes of an answer. */
export interface Idempotency {
	/** The fields that identify the record, the strongest first. The first that is filled is the idempotency key. */
	keyFields: string[];
	lookup: Lookup;
	/**
	 * For records that the API does not keep unique: look before sending, and do with a record that
	 * is there what this field says: `skip`, `fail` or `record`.
	 */
	onConflict?: string;
	/** For "create or update": look before sending, and update a record that is there. */
	update?: RequestTemplate;
}

/** Pages of records under `data`. */
export interface ListOutput {
	kind: 'list';
	summary?: Summary;
	/** The key that no two records share; of a record without one, the whole is compared. */
	unique?: string;
	/** Whether the documents say that the list comes as a whole. */
	isUnpaged?: boolean;
	filters?: NodeFilters;
}

/** What comes back, as items. */
export type Output =
	| {
			/** The record under `data`. */
			kind: 'record';
			summary?: Summary;
			/** What of the summary stands first in the whole record as well, so that it is on the screen. */
			first?: string[];
			/** What stands beside `data` and belongs to the item. */
			extras?: (body: IDataObject) => IDataObject;
	  }
	| ListOutput
	| {
			/** Nothing of interest comes back, so the item says what was done. */
			kind: 'done';
			item: { [key: string]: Template };
			/** What it says instead when the record was missing and the field allows that. */
			missing?: { ifAllowedBy: string; item: { [key: string]: Template } };
	  }
	| {
			/** An answer that no document describes, as it is. */
			kind: 'answer';
	  }
	| {
			/** Something computed from `data`. */
			kind: 'computed';
			compute: Compute;
	  }
	| {
			/** The report of the program under `data` (`reports/`). */
			kind: 'report';
	  }
	| {
			/** The statements of the partners of the program under `data` (`reports/`). */
			kind: 'statements';
	  };

/** One operation of the node: everything that is particular to it, as data. */
export interface Operation {
	/** Its line in the Operation menu. */
	entry: { name: string; value: string; action: string; description: string };
	/** The types of programs that have it, where they are fewer than the resource's. Its description names them. */
	programs?: ProgramType[];
	request: RequestTemplate;
	/** Other routes, each of which takes over when one of its fields is filled. */
	alternatives?: Array<{ when: string[]; request: RequestTemplate }>;
	/** The form, top to bottom, without the display options that the assembly adds. */
	fields: INodeProperties[];
	/**
	 * Groups of fields of which at least one has to be filled, if any is shown. For fields that n8n's
	 * own `required` cannot cover: it knows no "either", and it counts a field as shown when an
	 * expression decides about that.
	 */
	requireOneOf?: string[][];
	/** What a text has to be like, beside what its form says, by the path of its field. */
	rules?: { [field: string]: Rule };
	/** The fields that hold amounts of money, by their paths. They are text in the form, and numbers on the wire. */
	amounts?: { [field: string]: AmountField };
	fallbacks?: Fallback[];
	/** For a PUT that counts something up: it must not be sent again like other updates. `counter` shows the count. */
	nonIdempotent?: { counter: string };
	idempotency?: Idempotency;
	listDiff?: ListDiff;
	credit?: Credit;
	transition?: Transition;
	/**
	 * Where a record whose identifier has a slash is found if the path does not lead to it (`partnero-api.md` 10, A2).
	 */
	bySearch?: Search;
	/**
	 * For an update: where its record is read afterwards, if that is not the update's own address, and where one is found
	 * whose identifier has a slash.
	 */
	readBack?: { url?: string; bySearch?: Search };
	/**
	 * The form of the request, or of an update, that names the record in the body: for an identifier with a slash, at
	 * which a server may part the path (`partnero-api.md` 10, A2), and for a sale that the path does not lead to (A3).
	 */
	byBody?: RequestTemplate;
	/** For a DELETE of the one sale under a key (`recording-rules.md` 11), so that its key may be used again. */
	removesSale?: {
		/** The field with the key. */
		field: string;
		/** The list in which the key is looked for before and after. */
		lookup: Extract<Lookup, { match: string }>;
	};
	/**
	 * Why nothing takes back what it does, and what to do instead or first, in whole sentences. Said in
	 * its menu entry, in its form and to the model of an agent (`resources/index.ts`).
	 */
	irreversible?: string;
	/** For an operation that sees all incoming items at once (`execution/createMany.ts`): the form of several in one request. */
	bulk?: {
		shared: { [key: string]: Template };
		/** The key under which the records stand. */
		list: string;
		record: { [key: string]: Template };
	};
	output: Output;
}

/** A line in the Resource menu and its operations, in menu order. */
export interface Resource {
	entry: { name: string; value: string };
	/** The types of programs that have it, if not all of them. The Resource menu names them. */
	programs?: ProgramType[];
	/** A field whose value narrows them down. */
	programsBy?: { field: string; values: { [value: string]: ProgramType[] } };
	operations: Operation[];
}

/** The types of programs that have an operation; `undefined` if all have it. */
export function programsOf(resource: Resource, operation: Operation): ProgramType[] | undefined {
	return operation.programs ?? resource.programs;
}
