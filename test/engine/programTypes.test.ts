import type { INodePropertyOptions } from 'n8n-workflow';

import { Partnero } from '../../nodes/Partnero/Partnero.node';
import { programsOf } from '../../nodes/Partnero/operation';
import { resources } from '../../nodes/Partnero/resources';
import { contractOperations, validateRequest } from '../../sandbox/contract';
import { PROGRAM_NAMES, PROGRAMS } from '../../sandbox/programs';
import { SWITCHES, defaultSwitches } from '../../sandbox/switches';

import { locator, useSandbox } from './support/partnero';
import { arrange, samples } from './support/samples';
import { keyedSale } from './support/scenarios';

const partnero = useSandbox();
const types = PROGRAM_NAMES.map((name) => PROGRAMS[name].contract);
/** It reads what every program has, and refuses by itself a program that has no partners. */
const refusesByItself = 'getStatements';
const operations = resources.flatMap((resource) =>
	resource.operations.map((operation) => ({ resource, operation })),
);

afterEach(() => Object.assign(partnero.sandbox.switches, defaultSwitches()));

/** "Affiliate and refer-a-friend programs" */
function inWords(programs: string[]): string {
	return `${programs.join(' and ')} programs`;
}

describe('the types of programs', () => {
	it.each(
		operations
			.filter(({ operation }) => operation.entry.value !== refusesByItself)
			.map((one) => [`${one.resource.entry.value} ${one.operation.entry.value}`, one] as const),
	)('that have %s are those of the contract', (_name, { resource, operation }) => {
		const { method, url } = operation.request;
		// Referral links have an address for each kind of owner.
		const endpoints = ['partner', 'customer'].map((owner) => {
			const path = url.replace('{owner}', owner).replace(/\{[\w,]+\}/g, '1');
			const { operationId } = validateRequest({ method, path });
			return contractOperations().find((one) => one.operationId === operationId);
		});
		const having = types.filter((type) =>
			endpoints.some((endpoint) => endpoint?.['x-programs'].includes(type)),
		);
		expect(programsOf(resource, operation) ?? types).toEqual(having);
	});

	it('stand in the menu of resources', () => {
		const { properties } = new Partnero().description;
		const menu = properties.find(({ name }) => name === 'resource')!
			.options as INodePropertyOptions[];
		const shown = menu.map(({ value, description }) => [value, description?.toLowerCase()]);
		expect(shown).toEqual(
			resources.map(({ entry, programs }) => [entry.value, programs && inWords(programs)]),
		);
	});

	it('stand in the menu of operations where they are others than those of the resource', () => {
		const wrong = operations.filter(({ operation: { entry, programs } }) => {
			const [, said] = /\(([^()]* programs)\)$/.exec(entry.description) ?? [];
			return said !== (programs && inWords(programs));
		});
		expect(wrong.map(({ operation }) => operation.entry)).toEqual([]);
	});
});

describe('with the key of a program that lacks it', () => {
	const cases = [
		...samples.map(({ items, ...sample }) => ({ ...sample, item: items[0] })),
		{
			resource: 'transaction',
			operation: 'createMany',
			programs: [],
			parameters: keyedSale,
			item: { key: 't_9', customer: 'u_1', amount: 5 },
		},
	].flatMap((sample) => {
		const resource = resources.find(({ entry }) => entry.value === sample.resource)!;
		const operation = resource.operations.find(({ entry }) => entry.value === sample.operation)!;
		// A sample with such a field set is for the programs that have it with this value.
		const narrowed = resource.programsBy && sample.programs.map((name) => PROGRAMS[name].contract);
		const programs: string[] = narrowed ?? programsOf(resource, operation) ?? types;
		const lacking = PROGRAM_NAMES.filter(
			(name) => !programs.some((type) => type === PROGRAMS[name].contract),
		);
		return lacking.map((program) => ({ ...sample, program, programs }));
	});
	const firstOnes = cases.filter(
		({ resource, operation, program }, index) =>
			index ===
			cases.findIndex(
				(one) =>
					one.resource === resource && one.operation === operation && one.program === program,
			),
	);

	/**
	 * How an operation is carried out: literals with the same parts take the same way through the code, and
	 * only the way decides what becomes of a status. What the error says of programs is the operation's own.
	 */
	function wayOf({ resource: name, operation: value }: (typeof cases)[number]): string {
		const { operation } = operations.find(
			({ resource, operation }) => resource.entry.value === name && operation.entry.value === value,
		)!;
		const parts = Object.keys(operation)
			.filter((part) => part !== 'programs')
			.sort();
		return [operation.request.method, operation.output.kind, ...parts].join(' ');
	}

	// Each operation is tried with each key that it is not for, by one status, and each way by all of them.
	const ways = firstOnes.map(wayOf);
	const tried = firstOnes.flatMap((one, index) => {
		const isFirstOfWay = ways.indexOf(ways[index]) === index;
		const statuses = isFirstOfWay
			? SWITCHES.otherProgram
			: [SWITCHES.otherProgram[index % SWITCHES.otherProgram.length]];
		return statuses.map((status) => ({ ...one, status }));
	});

	it.each(tried)(
		'$program, which answers $status: $resource $operation says which programs have it',
		async ({ resource, operation, status, ...sample }) => {
			const { program, programs, parameters, item } = sample;
			arrange(partnero.sandbox);
			partnero.sandbox.switches.otherProgram = status;
			const recorded = () => ({ ...partnero.sandbox.ledger(program), requests: undefined });
			const before = recorded();
			const { error, json } = await partnero.operate(resource, operation, parameters, {
				items: [item],
				credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys[program] },
			});
			expect(json).toEqual([]);
			const { contract: type } = PROGRAMS[program];
			const belongs = `this API key belongs to ${type === 'affiliate' ? 'an' : 'a'} ${type} program`;
			expect(error?.message).toMatch(
				operation === refusesByItself
					? /^Statements work only in affiliate programs/
					: new RegExp(` works only in ${inWords(programs)}; ${belongs}$`),
			);
			expect(recorded()).toEqual(before);
		},
	);

	it.each([
		['partner', 'get', { partner: locator('key', 'nobody') }],
		['partner', 'get', { partner: locator('email', 'nobody@example.com') }],
		['partner', 'approve', { partner: locator('id', 'p_none') }],
		['customer', 'suspend', { customer: locator('key', 'none') }],
		['coupon', 'get', { coupon: locator('uuidCode', 'NONE') }],
		['payoutRequest', 'approve', { payoutRequest: locator('id', '999') }],
	])(
		'only then: with the right key, what is not there says nothing of programs (%s %s)',
		async (resource, operation, parameters) => {
			arrange(partnero.sandbox);
			const { error } = await partnero.operate(resource, operation, parameters);
			expect(error?.message).toBeDefined();
			expect(`${error?.message} ${error?.description}`).not.toMatch(/works only|which program/);
		},
	);

	it('only then: what every program has may be refused for other reasons', async () => {
		partnero.sandbox.faults.add({ kind: 'status', status: 403 });
		const { error } = await partnero.operate('program', 'get');
		expect(error?.message).toBe('Get program is not allowed for this API key');
		expect(error?.description).not.toContain('programs only');
	});
});
