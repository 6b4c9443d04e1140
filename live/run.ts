import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { baseUrlOf, usualBaseUrl } from '../nodes/Partnero/transport/address';
import { ASSUMPTIONS, checkRow } from '../sandbox/assumptions';

import type { Check, Checks, Found, Live, Writing } from './check';
import { listChecks } from './checks/lists';
import { lookupChecks } from './checks/lookups';
import { rateLimitCheck, shapeChecks } from './checks/shapes';
import { irreversibleChecks, writingChecks } from './checks/writing';
import { cleanUp } from './cleanUp';
import { reasonsAgainst } from './emptiness';
import { Fixtures } from './fixtures';
import { leaksIn } from './guard';
import { journalFile, JournalFile } from './journal';
import { Lists } from './lists';
import type { Program } from './program';
import { readProgram, Refusal, UserError } from './program';
import type { CheckReport, Report } from './report';
import { markdown, ownWords } from './report';
import type { Permit } from './sender';
import { MOST_READS, MOST_REQUESTS, Sender, Undecided } from './sender';
import { skeletonOf } from './skeleton';

/** What of a check cannot be taken back, as the person is asked. */
const IRREVERSIBLE = {
	bonus: 'A partner of the check gets a bonus of 0.01, which no request takes back. Do it?',
	credit: 'A customer of the check gets a credit of 0.01, which no request takes back. Do it?',
} as const;

export interface RunOptions {
	credentials: ICredentialDataDecryptedObject;
	/** Missing: only reads. */
	write?: {
		/** The public id as the person typed it. */
		program: string;
		/** Where the journal is kept, if not at its usual place. */
		journal?: string;
		/** Asks whether to do what cannot be taken back. */
		confirm(question: string): Promise<boolean>;
	};
	/** Ends it before the next request; what was made is deleted then. */
	signal?: AbortSignal;
	/** Milliseconds until an answer counts as lost; half a minute if not given. */
	timeout?: number;
	/** Tells how far it is. */
	tell?(line: string): void;
}

/** What came of a run. */
export interface RunResult {
	report: Report;
	markdown: string;
	/** How many records of the check are left in the program; undefined if nobody can tell. */
	left?: number;
}

const READING: Checks = { ...shapeChecks, ...listChecks, ...lookupChecks, ...rateLimitCheck };

/** The ids of all checks, of either kind. */
export const CHECK_IDS: { reading: string[]; writing: string[] } = {
	reading: Object.keys(READING),
	writing: [...Object.keys(writingChecks), ...Object.keys(irreversibleChecks)],
};

/**
 * Checks a program.
 * @throws Refusal if it may not be written into, before the first write; UserError if it cannot be read, or the report
 * would hold a value of the program
 */
export async function checkLive(options: RunOptions): Promise<RunResult> {
	const run = options.write ? await write(options, options.write) : await read(options);
	const { sender, program, checks } = run;
	const order = ASSUMPTIONS.checks.map(({ id }) => id);
	const report: Report = {
		kind: 'partnero-live-check',
		date: new Date().toISOString().slice(0, 10),
		mode: options.write ? 'writing' : 'reading',
		program: program.contract,
		isPartnero: new URL(baseUrlOf(options.credentials)).origin === new URL(usualBaseUrl).origin,
		requests: sender.count,
		checks: checks.sort((one, other) => order.indexOf(one.id) - order.indexOf(other.id)),
	};
	const text = markdown(report);
	refuseLeaks(`${text}${JSON.stringify(report)}`, report, sender);
	return { report, markdown: text, ...(run.left !== undefined && { left: run.left }) };
}

/** Writes nothing rather than a value of the program. */
function refuseLeaks(text: string, report: Report, { answers, credentials }: Sender): void {
	const { key, values } = leaksIn(text, answers, credentials, ownWords(report));
	if (key)
		throw new UserError(
			'The report would have held the API key, and was not written. Please tell the maintainers.',
		);
	if (values > 0)
		throw new UserError(
			`The report would have held ${values} of the program's values, and was not written. Please tell the maintainers, without the values.`,
		);
}

interface Checked {
	sender: Sender;
	program: Program;
	checks: CheckReport[];
	left?: number;
}

async function read({ credentials, signal, timeout, tell }: RunOptions): Promise<Checked> {
	const sender = new Sender({ credentials, limit: MOST_READS, signal, timeout });
	const program = await readProgram(sender);
	const live: Live = { sender, program, lists: new Lists(sender) };
	return { sender, program, checks: await checkAll(READING, live, tell) };
}

async function write(
	{ credentials, signal, timeout, tell }: RunOptions,
	{ program: typed, journal: file, confirm }: NonNullable<RunOptions['write']>,
): Promise<Checked> {
	// Before it is known that the program may be written into, nothing can write.
	const reader = new Sender({ credentials, limit: MOST_READS, signal, timeout });
	const program = await readProgram(reader);
	if (program.publicId === undefined || program.publicId !== typed.trim())
		throw new Refusal(
			'The key belongs to another program than the one that was named. Nothing was written.',
		);
	const reasons = await reasonsAgainst(reader, program);
	if (reasons.length > 0)
		throw new Refusal(
			`The program may not be written into. ${reasons.join(' ')} Nothing was written.`,
		);
	const confirmed = new Set<'bonus' | 'credit'>();
	for (const [what, question] of Object.entries(IRREVERSIBLE) as Array<
		['bonus' | 'credit', string]
	>) {
		if (checkRow(what).programs.includes(program.contract) && (await confirm(question)))
			confirmed.add(what);
	}
	const journal = JournalFile.begin(file ?? journalFile(program.publicId), program.publicId);
	const permit: Permit = {
		journal: (kind, identifier) => journal.note(kind, identifier),
		confirmed,
	};
	const sender = new Sender({ credentials, limit: MOST_REQUESTS, permit, signal, timeout });
	// What was read before counts as well, where a report is searched for values.
	sender.answers.push(...reader.answers);
	let left: number | undefined;
	let checks: CheckReport[];
	try {
		checks = await makeAndCheck(sender, program, journal, confirmed, tell);
	} finally {
		tell?.('Cleaning up ...');
		left = await cleaned(credentials, program, journal, sender.isDoubtful);
	}
	return { sender, program, checks, left };
}

async function makeAndCheck(
	sender: Sender,
	program: Program,
	journal: JournalFile,
	confirmed: ReadonlySet<string>,
	tell?: RunOptions['tell'],
): Promise<CheckReport[]> {
	const fixtures = new Fixtures(sender, program, journal);
	const live: Writing = { sender, program, fixtures, lists: new Lists(sender) };
	const all = { ...writingChecks, ...irreversibleChecks };
	const failure = await fixtures.make().then(
		() => undefined,
		(error: unknown) => whyOf(error),
	);
	const unconfirmed = Object.fromEntries(
		Object.keys(irreversibleChecks)
			.filter((id) => !confirmed.has(id))
			.map((id) => [id, cannot('it was not confirmed')]),
	);
	const unmade =
		failure === undefined
			? {}
			: Object.fromEntries(Object.keys(all).map((id) => [id, cannot(failure)]));
	const writing = await checkAll({ ...all, ...unconfirmed, ...unmade }, live, tell);
	if (failure === undefined) await fixtures.fill().catch(whyOf);
	// Now there is something to read.
	return [...writing, ...(await checkAll(READING, { ...live, lists: new Lists(sender) }, tell))];
}

function cannot(why: string): Check<Live> {
	return async () => await Promise.reject(new Undecided(why));
}

/** Makes all checks that this type of program has, one after the other. */
async function checkAll<On extends Live>(
	checks: Checks<On>,
	live: On,
	tell?: RunOptions['tell'],
): Promise<CheckReport[]> {
	const reports: CheckReport[] = [];
	for (const [id, check] of Object.entries(checks)) {
		if (!checkRow(id).programs.includes(live.program.contract)) continue;
		tell?.(`${id} ...`);
		reports.push(await checkOne(id, check, live));
	}
	return reports;
}

async function checkOne<On extends Live>(
	id: string,
	check: Check<On>,
	live: On,
): Promise<CheckReport> {
	const { exchanges } = live.sender;
	exchanges.length = 0;
	let found: Found | { why: string };
	try {
		found = await check(live);
	} catch (error) {
		found = { why: whyOf(error) };
	}
	const shown = exchanges.map(({ request, status, body }) => ({
		request,
		status,
		answer: skeletonOf(body),
	}));
	if ('why' in found)
		return { id, verdict: 'undecided', why: found.why, facts: {}, exchanges: shown };
	const row = checkRow(id).outcomes[found.outcome];
	if (!row)
		throw new Error(
			`sandbox/assumptions.yaml has no outcome "${found.outcome}" of the check "${id}".`,
		);
	return {
		id,
		verdict: row.verdict,
		outcome: found.outcome,
		facts: found.facts ?? {},
		exchanges: shown,
	};
}

/** Only what is undecided is a reason; anything else is a mistake in the check. */
function whyOf(error: unknown): string {
	if (error instanceof Undecided) return error.message;
	throw error;
}

async function cleaned(
	credentials: ICredentialDataDecryptedObject,
	program: Program,
	journal: JournalFile,
	isDoubtful: boolean,
): Promise<number | undefined> {
	const sender = new Sender({
		credentials,
		limit: MOST_REQUESTS,
		permit: { journal: () => undefined, confirmed: new Set() },
	});
	const left = await cleanUp(sender, program, journal, isDoubtful);
	if (left === 0) journal.remove();
	else journal.close();
	return left;
}

/**
 * Deletes what an earlier check left behind.
 * @returns how many records are left; undefined if nobody can tell
 * @throws UserError if there is no journal, or it is of another program
 */
export async function cleanUpAfter({
	credentials,
	program: typed,
	journal: file,
}: {
	credentials: ICredentialDataDecryptedObject;
	program: string;
	journal?: string;
}): Promise<number | undefined> {
	const program = await readProgram(new Sender({ credentials, limit: MOST_READS }));
	if (program.publicId !== typed.trim())
		throw new Refusal(
			'The key belongs to another program than the one that was named. Nothing was deleted.',
		);
	return await cleaned(
		credentials,
		program,
		JournalFile.resume(file ?? journalFile(typed.trim()), typed.trim()),
		true,
	);
}
