import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RunResult } from '../../live/run';
import { checkLive } from '../../live/run';
import type { Manners } from '../../sandbox/manners';
import type { ProgramName } from '../../sandbox/programs';
import type { Quirks } from '../../sandbox/quirks';
import type { AddedProgram, Sandbox } from '../../sandbox/server';

const folder = mkdtempSync(join(tmpdir(), 'check-live-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where the journal of a program is kept. */
export function journalOf({ key }: Pick<AddedProgram, 'key'>): string {
	return join(folder, `${key}.jsonl`);
}

/** What a check of a program of a test's own found: the outcome of each check, or why there is none. */
export interface Checked extends RunResult {
	program: AddedProgram;
	outcomes: Record<string, string>;
}

export interface CheckedOptions {
	program?: ProgramName;
	manners?: Manners;
	quirks?: Partial<Quirks>;
	confirm?: boolean;
}

/** Makes every check of an empty program, the writing ones included. */
export async function checked(
	sandbox: Sandbox,
	{ program: name = 'affiliate', manners, quirks, confirm = true }: CheckedOptions = {},
): Promise<Checked> {
	// A quirk that strikes so many times counts for each program on its own.
	const program = sandbox.addProgram(name, { manners, quirks: structuredClone(quirks) });
	const result = await checkLive({
		credentials: { apiKey: program.key, baseUrl: sandbox.url },
		write: {
			program: program.state.settings.public_id,
			journal: journalOf(program),
			confirm: async () => confirm,
		},
		// What drips never ends.
		...(quirks?.drips && { timeout: 2_000 }),
	});
	return { ...result, program, outcomes: outcomesOf(result) };
}

/** The outcome of each check, or why there is none. */
export function outcomesOf({ report }: RunResult): Record<string, string> {
	return Object.fromEntries(
		report.checks.map(({ id, outcome, why }) => [id, outcome ?? `undecided: ${why}`]),
	);
}

/** Does so many things at once. */
export async function atOnce<T>(count: number, work: Array<() => Promise<T>>): Promise<T[]> {
	const results: T[] = [];
	const queue = [...work.entries()];
	const next = async () => {
		for (let one = queue.shift(); one; one = queue.shift()) results[one[0]] = await one[1]();
	};
	await Promise.all(Array.from({ length: count }, next));
	return results;
}
