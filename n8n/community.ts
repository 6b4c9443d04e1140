import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { npm } from './npm';
import type { Finished } from './processes';
import { run } from './processes';

/** What the packed package says about itself. */
export interface CommunityPackage {
	name: string;
	version: string;
	author?: { name?: string; email?: string };
}

/** A node type as n8n's editor knows it. */
export interface NodeType {
	name: string;
	displayName: string;
	version: number | number[];
}

interface Target {
	/** The Node that runs n8n. */
	node: string;
	userFolder: string;
}

/**
 * Puts a packed package where n8n puts the ones that are installed in its editor, in the same
 * steps: unpack, drop what only developers need, install its dependencies without scripts, note
 * it in the ledger. (n8n itself fetches the tarball from npm's registry, which this one has not
 * reached yet.) Offline on purpose: the package has no dependencies, and if it had, this would fail.
 */
export async function installPackage({
	node,
	tarball,
	userFolder,
}: Target & { tarball: string }): Promise<CommunityPackage> {
	const packed = resolve(tarball);
	const read = demand(
		await run('tar', ['-xzOf', packed, 'package/package.json']),
		`read ${tarball}`,
	);
	const manifest = JSON.parse(read.stdout) as CommunityPackage & Record<string, unknown>;
	for (const key of ['devDependencies', 'peerDependencies', 'optionalDependencies'])
		delete manifest[key];

	const nodes = join(userFolder, '.n8n', 'nodes');
	const folder = join(nodes, 'node_modules', manifest.name);
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	demand(
		await run('tar', ['-xzf', packed, '-C', folder, '--strip-components=1']),
		`unpack ${tarball}`,
	);
	writeJson(join(folder, 'package.json'), manifest);
	demand(
		await npm(
			node,
			[
				'install',
				'--offline',
				'--bin-links=false',
				'--install-strategy=shallow',
				'--package-lock=false',
			],
			{
				cwd: folder,
			},
		),
		`install what ${manifest.name} depends on`,
	);

	const ledger = join(nodes, 'package.json');
	const before = existsSync(ledger)
		? (JSON.parse(readFileSync(ledger, 'utf8')) as { dependencies?: Record<string, string> })
				.dependencies
		: {};
	writeJson(ledger, {
		name: 'installed-nodes',
		private: true,
		dependencies: { ...before, [manifest.name]: manifest.version },
	});
	return manifest;
}

/** Written to n8n's database by a process of its own: the Node that runs us may have no SQLite. */
const RECORD = `
	const { DatabaseSync } = require('node:sqlite');
	const [file, rows] = process.argv.slice(1);
	const { package: pack, nodes } = JSON.parse(rows);
	const now = new Date().toISOString().replace('T', ' ').replace('Z', '');
	const database = new DatabaseSync(file);
	database.exec('PRAGMA busy_timeout = 10000; BEGIN IMMEDIATE');
	database.prepare('DELETE FROM installed_nodes WHERE package = ?').run(pack.name);
	database.prepare('DELETE FROM installed_packages WHERE packageName = ?').run(pack.name);
	database
		.prepare('INSERT INTO installed_packages VALUES (:name, :version, :author, :email, :now, :now)')
		.run({ name: pack.name, version: pack.version, author: pack.author?.name ?? null, email: pack.author?.email ?? null, now });
	const insert = database.prepare('INSERT INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)');
	for (const node of nodes) insert.run(node.displayName, node.name, [node.version].flat().at(-1), pack.name);
	database.exec('COMMIT');
	database.close();
`;

/** Records the package as n8n does after installing one, so that Settings > Community nodes lists it. */
export async function recordPackage(
	{ node, userFolder }: Target,
	manifest: CommunityPackage,
	types: NodeType[],
): Promise<void> {
	const ours = types.filter(
		({ name }) => name.startsWith(`${manifest.name}.`) && !name.endsWith('Tool'),
	);
	// Not the whole description, which is too long for a command line.
	const nodes = ours.map(({ name, displayName, version }) => ({ name, displayName, version }));
	const file = join(userFolder, '.n8n', 'database.sqlite');
	const rows = JSON.stringify({ package: manifest, nodes });
	demand(
		await run(node, ['--disable-warning=ExperimentalWarning', '-e', RECORD, file, rows]),
		`record ${manifest.name} in n8n's database`,
	);
}

function demand(finished: Finished, what: string): Finished {
	if (finished.code !== 0) throw new Error(`Could not ${what}: ${finished.output.trim()}`);
	return finished;
}

function writeJson(file: string, value: object): void {
	writeFileSync(file, JSON.stringify(value, null, 2));
}
