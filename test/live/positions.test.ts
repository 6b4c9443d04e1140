import { ASSUMPTIONS } from '../../sandbox/assumptions';
import type { Manners } from '../../sandbox/manners';
import { MANNERS } from '../../sandbox/manners';
import type { ProgramName } from '../../sandbox/programs';
import type { Quirks } from '../../sandbox/quirks';
import { QUIRK_NAMES } from '../../sandbox/quirks';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import type { SwitchName, Switches } from '../../sandbox/switches';
import { SWITCHES } from '../../sandbox/switches';
import { settingFrom } from '../../sandbox/verified';
import { useSpeed } from '../support/clock';

import type { Checked } from './support';
import { atOnce, checked } from './support';

useSpeed(200);

type Outcomes = Record<string, string>;

/** What the checks find where nothing is switched, by manners: the outcome that each of them deserves. */
const usual: Record<Manners, Record<ProgramName, Outcomes>> = {
	strict: found(false),
	laravel: found(true),
};

function found(isLaravel: boolean): Record<ProgramName, Outcomes> {
	const everywhere = {
		'test-shape': 'as-documented',
		'program-shape': 'as-documented',
		'list-shapes': 'as-documented',
		'success-word': 'one',
		refusals: 'by-status',
		'content-type': isLaravel ? 'bare' : 'with-charset',
		'rate-limit': 'silent',
		limits: '10-100',
		'unknown-query': isLaravel ? 'ignored' : 'refused',
		'nothing-found': 'empty-list',
		'other-program': '403',
		'create-status': '200',
		webhook: 'always',
	};
	const selling = {
		...everywhere,
		'next-link': 'page-alone',
		sort: 'heeded',
		'key-filter': isLaravel ? 'trims' : 'exact',
		'customer-path': 'any',
		'slash-in-path': isLaravel ? 'no-route' : 'no-record',
		'customer-duplicates': '422',
		'same-key-twice': 'recorded',
		'key-blank': isLaravel ? 'trimmed' : 'kept',
		'key-capitals': 'kept',
		'key-unicode': 'kept',
		'key-digits': 'kept',
		'key-length': 'kept',
		'key-slash': isLaravel ? 'by-body-alone' : 'by-path',
		refund: 'by-path',
		updates: 'wrapper',
		clear: isLaravel ? 'stays' : 'cleared',
		'unknown-customer': 'recorded',
		'created-at': 'unix',
		order: 'created-at',
		batch: 'transactions',
		'batch-wrong': 'nothing',
		visibility: 'at-once',
	};
	return {
		affiliate: {
			...selling,
			'customer-filters': 'heeded',
			'transaction-filters': 'heeded',
			'partner-lookup': 'finds-all',
			'partner-search': 'finds-all',
			'unknown-partner': 'refused',
			archive: 'shown',
			'lead-reject': 'post',
			bonus: 'taken',
		},
		referAFriend: {
			...selling,
			referrals: 'all',
			'referral-transactions': 'referred',
			credit: 'exactly',
		},
		newsletter: { ...everywhere, 'subscriber-id': 'at-once' },
	};
}

/** A position of a switch, or a quirk, and which outcomes it changes; under other manners also others. */
interface Position {
	name: string;
	switches?: Partial<Switches>;
	quirks?: Partial<Quirks>;
	program?: ProgramName;
	changes: Outcomes;
	underLaravel?: Outcomes;
	/** What a report sets to play it, where that is not the position itself. */
	plays?: { switches?: Partial<Switches>; quirks?: object };
	/** Whether it is about time, so that the machine must not be busy. */
	lags?: boolean;
}

function at<Name extends SwitchName>(
	name: Name,
	to: Switches[Name],
	changes: Outcomes,
	more: Partial<Position> = {},
): Position {
	return { name: `${name}: ${to}`, switches: { [name]: to }, changes, ...more };
}

const programs: ProgramName[] = ['affiliate', 'referAFriend', 'newsletter'];
/** Its switch has no check, since no check may call what it is about. */
const never = { plays: {} };

const switched: Position[] = [
	at('limits', '1-250', { limits: '1-250' }),
	// A range of their own.
	at('limits', '1-250', { limits: '10-250' }, { program: 'newsletter' }),
	at('programShape', 'flat', { 'program-shape': 'flat' }),
	at('programShape', 'flat', { 'program-shape': 'flat' }, { program: 'referAFriend' }),
	at(
		'updates',
		'toplevel',
		{ updates: 'toplevel' },
		{ underLaravel: { updates: 'wrapper-ignored' }, plays: {} },
	),
	at('updates', 'either', { updates: 'either' }),
	at('leadsConvert', 'get', { 'lead-reject': 'get' }),
	at('leadsConvert', 'either', { 'lead-reject': 'either' }),
	at('createdAt', 'iso', { 'created-at': 'iso' }),
	at('createdAt', 'either', { 'created-at': 'either' }),
	at('customerPath', 'key', { 'customer-path': 'main-alone' }),
	at('customerPath', 'key', { 'customer-path': 'main-alone' }, { program: 'referAFriend' }),
	at('unknownCustomer', 'refuse', { 'unknown-customer': 'refused' }),
	at('duplicateTransactionKeys', 'refuse', { 'same-key-twice': 'refused' }),
	at('batchAnswer', 'status', { batch: 'status' }),
	...programs.map((program) => at('createStatus', '201', { 'create-status': '201' }, { program })),
	at('order', 'recorded', { order: 'recorded' }),
	at(
		'referralTransactions',
		'both',
		{ 'referral-transactions': 'both' },
		{ program: 'referAFriend' },
	),
	at('referrals', 'paged', { referrals: 'paged' }, { program: 'referAFriend' }),
	at('subscriberId', 'later', { 'subscriber-id': 'later' }, { program: 'newsletter' }),
	...programs.map((program) => at('otherProgram', '404', { 'other-program': '404' }, { program })),
	// The program with the fewest requests will do.
	...(['405', '400', '422'] as const).map((status) =>
		at('otherProgram', status, { 'other-program': status }, { program: 'newsletter' }),
	),
	at('payoutRefusal', '400', {}, never),
	at('payoutRefusal', '409', {}, never),
	at('payoutAnswer', 'status', {}, never),
	at('payoutChoice', 'none', {}, never),
	at('webhookSecret', 'onCreate', { webhook: 'on-create' }),
];

function with_(quirks: Partial<Quirks>, changes: Outcomes, more: Partial<Position> = {}): Position {
	return { name: JSON.stringify(quirks), quirks, changes, ...more };
}

/** Everything that needs what could not be made. */
function nothingBut(...ids: string[]): Outcomes {
	const { affiliate } = usual.strict;
	return Object.fromEntries(
		Object.keys(affiliate)
			.filter((id) => !ids.includes(id))
			.map((id) => [id, expect.stringMatching(/^undecided: /) as unknown as string]),
	);
}
const READS = [
	'test-shape',
	'program-shape',
	'list-shapes',
	'success-word',
	'refusals',
	'content-type',
	'rate-limit',
	'limits',
	'unknown-query',
	'nothing-found',
	'slash-in-path',
	'other-program',
];
/** Whether a partner is there by then is a matter of time. */
const aPartnerAtMost: Outcomes = {
	...nothingBut(...READS),
	'partner-lookup': expect.any(String) as unknown as string,
	'partner-search': expect.any(String) as unknown as string,
};
const wrongWord = {
	'test-shape': 'another-shape',
	'program-shape': 'another-shape',
	'list-shapes': 'another-shape',
	'success-word': 'other-word',
};
const insideA200 = { refusals: 'inside-a-200', 'customer-duplicates': 'in-a-200' };
const bothFilters = { 'customer-filters': 'not-heeded', 'transaction-filters': 'not-heeded' };
const partnerFilters = (...names: string[]) =>
	names.flatMap((name) => [`/customers?${name}`, `/transactions?${name}`]);

const quirky: Position[] = [
	with_({ pageCap: 50 }, { limits: 'capped' }),
	with_(
		{ salesHiddenFromListsMs: 30_000 },
		{ visibility: 'late' },
		{
			lags: true,
			plays: { quirks: { salesHiddenFromListsMs: expect.any(Number), salesHiddenFromReadsMs: 0 } },
		},
	),
	with_(
		{ salesHiddenFromReadsMs: 30_000 },
		{ visibility: 'late' },
		{
			lags: true,
			plays: { quirks: { salesHiddenFromListsMs: 0, salesHiddenFromReadsMs: expect.any(Number) } },
		},
	),
	// The first write is the first partner.
	with_({ carriedOutLate: { ms: 5_000, answer: 'cut' } }, aPartnerAtMost, {
		lags: true,
		plays: {},
	}),
	with_({ carriedOutLate: { ms: 5_000, answer: '502' } }, aPartnerAtMost, {
		lags: true,
		plays: {},
	}),
	with_({ archivedSalesHidden: true }, { archive: 'hidden' }),
	with_({ archivedSalesDated: true }, { archive: 'dated' }),
	with_({ emptyListIs404: true }, { 'nothing-found': 'not-found' }),
	with_({ keysTrimmed: true }, { 'key-filter': 'trims', 'key-blank': 'trimmed' }),
	with_(
		{ keysCaseFolded: true },
		{ 'key-filter': 'folds-case', 'key-capitals': 'folded' },
		{ underLaravel: { 'key-filter': 'trims-and-folds-case', 'key-capitals': 'folded' } },
	),
	with_({ keysNormalized: true }, { 'key-unicode': 'composed' }),
	with_({ keysCutAt: 64 }, { 'key-length': 'cut' }),
	with_({ keysCutAt: 100 }, { 'key-length': 'cut' }),
	with_({ keysAsNumbers: true }, { 'key-digits': 'number' }),
	with_({ updatesIgnored: 'wrapped' }, { updates: 'wrapper-ignored' }),
	with_({ updatesIgnored: 'unwrapped' }, { updates: 'toplevel-ignored' }),
	with_(
		{ updatesIgnored: 'all' },
		{ updates: 'nothing-works', clear: 'undecided: no update changes anything' },
	),
	with_({ filtersIgnored: ['partner_key'] }, bothFilters, {
		plays: { quirks: { filtersIgnored: expect.arrayContaining(partnerFilters('partner_key')) } },
	}),
	with_({ filtersIgnored: ['partner_key', 'partner_email'] }, bothFilters, {
		plays: {
			quirks: {
				filtersIgnored: expect.arrayContaining(partnerFilters('partner_key', 'partner_email')),
			},
		},
	}),
	with_(
		{ filtersIgnored: ['/transactions?partner_key', '/transactions?partner_email'] },
		{ 'transaction-filters': 'not-heeded' },
	),
	with_(
		{ filtersIgnored: ['key'] },
		{ 'nothing-found': 'ignored', 'key-filter': 'ignored', 'partner-search': 'misses' },
		{
			plays: {
				quirks: {
					filtersIgnored: expect.arrayContaining(['/transactions?key', '/partners:search?key']),
				},
			},
		},
	),
	with_(
		{ filtersIgnored: ['email'] },
		{ 'nothing-found': 'ignored', 'partner-search': 'misses' },
		{ plays: { quirks: { filtersIgnored: ['/partners:search?email'] } } },
	),
	with_({ filtersIgnored: ['sort'] }, { sort: 'ignored' }),
	with_({ searchesBlindTo: ['email'] }, { 'partner-search': 'misses' }),
	with_({ searchesBlindTo: ['key', 'id'] }, { 'partner-search': 'misses' }),
	with_({ addressesMissing: ['/partner'] }, { 'partner-lookup': 'no-address' }),
	with_(
		{ unknownCustomer: 'refuse' },
		{ 'unknown-customer': 'refused' },
		{ plays: { switches: { unknownCustomer: 'refuse' } } },
	),
	with_({ unknownCustomer: 'record' }, {}, { plays: { switches: { unknownCustomer: 'record' } } }),
	with_({ unknownPartnerIgnored: true }, { 'unknown-partner': 'for-nobody' }),
	with_(
		{ createdAtIgnored: true },
		{
			'created-at': 'ignored',
			order: 'undecided: no sale with a date in the past could be recorded',
		},
	),
	with_({ batchCutShort: { recorded: 2 } }, { batch: 'cut-short' }),
	...(['1', true, 'success'] as const).map((word) => with_({ successStatus: word }, wrongWord)),
	...(['0', false, 'error'] as const).map((word) => with_({ failureStatus: word }, insideA200)),
	with_({ rateLimit: { perMinute: 1000 } }, { 'rate-limit': 'announced' }),
	// Without TLS the connection just ends.
	with_({ tlsBreaks: {} }, aPartnerAtMost, { lags: true, plays: {} }),
	with_({ drips: { everyMs: 500 } }, aPartnerAtMost, { lags: true, plays: {} }),
];

interface Cell {
	manners: Manners;
	position: Position;
}

const cells: Cell[] = MANNERS.flatMap((manners) => [
	...programs.map((program): Cell => ({
		manners,
		position: { name: `${program}: nothing is switched`, program, changes: {} },
	})),
	...[...switched, ...quirky].map((position) => ({ manners, position })),
]);
const results = new Map<Cell, Checked>();

beforeAll(async () => {
	// Building a contract takes longer than a check: those with the same switches share a sandbox.
	const sandboxes = new Map<string, Promise<Sandbox>>();
	const sandboxFor = async (switches: Partial<Switches> = {}) => {
		const name = JSON.stringify(switches);
		const known = sandboxes.get(name) ?? startSandbox({ seed: 'empty', switches });
		sandboxes.set(name, known);
		return await known;
	};
	const one = (cell: Cell) => async () => {
		const { manners, position } = cell;
		const { switches, quirks, program } = position;
		results.set(cell, await checked(await sandboxFor(switches), { program, manners, quirks }));
	};
	await atOnce(6, cells.filter(({ position: { lags } }) => !lags).map(one));
	await atOnce(2, cells.filter(({ position: { lags } }) => lags).map(one));
	for (const sandbox of sandboxes.values()) await (await sandbox).close();
}, 900_000);

const title = ({ manners, position: { name, program = 'affiliate' } }: Cell) =>
	`${manners}, ${program}, ${name}`;

describe.each(cells.map((cell) => [title(cell), cell] as const))('%s', (_title, cell) => {
	const { manners, position } = cell;
	const {
		program = 'affiliate',
		changes,
		underLaravel,
		switches = {},
		quirks = {},
		plays = { switches, quirks },
	} = position;

	it('each check gives the verdict that the position deserves', () => {
		const changed = manners === 'laravel' ? { ...changes, ...underLaravel } : changes;
		expect(results.get(cell)!.outcomes).toEqual({ ...usual[manners][program], ...changed });
	});

	it('leaves the program empty', () => {
		expect(results.get(cell)!.left).toBe(0);
		const { transactions, partners, customers, leads, subscribers, webhooks } = results
			.get(cell)!
			.program.ledger();
		expect([transactions.total, partners, customers, leads, subscribers, webhooks]).toEqual([
			0,
			[],
			[],
			[],
			[],
			[],
		]);
	});

	it('the report sets the sandbox to the position', () => {
		const setting = settingFrom(results.get(cell)!.report.checks);
		expect(setting.manners ?? 'strict').toBe(manners);
		expect(setting).toMatchObject(plays);
	});
});

it('tries every position of every switch, and every quirk', () => {
	const tried = switched.flatMap((position) => Object.entries(position.switches ?? {}).map(String));
	const all = Object.entries(SWITCHES).flatMap(([name, [, ...others]]) =>
		others.map((value) => `${name},${value}`),
	);
	expect(all.filter((position) => !tried.includes(position))).toEqual([]);
	const quirks = new Set(quirky.flatMap((position) => Object.keys(position.quirks ?? {})));
	expect(QUIRK_NAMES.filter((name) => !quirks.has(name))).toEqual([]);
});

it('has an outcome of every check that can differ somewhere', () => {
	const ids = new Set(
		MANNERS.flatMap((manners) =>
			programs.flatMap((program) => Object.keys(usual[manners][program])),
		),
	);
	expect(ASSUMPTIONS.checks.map(({ id }) => id).filter((id) => !ids.has(id))).toEqual([]);
});
