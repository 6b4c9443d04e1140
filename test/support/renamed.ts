import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** A copy of the repository in an empty folder, renamed there by `npm run rename` with these arguments, and built. */
export function renamedCopy(folder: string, args: string[]): void {
	const listed = execFileSync('git', ['ls-files', '-z', '--', '.', ':!docs/images'], { cwd: root });
	for (const file of listed.toString().split('\0').filter(Boolean)) {
		mkdirSync(dirname(join(folder, file)), { recursive: true });
		cpSync(join(root, file), join(folder, file));
	}
	symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
	const run = (file: string, ...rest: string[]) =>
		execFileSync(file, rest, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
	// The rename asks git which files there are.
	run('git', 'init', '--quiet');
	run('git', 'add', '--all');
	run('npm', 'run', 'rename', '--', ...args);
	run('npm', 'run', 'build');
}

/** Packs such a copy; returns the tarball. */
export function packCopy(folder: string): string {
	const printed = execFileSync('npm', ['pack', '--json'], { cwd: folder, encoding: 'utf8' });
	const [{ filename }] = JSON.parse(printed) as [{ filename: string }];
	return join(folder, filename);
}
