import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';

export const root = resolve(__dirname, '../..');

export interface PackedPackage {
	/** The unpacked package. */
	directory: string;
	/** Its files, relative to it, with slashes. */
	files: string[];
	/** Size of the tarball in bytes. */
	size: number;
	remove(): void;
}

/** All files below a folder, relative to it, with slashes. */
export function filesIn(directory: string): string[] {
	return readdirSync(directory, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'))
		.sort();
}

/**
 * Packs what is built and unpacks it as n8n finds a package it has installed: beside n8n-workflow and nothing else,
 * so that a module which is not shipped cannot be found by accident.
 */
export function pack(): PackedPackage {
	const temporary = mkdtempSync(join(tmpdir(), 'n8n-nodes-partnero-'));
	const modules = join(temporary, 'node_modules');
	const directory = join(modules, 'n8n-nodes-partnero');
	mkdirSync(directory, { recursive: true });
	symlinkSync(
		join(root, 'node_modules', 'n8n-workflow'),
		join(modules, 'n8n-workflow'),
		'junction',
	);

	execFileSync('npm', ['pack', '--silent', '--pack-destination', temporary], {
		cwd: root,
		stdio: ['ignore', 'ignore', 'inherit'],
		shell: process.platform === 'win32',
	});
	const name = readdirSync(temporary).find((file) => file.endsWith('.tgz'));
	if (!name) throw new Error('npm pack wrote no tarball');
	execFileSync(
		'tar',
		['-xzf', name, '-C', 'node_modules/n8n-nodes-partnero', '--strip-components=1'],
		{
			cwd: temporary,
		},
	);

	return {
		directory,
		files: filesIn(directory),
		size: statSync(join(temporary, name)).size,
		remove: () => rmSync(temporary, { recursive: true, force: true }),
	};
}

/** What n8n's scanner says of the source or of an unpacked tarball. It is an ES module: it runs in a Node of its own. */
export function scan(what: 'source' | 'tarball', directory = ''): string {
	const { stdout, stderr, error } = spawnSync(
		process.execPath,
		['--import', 'tsx', join(__dirname, 'scan.ts'), what, directory],
		// eslint-plugin-n8n-nodes-base takes every file for its own fixture when NODE_ENV is "test", as jest sets it.
		{ cwd: root, encoding: 'utf8', env: { ...process.env, NODE_ENV: 'production' } },
	);
	if (error) throw error;
	return stdout + stderr;
}
