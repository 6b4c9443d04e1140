import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import type { QuirkName, Quirks } from '../../sandbox/quirks';
import type { SandboxOptions } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import { asChecked } from '../../sandbox/verified';
import type { History } from '../engine/support/histories';
import { histories, servers } from '../engine/support/histories';
import { wantedSandbox } from '../engine/support/partnero';
import { play } from '../engine/support/play';
import { setSpeed } from '../support/clock';

import { atOnce, checked, outcomesOf } from './support';

const folder = mkdtempSync(join(tmpdir(), 'check-live-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Api = Pick<SandboxOptions, 'manners' | 'switches' | 'usualQuirks'>;

/** APIs that differ from what the sandbox plays by default, in many ways at once. */
const apis: Array<[name: string, api: Api]> = [
	[
		'lenient, with small pages, searches that miss and archived sales hidden',
		{
			manners: 'laravel',
			switches: {
				limits: '1-250',
				createStatus: '201',
				updates: 'toplevel',
				batchAnswer: 'status',
				leadsConvert: 'get',
				otherProgram: '404',
				customerPath: 'key',
				webhookSecret: 'onCreate',
				order: 'recorded',
			},
			usualQuirks: {
				pageCap: 50,
				emptyListIs404: true,
				searchesBlindTo: ['email'],
				failureStatus: '0',
				archivedSalesHidden: true,
				filtersIgnored: ['/transactions?partner_key', '/transactions?partner_email'],
			},
		},
	],
	[
		'strict, with unique keys that are cut, text dates and odd words',
		{
			manners: 'strict',
			switches: {
				createdAt: 'iso',
				duplicateTransactionKeys: 'refuse',
				unknownCustomer: 'refuse',
				updates: 'either',
				programShape: 'flat',
				leadsConvert: 'either',
			},
			usualQuirks: {
				keysCutAt: 128,
				successStatus: 'success',
				addressesMissing: ['/partner'],
				unknownPartnerIgnored: true,
				rateLimit: { perMinute: 1000 },
			},
		},
	],
];

/** Whether a history cannot hold where these quirks are, for the reason that stands beside it. */
function isLeftOut({ leftOut = {} }: History, found: Partial<Quirks>): boolean {
	return servers.some(
		({ name, quirks }) =>
			leftOut[name] !== undefined &&
			Object.entries(quirks).every(([quirk, value]) =>
				isDeepStrictEqual(found[quirk as QuirkName], value),
			),
	);
}

/** Checks an API, and gives the options of a sandbox that plays what was found, and the outcomes. */
async function learn(name: string, api: Api) {
	setSpeed(200);
	const sandbox = await startSandbox({ seed: 'empty', ...api });
	const result = await checked(sandbox);
	await sandbox.close();
	setSpeed();
	const file = join(folder, `${name.slice(0, 6)}.json`);
	writeFileSync(file, JSON.stringify(result.report));
	return { file, outcomes: outcomesOf(result) };
}

describe.each(apis)('an API that is %s', (name, api) => {
	let learned: Awaited<ReturnType<typeof learn>>;
	beforeAll(async () => {
		learned = await learn(name, api);
	}, 120_000);

	it('is played by a sandbox that a report is applied to: a check of it finds the same', async () => {
		const again = await learn(`${name} again`, asChecked(learned.file));
		expect(again.outcomes).toEqual(learned.outcomes);
	}, 120_000);

	it('is what the engine tests run on, if the environment names the report', () => {
		process.env.PARTNERO_SANDBOX_AS_CHECKED = learned.file;
		expect(wantedSandbox()).toEqual(asChecked(learned.file));
		delete process.env.PARTNERO_SANDBOX_AS_CHECKED;
		expect(wantedSandbox().switches).toBeUndefined();
	});

	it('the histories table holds on it', async () => {
		const options = asChecked(learned.file);
		const sandbox = await startSandbox({ seed: 'empty', ...options });
		const [server] = servers.filter((one) => one.name === 'no quirk');
		const complaints = await atOnce(
			10,
			histories
				.filter((history) => !isLeftOut(history, options.usualQuirks ?? {}))
				.map((history) => async () => {
					const played = await play(sandbox, options.manners ?? 'strict', server, history);
					return [
						history.name,
						...(played.stopped ? [played.stopped] : []),
						...history.complaints(played),
					];
				}),
		);
		await sandbox.close();
		expect(complaints.filter(([, ...texts]) => texts.length > 0)).toEqual([]);
	}, 120_000);
});

it('survives a reset, and is what added programs begin with', async () => {
	const sandbox = await startSandbox({ usualQuirks: { pageCap: 5 } });
	expect(sandbox.quirks.pageCap).toBe(5);
	sandbox.quirks.pageCap = null;
	sandbox.reset();
	expect(sandbox.quirks.pageCap).toBe(5);
	expect(sandbox.addProgram('affiliate', { quirks: { keysTrimmed: true } }).quirks).toMatchObject({
		pageCap: 5,
		keysTrimmed: true,
	});
	await sandbox.close();
});
