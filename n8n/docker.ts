import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { PROGRAMS } from '../sandbox/programs';

import type { WorkflowFile } from './client';
import { N8nClient } from './client';
import { N8N_FOLDER } from './install';
import type { Finished } from './processes';
import { run } from './processes';
import { freePort } from './server';
import { UserError, say, withHeartbeat } from './terminal';

const ROOT = join(N8N_FOLDER, '..');
/** Where the sandbox is for n8n, whose network it shares. */
const SANDBOX_URL = 'http://127.0.0.1:4010';
const PATIENCE_MS = 5 * 60_000;

/** What became of the one sale of an example that was run twice. */
export interface RecordedTwice {
	orderKey: string;
	/** Whether the first run, and the second one, recorded it. */
	recorded: unknown[];
}

/** Imports an example with a credential for the sandbox, and runs it twice. */
export async function recordTwice(client: N8nClient, baseUrl: string): Promise<RecordedTwice> {
	const credential = await client.createCredential('Partnero account', 'partneroApi', {
		apiKey: PROGRAMS.affiliate.key,
		baseUrl,
	});
	const file = join(ROOT, 'examples', 'sign-up-then-sale.json');
	const example = JSON.parse(readFileSync(file, 'utf8')) as WorkflowFile;
	const id = await client.createWorkflow(example, credential);
	const runs = [
		await client.runWorkflow(id, 'Try it now'),
		await client.runWorkflow(id, 'Try it now'),
	];
	for (const { succeeded, error } of runs) if (!succeeded) throw new UserError(String(error));
	return {
		orderKey: String(runs[0].output('Sign-up and order')[0]?.orderKey),
		recorded: runs.map((each) => each.output('Commission')[0]?.recordedNow),
	};
}

/** docker/compose.yaml, under a name and on a port of its own. */
class Composition {
	constructor(private readonly port: number) {}

	async call(...args: string[]): Promise<Finished> {
		const file = join(ROOT, 'docker', 'compose.yaml');
		return await run('docker', ['compose', '-f', file, '-p', 'partnero-check', ...args], {
			cwd: ROOT,
			env: { ...process.env, N8N_PORT: String(this.port) },
		});
	}

	async demand(what: string, ...args: string[]): Promise<string> {
		const { code, stdout, output } = await this.call(...args);
		if (code !== 0) throw new UserError(`Could not ${what}:\n${output.trim()}`);
		return stdout;
	}
}

/**
 * `npm run docker`: starts docker/compose.yaml, records a sale twice in its n8n, and looks at what the sandbox has. Where
 * there is no Docker daemon, nothing is run and nothing is claimed.
 */
async function main(): Promise<number> {
	if ((await run('docker', ['info'])).code !== 0) {
		say('not run: there is no Docker daemon on this machine.');
		return 0;
	}
	const port = await freePort();
	const composition = new Composition(port);
	try {
		await withHeartbeat('Building and starting', async () => {
			await composition.demand('start the containers', 'up', '--build', '--detach');
		});
		const client = new N8nClient(`http://127.0.0.1:${port}`);
		const deadline = Date.now() + PATIENCE_MS;
		while (!(await client.isReady())) {
			if (Date.now() > deadline)
				throw new UserError(`n8n did not start:\n${(await composition.call('logs')).output}`);
			await sleep(1_000);
		}
		await client.logIn();
		const { orderKey, recorded } = await recordTwice(client, `${SANDBOX_URL}/v1`);
		const read = `fetch('${SANDBOX_URL}/_sandbox/ledger').then(async (r) => console.log(await r.text()))`;
		const ledger = JSON.parse(
			await composition.demand('read the ledger', 'exec', '-T', 'sandbox', 'node', '-e', read),
		) as { transactions: { byKey: { [key: string]: { count: number } } } };
		const count = ledger.transactions.byKey[orderKey]?.count;
		const good = recorded[0] === true && recorded[1] === false && count === 1;
		say(
			`${good ? 'ok' : 'FAILED'}: recorded by the first run ${String(recorded[0])}, by the second ${String(recorded[1])}; the sandbox has the sale ${count} times.`,
		);
		return good ? 0 : 1;
	} finally {
		await composition.call('down', '--volumes', '--timeout', '10');
	}
}

if (require.main === module) {
	main().then(
		(code) => process.exit(code),
		(error: unknown) => {
			say(error instanceof Error ? error.message : String(error));
			process.exit(1);
		},
	);
}
