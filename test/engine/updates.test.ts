import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import fc from '../support/fastCheck';
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { ProgramName } from '../../sandbox/programs';
import type { ProgramState } from '../../sandbox/state';
import { locator, useSandbox } from './support/partnero';

/*
 * Updates are believed only if they show (`recording.md` 13): on a server that does not heed an update no
 * operation reports success, and on one that does nothing more is sent than the update.
 */
const partnero = useSandbox();

/** One update of a record: its fields as a user fills them, and what the ledger has to show after it. */
interface Update {
	program: ProgramName;
	operation: [resource: string, operation: string];
	parameters(name: string): INodeParameters;
	/** What the record is called in the ledger. */
	nameOf(state: ProgramState): unknown;
	/** How many requests it takes where the server heeds it. */
	requests: number;
	/** Whether it has another form to send. */
	hasOtherForm: boolean;
	/** What the user calls the field. */
	label: string;
}

const updates: { [name: string]: Update } = {
	'customer update': {
		program: 'affiliate',
		operation: ['customer', 'update'],
		parameters: (name) => ({ customer: locator('key', 'u_1'), updateFields: { name } }),
		nameOf: ({ customers }) => customers.find('key', 'u_1')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'First Name' },
	},
	'customer upsert': {
		program: 'affiliate',
		operation: ['customer', 'upsert'],
		parameters: (name) => ({ key: 'u_1', attributeTo: 'partner', partner: locator('key', 'annlee'), additionalFields: { name } }),
		nameOf: ({ customers }) => customers.find('key', 'u_1')?.name,
		...{ requests: 2, hasOtherForm: true, label: 'First Name' },
	},
	'customer update, refer-a-friend': {
		program: 'referAFriend',
		operation: ['customer', 'update'],
		parameters: (name) => ({ customer: locator('id', 'u_1'), updateFields: { name } }),
		nameOf: ({ customers }) => customers.find('id', 'u_1')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'First Name' },
	},
	'partner update': {
		program: 'affiliate',
		operation: ['partner', 'update'],
		parameters: (name) => ({ partner: locator('id', 'p_1'), updateFields: { name } }),
		nameOf: ({ partners }) => partners.find('id', 'p_1')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'First Name' },
	},
	'partner upsert': {
		program: 'affiliate',
		operation: ['partner', 'upsert'],
		parameters: (name) => ({ email: 'ann@example.com', additionalFields: { name } }),
		nameOf: ({ partners }) => partners.find('id', 'p_1')?.name,
		...{ requests: 2, hasOtherForm: true, label: 'First Name' },
	},
	'subscriber update': {
		program: 'newsletter',
		operation: ['subscriber', 'update'],
		parameters: (name) => ({ subscriber: locator('email', 'rea@example.com'), updateFields: { name } }),
		nameOf: ({ subscribers }) => subscribers.find('email', 'rea@example.com')?.name,
		...{ requests: 1, hasOtherForm: true, label: 'Name' },
	},
	'subscriber upsert': {
		program: 'newsletter',
		operation: ['subscriber', 'upsert'],
		parameters: (name) => ({ email: 'rea@example.com', additionalFields: { name } }),
		nameOf: ({ subscribers }) => subscribers.find('email', 'rea@example.com')?.name,
		...{ requests: 2, hasOtherForm: true, label: 'Name' },
	},
	'coupon update': {
		program: 'affiliate',
		operation: ['coupon', 'update'],
		parameters: (name) => ({ coupon: locator('uuidCode', 'WINTER'), updateFields: { name } }),
		nameOf: ({ coupons }) => coupons.find('uuid_code', 'WINTER')?.name,
		...{ requests: 1, hasOtherForm: false, label: 'Coupon Name' },
	},
	'promotion code update': {
		program: 'affiliate',
		operation: ['promotionCode', 'update'],
		parameters: (name) => ({ promotionCode: locator('code', 'HELLO'), updateFields: { metadata: { pairs: [{ name: 'campaign', value: name }] } } }),
		nameOf: ({ promotionCodes }) => promotionCodes.find('code', 'HELLO')?.metadata.campaign,
		...{ requests: 1, hasOtherForm: false, label: 'Metadata' },
	},
	'referral link update': {
		program: 'affiliate',
		operation: ['referralLink', 'update'],
		parameters: (name) => ({ owner: 'partner', referralLink: locator('key', 'Before'), key: name }),
		nameOf: ({ partners }) => partners.find('id', 'p_1')?.moreKeys[0],
		...{ requests: 1, hasOtherForm: false, label: 'New Key' },
	},
	'webhook update': {
		program: 'affiliate',
		operation: ['webhook', 'update'],
		parameters: (name) => ({ webhook: locator('key', 'wh_1'), updateFields: { name } }),
		nameOf: ({ webhooks }) => webhooks.find('key', 'wh_1')?.name,
		...{ requests: 1, hasOtherForm: false, label: 'Webhook Name' },
	},
};

function arrange(program: ProgramName): ProgramState {
	const state = partnero.sandbox.program(program);
	const { partners, customers, subscribers, coupons, promotionCodes, webhooks } = state;
	if (program === 'newsletter') {
		subscribers.add({ email: 'rea@example.com', id: 'rea@example.com', name: 'Before' });
	} else if (program === 'referAFriend') {
		customers.add({ id: 'u_1', key: 'u_1', name: 'Before' });
	} else {
		partners.add({ id: 'p_1', key: 'annlee', email: 'ann@example.com', name: 'Before', moreKeys: ['Before'] });
		customers.add({ key: 'u_1', name: 'Before', partner: 'p_1' });
		coupons.add({ uuid_code: 'WINTER', name: 'Before' });
		promotionCodes.add({ code: 'HELLO', coupon: 'WINTER', metadata: { campaign: 'Before' } });
		webhooks.add({ key: 'wh_1', name: 'Before', url: 'https://crm.example.com', events: ['partner.created'] });
	}
	return state;
}

async function run({ program, operation: [resource, operation], parameters }: Update, name = 'After') {
	const { error, json } = await partnero.operate(resource, operation, parameters(name), {
		credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] },
	});
	return { error, json: json as IDataObject[] };
}

const table = Object.entries(updates);

describe('an update', () => {
	it.each(table)('%s: takes not one request more where it is heeded', async (_name, one) => {
		const state = arrange(one.program);
		const { error } = await run(one);
		expect(error?.message).toBeUndefined();
		expect(one.nameOf(state)).toBe('After');
		expect(partnero.sandbox.requests).toHaveLength(one.requests);
	});

	it.each(table.filter(([, { hasOtherForm }]) => hasOtherForm))('%s: is sent without the wrapper where that is ignored', async (_name, one) => {
		const state = arrange(one.program);
		partnero.sandbox.quirks.updatesIgnored = 'wrapped';
		const { error } = await run(one);
		expect(error?.message).toBeUndefined();
		expect(one.nameOf(state)).toBe('After');
		expect(partnero.sandbox.requests).toHaveLength(one.requests + 1);
	});

	it.each(table)('%s: is an error where no form is heeded', async (_name, one) => {
		const state = arrange(one.program);
		partnero.sandbox.quirks.updatesIgnored = 'all';
		const { error } = await run(one);
		expect(error?.message).toContain(`was accepted by Partnero, but '${one.label}' shows 'Before'`);
		expect(error?.description).toContain(`Sent was 'After' for '${one.label}'`);
		expect(one.nameOf(state)).toBe('Before');
		expect(partnero.sandbox.requests.filter(({ method }) => method === 'PUT')).toHaveLength(one.hasOtherForm ? 2 : 1);
	});

	it('reports success for any text only if the ledger has it', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...Object.values(updates)),
				fc.string({ minLength: 1, maxLength: 60, unit: 'grapheme' }).filter((text) => text.trim() !== '' && !text.startsWith('=')),
				fc.constantFrom(null, 'wrapped' as const, 'unwrapped' as const, 'all' as const),
				async (one, name, updatesIgnored) => {
					partnero.sandbox.reset('empty');
					const state = arrange(one.program);
					partnero.sandbox.quirks.updatesIgnored = updatesIgnored;
					const { error } = await run(one, name);
					// The form trims some texts.
					const isHeeded = String(one.nameOf(state)).trim() === name.trim();
					expect({ succeeds: error === undefined, isHeeded }).toEqual({ succeeds: isHeeded, isHeeded });
				},
			),
			{ numRuns: 60, seed: 18 },
		);
	});
});

it('is done if the record shows it, though the answer has the record as it was before', async () => {
	let name = 'Before';
	const sent: string[] = [];
	const server = createServer((request, response) => {
		sent.push(request.method!);
		response.setHeader('content-type', 'application/json');
		response.end(JSON.stringify({ data: { key: 'u_1', email: 'una@example.com', name }, status: 1 }));
		if (request.method === 'PUT') name = 'After';
	}).listen(0, '127.0.0.1');
	await new Promise((resolve) => server.once('listening', resolve));
	try {
		const credentials = { apiKey: 'stale-answers', baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` };
		// The webhook has no other form, so that only the record itself can tell.
		const { error, json } = await partnero.operate('webhook', 'update', { webhook: locator('id', 'u_1'), updateFields: { name: 'After' } }, { credentials });
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ name: 'After' })]);
		expect(sent).toEqual(['PUT', 'GET']);
	} finally {
		server.close();
	}
});
