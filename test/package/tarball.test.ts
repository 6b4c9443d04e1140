import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';

import { PackageDirectoryLoader } from 'n8n-core';
import type { Icon, INodeTypeDescription } from 'n8n-workflow';
import ts from 'typescript';

import type { PackedPackage } from './pack';
import { filesIn, pack, root, scan } from './pack';

interface Manifest {
	name: string;
	n8n: { nodes: string[]; credentials: string[] };
	dependencies?: object;
	optionalDependencies?: object;
	bundleDependencies?: unknown;
	bundledDependencies?: unknown;
	peerDependencies: object;
	peerDependenciesMeta: object;
}

let packed: PackedPackage;
let manifest: Manifest;

beforeAll(() => {
	packed = pack();
	manifest = JSON.parse(read('package.json')) as Manifest;
}, 60_000);

afterAll(() => packed?.remove());

const read = (file: string) => readFileSync(join(packed.directory, file), 'utf8');

describe('what is in the tarball', () => {
	it('is what n8n loads, a read-me and a license, and nothing else', () => {
		const allowed = [
			/^(package\.json|README\.md|LICENSE)$/,
			/^dist\/(nodes|credentials)\/.+\.(js|json|svg|png)$/,
			/^dist\/icons\/[\w.-]+\.(svg|png)$/,
		];
		expect(packed.files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual(
			[],
		);
		expect(packed.files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']));
	});

	it('has every file that package.json registers with n8n', () => {
		const { nodes, credentials } = manifest.n8n;
		expect(nodes.length).toBeGreaterThan(0);
		expect(credentials.length).toBeGreaterThan(0);
		expect(packed.files).toEqual(expect.arrayContaining([...nodes, ...credentials]));
	});

	it('has every node and every credential of the source registered', () => {
		const registered = [...manifest.n8n.nodes, ...manifest.n8n.credentials].sort();
		const written = packed.files.filter((file) => /\.(node|credentials)\.js$/.test(file));
		expect(registered).toEqual(written);
	});

	it.each([
		['codex files', /^nodes\/[^/]+\/[^/]+\.node\.json$/],
		['output schemas', /^nodes\/[^/]+\/__schema__\/.+\.json$/],
		['icons', /^icons\/.+\.(svg|png)$/],
	])('has all %s of the source, unchanged', (_, pattern) => {
		const folder = pattern.source.startsWith('^icons') ? 'icons' : 'nodes';
		const source = filesIn(join(root, folder))
			.map((file) => `${folder}/${file}`)
			.filter((file) => pattern.test(file));

		expect(source).not.toEqual([]);
		expect(packed.files).toEqual(expect.arrayContaining(source.map((file) => `dist/${file}`)));
		for (const file of source) {
			const original = readFileSync(join(root, file), 'utf8');
			const shipped = read(`dist/${file}`);
			// tsc writes the codex in its own layout; everything else is copied.
			if (file.endsWith('.json')) expect(JSON.parse(shipped)).toEqual(JSON.parse(original));
			else expect(shipped).toBe(original);
		}
	});

	// 20 kB of it are the reports of a period and the statements, 10 kB the polling trigger, 20 kB what becomes of a sale.
	it('is smaller than 235 kB', () => {
		expect(packed.size).toBeLessThan(235_000);
	});
});

describe('what the package needs at run time', () => {
	it('has no dependencies; n8n-workflow comes from n8n', () => {
		const { dependencies, optionalDependencies, bundleDependencies, bundledDependencies } =
			manifest;
		expect({ ...dependencies, ...optionalDependencies }).toEqual({});
		expect([bundleDependencies, bundledDependencies]).toEqual([undefined, undefined]);
		expect(manifest.peerDependencies).toEqual({ 'n8n-workflow': '*' });
		expect(manifest.peerDependenciesMeta).toEqual({ 'n8n-workflow': { optional: true } });
	});

	it('requires n8n-workflow, node:crypto and its own files only', () => {
		const compiled = packed.files.filter((file) => file.endsWith('.js'));
		expect(compiled).not.toEqual([]);
		const foreign = compiled.flatMap((file) =>
			modulesOf(file)
				.filter((module) => !mayRequire(file, module))
				.map((module) => `${file}: ${module}`),
		);
		expect(foreign).toEqual([]);
	});

	it.each([
		["require('axios')", ["'axios'"]],
		["const load = require; load('axios')", ['require']],
		["require('ax' + 'ios')", ["'ax' + 'ios'"]],
		["module.require('axios')", ["'axios'"]],
		["import('axios')", ["'axios'"]],
		["import axios from 'axios'", ["'axios'"]],
		["export * from 'axios'", ["'axios'"]],
		["// require('axios')\nconst text = 'require';", []],
	])('is read with a parser that sees through %s', (code, expected) => {
		expect(modulesIn(code)).toEqual(expected);
	});
});

/** Every module that a file names, as it is written there; what is not a plain text keeps its source. */
function modulesIn(code: string): string[] {
	const file = ts.createSourceFile('file.js', code, ts.ScriptTarget.ESNext, true, ts.ScriptKind.JS);
	const found: string[] = [];
	const visit = (node: ts.Node): void => {
		if (ts.isCallExpression(node) && namesRequire(node.expression)) {
			found.push(node.arguments[0]?.getText() ?? 'require()');
			node.arguments.forEach(visit);
			return;
		}
		if (ts.isIdentifier(node) && node.text === 'require') found.push('require');
		const from =
			ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
				? node.moduleSpecifier
				: undefined;
		if (from) found.push(from.getText());
		ts.forEachChild(node, visit);
	};
	visit(file);
	return found;
}

function namesRequire(callee: ts.Expression): boolean {
	if (callee.kind === ts.SyntaxKind.ImportKeyword) return true;
	if (ts.isPropertyAccessExpression(callee)) return callee.name.text === 'require';
	return ts.isIdentifier(callee) && callee.text === 'require';
}

const modulesOf = (file: string) => modulesIn(read(file));

function mayRequire(file: string, module: string): boolean {
	const name = /^(['"])([^'"]+)\1$/.exec(module)?.[2];
	if (name === undefined) return false;
	if (name === 'n8n-workflow') return true;
	if (isBuiltin(name)) return name === 'crypto' || name === 'node:crypto';
	if (!name.startsWith('./') && !name.startsWith('../')) return false;
	const target = require.resolve(join(packed.directory, dirname(file), name));
	return !relative(packed.directory, target).startsWith(`..${sep}`);
}

describe("the package in n8n's own loader", () => {
	let loader: PackageDirectoryLoader;

	beforeAll(async () => {
		loader = new PackageDirectoryLoader(packed.directory);
		await loader.loadAll();
	});

	const shipped = (path: string) =>
		existsSync(join(packed.directory, path.replace(`icons/${manifest.name}/`, '')));

	/** n8n gives an icon an address and takes the file's name away. */
	function expectIcons(type: { icon?: Icon; iconUrl?: unknown }) {
		const { light, dark } = (type.iconUrl ?? {}) as { light?: string; dark?: string };
		expect({ light: typeof light, dark: typeof dark }).toEqual({ light: 'string', dark: 'string' });
		expect(light).not.toBe(dark);
		expect([shipped(light!), shipped(dark!)]).toEqual([true, true]);
	}

	it('gives the Partnero node, with codex, icons and Request Options', () => {
		expect(Object.keys(loader.nodeTypes)).toHaveLength(manifest.n8n.nodes.length);
		const description = loader.nodeTypes.partnero.type.description as INodeTypeDescription;

		expect(description.displayName).toBe('Partnero');
		expect(description.codex?.categories?.length).toBeGreaterThan(0);
		expect(description.codex?.alias?.length).toBeGreaterThan(0);
		expect(description.codex?.resources?.primaryDocumentation?.length).toBeGreaterThan(0);
		expect(description.properties.map(({ name }) => name)).toContain('requestOptions');
		expectIcons(description);
	});

	it('gives the Partnero credential, with icons, and knows that the node takes it', () => {
		expect(Object.keys(loader.credentialTypes)).toEqual(['partneroApi']);
		const credential = loader.credentialTypes.partneroApi.type;

		expect(credential.displayName).toBe('Partnero API');
		expect(credential.supportedNodes).toContain('partnero');
		expectIcons(credential);
	});
});

it("passes n8n's community-package scanner as it would be published", () => {
	expect(scan('tarball', packed.directory)).toBe('tarball: passed\n');
}, 60_000);
