import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';
import { z } from 'zod';

import type { Manners } from './manners';
import { MANNERS } from './manners';
import type { QuirkName, Quirks } from './quirks';
import { readQuirks } from './quirks';
import type { SwitchName, Switches } from './switches';
import { readSwitches } from './switches';

/** What the node takes for true, and what the outcome of each check means for the sandbox. */
const ASSUMPTIONS_FILE = join(__dirname, 'assumptions.yaml');

export const VERDICTS = ['holds', 'differs', 'undecided'] as const;
/** What a check says of its claim. */
export type Verdict = (typeof VERDICTS)[number];

/** What a check found beside its outcome: counts, booleans, words that this project chose, and names of fields. */
export const factSchema = z.union([z.number(), z.boolean(), z.string(), z.array(z.string())]);
export type Fact = z.infer<typeof factSchema>;
export type Facts = Record<string, Fact>;

/** How the sandbox is set to play what was found. */
export interface Setting {
	switches?: Partial<Switches>;
	quirks?: Partial<Quirks>;
	manners?: Manners;
}

const outcome = z
	.object({
		verdict: z.enum(['holds', 'differs']),
		/** A setting in which `{name}` stands for a fact. */
		set: z
			.object({
				switches: z.record(z.string(), z.string()).optional(),
				quirks: z.record(z.string(), z.unknown()).optional(),
				manners: z.enum(MANNERS).optional(),
			})
			.strict()
			.optional(),
		/** For people, where nothing can be set, or not exactly. */
		means: z.string().optional(),
	})
	.strict();
export type OutcomeRow = z.infer<typeof outcome>;

const schema = z
	.object({
		assumptions: z.array(
			z
				.object({
					id: z.string(),
					assumption: z.string(),
					ifWrong: z.string(),
					inSandbox: z.string(),
					byHand: z.string(),
				})
				.strict(),
		),
		checks: z.array(
			z
				.object({
					id: z.string(),
					claim: z.string(),
					mode: z.enum(['reading', 'writing']),
					programs: z.array(z.enum(['affiliate', 'refer-a-friend', 'newsletter'])),
					assumptions: z.array(z.string()).default([]),
					outcomes: z.record(z.string(), outcome),
					tests: z.array(z.string()).min(1),
				})
				.strict(),
		),
		unreachable: z
			.object({
				switches: z.record(z.string(), z.string()),
				quirks: z.record(z.string(), z.string()),
			})
			.strict(),
	})
	.strict();

export type Assumptions = z.infer<typeof schema>;
/** A row of docs/assumptions.md. */
export type Assumption = Assumptions['assumptions'][number];
/** What a check is about, and what its outcomes mean. */
export type CheckRow = Assumptions['checks'][number];

/** The file's text, and what it says. */
export const ASSUMPTIONS_TEXT = readFileSync(ASSUMPTIONS_FILE, 'utf8');
export const ASSUMPTIONS: Assumptions = schema.parse(parse(ASSUMPTIONS_TEXT));

/**
 * The row of a check.
 * @throws if the file has none
 */
export function checkRow(id: string): CheckRow {
	const row = ASSUMPTIONS.checks.find((check) => check.id === id);
	if (!row) throw new Error(`sandbox/assumptions.yaml has no check "${id}".`);
	return row;
}

/** How the sandbox is set to play an outcome; empty where it does so without. */
export function settingOf({ set = {} }: OutcomeRow, facts: Facts): Setting {
	const {
		switches = {},
		quirks = {},
		manners,
	} = filled(set, facts) as NonNullable<OutcomeRow['set']>;
	// A fact that was not found leaves its place out.
	const known = Object.fromEntries(
		Object.entries(quirks).filter(([, value]) => value !== undefined && !isEmptyList(value)),
	);
	return {
		switches: readSwitches(switches),
		quirks: readQuirks(known),
		...(manners && { manners }),
	};
}

function isEmptyList(value: unknown): boolean {
	return Array.isArray(value) && value.length === 0;
}

function filled(value: unknown, facts: Facts): unknown {
	if (typeof value === 'string') {
		const [, name] = /^\{(\w+)\}$/.exec(value) ?? [];
		return name === undefined ? value : facts[name];
	}
	if (Array.isArray(value)) return value.map((entry) => filled(entry, facts));
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, entry]) => [name, filled(entry, facts)]),
	);
}

/** Several settings at once; lists are joined, of anything else the last counts. */
export function joined(settings: readonly Setting[]): Setting {
	const all: Required<Omit<Setting, 'manners'>> & Setting = { switches: {}, quirks: {} };
	for (const { switches, quirks = {}, manners } of settings) {
		Object.assign(all.switches, switches);
		const { filtersIgnored, searchesBlindTo, addressesMissing } = all.quirks;
		const lists = { filtersIgnored, searchesBlindTo, addressesMissing };
		Object.assign(all.quirks, quirks);
		for (const [name, before] of Object.entries(lists) as Array<
			[keyof typeof lists, string[] | undefined]
		>) {
			const after = quirks[name];
			if (before && after) all.quirks[name] = [...new Set([...before, ...after])];
		}
		if (manners) all.manners = manners;
	}
	return all;
}

/** What a setting says, one instruction each: "Set the switch `limits` to `1-250`". */
export function instructions({ switches = {}, quirks = {}, manners }: Setting): string[] {
	return [
		...Object.entries(switches).map(
			([name, value]) => `Set the switch \`${name}\` to \`${value}\`.`,
		),
		...Object.entries(quirks).map(
			([name, value]) => `Set the quirk \`${name}\` to \`${JSON.stringify(value)}\`.`,
		),
		...(manners ? [`Set the manners to \`${manners}\`.`] : []),
	];
}

/** Every switch and quirk that some outcome sets. */
export function settable(): { switches: Set<SwitchName>; quirks: Set<QuirkName> } {
	const sets = ASSUMPTIONS.checks.flatMap(({ outcomes }) =>
		Object.values(outcomes).flatMap(({ set }) => set ?? []),
	);
	return {
		switches: new Set(sets.flatMap(({ switches = {} }) => Object.keys(switches) as SwitchName[])),
		quirks: new Set(sets.flatMap(({ quirks = {} }) => Object.keys(quirks) as QuirkName[])),
	};
}
