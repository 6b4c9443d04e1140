import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { minVersion, satisfies } from 'semver';

import { filesIn, root, scan } from './pack';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

it("passes n8n's community-package scanner", () => {
	expect(scan('source')).toBe('source: passed\n');
}, 60_000);

it('switches no rule and no type check off in what is shipped', () => {
	const switched = ['nodes', 'credentials'].flatMap((folder) =>
		filesIn(join(root, folder))
			.map((file) => `${folder}/${file}`)
			.filter((file) =>
				/eslint-(disable|enable)|\/\*\s*eslint\b|@ts-(ignore|nocheck|expect-error)/.test(
					read(file),
				),
			),
	);
	expect(switched).toEqual([]);
});

it('ships texts in Latin letters only, since n8n verifies English nodes alone', () => {
	const files = ['nodes', 'credentials'].flatMap((folder) =>
		filesIn(join(root, folder)).map((file) => `${folder}/${file}`),
	);
	const foreign = [...files, 'README.md'].filter((file) =>
		/[^\P{L}\p{Script=Latin}]/u.test(read(file)),
	);
	expect(files.length).toBeGreaterThan(100);
	expect(foreign).toEqual([]);
});

it('has a lock that names versions and checksums, and no download address', () => {
	const { packages } = JSON.parse(read('package-lock.json')) as {
		packages: Record<
			string,
			{ resolved?: string; integrity?: string; link?: boolean; inBundle?: boolean }
		>;
	};
	const installed = Object.entries(packages).filter(([path]) => path !== '');
	expect(installed.length).toBeGreaterThan(100);
	expect(installed.filter(([, entry]) => entry.resolved !== undefined)).toEqual([]);
	expect(installed.filter(([, entry]) => !entry.integrity && !entry.inBundle)).toEqual([]);
});

it('has a lock that installs on the oldest Node that is supported, and holds what the docs say that it holds', () => {
	const { engines } = JSON.parse(read('package.json')) as { engines: { node: string } };
	const { packages } = JSON.parse(read('package-lock.json')) as {
		packages: Record<string, { version: string; engines?: { node?: string }; optional?: boolean }>;
	};
	const oldest = minVersion(engines.node)!.version;
	const unfit = Object.entries(packages).filter(
		([, entry]) => entry.engines?.node && !satisfies(oldest, entry.engines.node) && !entry.optional,
	);
	const page = read('docs/development.md');
	expect(page).toContain('`npm ci` prints one warning: `EBADENGINE` for isolated-vm');
	expect(unfit.map(([path]) => path)).toEqual(['node_modules/isolated-vm']);

	const [, table] = /\| Package \| Held at \|.*\n\| --- .*\n((?:\|.*\n)+)/.exec(page)!;
	const held = [...table.matchAll(/^\| (@?[\w/-]+)[^|]*\| ([\d.]+)/gm)];
	expect(held.length).toBeGreaterThan(2);
	for (const [, name, version] of held)
		expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
});

it('has a changelog whose newest release is the version of package.json, for release-it to go on from', () => {
	const { version } = JSON.parse(read('package.json')) as { version: string };
	const headings = [...read('CHANGELOG.md').matchAll(/^## (.+?)(?: - .+)?$/gm)];
	expect(headings.slice(0, 2).map(([, heading]) => heading)).toEqual([
		'[Unreleased]',
		`[${version}]`,
	]);
});
