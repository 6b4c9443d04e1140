import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(__dirname, '..');

const USAGE = `Gives the package another name, everywhere that it stands:

  npm run rename -- @your-scope/n8n-nodes-partnero [--repository https://github.com/you/your-repository] [--author "Name <mail>"]

n8n tells the nodes of one package from another's by this name, so choose it before the first publication:
a workflow that was made under the old name does not find the nodes under the new one.`;

/** What n8n takes for the name of a community package. */
const VALID = /^(@[a-z0-9][a-z0-9._-]*\/)?n8n-nodes-[a-z0-9][a-z0-9._-]*$/;

interface Manifest {
	name: string;
	homepage: string;
	repository: { url: string };
	bugs: { url: string };
	author: { name: string; email: string };
	packages?: { ''?: { name?: string } };
}

/** A change of one file's text. */
type Change = (text: string, file: string) => string;

/** The changes that give the package a new name: node types in workflows and code, what its manifest and lock say, what the README tells people to install. */
function renaming(from: string, to: string): Change {
	const escaped = from.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
	const nodeTypes = new RegExp(
		`(?<![\\w./@-])${escaped}(?=\\.partnero(Tool|(Polling)?Trigger)?\\b)`,
		'g',
	);
	const inReadme = new RegExp(`(?<=\`|^# )${escaped}(?=\`|$)`, 'gm');
	return (text, file) => {
		if (file === 'package.json' || file === 'package-lock.json') {
			return editJson(text, (manifest) => {
				manifest.name = to;
				if (manifest.packages?.['']) manifest.packages[''].name = to;
			});
		}
		const renamed = text.replace(nodeTypes, to);
		return file === 'README.md' ? renamed.replace(inReadme, to) : renamed;
	};
}

/** The changes that move the package to another repository. */
function moving(from: string, to: string): Change {
	return (text) => text.replaceAll(from, to);
}

function byAuthor(author: string): Change {
	const [, name, email] = /^(.+?)\s*<([^<>\s]+@[^<>\s]+)>$/.exec(author) ?? [];
	if (!name) fail(`An author is given as "Name <mail>", not as "${author}".`);
	return (text, file) =>
		file === 'package.json'
			? editJson(text, (manifest) => {
					manifest.author = { name, email };
				})
			: text;
}

function editJson(text: string, edit: (manifest: Manifest) => void): string {
	const manifest = JSON.parse(text) as Manifest;
	edit(manifest);
	const indent = /^([ \t]+)"/m.exec(text)?.[1] ?? '\t';
	return `${JSON.stringify(manifest, null, indent)}\n`;
}

function fail(message: string): never {
	console.error(message);
	process.exit(1);
}

function main(): void {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: { repository: { type: 'string' }, author: { type: 'string' } },
	});
	const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
	const [name, ...rest] = positionals;
	if (rest.length > 0 || (!name && !values.repository && !values.author)) fail(USAGE);
	if (name && !VALID.test(name))
		fail(
			`n8n takes names like n8n-nodes-partnero or @your-scope/n8n-nodes-partnero, not "${name}".`,
		);
	if (values.repository && !/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/.test(values.repository)) {
		fail(
			'n8n verifies packages on GitHub only: --repository https://github.com/you/your-repository',
		);
	}

	const changes: Change[] = [];
	if (name) changes.push(renaming(manifest.name, name));
	if (values.repository)
		changes.push(moving(manifest.homepage, values.repository.replace(/\.git$/, '')));
	if (values.author) changes.push(byAuthor(values.author));

	const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split(
		'\0',
	);
	const texts = tracked.filter(
		(file) => /\.(json|md|mjs|js|ts|ya?ml|html)$/.test(file) && !file.startsWith('n8n/runtime/'),
	);
	const changed = texts.filter((file) => {
		const before = readFileSync(join(ROOT, file), 'utf8');
		const after = changes.reduce((text, change) => change(text, file), before);
		if (after !== before) writeFileSync(join(ROOT, file), after);
		return after !== before;
	});
	console.log(
		changed.length === 0
			? 'Nothing to change.'
			: changed.map((file) => `changed ${file}`).join('\n'),
	);
}

main();
