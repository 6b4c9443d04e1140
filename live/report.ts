import type { Facts, Setting, Verdict } from '../sandbox/assumptions';
import { ASSUMPTIONS_TEXT, checkRow, instructions, settingOf } from '../sandbox/assumptions';

import { CONTRACT_WORDS } from './skeleton';

/** One request of a check: its template, its status, and its answer as a skeleton. */
export interface ShownExchange {
	request: string;
	/** 0 if no answer came. */
	status: number;
	answer: string;
}

/** What a check says. */
export interface CheckReport {
	id: string;
	verdict: Verdict;
	/** Missing where nothing was decided. */
	outcome?: string;
	/** Why nothing was decided. */
	why?: string;
	facts: Facts;
	exchanges: ShownExchange[];
}

/** A whole report, as it is written as JSON. */
export interface Report {
	kind: 'partnero-live-check';
	/** The day on which it was made, in UTC. */
	date: string;
	mode: 'reading' | 'writing';
	program: string;
	/** Whether it is about Partnero, and not about the sandbox or a proxy. */
	isPartnero: boolean;
	requests: number;
	checks: CheckReport[];
}

const WORDS: Record<Verdict, string> = {
	holds: 'holds',
	differs: '**differs**',
	undecided: 'cannot be decided',
};

/** How the sandbox plays what a check found; empty where it does so without. */
function settingOfCheck({
	id,
	outcome,
	facts,
}: Pick<CheckReport, 'id' | 'outcome' | 'facts'>): Setting {
	const row = outcome === undefined ? undefined : checkRow(id).outcomes[outcome];
	return row ? settingOf(row, facts) : {};
}

/** What a verdict asks for: switches to set, or what it means where nothing can be set. */
export function adviceOf(check: CheckReport): string[] {
	const row = check.outcome === undefined ? undefined : checkRow(check.id).outcomes[check.outcome];
	return [...instructions(settingOfCheck(check)), ...(row?.means ? [row.means] : [])];
}

/** The report for people. */
export function markdown(report: Report): string {
	const rows = report.checks.map(
		(check) =>
			`| \`${check.id}\` | ${checkRow(check.id).claim} | ${WORDS[check.verdict]}${reason(check)} |`,
	);
	const count = (verdict: Verdict) =>
		report.checks.filter((check) => check.verdict === verdict).length;
	return [
		'# Partnero live check',
		`${report.date}, ${report.program} program, ${report.isPartnero ? 'api.partnero.com' : 'another address'}, ${report.mode === 'reading' ? 'read only' : 'with writing checks'}, ${report.requests} requests.`,
		`${count('holds')} hold, ${count('differs')} differ, ${count('undecided')} cannot be decided.`,
		'This report holds no value of the program: names in braces stand for what was sent, and answers are shown as names and types.',
		['| Check | Claim | Verdict |', '| --- | --- | --- |', ...rows].join('\n'),
		...report.checks.map(section),
	]
		.join('\n\n')
		.concat('\n');
}

function reason({ why, outcome }: CheckReport): string {
	if (why !== undefined) return `: ${why}`;
	return outcome === undefined ? '' : `: ${outcome}`;
}

function section(check: CheckReport): string {
	const { id, facts, exchanges } = check;
	const lines = exchanges.map(({ request, status, answer }) =>
		[request, status === 0 ? '    no answer' : `    ${status} ${answer}`].join('\n'),
	);
	return [
		`## ${id}`,
		`${checkRow(id).claim} ${WORDS[check.verdict]}${reason(check)}`,
		...adviceOf(check),
		...(Object.keys(facts).length > 0
			? [
					Object.entries(facts)
						.map(([name, fact]) => `- ${name}: ${JSON.stringify(fact)}`)
						.join('\n'),
				]
			: []),
		...(lines.length > 0 ? [`\`\`\`\n${lines.join('\n')}\n\`\`\``] : []),
	].join('\n\n');
}

/** What a report says of any program: its own words, those of sandbox/assumptions.yaml, and the templates of requests. */
export function ownWords(report: Report): string {
	const bare = {
		...report,
		checks: report.checks.map(({ id, verdict }): CheckReport => ({
			id,
			verdict,
			facts: {},
			exchanges: [],
		})),
	};
	const templates = report.checks.flatMap(({ exchanges }) =>
		exchanges.map(({ request }) => request),
	);
	return [
		markdown(bare),
		JSON.stringify(bare),
		ASSUMPTIONS_TEXT,
		...templates,
		...CONTRACT_WORDS,
		SKELETON_WORDS,
	].join('\n');
}

const SKELETON_WORDS =
	'Set the switch quirk manners to; status answer why outcome request; text digits integer number boolean null address email date instant empty nothing more shapes true false refused ignored taken works path body neither';
