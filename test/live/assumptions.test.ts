import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { CheckReport } from '../../live/report';
import { adviceOf } from '../../live/report';
import { CHECK_IDS } from '../../live/run';
import { ASSUMPTIONS, joined, settable, settingOf } from '../../sandbox/assumptions';
import { page, PAGE_FILE } from '../../sandbox/assumptionsPage';
import { QUIRK_NAMES } from '../../sandbox/quirks';
import type { SwitchName } from '../../sandbox/switches';
import { defaultSwitches, SWITCHES } from '../../sandbox/switches';
import {
	asChecked,
	readReport,
	readVerified,
	settingFrom,
	withReport,
	writeVerified,
} from '../../sandbox/verified';

const root = resolve(__dirname, '../..');

it('docs/assumptions.md is what `npm run assumptions` writes', () => {
	expect(readFileSync(PAGE_FILE, 'utf8')).toBe(page());
});

it('has a row for each check that there is, and no other', () => {
	const rows = (mode: string) =>
		ASSUMPTIONS.checks
			.filter((check) => check.mode === mode)
			.map(({ id }) => id)
			.sort();
	expect(rows('reading')).toEqual([...CHECK_IDS.reading].sort());
	expect(rows('writing')).toEqual([...CHECK_IDS.writing].sort());
});

it('decides each assumption by some check, and names tests that are there', () => {
	const decided = new Set(ASSUMPTIONS.checks.flatMap(({ assumptions }) => assumptions));
	expect(ASSUMPTIONS.assumptions.map(({ id }) => id).filter((id) => !decided.has(id))).toEqual([]);
	expect(
		[...decided].filter((id) => !ASSUMPTIONS.assumptions.some((row) => row.id === id)),
	).toEqual([]);
	const tests = ASSUMPTIONS.checks.flatMap((check) => check.tests);
	expect(tests.filter((test) => !existsSync(join(root, test)))).toEqual([]);
});

it('sets every switch and quirk by some outcome, or says why none can', () => {
	const { switches, quirks } = settable();
	const missing = [
		...(Object.keys(SWITCHES) as SwitchName[]).filter(
			(name) => !switches.has(name) && !ASSUMPTIONS.unreachable.switches[name],
		),
		...QUIRK_NAMES.filter((name) => !quirks.has(name) && !ASSUMPTIONS.unreachable.quirks[name]),
	];
	expect(missing).toEqual([]);
	const reached = [
		...Object.keys(ASSUMPTIONS.unreachable.switches).filter((name) =>
			switches.has(name as SwitchName),
		),
		...Object.keys(ASSUMPTIONS.unreachable.quirks).filter((name) => quirks.has(name as never)),
	];
	expect(reached).toEqual([]);
});

it('says what to set, or what it means, wherever something differs', () => {
	const facts = {
		word: '1',
		perMinute: 60,
		largest: 50,
		ignored: ['sort'],
		blind: ['email'],
		kept: 64,
		recorded: 1,
		listMs: 5,
		readMs: 5,
	};
	const silent = ASSUMPTIONS.checks.flatMap(({ id, outcomes }) =>
		Object.entries(outcomes).filter(([outcome, { verdict }]) => {
			const check: CheckReport = {
				id,
				verdict,
				outcome,
				facts: id === 'refusals' ? { word: '0' } : facts,
				exchanges: [],
			};
			return verdict === 'differs' && adviceOf(check).length === 0;
		}),
	);
	expect(silent).toEqual([]);
	const [check] = ASSUMPTIONS.checks.filter(({ id }) => id === 'limits');
	expect(
		adviceOf({ id: 'limits', verdict: 'differs', outcome: 'clamped', facts, exchanges: [] }),
	).toEqual(['Set the switch `limits` to `1-250`.', 'Set the quirk `pageCap` to `50`.']);
	expect(settingOf(check.outcomes['10-100'], {})).toEqual({ switches: {}, quirks: {} });
});

it('joins what several checks set', () => {
	expect(
		joined([
			{ switches: { limits: '1-250' }, quirks: { filtersIgnored: ['sort'] } },
			{
				manners: 'laravel',
				quirks: { filtersIgnored: ['sort', '/transactions?key'], keysTrimmed: true },
			},
		]),
	).toEqual({
		switches: { limits: '1-250' },
		quirks: { filtersIgnored: ['sort', '/transactions?key'], keysTrimmed: true },
		manners: 'laravel',
	});
});

describe('a report that is applied', () => {
	const folder = mkdtempSync(join(tmpdir(), 'check-live-'));
	afterAll(() => rmSync(folder, { recursive: true }));
	const report = {
		kind: 'partnero-live-check',
		date: '2026-12-01',
		isPartnero: true,
		checks: [
			{ id: 'limits', verdict: 'differs', outcome: '1-250', facts: {} },
			{ id: 'created-at', verdict: 'holds', outcome: 'unix', facts: {} },
			{ id: 'updates', verdict: 'undecided', why: 'no answer came', facts: {} },
		],
	};
	const text = (changes: object = {}) => JSON.stringify({ ...report, ...changes });

	it('shows in the page what was verified, and when', () => {
		const verified = withReport(readVerified(join(folder, 'none.json')), readReport(text()));
		const rows = page(verified).split('\n');
		expect(rows.find((row) => row.startsWith('| A8 '))).toMatch(
			/\| `limits` differs: 1-250 \(2026-12-01\); 1 of 2 not yet \|$/,
		);
		expect(rows.find((row) => row.startsWith('| A10 '))).toMatch(
			/\| `created-at` holds \(2026-12-01\) \|$/,
		);
		expect(rows.find((row) => row.startsWith('| A5 '))).toMatch(/\| not yet \|$/);
	});

	it('is kept beside those before it, of which the newest counts', () => {
		const file = join(folder, 'verified.json');
		writeVerified(withReport(readVerified(file), readReport(text())), file);
		const next = {
			date: '2026-12-02',
			checks: [
				{ id: 'limits', verdict: 'undecided', facts: {} },
				{ id: 'created-at', verdict: 'holds', outcome: 'either', facts: {} },
			],
		};
		writeVerified(withReport(readVerified(file), readReport(text(next))), file);
		expect(readVerified(file).checks).toMatchObject({
			limits: { date: '2026-12-01' },
			'created-at': { outcome: 'either', date: '2026-12-02' },
		});
	});

	it('gives options of a sandbox', () => {
		const file = join(folder, 'report.json');
		writeFileSync(file, text());
		expect(asChecked(file)).toEqual({ switches: { limits: '1-250' }, usualQuirks: {} });
		expect(settingFrom([])).toEqual({ switches: {}, quirks: {} });
		expect(Object.keys(defaultSwitches())).toContain('limits');
	});

	it.each([
		['no JSON', 'Ann', /not JSON/],
		['something else', '{"kind": "other"}', /no report of the live check/],
		[
			'a check that is not known',
			text({ checks: [{ id: 'sunshine', verdict: 'holds', outcome: 'a' }] }),
			/another version: sunshine/,
		],
		[
			'an outcome that is not known',
			text({ checks: [{ id: 'limits', verdict: 'holds', outcome: 'a' }] }),
			/another version: limits/,
		],
	])('is refused if it is %s', (_what, given, message) => {
		expect(() => readReport(given)).toThrow(message);
	});
});
