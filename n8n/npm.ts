import { existsSync } from 'node:fs';
import { delimiter, dirname } from 'node:path';

import type { Finished } from './processes';
import { run } from './processes';

/** The npm that started us, to be run with a Node of our choice. */
export function npmCli(): string | undefined {
	const cli = process.env.npm_execpath;
	return cli && /npm-cli\.[cm]?js$/.test(cli) && existsSync(cli) ? cli : undefined;
}

/** Runs npm with the given Node. */
export async function npm(
	node: string,
	args: string[],
	options: { cwd: string },
): Promise<Finished> {
	const all = [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
	const cli = npmCli();
	return await run(cli ? node : 'npm', cli ? [cli, ...all] : all, {
		...options,
		env: npmEnvironment(node),
	});
}

/** The environment without what the npm that started us says about this package. */
export function npmEnvironment(node: string): NodeJS.ProcessEnv {
	const ours = /^npm_(package_|lifecycle_|command$|config_(local_prefix|ignore_scripts)$)/;
	const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
	return { ...env, PATH: [dirname(node), process.env.PATH ?? ''].join(delimiter) };
}
