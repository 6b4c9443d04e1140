import type { INodeParameters } from 'n8n-workflow';

import type { Answering } from './support/bareServer';
import { closeAll, json, serve } from './support/bareServer';
import { searchList } from './support/engine';
import type { Situation } from './support/forms';
import { fieldsOf, filled, situations } from './support/forms';
import { locator, useSandbox } from './support/partnero';
import { Trigger } from './support/trigger';

/*
 * An error repeats no more than 200 characters of what somebody else wrote: the API, or whoever filled the form. n8n
 * stores it with the execution, mails it, and hands it to a model.
 */
const partnero = useSandbox();
afterEach(closeAll);

const long = 'x'.repeat(20_000);

/** Expects that no text has more than 200 of the characters in a row, and that what was cut off says so. */
function expectShort(texts: Array<string | null | undefined>): void {
	const text = texts.join('\n');
	expect(text).not.toMatch(/x{201}/);
	expect(text).not.toMatch(/[\uE000\uE001]/);
	expect(text.length).toBeLessThan(8_000);
	if (text.includes('xxxxx')) expect(text).toContain('…');
}

async function errorOf(
	{ resource, operation, item }: Situation,
	parameters: INodeParameters,
	baseUrl: string,
) {
	const credentials = { apiKey: 'key-of-a-bare-server', baseUrl };
	return (await partnero.operate(resource, operation, parameters, { items: [item], credentials }))
		.error;
}

/** Most say the same for all operations: of those, some are tried. */
const someSituations = situations.filter((_situation, index) => index % 8 === 0);

const messages: Array<[status: string, answering: Answering, tried?: Situation[]]> = [
	...[400, 403, 404, 405, 409, 422].map((status): [string, Answering, Situation[]?] => [
		String(status),
		(_arrival, response) =>
			json(response, status, {
				message: long,
				errors: { email: [long, long], [`y${long}`]: [long] },
				status: 0,
			}),
		[400, 405, 409].includes(status) ? someSituations : situations,
	]),
	...[400, 422].map((status): [string, Answering, Situation[]] => [
		`${status} about a thousand fields`,
		(_arrival, response) => {
			const errors = Object.fromEntries(
				Array.from({ length: 1000 }, (_, number) => [`field_${number}`, ['is not valid']]),
			);
			json(response, status, { errors, status: 0 });
		},
		someSituations,
	]),
	[
		'200 with a failure in it',
		(_arrival, response) => json(response, 200, { status: 0, message: long, error: long }),
		someSituations,
	],
	[
		'302',
		(_arrival, response) =>
			json(response, 302, {}, { location: `https://other.example/${'x'.repeat(8_000)}` }),
		someSituations,
	],
];

describe.each(messages)('what the API says (%s)', (_status, answering, tried = situations) => {
	it('is cut off in the operations', async () => {
		const { url } = await serve(answering);
		for (const situation of tried) {
			const error = await errorOf(situation, situation.parameters, url);
			expect([situation.title, error]).toEqual([situation.title, expect.anything()]);
			expectShort([error?.message, error?.description]);
		}
	}, 120_000);

	it('is cut off in the lists of the editor and for the trigger', async () => {
		const { url } = await serve(answering);
		const credentials = { apiKey: 'key-of-a-bare-server', baseUrl: url };
		const listed = (await searchList('searchPartners', credentials).catch(
			(error: unknown) => error,
		)) as Error;
		const trigger = await new Trigger({ credentials }).listen();
		const activated = (await trigger.activate().catch((error: unknown) => error)) as Error & {
			description?: string;
		};
		await trigger.close();
		expect([listed, activated]).toEqual([expect.any(Error), expect.any(Error)]);
		expectShort([
			listed.message,
			activated.message,
			activated.description,
			...trigger.logged,
			...trigger.warned,
		]);
	});
});

/** As long as an identifier can be: longer ones are refused. */
const longestIdentifier = 'x'.repeat(255);

describe.each([
	['20,000 characters', long],
	['as many characters as an identifier may have', longestIdentifier],
])('what was filled in (%s)', (_what, text) => {
	it('is cut off, in every field of every operation', async () => {
		const { url } = await serve((_arrival, response) =>
			json(response, 422, { message: 'The partner is not valid.', errors: {}, status: 0 }),
		);
		for (const situation of situations) {
			for (const field of fieldsOf(situation.resource, situation.operation)) {
				const modes =
					field.property.type === 'resourceLocator'
						? (field.property.modes ?? []).map(({ name }) => name)
						: [''];
				for (const mode of modes) {
					const value = `={{ "${text}" }}`;
					const error = await errorOf(
						situation,
						filled(situation, [[field, mode ? locator(mode, value) : value]]),
						url,
					);
					expectShort([error?.message, error?.description]);
				}
			}
		}
	}, 300_000);
});

describe('what is found under an identifier', () => {
	const sale = { customer: locator('key', 'u_1'), amount: 5, key: longestIdentifier };

	it.each<[string, Answering, string, string, INodeParameters]>([
		['another sale', found({ amount: 7, customer: 'u_2' }), 'transaction', 'create', sale],
		[
			'a sale of a customer with a long key',
			found({ amount: 7, customer: long }),
			'transaction',
			'create',
			sale,
		],
		[
			'a sale with a long unit',
			found({ amount: 7, amount_units: long, customer: 'u_1' }),
			'transaction',
			'create',
			sale,
		],
		[
			'a similar key',
			found({ key: longestIdentifier.toUpperCase() }),
			'transaction',
			'create',
			sale,
		],
		[
			'several sales',
			(_arrival, response) =>
				json(response, 200, {
					data: [1, 2].map(() => ({ key: longestIdentifier, amount: 1, customer: long })),
					links: { next: null },
					status: 1,
				}),
			'transaction',
			'refund',
			{ transaction: locator('key', longestIdentifier) },
		],
		[
			'several partners with an email',
			(_arrival, response) =>
				json(response, 200, {
					data: [1, 2].map((id) => ({ id: `${id}${long}`, email: `${'x'.repeat(240)}@a.example` })),
					links: { next: null },
					status: 1,
				}),
			'partner',
			'delete',
			{ partner: locator('email', `${'x'.repeat(240)}@a.example`) },
		],
		[
			'other emails',
			(_arrival, response) =>
				json(response, 200, {
					data: [{ id: '1', email: `${long}${'x'.repeat(240)}@a.example` }],
					links: { next: null },
					status: 1,
				}),
			'partner',
			'delete',
			{ partner: locator('email', `${'x'.repeat(240)}@a.example`) },
		],
		[
			'a long status',
			(_arrival, response, request) =>
				json(response, request.method === 'GET' ? 200 : 400, {
					data: { id: 61, status: long },
					message: 'No.',
					status: request.method === 'GET' ? 1 : 0,
				}),
			'payoutRequest',
			'approve',
			{ payoutRequest: locator('id', '61') },
		],
		[
			'an update that is not heeded',
			(_arrival, response) =>
				json(response, 200, { data: { id: 'p_1', email: 'a@b.example', name: long }, status: 1 }),
			'partner',
			'update',
			{ partner: locator('id', 'p_1'), updateFields: { name: `${long}y` } },
		],
	])(
		'%s is cut off',
		async (_what, answering, resource, operation, parameters) => {
			const { url } = await serve(answering);
			const { error } = await partnero.operate(resource, operation, parameters, {
				credentials: { apiKey: 'key-of-a-bare-server', baseUrl: url },
			});
			expect(error).toBeDefined();
			expectShort([error?.message, error?.description]);
		},
		60_000,
	);

	function found(record: object): Answering {
		return (_arrival, response) =>
			json(response, 200, {
				data: [{ key: longestIdentifier, amount: 5, customer: 'u_1', ...record }],
				links: { next: null },
				status: 1,
			});
	}
});

it('cuts off no API key half way, so that it could not be recognized', async () => {
	const apiKey = 'secret-key-of-somebody-1234567890';
	for (let before = 150; before <= 210; before += 3) {
		const { url } = await serve((_arrival, response) =>
			json(response, 400, { message: `${'x'.repeat(before)}${apiKey}${long}`, status: 0 }),
		);
		const { error } = await partnero.operate(
			'partner',
			'get',
			{ partner: locator('id', 'p_1') },
			{ credentials: { apiKey, baseUrl: url } },
		);
		expect(`${error?.message} ${error?.description}`).not.toContain('secret');
	}
});

it('cuts off no half of a character, and leaves 200 of them whole', async () => {
	const message = async (text: string) => {
		const { url } = await serve((_arrival, response) =>
			json(response, 400, { message: text, status: 0 }),
		);
		return (
			await partnero.operate(
				'program',
				'get',
				{},
				{ credentials: { apiKey: 'key-of-a-bare-server', baseUrl: url } },
			)
		).error?.message;
	};
	expect(await message('\u{1F44D}'.repeat(200))).toContain(`: ${'\u{1F44D}'.repeat(200)}`);
	expect(await message('\u{1F44D}'.repeat(201))).toContain(`: ${'\u{1F44D}'.repeat(200)}…`);
	expect(await message('x'.repeat(200))).toContain(`: ${'x'.repeat(200)}`);
	expect(await message('x'.repeat(201))).toContain(`: ${'x'.repeat(200)}…`);
});
