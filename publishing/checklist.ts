import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');

/** `open` is ours to mend; `publisher` is what only the person who publishes can do or see. */
export type State = 'done' | 'open' | 'publisher';

export interface Line {
	/** What n8n asks for, in its own order. */
	asked: string;
	state: State;
	/** What shows it, or what is to be done. */
	because: string;
}

interface Manifest {
	name: string;
	version: string;
	license: string;
	keywords: string[];
	homepage: string;
	author: { name: string; email: string };
	repository: { url: string };
	dependencies?: Record<string, string>;
	peerDependencies?: Record<string, string>;
	scripts: Record<string, string>;
	n8n: { nodes: string[]; credentials: string[] };
}

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const manifest = JSON.parse(read('package.json')) as Manifest;
const readme = read('README.md');

function filesBelow(...folders: string[]): string[] {
	return folders.flatMap((folder) =>
		readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
			.filter((entry) => entry.isFile())
			.map((entry) => join(entry.parentPath, entry.name)),
	);
}

/** A line that is done if the condition holds. */
function own(asked: string, holds: boolean, because: string): Line {
	return { asked, state: holds ? 'done' : 'open', because };
}

function publisher(asked: string, because: string): Line {
	return { asked, state: 'publisher', because };
}

function aCommand(asked: string, command: string, args: string[]): Line {
	const { status } = spawnSync(command, args, {
		cwd: ROOT,
		stdio: 'ignore',
		shell: process.platform === 'win32',
	});
	return own(asked, status === 0, `npm ${args.join(' ')}${status === 0 ? ' passes' : ' fails'}`);
}

/** What npm's registry says of the name: who has it already. */
function nameOnNpm(): Line {
	const asked = 'The name is free on npm, or is ours';
	const { status, stdout, stderr } = spawnSync(
		'npm',
		['view', manifest.name, 'repository.url', '--fetch-retries=0', '--loglevel=error'],
		{
			cwd: ROOT,
			encoding: 'utf8',
			shell: process.platform === 'win32',
		},
	);
	const renaming = 'npm run rename -- @your-scope/n8n-nodes-partnero gives it another one';
	if (status === 0) {
		return stdout.includes(manifest.homepage.replace('https://', ''))
			? own(asked, true, 'the package on npm names this repository')
			: publisher(asked, `it belongs to ${stdout.trim() || 'somebody else'}: ${renaming}`);
	}
	return /E404/.test(stderr)
		? publisher(
				asked,
				`the registry that this machine asks has no package of this name, but Partnero keeps a repository that is called so; ${renaming}`,
			)
		: publisher(asked, `the registry could not be asked; ${renaming}`);
}

function author(): Line {
	const asked = 'Author with name and email, the same on npm and GitHub';
	const { name, email } = manifest.author;
	if (!name || !email) return own(asked, false, 'package.json has no author with name and email');
	return /\.example$|\.invalid$|noreply/.test(email)
		? publisher(
				asked,
				`"${name} <${email}>" stands in for you: npm run rename -- --author "Name <mail>"`,
			)
		: own(asked, true, `${name} <${email}>`);
}

/** n8n's verification guidelines, submission guide and UX guidelines, as of 2026-11, line by line. */
function* checklist(): Generator<Line> {
	yield publisher(
		'Not a node that exists, and no logic or flow control',
		'an integration of one service; n8n itself has none for Partnero as of 2.41.1, look again before submitting',
	);
	yield own(
		'Named n8n-nodes-x or @scope/n8n-nodes-x',
		/^(@[\w.-]+\/)?n8n-nodes-[\w.-]+$/.test(manifest.name),
		manifest.name,
	);
	yield nameOnNpm();
	yield own(
		'Keyword n8n-community-node-package',
		manifest.keywords.includes('n8n-community-node-package'),
		'package.json',
	);
	const registered = [...manifest.n8n.nodes, ...manifest.n8n.credentials];
	yield own(
		'Nodes and credentials registered, under dist/',
		registered.length > 0 && registered.every((file) => file.startsWith('dist/')),
		registered.join(', '),
	);
	yield own(
		'MIT license',
		manifest.license === 'MIT' && read('LICENSE').startsWith('MIT License'),
		'package.json and LICENSE',
	);
	yield author();
	yield publisher(
		'Public repository on GitHub, the same address on npm',
		`${manifest.homepage}: make it public, or npm run rename -- --repository https://github.com/you/your-repository`,
	);
	yield own(
		'No run-time dependencies',
		Object.keys(manifest.dependencies ?? {}).length === 0,
		'package.json has none; n8n-workflow comes from n8n',
	);
	yield aCommand('Builds', 'npm', ['run', 'build']);
	const shipped = filesBelow('dist/nodes', 'dist/credentials').filter((file) =>
		file.endsWith('.js'),
	);
	const reaching = shipped.filter((file) =>
		/process\.env|require\(["'](node:)?(fs|child_process|os|path)/.test(readFileSync(file, 'utf8')),
	);
	yield own(
		'No environment variables, no file system',
		shipped.length > 0 && reaching.length === 0,
		`${shipped.length} shipped files read`,
	);
	yield aCommand("n8n's lint rules pass", 'npm', ['run', 'lint']);
	yield aCommand("n8n's community-package scanner passes, on source and tarball", 'npm', [
		'run',
		'scan',
	]);
	const credential = read('credentials/PartneroApi.credentials.ts');
	yield own(
		'Secrets are password fields',
		/name: 'apiKey',[\s\S]*?password: true/.test(credential),
		'credentials/PartneroApi.credentials.ts',
	);
	yield own('OAuth if the service has it', true, "Partnero's API has keys only");
	yield own(
		'Connection test of the credential',
		/\btest\b.*:/.test(credential),
		'credentials/PartneroApi.credentials.ts',
	);
	yield own(
		'Icons as SVG, light and dark',
		['partnero.svg', 'partnero.dark.svg'].every((file) => existsSync(join(ROOT, 'icons', file))),
		'icons/',
	);
	const texts = [
		...filesBelow('nodes', 'credentials').map((file) => readFileSync(file, 'utf8')),
		readme,
	];
	yield own(
		'English only',
		texts.every((text) => !/[^\P{L}\p{Script=Latin}]/u.test(text)),
		'nodes, credentials and README have no letters of another script',
	);
	for (const [asked, heading] of readmeParts) {
		yield own(`README: ${asked}`, readme.includes(`\n## ${heading}`), `the section "${heading}"`);
	}
	yield own(
		'Changelog',
		new RegExp(`^## \\[${manifest.version.replaceAll('.', '\\.')}\\]`, 'm').test(
			read('CHANGELOG.md'),
		),
		`CHANGELOG.md has ${manifest.version}`,
	);
	const release = existsSync(join(ROOT, '.github/workflows/release.yml'))
		? read('.github/workflows/release.yml')
		: '';
	yield own(
		'Published by GitHub Actions with npm provenance',
		/id-token: write/.test(release) && /npm publish --provenance/.test(release),
		'.github/workflows/release.yml',
	);
	yield publisher(
		'First publication',
		'needs a token, since npm takes a trusted publisher only for a package that exists: docs/publishing.md',
	);
	yield publisher('Submitted', "through n8n's Creator Portal, after the publication");
}

/** What the README has to tell, and the section that tells it. */
const readmeParts = [
	['installation', 'Install'],
	['credentials', 'Credential'],
	['operations', 'Operations'],
	['usage', 'Record sales safely'],
	['example workflows', 'Examples'],
	['compatibility', 'Compatibility'],
	['resources', 'Resources'],
	['version history', 'Version history'],
];

function commit(): string {
	try {
		return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
			cwd: ROOT,
			encoding: 'utf8',
			stdio: ['ignore', 'pipe', 'ignore'],
		}).trim();
	} catch {
		return 'no commit';
	}
}

/** Prints n8n's verification checklist with the state of each line; fails if one is open. */
function main(): void {
	console.log(`${manifest.name} ${manifest.version} (${commit()})\n`);
	const counts: Record<State, number> = { done: 0, open: 0, publisher: 0 };
	for (const { asked, state, because } of checklist()) {
		counts[state] += 1;
		console.log(`${`[${state}]`.padEnd(12)} ${asked}: ${because}`);
	}
	console.log(`\n${counts.done} done, ${counts.publisher} for the publisher, ${counts.open} open`);
	process.exitCode = counts.open === 0 ? 0 : 1;
}

main();
