import { execFileSync } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

const ROOT = resolve(__dirname, '..');

const USAGE = `Gives the package another name, everywhere that it stands:

  npm run rename -- @your-scope/n8n-nodes-partnero [--repository https://github.com/you/your-repository] [--author "Name <mail>"]
  npm run rename -- --display-name "Partnero Plus" --credential partneroPlusApi

n8n tells the nodes of one package from another's by this name, so choose it before the first publication:
a workflow that was made under the old name does not find the nodes under the new one.

Of two packages whose nodes have the same display name n8n installs only one, and two that have the same
type of credential share it: --display-name and --credential let this package stand beside Partnero's own.`;

/** What n8n takes for the name of a community package. */
const VALID = /^(@[a-z0-9][a-z0-9._-]*\/)?n8n-nodes-[a-z0-9][a-z0-9._-]*$/;

/** What n8n's lint takes for the name of a type of credential that is not OAuth. */
const VALID_CREDENTIAL = /^[a-z][A-Za-z0-9]*Api$/;

/** What is there now; the tree of this repository keeps it. */
const DISPLAY_NAME = /displayName: '(.+)'/;

interface Manifest {
	name: string;
	homepage: string;
	repository: { url: string };
	bugs: { url: string };
	author: { name: string; email: string };
	n8n: { nodes: string[]; credentials: string[] };
	packages?: { ''?: { name?: string } };
}

/** A change of one file's text. */
type Change = (text: string, file: string) => string;

/** The changes that give the package a new name: node types in workflows and code, what its manifest and lock say, what the README tells people to install. */
function renaming(from: string, to: string): Change {
	const escaped = escapeForRegExp(from);
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

/**
 * The changes that give the nodes another display name, and their credential with them: what n8n shows, what texts and
 * tests call them. The name of the service itself stays in the texts.
 */
function showing(from: string, to: string): Change {
	const escaped = escapeForRegExp(from);
	const nodes = new RegExp(`\\b${escaped}(?= (?:Polling Trigger|Trigger|Tool|account)\\b)`, 'g');
	const literals = new RegExp(`(?<=')${escaped}(?=(?: API)?')`, 'g');
	// The headings of pages go by these names, and links by the headings.
	const anchors = new RegExp(`(?<=\\.md#)${slugOf(from)}(?=-(?:polling-)?trigger\\))`, 'g');
	const slug = slugOf(to);
	const inProse = new RegExp(
		`(?<=search for \\*)${escaped}(?=\\*)|(?<=\\*\\*)${escaped}(?= API\\*\\*)`,
		'g',
	);
	return (text, file) => {
		if (file === 'CHANGELOG.md') return text;
		const renamed = text.replace(nodes, to).replace(anchors, slug);
		return /\.ts$/.test(file) ? renamed.replace(literals, to) : renamed.replace(inProse, to);
	};
}

/** The changes that give the type of credential another name, and its class, which n8n's lint wants to be called alike. */
function signingInBy(from: string, to: string): Change {
	const pairs = [
		[from, to],
		[capitalized(from), capitalized(to)],
	].map(([old, next]): [RegExp, string] => [new RegExp(`\\b${old}\\b`, 'g'), next]);
	return (text, file) =>
		file === 'CHANGELOG.md'
			? text
			: pairs.reduce((changed, [old, next]) => changed.replace(old, next), text);
}

function slugOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\w\s-]/g, '')
		.replace(/\s/g, '-');
}

function capitalized(name: string): string {
	return `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function escapeForRegExp(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
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
		options: {
			repository: { type: 'string' },
			author: { type: 'string' },
			'display-name': { type: 'string' },
			credential: { type: 'string' },
		},
	});
	const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
	const [name, ...rest] = positionals;
	const { repository, author, 'display-name': displayName, credential } = values;
	if (rest.length > 0 || ![name, repository, author, displayName, credential].some(Boolean))
		fail(USAGE);
	if (name && !VALID.test(name))
		fail(
			`n8n takes names like n8n-nodes-partnero or @your-scope/n8n-nodes-partnero, not "${name}".`,
		);
	if (displayName !== undefined && !/^[A-Z][\w .-]*\w$/.test(displayName))
		fail(`A display name begins with a capital letter and has no quotes: not "${displayName}".`);
	if (credential !== undefined && !VALID_CREDENTIAL.test(credential))
		fail(`A type of credential is called like partneroPlusApi, not "${credential}".`);
	if (repository && !/^https:\/\/github\.com\/[\w.-]+\/[\w.-]+$/.test(repository)) {
		fail(
			'n8n verifies packages on GitHub only: --repository https://github.com/you/your-repository',
		);
	}

	const changes: Change[] = [];
	if (name) changes.push(renaming(manifest.name, name));
	if (repository) changes.push(moving(manifest.homepage, repository.replace(/\.git$/, '')));
	if (author) changes.push(byAuthor(author));

	const shown = DISPLAY_NAME.exec(
		readFileSync(join(ROOT, 'nodes/Partnero/Partnero.node.ts'), 'utf8'),
	);
	if (displayName) changes.push(showing(shown![1], displayName));
	const credentialFile = basename(manifest.n8n.credentials[0], '.credentials.js');
	if (credential) {
		const from = `${credentialFile.charAt(0).toLowerCase()}${credentialFile.slice(1)}`;
		changes.push(signingInBy(from, credential));
	}

	const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).split(
		'\0',
	);
	const texts = tracked.filter(
		(file) =>
			/\.(json|md|mjs|js|ts|snap|ya?ml|html)$/.test(file) && !file.startsWith('n8n/runtime/'),
	);
	const changed = texts.filter((file) => {
		const before = readFileSync(join(ROOT, file), 'utf8');
		const after = changes.reduce((text, change) => change(text, file), before);
		if (after !== before) writeFileSync(join(ROOT, file), after);
		return after !== before;
	});
	if (credential) {
		const file = tracked.find((each) => each.endsWith(`/${credentialFile}.credentials.ts`))!;
		const renamed = join(dirname(file), `${capitalized(credential)}.credentials.ts`);
		renameSync(join(ROOT, file), join(ROOT, renamed));
		changed.push(renamed);
	}
	console.log(
		changed.length === 0
			? 'Nothing to change.'
			: changed.map((file) => `changed ${file}`).join('\n'),
	);
}

main();
