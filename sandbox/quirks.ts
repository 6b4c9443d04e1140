import { z } from 'zod';

const milliseconds = z.number().nonnegative();
const count = z.number().int().positive();

/** How often a quirk strikes, once unless said otherwise, and which requests; writes unless said otherwise. */
const striking = {
	times: count.optional(),
	methods: z.array(z.enum(['GET', 'POST', 'PUT', 'DELETE'])).optional(),
};

/**
 * How the real API may differ from what its documents make one expect, each on its own or with others. Off is
 * `null`. Where documents disagree there is a switch instead; what a network does to one request is a fault.
 */
const QUIRKS = {
	/** A list's page holds at most so many records, whatever `limit` says; `links.next` is there. */
	pageCap: count,
	/** So many milliseconds a new sale is missing from lists. */
	salesHiddenFromListsMs: milliseconds,
	/** So many milliseconds a new sale cannot be read by its key. */
	salesHiddenFromReadsMs: milliseconds,
	/** The connection is cut, or a 502 answered, and the request carried out so many milliseconds later. */
	carriedOutLate: z
		.object({ ms: milliseconds, answer: z.enum(['cut', '502']), ...striking })
		.strict(),
	/** Archived sales are missing from lists and cannot be read (partnero-api.md N1). */
	archivedSalesHidden: z.literal(true),
	/** Archived sales, and what they earned, say in `deleted_at` when they were archived, as a soft delete does (partnero-api.md N1). */
	archivedSalesDated: z.literal(true),
	/** A filtered list or a search without a match is a 404 (partnero-api.md N22); `always`: any list, and in words. */
	emptyListIs404: z.literal(true).or(z.literal('always')),
	/** White space and zero-width characters at the ends of keys go. */
	keysTrimmed: z.literal(true),
	/** Keys lose their capitals. */
	keysCaseFolded: z.literal(true),
	/** Keys are kept in Unicode's composed form (NFC). */
	keysNormalized: z.literal(true),
	/** Keys are cut after so many characters (partnero-api.md N18). */
	keysCutAt: count,
	/** Keys of digits are kept, and given back, as numbers: leading zeros go. */
	keysAsNumbers: z.literal(true),
	/** Updates with, or without, the `update` wrapper answer 200 and change nothing, and the other form works; or no update changes anything. */
	updatesIgnored: z.enum(['wrapped', 'unwrapped', 'all']),
	/**
	 * Query parameters of lists and searches that are not heeded (partnero-api.md N13), by name, or of one list alone as
	 * `/transactions?key`; `customer`: the one in the address of a customer's sales.
	 */
	filtersIgnored: z.array(z.string()),
	/** Query parameters by which searches find nothing (partnero-api.md N16). */
	searchesBlindTo: z.array(z.string()),
	/** Paths where there is no address, such as `/partner`: a 404 about the route, in Laravel's words. */
	addressesMissing: z.array(z.string()),
	/** A sale for an unknown customer is recorded for nobody, or refused (partnero-api.md N19); goes before the switch. */
	unknownCustomer: z.enum(['record', 'refuse']),
	/** `create_customer` with an unknown partner is not heeded: the sale is recorded for nobody (partnero-api.md N20). */
	unknownPartnerIgnored: z.literal(true),
	/** `created_at` of a sale is accepted and not heeded. */
	createdAtIgnored: z.literal(true),
	/** A batch is refused with a 422 after its first sales were recorded. */
	batchCutShort: z
		.object({ recorded: z.number().int().nonnegative(), times: count.optional() })
		.strict(),
	/** How a success is spelled instead of `status: 1`. */
	successStatus: z.enum(['1', 'success']).or(z.literal(true)),
	/** A 400 or a 422 becomes a 200 whose `status` is this. */
	failureStatus: z.enum(['0', 'error']).or(z.literal(false)),
	/** Laravel's rate limiter: so many requests a minute, and what `Retry-After` of a 429 says. */
	rateLimit: z
		.object({
			perMinute: count,
			retryAfter: z.enum(['seconds', 'none', 'zero', 'past', 'nonsense']).optional(),
		})
		.strict(),
	/** The TLS stream breaks after the request was carried out; needs `tls`. */
	tlsBreaks: z.object(striking).strict(),
	/** An answer that comes in drops and never ends; the request was carried out. */
	drips: z.object({ everyMs: milliseconds, ...striking }).strict(),
};

type Table = typeof QUIRKS;
export type QuirkName = keyof Table;
/** All quirks as they are set. */
export type Quirks = { [Name in QuirkName]: z.infer<Table[Name]> | null };

export const QUIRK_NAMES = Object.keys(QUIRKS) as QuirkName[];

/** Every quirk off. */
export function noQuirks(): Quirks {
	return Object.fromEntries(QUIRK_NAMES.map((name) => [name, null])) as Quirks;
}

const given = z.object(QUIRKS).strict().partial();

/**
 * Checks quirks that came over HTTP; `null` turns one off.
 * @throws an error that names each one that is wrong
 */
export function readQuirks(input: unknown): Partial<Quirks> {
	if (typeof input !== 'object' || input === null) throw new Error('Send an object of quirks.');
	const off = Object.entries(input).filter(([name, value]) => value === null && name in QUIRKS);
	const on = Object.entries(input).filter((entry) => !off.some(([name]) => name === entry[0]));
	const { data, error } = given.safeParse(Object.fromEntries(on));
	if (error) {
		const texts = error.issues.map(({ path, message }) =>
			[path.join('.'), message].filter(Boolean).join(': '),
		);
		throw new Error(`${texts.join('; ')}. Quirks: ${QUIRK_NAMES.join(', ')}.`);
	}
	return { ...data, ...Object.fromEntries(off) };
}

/** Whether a query parameter of a list or a search is not heeded. */
export function isIgnored(
	{ filtersIgnored }: Pick<Quirks, 'filtersIgnored'>,
	path: string,
	name: string,
): boolean {
	return (
		filtersIgnored?.some((ignored) => ignored === name || ignored === `${path}?${name}`) ?? false
	);
}

interface Striking {
	times?: number;
	methods?: string[];
}

/** How often each setting has struck; a quirk that is set anew begins anew. */
const struck = new WeakMap<object, number>();

/** The setting of a quirk, if it strikes this request; counts that it did. */
export function strikes<T extends Striking>(
	setting: T | null | undefined,
	method: string,
): T | undefined {
	if (!setting) return undefined;
	const { times = 1, methods = ['POST', 'PUT', 'DELETE'] } = setting;
	const count = struck.get(setting) ?? 0;
	if (count >= times || !methods.includes(method)) return undefined;
	struck.set(setting, count + 1);
	return setting;
}

/** White space of any kind and zero-width characters at both ends, as Laravel trims them. */
const ENDS = /^[\s\u{feff}\u{200b}-\u{200f}\u{2060}]+|[\s\u{feff}\u{200b}-\u{200f}\u{2060}]+$/gu;

/** Trims as Laravel does. */
export function trimmed(text: string): string {
	return text.replace(ENDS, '');
}

const DIGITS = /^\d{1,15}$/;

/** A key as the server keeps and compares it. */
function kept(quirks: Quirks, key: string): string {
	let text = quirks.keysTrimmed ? trimmed(key) : key;
	if (quirks.keysNormalized) text = text.normalize('NFC');
	if (quirks.keysCaseFolded) text = text.toLowerCase();
	if (quirks.keysCutAt !== null) text = [...text].slice(0, quirks.keysCutAt).join('');
	return quirks.keysAsNumbers && DIGITS.test(text) ? String(Number(text)) : text;
}

/** What names a key: `key`, `partner.key`, `partner[key]`, `transaction_key`. */
const KEY_NAME = /(^|[._[])key\]?$/;

/** Every key in what was sent, as the server keeps it. */
export function withKeptKeys<T>(quirks: Quirks, value: T): T {
	const changed =
		quirks.keysTrimmed ||
		quirks.keysCaseFolded ||
		quirks.keysNormalized ||
		quirks.keysCutAt !== null ||
		quirks.keysAsNumbers;
	return changed ? (eachKey(value, (key) => kept(quirks, key)) as T) : value;
}

/** An answer's body as the server words it. */
export function worded(quirks: Quirks, body: unknown): unknown {
	const numbered = quirks.keysAsNumbers
		? eachKey(body, (key) => (DIGITS.test(key) ? Number(key) : key))
		: body;
	if (quirks.successStatus === null) return numbered;
	const { status } = numbered as { status?: unknown };
	return status === 1 ? { ...(numbered as object), status: quirks.successStatus } : numbered;
}

function eachKey(value: unknown, change: (key: string) => unknown): unknown {
	if (Array.isArray(value)) return value.map((entry) => eachKey(entry, change));
	if (typeof value !== 'object' || value === null) return value;
	const entries = Object.entries(value).map(([name, entry]: [string, unknown]) => [
		name,
		typeof entry === 'string' && KEY_NAME.test(name) ? change(entry) : eachKey(entry, change),
	]);
	return Object.fromEntries(entries);
}
