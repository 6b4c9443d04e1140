import type { IDataObject } from 'n8n-workflow';

import type { BareServer } from './support/bareServer';
import { closeAll, json as answer, serve } from './support/bareServer';
import { locator, useSandbox } from './support/partnero';

/*
 * Where the documents disagree about the form of a request, the other form is sent once the first one was refused. How a
 * server refuses a form, nobody has seen.
 */
const partnero = useSandbox();
let server: BareServer;
let refusal: { status: number; body: IDataObject };

beforeAll(async () => {
	server = await serve(({ method, body }, response) => {
		if (method === 'GET') return answer(response, 200, { data: [], status: 1 });
		const sale = JSON.parse(body) as IDataObject;
		if (typeof sale.created_at === 'number') return answer(response, refusal.status, refusal.body);
		answer(response, 200, { data: { ...sale, id: 1 }, status: 1 });
	});
});
afterAll(closeAll);
beforeEach(() => {
	server.arrivals.length = 0;
});

async function record() {
	const result = await partnero.operate(
		'transaction',
		'create',
		{
			customer: locator('key', 'u_1'),
			amount: 5,
			key: 'inv_1',
			additionalFields: { createdAt: '2026-01-31T12:00:00Z' },
		},
		{ credentials: { ...partnero.credentials, baseUrl: server.url } },
	);
	const posts = server.arrivals.filter(({ method }) => method === 'POST');
	return { ...result, sent: posts.map(({ body }) => (JSON.parse(body) as IDataObject).created_at) };
}

const errors = { created_at: ['The created at field must be a valid date.'] };
const message = 'The given data was invalid.';

it.each([
	['422 with errors', 422, { status: 0, message, errors }],
	['400 with errors', 400, { status: 0, message, errors }],
	['200 with errors', 200, { status: 0, message, errors }],
	['200 with errors in data', 200, { data: { status: 0, message, errors } }],
	['422 with a message', 422, { message: errors.created_at[0] }],
	['400 with a message', 400, { status: 0, message: 'created_at must be a date' }],
	['200 with a message', 200, { status: 'error', message: 'created_at must be a date' }],
])('a %s about the field has the other form sent', async (_, status, body) => {
	refusal = { status, body };
	const { json, sent } = await record();
	expect(json).toMatchObject([{ key: 'inv_1', created: true }]);
	expect(sent).toEqual([expect.any(Number), expect.stringMatching(/^2026-01-31T12:00:00/)]);
});

it.each([
	['a refusal of another field', 422, { message, errors: { amount: ['Too small.'] } }],
	['a message about something else', 400, { status: 0, message: 'The program is paused.' }],
	['a refusal for another reason', 403, { status: 0, message, errors }],
])('%s has nothing else sent', async (_, status, body) => {
	refusal = { status, body };
	const { error, sent } = await record();
	expect(error).toBeDefined();
	expect(sent).toEqual([expect.any(Number)]);
});
