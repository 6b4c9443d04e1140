import type { INodeParameters } from 'n8n-workflow';

import type { FaultKind } from '../../sandbox/faults';

import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const webhooks = () => partnero.sandbox.ledger().webhooks;
const hook = { webhook: locator('key', 'w_1') };
const wanted = { name: 'CRM', url: 'https://crm.example/hook', events: ['partner.created'] };

/** Adds a webhook, and says what it is signed with. */
function addHook(): string {
	return partnero.sandbox.program('affiliate').webhooks.add({ key: 'w_1', ...wanted }).signature;
}

describe('a new webhook', () => {
	it.each<[string, INodeParameters, string[]]>([
		[
			'chosen',
			{ events: ['partner.created', 'lead.submitted'] },
			['partner.created', 'lead.submitted'],
		],
		[
			'named',
			{ events: [], customEvents: 'lead.converted, lead.rejected' },
			['lead.converted', 'lead.rejected'],
		],
		[
			'chosen and named',
			{ events: ['partner.created'], customEvents: 'lead.rejected,partner.created,' },
			['partner.created', 'lead.rejected'],
		],
		[
			'chosen, with an empty list of further names',
			{ events: ['lead.rejected'], customEvents: '={{ [] }}' },
			['lead.rejected'],
		],
		['given by an expression', { events: '={{ ["lead.rejected"] }}' }, ['lead.rejected']],
	])('gets the events that were %s', async (_how, parameters, events) => {
		const { error } = await partnero.operate('webhook', 'create', { ...wanted, ...parameters });
		expect(error).toBeUndefined();
		expect(webhooks()).toEqual([
			expect.objectContaining({ name: 'CRM', url: wanted.url, events, is_active: true }),
		]);
	});

	it('comes with the signing secret, which whoever receives its calls needs', async () => {
		const { json } = await partnero.operate('webhook', 'create', {
			...wanted,
			additionalFields: { isActive: false },
		});
		expect(json).toEqual([
			{ key: expect.any(String), ...wanted, is_active: false, signature: webhooks()[0].signature },
		]);
	});

	it('is refused by a program that does not have the event', async () => {
		const { error } = await partnero.operate('webhook', 'create', {
			...wanted,
			events: [],
			customEvents: 'reward.paid',
		});
		expect(error?.message).toMatch(/^Create webhook 'CRM' was refused: /);
		expect(error?.description).toContain("Check 'Events'.");
		expect(webhooks()).toEqual([]);
	});

	const empty = "'Events' or 'Custom Events' must be filled";
	const address = "'Webhook URL' must be an address that begins with https:// or http://";
	const length = "'Webhook Name' must be at most 100 characters long";
	it.each<[string, INodeParameters, string]>([
		['no event', { events: [] }, empty],
		[
			'no event among the commas',
			{ events: [], customEvents: ' , ' },
			"'Custom Events' must be a list of event names, such as reward.created",
		],
		['another protocol', { url: 'ftp://crm.example' }, address],
		['no protocol', { url: 'crm.example/hook' }, address],
		['no host', { url: 'https:///hook' }, address],
		['white space in the address', { url: 'https://crm.example/a b' }, address],
		['a long name', { name: '={{ "n".repeat(101) }}' }, length],
		['no name', { name: '={{ "" }}' }, "'Webhook Name' is empty"],
	])('is refused before any request: %s', async (_what, parameters, message) => {
		const { error } = await partnero.operate('webhook', 'create', { ...wanted, ...parameters });
		expect(error?.message).toBe(message);
		expect(partnero.wire()).toEqual([]);
	});

	it('has a name of 100 characters, however many bytes each of them takes', async () => {
		const { error } = await partnero.operate('webhook', 'create', {
			...wanted,
			name: '={{ "\u{1F600}".repeat(100) }}',
		});
		expect(error).toBeUndefined();
	});

	it.each<FaultKind>(['cutAfterWrite', 'statusAfterWrite', 'cut'])(
		'is not made a second time when its answer is lost: %s',
		async (kind) => {
			partnero.sandbox.faults.add({ kind, match: { method: 'POST' }, times: 1 });
			const { error } = await partnero.operate('webhook', 'create', wanted, {
				node: { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 },
			});
			expect(error?.description).toContain('may have been recorded');
			expect(partnero.wire()).toHaveLength(1);
			expect(webhooks()).toHaveLength(kind === 'cut' ? 0 : 1);
		},
	);
});

describe('a webhook', () => {
	it.each([
		['get', hook],
		['getAll', {}],
	])('shows its signing secret only in the raw data: %s', async (operation, parameters) => {
		const signature = addHook();
		const shown = { key: 'w_1', ...wanted, is_active: true };
		const { json, stored } = await partnero.operate('webhook', operation, parameters);
		expect(json).toEqual([shown]);
		expect(stored).not.toContain(signature);
		const { json: raw } = await partnero.operate('webhook', operation, {
			...parameters,
			simplify: false,
		});
		expect(raw).toEqual([{ ...shown, signature }]);
	});

	it('keeps what was not filled, and its signing secret', async () => {
		const signature = addHook();
		await partnero.operate('webhook', 'update', {
			...hook,
			updateFields: { events: ['lead.submitted'], customEvents: 'lead.rejected' },
		});
		await partnero.operate('webhook', 'update', { ...hook, updateFields: { isActive: false } });
		expect(webhooks()).toEqual([
			expect.objectContaining({
				...wanted,
				signature,
				is_active: false,
				events: ['lead.submitted', 'lead.rejected'],
			}),
		]);
	});

	it.each<[string, INodeParameters, string]>([
		['nothing', {}, "'Update Fields' is empty"],
		['no event', { events: [] }, "'Update Fields' is empty"],
		[
			'another protocol',
			{ url: 'mailto:ann@example.com' },
			"'Update Fields > Webhook URL' must be an address that begins with https:// or http://",
		],
		[
			'a long name',
			{ name: 'n'.repeat(101) },
			"'Update Fields > Webhook Name' must be at most 100 characters long",
		],
	])('is not updated with %s', async (_what, updateFields, message) => {
		const { error } = await partnero.operate('webhook', 'update', { ...hook, updateFields });
		expect(error?.message).toBe(message);
		expect(partnero.wire()).toEqual([]);
	});

	it('that is not there is named by the error', async () => {
		const { error } = await partnero.operate('webhook', 'delete', hook);
		expect(error?.message).toBe("Webhook 'w_1' was not found");
	});

	it('is found in the list by its name or its address, and shows whether it is switched off', async () => {
		const { webhooks: table } = partnero.sandbox.program('affiliate');
		table.add({ key: 'w_1', name: 'CRM', url: 'https://crm.example/hook' });
		table.add({
			key: 'w_2',
			name: 'n8n: Welcome',
			url: 'https://n8n.example/webhook/1',
			is_active: false,
		});
		const { results } = await searchList('searchWebhooks', partnero.credentials);
		expect(results).toEqual([
			{ name: 'n8n: Welcome · https://n8n.example/webhook/1 · switched off', value: 'w_2' },
			{ name: 'CRM · https://crm.example/hook', value: 'w_1' },
		]);
		for (const filter of ['crm', 'EXAMPLE/HOOK']) {
			const found = await searchList('searchWebhooks', partnero.credentials, filter);
			expect(found.results.map(({ value }) => value)).toEqual(['w_1']);
		}
	});
});
