import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { usualBaseUrl } from '../nodes/Partnero/transport/address';
import { writePage } from '../sandbox/assumptionsPage';
import { readReport, readVerified, withReport, writeVerified } from '../sandbox/verified';

import { Refusal, UserError } from './program';
import { adviceOf } from './report';
import { checkLive, cleanUpAfter } from './run';
import { confirm, KEY_VARIABLE, readKey } from './terminal';

const HELP = `Usage: npm run check:live -- [options]

Finds out how Partnero's API behaves, and writes a report that holds no value of your program.
Without --write it only reads: at most 60 requests, one at a time.
The key is read from ${KEY_VARIABLE}, or asked for.

  --write --program <id>     also the checks that write, in an empty program whose public id this is
  --clean-up --program <id>  deletes what an interrupted check left in it
  --base-url <url>           another address, such as that of the sandbox
  --out <folder>             where live-check.md and live-check.json are written; here if not given
  --apply <report.json>      keeps what a report found for the sandbox and the assumptions; sends nothing
  --help`;

/** Exit codes. */
const [DONE, FAILED, REFUSED, LEFT_BEHIND, INTERRUPTED] = [0, 1, 2, 3, 130];

function say(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** What was asked for; what is wrong with it is not repeated, since it may be the key. */
function readArguments() {
	try {
		return parseArgs({
			options: {
				write: { type: 'boolean', default: false },
				'clean-up': { type: 'boolean', default: false },
				program: { type: 'string' },
				'base-url': { type: 'string', default: usualBaseUrl },
				out: { type: 'string', default: '.' },
				apply: { type: 'string' },
				help: { type: 'boolean', default: false },
			},
		}).values;
	} catch {
		throw new UserError(`An argument is not known.\n\n${HELP}`);
	}
}

async function main(): Promise<number> {
	const values = readArguments();
	if (values.help) return (say(HELP), DONE);
	if (values.apply !== undefined) return (apply(values.apply), DONE);
	const { program, 'base-url': baseUrl } = values;
	if ((values.write || values['clean-up']) && !program)
		throw new Refusal('Name the program with --program and its public id. Nothing was sent.');
	if (values.write && values['clean-up'])
		throw new Refusal('Give either --write or --clean-up. Nothing was sent.');
	const credentials = { apiKey: await readKey(), baseUrl };
	if (values['clean-up']) return toldLeft(await cleanUpAfter({ credentials, program: program! }));
	const signal = interrupted(values.write);
	const { report, markdown, left } = await checkLive({
		credentials,
		...(values.write && { write: { program: program!, confirm } }),
		signal,
		tell: say,
	});
	const [page, data] = ['live-check.md', 'live-check.json'].map((name) => join(values.out, name));
	writeFileSync(page, markdown);
	writeFileSync(data, `${JSON.stringify(report, null, '\t')}\n`);
	say('');
	for (const check of report.checks) {
		say(
			`${check.id}: ${check.verdict === 'undecided' ? `cannot be decided: ${check.why}` : `${check.verdict} (${check.outcome})`}`,
		);
		if (check.verdict === 'differs') for (const line of adviceOf(check)) say(`  ${line}`);
	}
	say(`\nWritten: ${page} and ${data}. They hold no value of your program.`);
	const code = values.write ? toldLeft(left) : DONE;
	return code === DONE && signal.aborted ? INTERRUPTED : code;
}

function toldLeft(left: number | undefined): number {
	if (left === 0) return (say('The program is empty again.'), DONE);
	const what =
		left === undefined
			? 'Whether the program is empty could not be read'
			: `${left} records are left in the program`;
	say(`${what}. Run it again with --clean-up.`);
	return LEFT_BEHIND;
}

function apply(file: string): void {
	const report = readReport(readFileSync(file, 'utf8'));
	if (!report.isPartnero)
		throw new UserError(
			'This report is not about Partnero, so it verifies nothing. Try it with: npm run sandbox -- --as-checked <report.json>',
		);
	writeVerified(withReport(readVerified(), report));
	writePage();
	say('Kept in sandbox/verified.json; docs/assumptions.md says so.');
	say('The sandbox plays it with: npm run sandbox -- --as-checked');
	say('The engine tests run on it with: PARTNERO_SANDBOX_AS_CHECKED=1 npm run test:engine');
}

/** Ctrl-C ends the checks before the next request, and what they made is deleted; a second one ends it at once. */
function interrupted(isWriting: boolean): AbortSignal {
	const ending = new AbortController();
	let since = 0;
	const end = () => {
		// One Ctrl-C may arrive twice, from the terminal and from npm.
		if (ending.signal.aborted && Date.now() - since < 1000) return;
		if (ending.signal.aborted) process.exit(INTERRUPTED);
		since = Date.now();
		say(
			isWriting
				? '\nInterrupted: what was made is being deleted. Ctrl-C once more ends it at once; --clean-up then finishes it.'
				: '\nInterrupted.',
		);
		ending.abort();
	};
	process.on('SIGINT', end);
	process.on('SIGTERM', end);
	return ending.signal;
}

main()
	.catch((error: unknown) => {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
		return error instanceof Refusal ? REFUSED : FAILED;
	})
	.then((code) => process.exit(code))
	.catch(() => process.exit(FAILED));
