import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PackageDirectoryLoader } from 'n8n-core';

import { renamedCopy } from '../support/renamed';

let folder: string;
let loader: PackageDirectoryLoader;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), 'partnero-renamed-'));
	renamedCopy(folder, [
		'@somebody/n8n-nodes-partnero-plus',
		...['--display-name', 'Partnero Plus', '--credential', 'partneroPlusApi'],
	]);
	loader = new PackageDirectoryLoader(folder);
	await loader.loadAll();
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (file: string) => readFileSync(join(folder, file), 'utf8');
const nodes = () => loader.types.nodes.map(({ name, displayName }) => [name, displayName]);

it('n8n loads the package under its new name, with nodes that no other package displays', () => {
	expect(loader.packageName).toBe('@somebody/n8n-nodes-partnero-plus');
	expect(nodes().sort()).toEqual([
		['partnero', 'Partnero Plus'],
		['partneroPollingTrigger', 'Partnero Plus Polling Trigger'],
		['partneroTrigger', 'Partnero Plus Trigger'],
	]);
	const defaults = loader.types.nodes.map(({ displayName, defaults: { name } }) => [
		displayName,
		name,
	]);
	expect(defaults.filter(([displayName, name]) => displayName !== name)).toEqual([]);
});

it('its credential is of a type of its own, and its nodes ask for that one', () => {
	expect(loader.types.credentials.map(({ name, displayName }) => [name, displayName])).toEqual([
		['partneroPlusApi', 'Partnero Plus API'],
	]);
	const asked = loader.types.nodes.flatMap(({ credentials = [] }) =>
		credentials.map(({ name }) => name),
	);
	expect([...new Set(asked)]).toEqual(['partneroPlusApi']);
	expect(existsSync(join(folder, 'credentials/PartneroApi.credentials.ts'))).toBe(false);
	expect(JSON.parse(read('package.json'))).toMatchObject({
		n8n: { credentials: ['dist/credentials/PartneroPlusApi.credentials.js'] },
	});
});

it('the examples, the tests and the README speak of them by the new names', () => {
	const grep = (...words: string[]) => {
		const patterns = words.flatMap((word) => ['-e', word]);
		const args = ['grep', '-lwF', ...patterns, '--', '.', ':!CHANGELOG.md', ':!publishing'];
		try {
			return execFileSync('git', args, { cwd: folder, encoding: 'utf8' }).trim().split('\n');
		} catch {
			return [];
		}
	};
	const old = ['partneroApi', 'PartneroApi', 'n8n-nodes-partnero.partnero', 'Partnero Trigger'];
	expect(grep(...old).filter((file) => file !== 'test/package/rename.test.ts')).toEqual([]);
	expect(read('README.md')).toContain('**Partnero Plus API**');
	expect(read('docs/limits.md')).toContain('(triggers.md#partnero-plus-polling-trigger)');
	expect(read('docs/triggers.md')).toContain('\n## Partnero Plus Polling Trigger\n');
	// The service keeps its name.
	expect(read('README.md')).toContain('[Partnero](https://www.partnero.com)');
});

it('passes n8n’s scanner', () => {
	const printed = tsx(folder, 'test/package/scan.ts', 'source');
	expect(printed).toContain('source: passed');
}, 120_000);

it.each([
	['--display-name', "Partnero's"],
	['--display-name', 'partnero'],
	['--credential', 'Partnero Plus'],
	['--credential', 'partneroPlus'],
])('%s %s is refused, and nothing is changed', (...args) => {
	const before = read('package.json');
	expect(() => tsx(folder, 'publishing/rename.ts', ...args)).toThrow(/Command failed/);
	expect(read('package.json')).toBe(before);
});

function tsx(cwd: string, ...args: string[]): string {
	const cli = require.resolve('tsx/cli');
	return execFileSync(process.execPath, [cli, ...args], {
		cwd,
		encoding: 'utf8',
		stdio: 'pipe',
		// eslint-plugin-n8n-nodes-base takes every file for its own fixture when NODE_ENV is "test", as jest sets it.
		env: { ...process.env, NODE_ENV: 'production' },
	});
}
