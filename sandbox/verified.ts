import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { z } from 'zod';

import type { Setting } from './assumptions';
import { ASSUMPTIONS, checkRow, factSchema, joined, settingOf, VERDICTS } from './assumptions';
import type { SandboxOptions } from './server';

/** What checks of the real API have found so far; not there before the first report was applied. */
const VERIFIED_FILE = join(__dirname, 'verified.json');

const decided = z.object({
	verdict: z.enum(VERDICTS),
	/** Missing where nothing was decided. */
	outcome: z.string().optional(),
	facts: z.record(z.string(), factSchema).default({}),
});

/** A report of `npm run check:live`, as far as it is applied. */
const report = z.object({
	kind: z.literal('partnero-live-check'),
	date: z.string(),
	/** False for a report on something else than Partnero, such as the sandbox: it verifies nothing. */
	isPartnero: z.boolean(),
	checks: z.array(decided.extend({ id: z.string() })),
});
export type AppliedReport = z.infer<typeof report>;

const verified = z.object({ checks: z.record(z.string(), decided.extend({ date: z.string() })) });
/** The latest decision of each check, and when it was made. */
export type Verified = z.infer<typeof verified>;

/**
 * Reads a report.
 * @throws an error that says what is wrong with it
 */
export function readReport(text: string): AppliedReport {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		throw new Error('The report is not JSON. Give the .json file of the check.');
	}
	const { data, error } = report.safeParse(json);
	if (error)
		throw new Error(
			`This is no report of the live check: ${error.issues[0]?.path.join('.')} ${error.issues[0]?.message}.`,
		);
	const unknown = data.checks.filter(({ id, outcome }) => {
		const row = ASSUMPTIONS.checks.find((check) => check.id === id);
		return !row || (outcome !== undefined && !row.outcomes[outcome]);
	});
	if (unknown.length > 0)
		throw new Error(`The report is of another version: ${unknown.map(({ id }) => id).join(', ')}.`);
	return data;
}

/** How the sandbox is set to play what decided checks found. */
export function settingFrom(
	checks: Array<Pick<AppliedReport['checks'][number], 'id' | 'outcome' | 'facts'>>,
): Setting {
	return joined(
		checks.flatMap(({ id, outcome, facts }) => {
			const row = outcome === undefined ? undefined : checkRow(id).outcomes[outcome];
			return row ? [settingOf(row, facts)] : [];
		}),
	);
}

/** The same as options of a sandbox. */
export function optionsFrom({
	switches,
	quirks,
	manners,
}: Setting): Pick<SandboxOptions, 'switches' | 'usualQuirks' | 'manners'> {
	return { switches, usualQuirks: quirks, ...(manners && { manners }) };
}

/** What was found so far. */
export function readVerified(file = VERIFIED_FILE): Verified {
	return existsSync(file) ? verified.parse(JSON.parse(readFileSync(file, 'utf8'))) : { checks: {} };
}

/** Adds what a report decided; what it could not decide stays as it was. */
export function withReport(before: Verified, { date, checks }: AppliedReport): Verified {
	const news = checks
		.filter(({ verdict }) => verdict !== 'undecided')
		.map(({ id, ...found }) => [id, { ...found, date }] as const);
	return { checks: { ...before.checks, ...Object.fromEntries(news) } };
}

export function writeVerified(found: Verified, file = VERIFIED_FILE): void {
	writeFileSync(file, `${JSON.stringify(found, null, '\t')}\n`);
}

/**
 * Options of a sandbox that plays what was found.
 * @param from the file of a report, or nothing for what was applied so far
 */
export function asChecked(from?: string): ReturnType<typeof optionsFrom> {
	if (from) return optionsFrom(settingFrom(readReport(readFileSync(from, 'utf8')).checks));
	return optionsFrom(
		settingFrom(Object.entries(readVerified().checks).map(([id, found]) => ({ id, ...found }))),
	);
}
