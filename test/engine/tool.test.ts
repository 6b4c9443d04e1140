import type { IDataObject, INodeParameters, NodeApiError } from 'n8n-workflow';

import { ways, runAsTool } from './support/agent';
import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

const byModel = (name: string, type = 'string') => `={{ $fromAI('${name}', \`\`, '${type}') }}`;

const sale = {
	resource: 'transaction',
	operation: 'create',
	customer: locator('key', byModel('Customer')),
	amount: byModel('Amount', 'number'),
	key: byModel('Transaction_Key'),
};
const keyless = { ...sale, key: '' };
const write = { method: 'POST', path: '/transactions' };
const retrying = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };

beforeEach(() => {
	const { partners, customers } = partnero.sandbox.program('affiliate');
	partners.add({ id: 'p_1', email: 'ann@example.com', key: 'annlee' });
	customers.add({ key: 'user_1', partner: 'p_1' });
});

const transactions = () => partnero.sandbox.ledger().transactions;

describe.each(ways)('as a tool that is run %s', (way) => {
	const call = async (parameters: object, calls: object[], node: object = {}) =>
		await runAsTool({
			way,
			parameters: parameters as never,
			calls: calls as never,
			node,
			credentials: partnero.credentials,
		});

	const filled = { Customer: 'user_1', Amount: 12.5, Transaction_Key: 'inv_1' };

	it('gives the model its output', async () => {
		const [said] = await call(sale, [filled]);
		expect(JSON.parse(said)).toMatchObject([{ key: 'inv_1', amount: 12.5, created: true }]);
		expect(transactions().byKey.inv_1).toMatchObject({ count: 1, amount: 12.5 });
	});

	it.each([
		[
			'what the API refuses',
			{ resource: 'customer', operation: 'get', customer: locator('key', byModel('Customer')) },
			{ Customer: 'nobody' },
			/Customer 'nobody' was not found/,
			/Check the identifier/,
		],
		[
			'what the node refuses',
			{ ...sale, amount: byModel('Amount') },
			{ ...filled, Amount: 'much' },
			/'Amount' must be a number/,
			/It is 'much'\./,
		],
		[
			'what was not filled',
			sale,
			{ ...filled, Customer: '' },
			/'Customer' is empty/,
			/gives its identifier/,
		],
	])('gives the model the whole error: %s', async (_what, parameters, fields, message, advice) => {
		const [said] = await call(parameters, [fields]);
		expect(said).toMatch(message);
		expect(said).toMatch(advice);
		expect(transactions().total).toBe(0);
	});

	it('gives the model the whole error under "On Error: Continue"', async () => {
		const [said] = await call(sale, [{ ...filled, Customer: '' }], {
			onError: 'continueRegularOutput',
		});
		expect(JSON.parse(said)).toEqual([
			{ error: "'Customer' is empty", message: expect.stringContaining('identifier') },
		]);
	});

	it('refuses Create Many, and says what to use', async () => {
		const [said] = await call({ ...sale, operation: 'createMany' }, [filled]);
		expect(said).toContain('Create Many takes all incoming items at once');
		expect(said).toContain('Use Create instead.');
		expect(partnero.wire()).toEqual([]);
	});

	it('keeps apart what calls at once fill in, and records a key once', async () => {
		const calls = [1, 2, 3, 1].map((number) => ({
			...filled,
			Amount: number,
			Transaction_Key: `inv_${number}`,
		}));
		const said = (await call(sale, calls)).map(
			(text) => (JSON.parse(text) as Array<{ key: string; amount: number }>)[0],
		);
		expect(said.map(({ key, amount }) => [key, amount])).toEqual([
			['inv_1', 1],
			['inv_2', 2],
			['inv_3', 3],
			['inv_1', 1],
		]);
		expect(transactions()).toMatchObject({ total: 3, amount: 6 });
	});

	it('says that it created a partner once, though the answer was lost', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', times: 1, match: { method: 'POST' } });
		const upsert = { resource: 'partner', operation: 'upsert', email: byModel('Email') };
		const said = await call(upsert, Array(3).fill({ Email: 'new@example.com' }));
		expect(
			said.map((text) => (JSON.parse(text) as Array<{ created: boolean }>)[0].created),
		).toEqual([true, false, false]);
	});

	it.each(['continueRegularOutput', 'stopWorkflow', undefined])(
		'sends once what has no key, whatever n8n repeats: On Error %s',
		async (onError) => {
			partnero.sandbox.faults.add({ kind: 'cutAfterWrite', times: 1, match: write });
			const said = await call(keyless, [filled], { ...retrying, onError }).catch(
				(error: NodeApiError) => [`${error.message} ${error.description}`],
			);
			expect(said).toEqual([expect.stringContaining('may have been recorded')]);
			expect(transactions().total).toBe(1);
		},
	);
});

describe.each(ways)('what a tool outputs that is run %s', (way) => {
	const get = async (parameters: object, fields: IDataObject = {}, operation = 'get') => {
		const [said] = await runAsTool({
			way,
			parameters: {
				...{ resource: 'partner', operation, partner: locator('key', 'annlee') },
				...parameters,
			} as INodeParameters,
			calls: [fields],
			credentials: partnero.credentials,
			node: { onError: 'continueRegularOutput' },
		});
		return (JSON.parse(said) as IDataObject[])[0];
	};

	it('is simplified if nothing else was chosen', async () => {
		for (const parameters of [{}, { output: 'simplified' }, { output: byModel('Output') }]) {
			const record = await get(parameters, { Output: '' });
			expect(record).toMatchObject({ id: 'p_1', clicks: expect.any(Number) });
			expect(record).not.toHaveProperty('referrals');
		}
	});

	it('is everything if Raw was chosen, or Simplify turned off, as before there was a choice', async () => {
		for (const parameters of [
			{ output: 'raw' },
			{ simplify: false },
			{ simplify: false, output: 'simplified' },
		])
			expect(await get(parameters)).toMatchObject({ id: 'p_1', referrals: { clicks: 0 } });
	});

	it('is the fields that were selected, with what the record is known by', async () => {
		const outputFields = 'email, referrals.clicks, commissions_not_paid, nothing.of.it';
		expect(await get({ output: 'selected', outputFields })).toEqual({
			id: 'p_1',
			email: 'ann@example.com',
			'referrals.clicks': 0,
			commissions_not_paid: 0,
			'nothing.of.it': null,
		});
		expect(
			await get(
				{ output: 'selected', outputFields: byModel('Fields') },
				{ Fields: 'email' },
				'getAll',
			),
		).toEqual({ id: 'p_1', email: 'ann@example.com' });
	});

	it('is refused where no field was named', async () => {
		const record = await get(
			{ output: 'selected', outputFields: byModel('Fields') },
			{ Fields: '' },
		);
		expect(record.error).toContain("'Output Fields' is empty");
	});
});

it('a person has no Output: only Simplify counts', async () => {
	const { json } = await partnero.operate('partner', 'get', {
		partner: locator('key', 'annlee'),
		output: 'raw',
	});
	expect(json[0]).not.toHaveProperty('referrals');
});

describe.each(ways)("what an agent's model gives for nothing, as a tool that is run %s", (way) => {
	const call = async (parameters: object, fields: IDataObject) =>
		await runAsTool({
			way,
			parameters: parameters as INodeParameters,
			calls: [fields],
			credentials: partnero.credentials,
			node: { onError: 'continueRegularOutput' },
		});

	const written = () =>
		partnero
			.wire()
			.filter(({ method }) => method !== 'GET')
			.map(({ body }) => body);

	it.each(['null', 'undefined', ''])('%j is blank in an optional field', async (word) => {
		const create = {
			resource: 'partner',
			operation: 'create',
			email: byModel('Email'),
			additionalFields: { name: byModel('Name'), surname: 'Null', tags: byModel('Tags') },
		};
		await call(create, { Email: 'new@example.com', Name: word, Tags: word });
		expect(written()).toEqual([{ email: 'new@example.com', surname: 'Null' }]);
	});

	it.each(['null', 'undefined', ''])('%j is no filter', async (word) => {
		const [said] = await call(
			{
				resource: 'partner',
				operation: 'getAll',
				filters: { email: byModel('Email'), status: byModel('Status') },
			},
			{ Email: word, Status: word },
		);
		expect(JSON.parse(said)).toEqual([expect.objectContaining({ id: 'p_1' })]);
	});

	it.each(['null', 'undefined'])('%j in a required field is nothing', async (word) => {
		const [said] = await call(
			{ resource: 'customer', operation: 'get', customer: locator('key', byModel('Customer')) },
			{ Customer: word },
		);
		expect(said).toContain("'Customer' is empty");
		const [other] = await call(
			{ resource: 'partner', operation: 'create', email: byModel('Email') },
			{ Email: word },
		);
		expect(other).toContain("'Partner Email' is empty");
		expect(partnero.wire()).toEqual([]);
	});
});
