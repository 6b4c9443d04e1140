import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeParameters,
	ResourceMapperFields,
	ResourceMapperValue,
} from 'n8n-workflow';

import { Partnero } from '../../nodes/Partnero/Partnero.node';
import type { LeadField } from '../../sandbox/records';

import { closeAll, json, serve } from './support/bareServer';
import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();
const day = 24 * 60 * 60 * 1000;

const form: LeadField[] = [
	{
		id: 88,
		type: 'text',
		title: 'About you',
		text: 'Tell us who you are.',
		description: null,
		required: false,
		options: [],
	},
	{
		id: 89,
		type: 'input',
		title: 'Company',
		text: null,
		description: null,
		required: true,
		options: [],
	},
	{
		id: 90,
		type: 'textarea',
		title: 'Needs',
		text: null,
		description: null,
		required: false,
		options: [],
	},
	{
		id: 91,
		type: 'checkbox',
		title: 'Interests',
		text: null,
		description: null,
		required: true,
		options: ['Beans', 'Machines'],
	},
	{
		id: 92,
		type: 'radio',
		title: 'Size',
		text: null,
		description: null,
		required: false,
		options: ['1-10', '11-50'],
	},
	{
		id: 93,
		type: 'select',
		title: 'When',
		text: null,
		description: null,
		required: false,
		options: ['Now', 'Later'],
	},
	{
		id: 94,
		type: 'countries',
		title: 'Country',
		text: null,
		description: null,
		required: true,
		options: [],
	},
];
const answers = { 89: 'Acme', 91: ['Beans', 'Machines'], 94: 'DE' };
const cy = { partner: locator('key', 'annlee'), name: 'Cy Po', email: 'cy@example.com' };

const program = () => partnero.sandbox.program('affiliate');

beforeEach(() => {
	program().partners.add({
		id: 'p_1',
		email: 'ann@example.com',
		key: 'annlee',
		name: 'Ann',
		surname: 'Lee',
	});
});

/** What the editor fills the resource mapper with, in the context that it gives to every list. */
async function leadFields(credentials = partnero.credentials): Promise<ResourceMapperFields> {
	const { listSearch, resourceMapping } = new Partnero().methods;
	let fields: ResourceMapperFields | undefined;
	const borrowed = jest.spyOn(listSearch, 'searchLeads').mockImplementation(async function (
		this: ILoadOptionsFunctions,
	) {
		fields = await resourceMapping.getLeadFields.call(this);
		return { results: [] };
	});
	await searchList('searchLeads', credentials).finally(() => borrowed.mockRestore());
	return fields!;
}

/** The mapper as the editor stores it: the answers, and the fields that it showed. */
async function mapped(answers: IDataObject): Promise<ResourceMapperValue> {
	const { fields: schema } = await leadFields();
	const asGiven = { attemptToConvertTypes: false, convertFieldsToString: false };
	const value = answers as ResourceMapperValue['value'];
	return { mappingMode: 'defineBelow', value, matchingColumns: [], schema, ...asGiven };
}

describe('the form of a lead in the editor', () => {
	it('has a field of the right kind for each question, marks the required ones, and leaves out what is only shown', async () => {
		program().leadForm.push(...form);
		const { fields, emptyFieldsNotice } = await leadFields();
		expect(
			fields.map(({ id, displayName, type, required, options }) => [
				id,
				displayName,
				type,
				required,
				options?.map(({ value }) => value),
			]),
		).toEqual([
			['89', 'Company', 'string', true, undefined],
			['90', 'Needs', 'string', false, undefined],
			['91[]', 'Interests (list)', 'string', true, undefined],
			['92', 'Size', 'options', false, ['1-10', '11-50']],
			['93', 'When', 'options', false, ['Now', 'Later']],
			['94', 'Country (e.g. US)', 'string', true, undefined],
		]);
		expect(fields.every(({ display, canBeUsedToMatch }) => display && !canBeUsedToMatch)).toBe(
			true,
		);
		expect(emptyFieldsNotice).toBeUndefined();
	});

	it('says so when there are no questions', async () => {
		expect(await leadFields()).toEqual({
			fields: [],
			emptyFieldsNotice: "The program's lead form has no custom fields.",
		});
	});

	it('says what to check when it cannot be read', async () => {
		const { referAFriend: apiKey } = partnero.sandbox.keys;
		await expect(leadFields({ ...partnero.credentials, apiKey })).rejects.toThrow(
			'The list could not be loaded from Partnero',
		);
	});
});

describe('lead create', () => {
	beforeEach(() => {
		program().leadForm.push(...form);
	});

	it('sends the answers by the number of the question, and only those that were given', async () => {
		const customFields = await mapped({
			89: 'Acme',
			90: '',
			'91[]': 'Beans, Machines',
			92: null,
			93: 'Later',
			94: 'DE',
		});
		const { json, error } = await partnero.operate('lead', 'create', { ...cy, customFields });
		expect(error).toBeUndefined();
		expect(partnero.wire().at(-1)).toEqual({
			method: 'POST',
			path: '/leads',
			body: {
				name: 'Cy Po',
				email: 'cy@example.com',
				partner: { key: 'annlee' },
				cfields: { ...answers, 93: 'Later' },
			},
		});
		expect(json).toEqual([
			expect.objectContaining({
				status: 'submitted',
				submitter: { id: 'p_1', name: 'Ann Lee', email: 'ann@example.com' },
				submission_form: expect.arrayContaining([
					{ question: 'Company', answer: 'Acme' },
					{ question: 'Interests', answer: 'Beans, Machines' },
				]),
			}),
		]);
	});

	it('takes the answers from the items', async () => {
		const customFields = await mapped({
			89: '={{ $json.company }}',
			'91[]': '={{ $json.interests }}',
			94: '={{ $json.country }}',
		});
		const items = [
			{ company: 'Acme', interests: ['Beans'], country: 'DE' },
			{ company: 'Bluth', interests: 'Beans, Machines', country: 'us' },
		];
		await partnero.operate('lead', 'create', { ...cy, customFields }, { items });
		const sent = partnero.wire().filter(({ method }) => method === 'POST');
		expect(sent.map(({ body }) => (body as IDataObject).cfields)).toEqual(
			items.map(({ company, interests, country }) => ({
				89: company,
				91: typeof interests === 'string' ? interests.split(', ') : interests,
				94: country,
			})),
		);
		expect(partnero.sandbox.ledger().leads).toHaveLength(2);
	});

	it('names the question whose answer is missing, and submits nothing', async () => {
		const { error } = await partnero.operate('lead', 'create', {
			...cy,
			customFields: { mappingMode: 'defineBelow', value: { 89: 'Acme', 94: 'DE' } },
		});
		expect(error?.message).toContain('The Interests field is required');
		expect(error?.description).toContain("'Custom Fields'");
		expect(partnero.sandbox.ledger().leads).toEqual([]);
	});
});

describe('a lead that is closed', () => {
	beforeEach(() => {
		program().leads.add({ id: '44', name: 'Cy Po', email: 'cy@example.com', partner: 'p_1' });
	});

	it('becomes a customer with a first sale, of which its partner gets the commission', async () => {
		const { json } = await partnero.operate('lead', 'convert', {
			lead: locator('id', '44'),
			commissionTransactionAmount: '={{ "500" }}',
		});
		expect(json).toEqual([
			expect.objectContaining({
				status: 'converted',
				converted_to: { key: expect.any(String), name: 'Cy Po', email: 'cy@example.com' },
				can_be_converted: false,
			}),
		]);
		const { customers, transactions, commission } = partnero.sandbox.ledger();
		expect(customers).toEqual([
			expect.objectContaining({ email: 'cy@example.com', partner: 'p_1' }),
		]);
		expect(transactions).toMatchObject({ total: 1, amount: 500 });
		expect(commission.byEarner.p_1).toMatchObject({ sales: 1, commission: 150 });
	});

	describe('on a server that answers the wrong verb with 404', () => {
		beforeEach(() => {
			partnero.sandbox.switches.leadsConvert = 'either';
			partnero.sandbox.faults.add({ kind: 'status', status: 404, match: { method: 'POST' } });
		});
		afterEach(() => void (partnero.sandbox.switches.leadsConvert = 'post'));

		it.each([
			['convert', 'converted', { commissionTransactionAmount: 500 }, 1],
			['reject', 'rejected', {}, 0],
		])(
			'is read, and the other verb is sent once while it is still submitted: %s',
			async (operation, status, more, sales) => {
				const { json } = await partnero.operate('lead', operation, {
					lead: locator('id', '44'),
					...more,
				});
				expect(json).toEqual([expect.objectContaining({ id: 44, status })]);
				expect(partnero.sandbox.ledger().transactions.total).toBe(sales);
				expect(partnero.wire().map(({ method, path }) => `${method} ${path}`)).toEqual([
					`POST /leads/${operation}`,
					'GET /leads/44',
					`GET /leads/${operation}`,
				]);
			},
		);

		it('is not sent again if it is closed, or not there', async () => {
			program().leads.add({
				id: '45',
				name: 'Di',
				email: 'di@example.com',
				partner: 'p_1',
				status: 'rejected',
			});
			for (const id of ['45', '46']) {
				const { error } = await partnero.operate('lead', 'convert', {
					lead: locator('id', id),
					commissionTransactionAmount: 500,
				});
				expect(error?.message).toBe(`Lead '${id}' was not found`);
			}
			expect(
				partnero.wire().filter(({ method, path }) => method === 'GET' && path === '/leads/convert'),
			).toEqual([]);
			expect(partnero.sandbox.ledger().transactions.total).toBe(0);
		});
	});

	it('costs one request where the verb is right', async () => {
		await partnero.operate('lead', 'convert', {
			lead: locator('id', '44'),
			commissionTransactionAmount: 500,
		});
		expect(partnero.wire()).toHaveLength(1);
	});

	it('is rejected, and earns nothing', async () => {
		const { json } = await partnero.operate('lead', 'reject', { lead: locator('id', '44') });
		expect(json).toEqual([
			expect.objectContaining({ id: 44, status: 'rejected', converted_to: null }),
		]);
		expect(partnero.sandbox.ledger()).toMatchObject({ customers: [], transactions: { total: 0 } });
	});

	it('is named by the error when it is not there', async () => {
		const { error } = await partnero.operate('lead', 'reject', { lead: locator('id', '45') });
		expect(error?.message).toBe("Lead '45' was not found");
	});
});

it.each(['details', 'convert', 'cy@example.com', '12345678901234567890'])(
	'%p is no ID of a lead, and asks for nothing',
	async (id) => {
		for (const operation of ['get', 'delete', 'reject']) {
			const { error } = await partnero.operate(
				'lead',
				operation,
				{ lead: locator('id', '={{ $json.id }}') },
				{ items: [{ id }] },
			);
			expect(error?.message).toBe("'Lead': The ID of a lead is a number");
		}
		expect(partnero.wire()).toEqual([]);
	},
);

describe('lead getAll', () => {
	const on = (daysAgo: number) => new Date(Date.now() - daysAgo * day).toISOString();

	beforeEach(() => {
		const { leads } = program();
		for (let index = 0; index < 130; index += 1) {
			const status = index % 2 ? 'submitted' : index % 4 ? 'rejected' : 'converted';
			leads.add({ id: String(index + 1), partner: 'p_1', status, created_at: on(130 - index) });
		}
	});

	it('gives only those in a status, from as many pages as it takes', async () => {
		const { json } = await partnero.operate('lead', 'getAll', {
			returnAll: true,
			filters: { status: 'submitted' },
		});
		expect(json).toHaveLength(65);
		expect(new Set(json.map(({ status }) => status))).toEqual(new Set(['submitted']));
		expect(partnero.wire().map(({ query }) => query)).toEqual([
			{ limit: '100', page: '1' },
			{ limit: '100', page: '2' },
			// Asked for ahead, while the second is awaited.
			{ limit: '100', page: '3' },
		]);
	});

	it('counts a lead of the same day as later, since it has no time of day', async () => {
		const { json } = await partnero.operate('lead', 'getAll', {
			returnAll: true,
			filters: { createdAfter: `${on(3).slice(0, 10)}T23:00:00Z` },
		});
		expect(json.map(({ created_at: created }) => created)).toEqual(
			[on(1), on(2), on(3)].map((date) => date.slice(0, 10)),
		);
		expect(partnero.wire()[0].query).toEqual({ sort: 'desc', limit: '100', page: '1' });
	});

	it('combines both, and the oldest first', async () => {
		const { json } = await partnero.operate('lead', 'getAll', {
			returnAll: true,
			filters: { status: 'submitted', createdAfter: on(5) },
			options: { sort: 'asc' },
		});
		expect(json.map(({ id }) => id)).toEqual([126, 128, 130]);
	});
});

describe('lead getForm', () => {
	it('gives the settings, and every question', async () => {
		program().leadForm.push(...form);
		const { json } = await partnero.operate('lead', 'getForm');
		expect(json).toEqual([
			{
				leads_enabled: true,
				program_leads_commission_type: 'program_commission',
				leads_commission: { currency: 'USD', commission: 30, commission_type: 'percent' },
				fields: form,
			},
		]);
	});
});

describe('a status that the API writes in another case', () => {
	afterEach(closeAll);

	/** A lead or a payout request, and what the server does with a POST; a GET shows it as it is then. */
	async function statusServer(
		before: string,
		after: string,
		answer: (verb: string) => [status: number, body: unknown],
	) {
		let status = before;
		const server = await serve(({ method, path }, response) => {
			const verb =
				path.startsWith('/leads/c') || path.startsWith('/leads/r') || method === 'POST'
					? `${method} `
					: '';
			if (!verb) return json(response, 200, { data: { id: 44, status }, status: 1 });
			const [code, body] = answer(verb.trim());
			if (code !== 404 && code !== 422) status = after;
			return json(response, code, body);
		});
		const credentials = { apiKey: `status-${server.url}`, baseUrl: server.url };
		const run = async (resource: string, operation: string, more: INodeParameters = {}) =>
			await partnero.operate(
				resource,
				operation,
				{ [resource]: locator('id', '44'), ...more },
				{ credentials },
			);
		return {
			run,
			writes: () =>
				server.arrivals
					.filter(({ method, path }) => method === 'POST' || path.includes('?'))
					.map(({ method }) => method),
		};
	}

	it('is the one that a lost answer has led to', async () => {
		const { run, writes } = await statusServer('Submitted', ' Converted ', () => [
			502,
			'Bad Gateway',
		]);
		const { error, json: items } = await run('lead', 'convert', { commissionTransactionAmount: 5 });
		expect(error?.message).toBeUndefined();
		expect(items).toEqual([{ id: 44, status: ' Converted ' }]);
		expect(writes()).toEqual(['POST']);
	});

	it('is the one from which the other verb may move it', async () => {
		const { run, writes } = await statusServer(' Submitted', 'Rejected', (verb) =>
			verb === 'POST'
				? [404, { message: 'Not Found' }]
				: [200, { data: { id: 44, status: 'Rejected' }, status: 1 }],
		);
		expect((await run('lead', 'reject')).json).toEqual([{ id: 44, status: 'Rejected' }]);
		expect(writes()).toEqual(['POST', 'GET']);
	});

	it.each([
		['only acknowledges', { status: 1 }],
		['shows it', { data: { id: 44, status: 'Requested' }, status: 1 }],
	])('is the one in which it is still, where the answer %s', async (_how, body) => {
		const { run } = await statusServer('Requested', 'Requested', () => [200, body]);
		expect((await run('payoutRequest', 'approve')).error?.message).toContain(
			"was accepted by Partnero, but is still 'requested'",
		);
	});

	it('is read again where the answer has it as it was', async () => {
		const { run } = await statusServer('Requested', 'Approved', () => [
			200,
			{ data: { id: 44, status: 'Requested' }, status: 1 },
		]);
		expect((await run('payoutRequest', 'approve')).json).toEqual([{ id: 44, status: 'Approved' }]);
	});

	it('is what stands in the way', async () => {
		const { run } = await statusServer('Resubmit Requested', '', () => [
			422,
			{ message: 'Action failed.' },
		]);
		const { error } = await run('payoutRequest', 'approve');
		expect(error?.description).toContain(
			"This one is 'resubmit_requested'. The partner has to send it again first.",
		);
	});
});
