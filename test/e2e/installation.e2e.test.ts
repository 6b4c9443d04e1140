import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';

import type { InstalledPackage, Json } from '../../n8n/client';
import { recordTwice } from '../../n8n/docker';
import { ensureN8n, N8N_FOLDER } from '../../n8n/install';
import { npm } from '../../n8n/npm';
import { pack } from '../../n8n/pack';
import { run } from '../../n8n/processes';
import type { N8n } from '../../n8n/server';
import { startN8n } from '../../n8n/server';
import { startSandbox } from '../../sandbox/server';
import { exampleFiles, readExample } from '../support/examples';
import { packCopy, renamedCopy } from '../support/renamed';

/** The package under another name, as Partnero's own package is beside this one: the same nodes, the same credential. */
const STAND_IN = 'n8n-nodes-partnero-stand-in';
const { version: VERSION } = JSON.parse(
	readFileSync(join(N8N_FOLDER, '..', 'package.json'), 'utf8'),
) as { version: string };

let folder: string;
let tarball: string;
let n8n: N8n | undefined;

beforeAll(async () => {
	mkdirSync(join(N8N_FOLDER, '.data'), { recursive: true });
	folder = mkdtempSync(join(N8N_FOLDER, '.data', 'e2e-installation-'));
	tarball = await pack(join(folder, 'packed'));
});
afterEach(async () => {
	await n8n?.stop();
	n8n = undefined;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** As the README says: npm installs the tarball where n8n keeps its nodes. */
async function installByHand(userFolder: string): Promise<void> {
	const { node } = await ensureN8n();
	const prefix = ['--prefix', join(userFolder, '.n8n', 'nodes')];
	const { code, output } = await npm(node, ['install', '--offline', ...prefix, tarball], {
		cwd: folder,
	});
	if (code !== 0) throw new Error(output);
}

/** Packs the package under the name of the stand-in. */
async function packStandIn(): Promise<string> {
	const source = join(folder, 'stand-in');
	mkdirSync(source, { recursive: true });
	await run('tar', ['-xzf', tarball, '-C', source]);
	const file = join(source, 'package', 'package.json');
	const manifest = JSON.parse(readFileSync(file, 'utf8')) as Json;
	writeFileSync(file, JSON.stringify({ ...manifest, name: STAND_IN }));
	const packed = join(folder, 'stand-in.tgz');
	await run('tar', ['-czf', packed, '-C', source, 'package']);
	return packed;
}

/** The environment of an n8n whose npm has one package, the stand-in if none is given, and nothing else. */
async function npmWith(packed?: string): Promise<string> {
	const from = packed ?? (await packStandIn());
	const bin = join(folder, `bin-${basename(from)}`);
	mkdirSync(bin, { recursive: true });
	const answers = [
		'#!/bin/sh',
		'case "$1" in',
		`view) echo '"${VERSION}"' ;;`,
		`pack) cp '${from}' ./packed.tgz; echo packed.tgz ;;`,
		'esac',
	];
	writeFileSync(join(bin, 'npm'), answers.join('\n'));
	chmodSync(join(bin, 'npm'), 0o755);
	return [bin, (await ensureN8n()).path].join(delimiter);
}

/** Settings > Community Nodes > Install: what n8n says, which is nothing if it installs. */
async function install({ client }: N8n, name: string): Promise<string> {
	return await client.http.post('/rest/community-packages', { name }).then(
		() => '',
		({ message }: Error) => message,
	);
}

async function ownTypes({ client }: N8n, name = 'n8n-nodes-partnero'): Promise<string[]> {
	return (await client.nodeTypes())
		.map((type) => type.name)
		.filter((type) => type.startsWith(`${name}.`))
		.sort();
}

const TYPES = ['partnero', 'partneroPollingTrigger', 'partneroTool', 'partneroTrigger'];
const typesOf = (name: string) => TYPES.map((type) => `${name}.${type}`);

describe('the tarball, installed as the README says', () => {
	const userFolder = () => join(folder, 'by-hand');
	beforeAll(async () => await installByHand(userFolder()));

	test('records a sale once that is run twice, also if packages that are not verified are off', async () => {
		const sandbox = await startSandbox({ seed: 'demo' });
		try {
			n8n = await startN8n({
				userFolder: userFolder(),
				env: { N8N_UNVERIFIED_PACKAGES_ENABLED: 'false', PATH: await npmWith() },
			});
			expect(await ownTypes(n8n)).toEqual(typesOf('n8n-nodes-partnero'));
			const { orderKey, recorded } = await recordTwice(n8n.client, sandbox.url);
			expect(recorded).toEqual([true, false]);
			expect(sandbox.ledger('affiliate').transactions.byKey[orderKey].count).toBe(1);
			// n8n lists what it has installed itself.
			expect(await n8n.client.installedPackages()).toEqual([]);
			expect(await install(n8n, STAND_IN)).toContain(
				'Installation of unverified community packages is forbidden!',
			);
		} finally {
			await sandbox.close();
		}
	});

	test('a list of packages in the environment leaves it alone', async () => {
		n8n = await startN8n({
			userFolder: userFolder(),
			env: { N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV: 'true', N8N_COMMUNITY_PACKAGES: '[]' },
		});
		expect(await ownTypes(n8n)).toEqual(typesOf('n8n-nodes-partnero'));
	});
});

describe('a list of packages in the environment', () => {
	const listed = async (unverified: string) => ({
		N8N_COMMUNITY_PACKAGES_MANAGED_BY_ENV: 'true',
		N8N_COMMUNITY_PACKAGES: JSON.stringify([{ name: STAND_IN, version: VERSION }]),
		N8N_UNVERIFIED_PACKAGES_ENABLED: unverified,
		PATH: await npmWith(),
	});

	test('is installed at the start', async () => {
		n8n = await startN8n({ userFolder: join(folder, 'listed'), env: await listed('true') });
		expect(await ownTypes(n8n, STAND_IN)).toEqual(typesOf(STAND_IN));
	});

	test('stops n8n if packages that are not verified are off', async () => {
		const userFolder = join(folder, 'refused');
		await expect(startN8n({ userFolder, env: await listed('false') })).rejects.toThrow(
			'n8n stopped while it started',
		);
		expect(readFileSync(join(userFolder, 'n8n.log'), 'utf8')).toContain(
			`no checksum available for '${STAND_IN}@${VERSION}' and unverified packages are disabled`,
		);
	});
});

test('two packages whose nodes have the same display names are not both installed', async () => {
	n8n = await startN8n({
		userFolder: join(folder, 'two'),
		tarball,
		env: { PATH: await npmWith() },
	});
	const said = await install(n8n, STAND_IN);
	expect(said).toContain('Failed to save installed package');
	expect(said).toContain('UNIQUE constraint failed: installed_nodes.name');
	expect(await ownTypes(n8n)).toEqual(typesOf('n8n-nodes-partnero'));
	expect(await ownTypes(n8n, STAND_IN)).toEqual([]);
	const installed: InstalledPackage[] = await n8n.client.installedPackages();
	expect(installed.map(({ packageName }) => packageName)).toEqual(['n8n-nodes-partnero']);
});

test('once renamed, both are installed, each with a credential of its own', async () => {
	const name = 'n8n-nodes-partnero-plus';
	const copy = mkdtempSync(join(tmpdir(), 'partnero-renamed-'));
	try {
		const options = ['--display-name', 'Partnero Plus', '--credential', 'partneroPlusApi'];
		renamedCopy(copy, [name, ...options]);
		const PATH = await npmWith(packCopy(copy));
		n8n = await startN8n({ userFolder: join(folder, 'both'), tarball, env: { PATH } });
		expect(await install(n8n, name)).toBe('');
		expect(await ownTypes(n8n)).toEqual(typesOf('n8n-nodes-partnero'));
		expect(await ownTypes(n8n, name)).toEqual(typesOf(name));
		const { data } = await n8n.client.http.get<Json[]>('/types/credentials.json');
		const types = data.map((type) => String(type.name)).filter((type) => /partnero/.test(type));
		expect(types.sort()).toEqual(['partneroApi', 'partneroPlusApi']);
	} finally {
		rmSync(copy, { recursive: true, force: true });
	}
});

test("n8n's own report of what 3.0 breaks names none of the examples", async () => {
	n8n = await startN8n({ userFolder: join(folder, 'report'), tarball });
	const { http } = n8n.client;
	const report = async () =>
		(
			await http.post<{
				data: { report: { workflowResults: Array<{ ruleId: string; affectedWorkflows: Json[] }> } };
			}>('/rest/breaking-changes/report/refresh?version=v3')
		).data.data.report.workflowResults;
	for (const file of exampleFiles) await n8n.client.createWorkflow(readExample(file));
	expect(await report()).toEqual([]);

	// And it would name one.
	await n8n.client.createWorkflow({
		name: 'Old',
		nodes: [
			{
				...{ id: '1', name: 'Old', type: 'n8n-nodes-base.function', typeVersion: 1 },
				...{ position: [0, 0], parameters: { functionCode: 'return items;' } },
			},
		],
		connections: {},
		settings: {},
	});
	expect(await report()).not.toEqual([]);
});
