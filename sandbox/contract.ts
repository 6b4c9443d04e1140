import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type Ajv from 'ajv';
import addFormats from 'ajv-formats';
import type { Document, Operation, Options } from 'openapi-backend';
import { OpenAPIBackend } from 'openapi-backend';
import { parse } from 'yaml';

import type { Manners } from './manners';
import type { ProgramName } from './programs';
import { PROGRAMS } from './programs';
import type { FieldErrors } from './responses';
import type { Switches } from './switches';
import { defaultSwitches } from './switches';

/** The contract: every endpoint that the sandbox plays, as an OpenAPI 3.1 document. */
export const CONTRACT_FILE = join(__dirname, 'openapi.yaml');

export const CONTRACT: JsonObject = asObject(parse(readFileSync(CONTRACT_FILE, 'utf8')));

type Json = null | boolean | number | string | Json[] | JsonObject;
interface JsonObject {
	[name: string]: Json;
}
type ValidationErrors = ReturnType<OpenAPIBackend['validateRequest']>['errors'];

/** The events of each type of program (partnero-api.md 3.2). */
export const EVENTS: Readonly<Record<ProgramName, readonly string[]>> = {
	affiliate: eventsOf('AffiliateEvent'),
	referAFriend: eventsOf('ReferralEvent'),
	newsletter: eventsOf('NewsletterEvent'),
};

function eventsOf(schema: string): string[] {
	const schemas = asObject(asObject(CONTRACT.components).schemas);
	return asObject(schemas[schema]).enum as string[];
}

/** An operation of the contract with its extensions. */
export type ContractOperation = Operation & {
	operationId: string;
	/** Program types that have the operation. */
	'x-programs': string[];
	'x-provenance': string;
	'x-confidence': 'high' | 'medium' | 'low';
	/** The operation exists only while these switches have one of these values. */
	'x-only-when'?: Partial<Record<keyof Switches, string[]>>;
	/** Whether no other operation takes back what it does, deletions apart. */
	'x-irreversible'?: true;
	/** The operation that does the same in the form that is preferred. */
	'x-alternative-to'?: string;
};

/** What the server hangs behind the contract. */
export type Served = Pick<Options, 'handlers' | 'securityHandlers'>;

/**
 * Builds the contract as one program sees it with these switches. Two extensions vary it:
 * - `x-pick: {name: [values]}` beside an `anyOf` says which branch holds for which value of a
 *   switch, or of `program`; a value that names no branch leaves all of them open;
 * - `x-programs` on a parameter says which program types have it.
 */
export function buildContract(
	programName: ProgramName,
	switches: Switches,
	served: Served = {},
	manners: Manners = 'strict',
): OpenAPIBackend {
	const setting = { ...switches, program: PROGRAMS[programName].contract };
	const contract = new OpenAPIBackend({
		definition: resolveVariants(CONTRACT, setting) as unknown as Document,
		// The document is linted by the tests; validators are built when they are first needed.
		quick: true,
		strict: true,
		ignoreTrailingSlashes: false,
		coerceTypes: true,
		ajvOpts: { allErrors: true, useDefaults: true, ...(manners === 'laravel' && LENIENT) },
		customizeAjv: (ajv, _options, part) =>
			validators.get(`${manners} ${part}`) ?? addValidator(ajv, `${manners} ${part}`),
		...served,
	});
	// Without waiting: in quick mode everything that is needed happens synchronously.
	void contract.init();
	// openapi-backend would make the list anew twice for each request, an eighth of the time that the sandbox takes.
	const operations = contract.router.getOperations();
	contract.router.getOperations = () => operations;
	return contract;
}

/** As a server that ignores what it does not know, and takes "1" for a number. */
const LENIENT = { removeAdditional: true, coerceTypes: true };

/** One validator for each part of a request or answer, and manners: making one takes longer than a request. */
const validators = new Map<string, Ajv>();

function addValidator(ajv: Ajv, name: string): Ajv {
	addFormats(ajv);
	// As Laravel's rule: internationalized addresses and hosts without a dot are fine.
	ajv.addFormat('email', /^[^\s@]+@[^\s@]+$/);
	validators.set(name, ajv);
	return ajv;
}

function resolveVariants(node: Json, setting: Record<string, string>): Json {
	if (Array.isArray(node)) return node.map((entry) => resolveVariants(entry, setting));
	if (node === null || typeof node !== 'object') return node;
	const branch = picked(node, setting);
	// Resolved here, since openapi-backend does not follow a reference to a reference.
	if (branch !== undefined) return resolveVariants(resolve(asObject(branch)), setting);
	const entries = Object.entries(node).map(([name, value]) => {
		const kept =
			name === 'parameters' && Array.isArray(value)
				? value.filter((entry) => offered(entry, setting))
				: value;
		return [name, resolveVariants(kept, setting)];
	});
	const resolved: JsonObject = Object.fromEntries(entries);
	// An operation for which the contract names no body takes none.
	return typeof resolved.operationId === 'string'
		? { requestBody: NO_BODY, ...resolved }
		: resolved;
}

const NO_BODY = {
	content: { 'application/json': { schema: { type: 'object', additionalProperties: false } } },
};

function picked(node: JsonObject, setting: Record<string, string>): Json | undefined {
	if (!('x-pick' in node) || !Array.isArray(node.anyOf)) return undefined;
	const [[name, values] = ['', []]] = Object.entries(asObject(node['x-pick']));
	return Array.isArray(values) ? node.anyOf[values.indexOf(setting[name] ?? '')] : undefined;
}

function offered(parameter: Json, setting: Record<string, string>): boolean {
	const programs = resolve(asObject(parameter))['x-programs'];
	return !Array.isArray(programs) || programs.includes(setting.program ?? '');
}

function resolve(node: JsonObject): JsonObject {
	if (typeof node.$ref !== 'string') return node;
	const names = node.$ref.split('/').slice(1);
	return names.reduce((parent, name) => asObject(parent[name] ?? null), CONTRACT);
}

function asObject(node: Json): JsonObject {
	if (node === null || typeof node !== 'object' || Array.isArray(node))
		throw new Error('The contract is malformed.');
	return node;
}

/** Turns validation errors into the API's `errors`, by field path: `partner.key`, `update`, `limit`. */
export function fieldErrors(errors: ValidationErrors): FieldErrors {
	const fields: FieldErrors = {};
	const list = errors ?? [];
	// Errors of a combination only repeat that one of its branches failed.
	const own = list.filter(({ keyword }) => !['anyOf', 'oneOf', 'if'].includes(keyword));
	for (const { keyword, instancePath, params } of own.length ? own : list) {
		// The first step is the part of the request: requestBody, query or path.
		const steps = instancePath
			.split('/')
			.slice(2)
			.map((step) => step.replace(/~1/g, '/').replace(/~0/g, '~'));
		const inner: unknown = params.missingProperty ?? params.additionalProperty;
		if (typeof inner === 'string') steps.push(inner === 'requestBody' ? 'body' : inner);
		const field = steps.join('.') || 'body';
		const text = `${sentence(attributeOf(field), keyword, params)}.`;
		const texts = (fields[field] ??= []);
		if (!texts.includes(text)) texts.push(text);
	}
	return fields;
}

/** A field as Laravel's sentences name it. */
function attributeOf(field: string): string {
	return field.replace(/_/g, ' ');
}

/** What Laravel calls a type. */
const TYPES: Record<string, string> = {
	array: 'an array',
	boolean: 'true or false',
	integer: 'an integer',
	null: 'empty',
	number: 'a number',
	object: 'an object',
	string: 'a string',
};

const FORMATS: Record<string, string> = {
	date: 'a valid date',
	'date-time': 'a valid date',
	email: 'a valid email address',
	uri: 'a valid URL',
};

/** What Laravel says of a rule that is broken, without the full stop. */
function sentence(name: string, keyword: string, params: Record<string, unknown>): string {
	const limit = String(params.limit);
	switch (keyword) {
		case 'required':
			return `The ${name} field is required`;
		case 'additionalProperties':
			return `The ${name} field is unknown`;
		case 'type': {
			const types = [params.type].flat().filter((type) => type !== 'null');
			return `The ${name} field must be ${types.map((type) => TYPES[String(type)]).join(' or ')}`;
		}
		case 'format':
			return `The ${name} field must be ${FORMATS[String(params.format)] ?? 'valid'}`;
		case 'enum':
		case 'const':
			return `The selected ${name} is invalid`;
		case 'pattern':
			return `The ${name} field format is invalid`;
		case 'minLength':
			return limit === '1'
				? `The ${name} field is required`
				: `The ${name} field must be at least ${limit} characters`;
		case 'maxLength':
			return `The ${name} field must not be greater than ${limit} characters`;
		case 'minimum':
			return `The ${name} field must be at least ${limit}`;
		case 'maximum':
			return `The ${name} field must not be greater than ${limit}`;
		case 'exclusiveMinimum':
			return `The ${name} field must be greater than ${limit}`;
		case 'exclusiveMaximum':
			return `The ${name} field must be less than ${limit}`;
		case 'minItems':
		case 'minProperties':
			return `The ${name} field must have at least ${limit} items`;
		case 'maxItems':
			return `The ${name} field must not have more than ${limit} items`;
		case 'uniqueItems':
			return `The ${name} field has a duplicate value`;
		default:
			return `The ${name} field is invalid`;
	}
}

/** Why a request has no operation. */
export type RouteFailure = 'not-found' | 'method-not-allowed' | 'other-program';

/** Whether an operation exists for a program, with the switches as they are. */
export function availability(
	operation: ContractOperation,
	programName: ProgramName,
	switches: Switches,
): RouteFailure | undefined {
	if (!operation['x-programs'].includes(PROGRAMS[programName].contract)) return 'other-program';
	const conditions = Object.entries(operation['x-only-when'] ?? {});
	const on = conditions.every(([name, values]) =>
		values.includes(switches[name as keyof Switches]),
	);
	return on ? undefined : 'method-not-allowed';
}

export interface ContractRequest {
	method: string;
	/** Path below the base URL, percent-encoded: `/partners/p_1`. */
	path: string;
	query?: Record<string, string | string[]>;
	body?: unknown;
}

export interface ContractSettings {
	/** Default: affiliate. */
	program?: ProgramName;
	/** Default: every switch in its default position. */
	switches?: Partial<Switches>;
}

export interface ContractVerdict {
	valid: boolean;
	operationId?: string;
	failure?: RouteFailure;
	errors: FieldErrors;
}

const contracts = new Map<string, OpenAPIBackend>();

/** The contract of a program with these switches, built once. */
export function contractFor({
	program = 'affiliate',
	switches = {},
}: ContractSettings = {}): OpenAPIBackend {
	const all = { ...defaultSwitches(), ...switches };
	const name = JSON.stringify([program, Object.values(all)]);
	const known = contracts.get(name);
	if (known) return known;
	const contract = buildContract(program, all);
	contracts.set(name, contract);
	return contract;
}

/** Checks one request against the contract, without a server. */
export function validateRequest(
	request: ContractRequest,
	settings: ContractSettings = {},
): ContractVerdict {
	const contract = contractFor(settings);
	const sent = { headers: {}, query: {}, ...request };
	const operation = contract.matchOperation(sent) as ContractOperation | undefined;
	if (!operation) {
		const known = ['get', 'post', 'put', 'delete'].some((method) =>
			contract.matchOperation({ ...sent, method }),
		);
		return { valid: false, failure: known ? 'method-not-allowed' : 'not-found', errors: {} };
	}
	const { operationId } = operation;
	const switches = { ...defaultSwitches(), ...settings.switches };
	const failure = availability(operation, settings.program ?? 'affiliate', switches);
	if (failure) return { valid: false, operationId, failure, errors: {} };
	const errors = fieldErrors(contract.validateRequest(sent, operation).errors);
	return { valid: Object.keys(errors).length === 0, operationId, errors };
}

/** What is wrong with an answer by the contract's schema for this operation and HTTP status; empty when nothing is. */
export function responseErrors(
	operationId: string,
	status: number,
	body: unknown,
	settings: ContractSettings = {},
): string[] {
	const { errors } = contractFor(settings).validateResponse(body, operationId, status);
	return (errors ?? []).map(
		({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
	);
}

/** Every operation of the contract. */
export function contractOperations(): ContractOperation[] {
	return contractFor().getOperations() as ContractOperation[];
}
