import type { IDataObject } from 'n8n-workflow';

import type { Manners } from '../../sandbox/manners';
import { MANNERS } from '../../sandbox/manners';
import type { ProgramName } from '../../sandbox/programs';
import type { Quirks } from '../../sandbox/quirks';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import type { ProgramState } from '../../sandbox/state';
import fc from '../support/fastCheck';

import { run } from './support/engine';
import type { Sample } from './support/samples';
import { arrange, samples } from './support/samples';

/*
 * Every operation on servers that ignore what they do not know: what it reports as done has to be in the ledger, as it
 * is on a server that heeds everything. Another seed: `UNHEEDED_SEED=7 npx jest test/engine/unheeded`.
 */
const seed = Number(process.env.UNHEEDED_SEED ?? 3);
const servers = 3;

const unkind: fc.Arbitrary<{ manners: Manners; quirks: Partial<Quirks> }> = fc.record({
	manners: fc.constantFrom(...MANNERS),
	quirks: fc
		.record({
			updatesIgnored: fc.constantFrom(
				null,
				'wrapped' as const,
				'unwrapped' as const,
				'all' as const,
			),
			filtersIgnored: fc.constantFrom(null, [
				'key',
				'email',
				'id',
				'partner_key',
				'partner_email',
				'customer',
				'status',
				'amount_units',
			]),
			searchesBlindTo: fc.constantFrom(null, ['email'], ['key']),
			addressesMissing: fc.constantFrom(null, ['/partner']),
			successStatus: fc.constantFrom(null, 'success' as const, true as const),
			emptyListIs404: fc.constantFrom(null, true as const, 'always' as const),
		})
		.map(
			(all) =>
				Object.fromEntries(
					Object.entries(all).filter(([, value]) => value !== null),
				) as Partial<Quirks>,
		),
});

const sandboxes = {} as Record<Manners, Sandbox>;

beforeAll(async () => {
	for (const manners of MANNERS)
		sandboxes[manners] = await startSandbox({ seed: 'empty', freshKeys: true, manners });
});
afterAll(async () => {
	for (const sandbox of Object.values(sandboxes)) await sandbox.close();
});

/** What chance or the time of day puts into a record. */
const isVolatile = (name: string, value: unknown) =>
	/(_at|At|^date|signature|secret|link|^now)$/i.test(name) ||
	(['id', 'key', 'code'].includes(name) && /^[\w-]{8,}$/.test(String(value)));

/** All that a program knows, without what differs from run to run. */
function ledgerOf(state: ProgramState): IDataObject {
	const {
		partners,
		customers,
		transactions,
		leads,
		coupons,
		promotionCodes,
		subscribers,
		rewards,
		payoutRequests,
		webhooks,
	} = state;
	const tables = {
		partners,
		customers,
		transactions,
		leads,
		coupons,
		promotionCodes,
		subscribers,
		rewards,
		payoutRequests,
		webhooks,
	};
	const { bonuses, credits, invitations, settings } = state;
	const lists = Object.fromEntries(
		Object.entries(tables).map(([name, rows]) => [name, [...(rows as Iterable<object>)]]),
	);
	const text = JSON.stringify(
		{ ...lists, bonuses, credits, invitations, settings },
		(name, value: unknown) => (isVolatile(name, value) ? undefined : value),
	);
	return JSON.parse(text) as IDataObject;
}

/** Carries the first item of a sample out on a server. */
async function play(
	sample: Sample,
	program: ProgramName,
	manners: Manners,
	quirks: Partial<Quirks>,
) {
	const sandbox = sandboxes[manners];
	sandbox.reset('empty');
	arrange(sandbox);
	sample.arrange?.(sandbox.program(program));
	Object.assign(sandbox.quirks, quirks);
	const { resource, operation, parameters, items } = sample;
	const { json, error } = await run({
		parameters: { resource, operation, ...parameters },
		items: [items[0]],
		credentials: { apiKey: sandbox.keys[program], baseUrl: sandbox.url },
		node: { onError: 'continueRegularOutput' },
	});
	const failure =
		error?.message ??
		(json.some((item) => item.error !== undefined) ? String(json[0].error) : undefined);
	return { failure, ledger: ledgerOf(sandbox.program(program)) };
}

/** The calls of a sample that change something. */
const changes = ({ calls, items }: Sample) => calls(items[0]).some(([method]) => method !== 'GET');

const played = samples
	.filter(changes)
	.flatMap((sample) =>
		sample.programs.map(
			(program) => [`${program}: ${sample.resource} ${sample.operation}`, sample, program] as const,
		),
	);

it.each(played)('reports only what is in the ledger: %s', async (_title, sample, program) => {
	const heeded = await play(sample, program, 'strict', {});
	expect(heeded.failure).toBeUndefined();
	await fc.assert(
		fc.asyncProperty(unkind, async ({ manners, quirks }) => {
			const { failure, ledger } = await play(sample, program, manners, quirks);
			if (failure === undefined) expect(ledger).toEqual(heeded.ledger);
		}),
		{ seed, numRuns: servers },
	);
});
