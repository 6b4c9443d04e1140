import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { contractOperations } from '../../sandbox/contract';
import { PROGRAMS } from '../../sandbox/programs';

import { useSandbox } from './support/partnero';
import { arrange, asWire, samples } from './support/samples';

/** Public interface, since workflows store it: typed in from the specification, never from the node. */
const specified: Record<string, string[]> = {
	program: ['get', 'getReport', 'update'],
	partner: [
		'create',
		'upsert',
		'get',
		'getAll',
		'update',
		'delete',
		'archive',
		'unarchive',
		'addReward',
		'getStatements',
		'getSignInUrl',
	],
	customer: [
		'create',
		'upsert',
		'get',
		'getAll',
		'update',
		'delete',
		'archive',
		'unarchive',
		'suspend',
		'approve',
		'getTransactions',
		'getReferrals',
		'getBalance',
		'creditBalance',
		'getStatistics',
		'invite',
	],
	transaction: ['create', 'createMany', 'get', 'getAll', 'refund', 'archive', 'unarchive'],
	lead: ['create', 'get', 'delete', 'getAll', 'convert', 'reject', 'getForm'],
	coupon: ['create', 'get', 'delete', 'getAll', 'update', 'redeem'],
	promotionCode: ['create', 'get', 'update', 'redeem', 'delete', 'getAll'],
	referralLink: ['create', 'get', 'update', 'delete', 'getAll', 'getDomains'],
	webhook: ['create', 'get', 'update', 'delete', 'getAll'],
	subscriber: ['create', 'upsert', 'get', 'update', 'delete', 'getAll'],
	reward: ['create', 'get', 'getAll'],
	payoutRequest: ['create', 'get', 'getAll', 'approve', 'markAsPaid'],
};

/** Pairs that have no sample, and why. */
const triedElsewhere: Record<string, string> = {
	'transaction createMany': 'takes all items at once (createMany.test.ts)',
};

/** Endpoints of the contract that no operation calls, and why. */
const notCalled: Record<string, string> = {
	testConnection: 'the test of the credential reads GET /program, which says more',
	deleteProgram: 'left out on purpose: it destroys the whole program',
	getProgramOverview: 'the older address of GET /program',
	updatePartnerByBody: 'the same as updatePartner, which names the partner in the path',
	deletePartnerByBody: 'the same as deletePartner',
	updateCustomerByBody: 'the same as updateCustomer',
	deleteCustomerByBody: 'the same as deleteCustomer',
	deleteTransactionByBody: 'the same as deleteTransaction',
	convertLeadByGet: 'only after a 405 to convertLead (contradictions.test.ts)',
	updateSubscriberByPath: 'only after a 422 to updateSubscriber (contradictions.test.ts)',
	rejectLeadByGet: 'only after a 405 to rejectLead (contradictions.test.ts)',
	searchPartnerReferralLinks: 'says less than the list of one partner: not whose the link is',
	searchCustomerReferralLinks: 'says less than the list of one customer',
};

const partnero = useSandbox();
const { properties } = new Partnero().description;

function choicesOf(name: string, resource?: string): INodePropertyOptions[] {
	const field = properties.find(
		(property) =>
			property.name === name &&
			(!resource || property.displayOptions?.show?.resource?.includes(resource)),
	);
	return (field?.options ?? []) as INodePropertyOptions[];
}

function valuesOf(options: INodePropertyOptions[]) {
	return options.map(({ value }) => value).sort();
}

const pairs = Object.entries(specified).flatMap(([resource, operations]) =>
	operations.map((operation): [string, string] => [resource, operation]),
);

describe('the built description', () => {
	it('has the resources of the specification, and no other', () => {
		expect(valuesOf(choicesOf('resource'))).toEqual(Object.keys(specified).sort());
	});

	it.each(Object.keys(specified))('has the operations of %s, and no other', (resource) => {
		expect(valuesOf(choicesOf('operation', resource))).toEqual([...specified[resource]].sort());
	});

	it.each(pairs)('says of %s %s what it is and where it goes', (resource, operation) => {
		const option = choicesOf('operation', resource).find(({ value }) => value === operation);
		expect(option).toEqual({
			name: expect.stringMatching(/^[A-Z]/),
			value: operation,
			action: expect.stringMatching(/^[A-Z].* /),
			description: expect.stringMatching(/^[A-Z].* /),
			routing: {
				request: expect.objectContaining({
					method: expect.stringMatching(/^(GET|POST|PUT|DELETE)$/),
					url: expect.stringMatching(/^\/[a-z{]/),
				}),
			},
		});
	});

	it('has no two fields of one operation with the same display name', () => {
		const twice = pairs.flatMap(([resource, operation]) => {
			const names = namesIn(
				properties.filter(({ displayOptions: { show } = {} }) =>
					Boolean(show?.resource?.includes(resource) && show.operation?.includes(operation)),
				),
			);
			return names
				.filter((name, index) => names.indexOf(name) < index)
				.map((name) => `${resource} ${operation}: ${name}`);
		});
		expect(twice).toEqual([]);
	});
});

/** The display names of fields and of those inside collections. */
function namesIn(fields: INodeProperties[]): string[] {
	return fields.flatMap(({ displayName, type, options = [] }) => [
		displayName,
		...(type === 'collection' ? namesIn(options as INodeProperties[]) : []),
	]);
}

const cases = samples.flatMap(({ programs, ...sample }) =>
	programs.map((program) => ({ ...sample, program })),
);

describe('every operation, in every type of program that has it', () => {
	/** Which pair called which endpoint in which type of program, seen by the tests below. */
	const calls = new Set<string>();

	it.each(cases)('$program: $resource $operation', async (sample) => {
		const { resource, operation, program, parameters, items } = sample;
		arrange(partnero.sandbox);
		sample.arrange?.(partnero.sandbox.program(program));
		const { outputs, error } = await partnero.operate(
			resource,
			operation,
			{ ...parameters, settings: { requestsAtOnce: 1 } },
			{ items, credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] } },
		);
		expect(error?.message).toBeUndefined();
		expect(partnero.wire()).toEqual(items.flatMap(sample.calls).map(asWire));

		const expected = items.map((item) => sample.output(item, program));
		expect(outputs[0].map(({ json }) => json)).toMatchObject(expected.flat());
		expect(outputs[0].map(({ pairedItem }) => pairedItem)).toEqual(
			expected.flatMap((records, item) => records.map(() => ({ item }))),
		);

		for (const { operationId, status } of partnero.sandbox.requests) {
			// The only answer that is no success: an upsert finds nobody.
			if (!(operation === 'upsert' && status === 404)) expect(status).toBeLessThan(300);
			// Reports read what other operations are for, and in each program what it has.
			if (!['getReport', 'getStatements'].includes(operation))
				calls.add(`${resource} ${operation}: ${operationId} in ${PROGRAMS[program].contract}`);
		}
	});

	it('leaves no pair of the specification without a test', () => {
		const tried = new Set(cases.map(({ resource, operation }) => `${resource} ${operation}`));
		expect(pairs.map((pair) => pair.join(' ')).filter((pair) => !tried.has(pair))).toEqual(
			Object.keys(triedElsewhere),
		);
	});

	it('calls every endpoint of the contract, in every type of program that has it, but those named above', () => {
		// Other tags are for other nodes.
		const names = Object.keys(specified).map((name) => name.toLowerCase());
		const isOfResource = (tag: string) => names.includes(tag.toLowerCase().replace(' ', ''));
		const ofResources = contractOperations().filter(({ tags = [] }) => tags.some(isOfResource));
		const missing = ofResources.flatMap(({ operationId, 'x-programs': types }) => {
			const called = pairs.map((pair) =>
				types.map((type) => `${pair.join(' ')}: ${operationId} in ${type}`),
			);
			const callers = called.filter((each) => each.some((call) => calls.has(call)));
			return callers.length === 0
				? [operationId]
				: callers.flat().filter((call) => !calls.has(call));
		});
		expect(missing.sort()).toEqual(Object.keys(notCalled).sort());
	});
});
