import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Assumption } from './assumptions';
import { ASSUMPTIONS } from './assumptions';
import type { Verified } from './verified';
import { readVerified } from './verified';

/** The page that `npm run assumptions` writes. */
export const PAGE_FILE = join(__dirname, '../docs/assumptions.md');

const INTRODUCTION = `# Assumptions

<!-- Written by \`npm run assumptions\` from sandbox/assumptions.yaml and sandbox/verified.json: change those. -->

The node is tested against a local stand-in that is written from public documents. What it takes for true about Partnero's API stands below, with what a check of the real API has said of it. It is section 10 of [what is known of Partnero's API](partnero-api.md), where the sources are named.

Whoever has a key can check: \`npm run check:live\` is safe to run against a program that earns money ([what it does](live-check.md)). Its report can be applied to the sandbox, whose tests then run on what is true.

For each assumption the sandbox can simulate the opposite, by a quirk, a switch or its manners. \`test/engine/histories.test.ts\` runs the node against those servers. A history that cannot hold on one of them is left out there, with the reason beside it. The third column is the behavior today: what the node checks, and what it cannot see.

| # | Assumption | What the node does if it is wrong | In the sandbox | How to check it | Verified |
| --- | --- | --- | --- | --- | --- |
`;

/** The page as it should be. */
export function page(verified: Verified = readVerified()): string {
	const rows = ASSUMPTIONS.assumptions.map((row) => {
		const { id, assumption, ifWrong, inSandbox, byHand } = row;
		return `| ${[id, assumption, ifWrong, inSandbox, howToCheck(row, byHand), state(id, verified)].join(' | ')} |`;
	});
	const others = ASSUMPTIONS.checks.filter(({ assumptions }) => assumptions.length === 0);
	const lines = others.map(
		({ id, claim }) => `| \`${id}\` | ${claim} | ${stateOf(id, verified)} |`,
	);
	return `${INTRODUCTION}${rows.join('\n')}

Checks that decide how the sandbox is set, and on which no assumption of the node depends:

| Check | What the sandbox plays | Verified |
| --- | --- | --- |
${lines.join('\n')}
`;
}

function checksOf(assumption: string): string[] {
	return ASSUMPTIONS.checks
		.filter(({ assumptions }) => assumptions.includes(assumption))
		.map(({ id }) => id);
}

function howToCheck({ id }: Assumption, byHand: string): string {
	return `${byHand} ${checksOf(id)
		.map((check) => `\`${check}\``)
		.join(', ')}`;
}

function state(assumption: string, verified: Verified): string {
	const ids = checksOf(assumption);
	const done = ids.filter((id) => verified.checks[id]);
	if (done.length === 0) return 'not yet';
	const states = done.map((id) => `\`${id}\` ${stateOf(id, verified)}`);
	const open = ids.length - done.length;
	return [...states, ...(open > 0 ? [`${open} of ${ids.length} not yet`] : [])].join('; ');
}

function stateOf(id: string, verified: Verified): string {
	const found = verified.checks[id];
	if (!found) return 'not yet';
	return found.verdict === 'holds'
		? `holds (${found.date})`
		: `differs: ${found.outcome} (${found.date})`;
}

/** Writes the page. */
export function writePage(): void {
	writeFileSync(PAGE_FILE, page());
}

if (require.main === module) writePage();
