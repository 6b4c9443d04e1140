import { isManners } from '../../../sandbox/manners';
import type { Sandbox, SandboxOptions } from '../../../sandbox/server';
import { startSandbox } from '../../../sandbox/server';
import { asChecked } from '../../../sandbox/verified';

import type { Result, RunOptions } from './engine';
import { run } from './engine';

/** Runs an operation against a sandbox; parameters beyond resource and operation as the editor stores them. */
export type Operate = (
	resource: string,
	operation: string,
	parameters?: RunOptions['parameters'],
	options?: Partial<RunOptions>,
) => Promise<Result>;

export interface Bench {
	sandbox: Sandbox;
	operate: Operate;
	readonly credentials: { apiKey: string; baseUrl: string };
	/** What went out since the last reset: method, path and whatever of query and body there was. */
	wire(): Array<{ method: string; path: string; query?: object; body?: unknown }>;
}

/**
 * What the sandbox plays for tests that say nothing of it, so that the same tests can be run under other manners, or
 * on what a check of the real API found: the file of a report, or 1 for what was applied so far.
 */
export function wantedSandbox(): Pick<SandboxOptions, 'manners' | 'switches' | 'usualQuirks'> {
	const report = process.env.PARTNERO_SANDBOX_AS_CHECKED;
	return { ...(report && asChecked(report === '1' ? undefined : report)), ...mannersWanted() };
}

function mannersWanted(): Pick<SandboxOptions, 'manners'> {
	const manners = process.env.PARTNERO_SANDBOX_MANNERS;
	if (manners === undefined) return {};
	if (!isManners(manners)) throw new Error(`PARTNERO_SANDBOX_MANNERS is no manners: ${manners}`);
	return { manners };
}

/** A sandbox for the tests of one file, emptied before each of them and with new API keys, by which the node's process remembers sales. */
export function useSandbox(
	options: SandboxOptions = {},
	program: keyof Sandbox['keys'] = 'affiliate',
): Bench {
	const bench = {
		get credentials() {
			return { apiKey: this.sandbox.keys[program], baseUrl: this.sandbox.url };
		},
	} as Bench;
	beforeAll(async () => {
		bench.sandbox = await startSandbox({
			seed: 'empty',
			freshKeys: true,
			...wantedSandbox(),
			...options,
		});
	});
	beforeEach(() => bench.sandbox.reset(options.seed ?? 'empty'));
	afterAll(async () => await bench.sandbox.close());
	bench.operate = async (resource, operation, parameters = {}, more = {}) =>
		await run({
			credentials: bench.credentials,
			...more,
			parameters: { resource, operation, ...parameters },
		});
	bench.wire = () =>
		bench.sandbox.requests.map(({ method, path, query, body }) => ({
			method,
			path,
			...(Object.keys(query).length > 0 && { query }),
			...(body !== undefined && body !== null && { body }),
		}));
	return bench;
}

/** A resource locator's value as the editor stores it. */
export function locator(mode: string, value: string) {
	return { __rl: true, mode, value };
}
