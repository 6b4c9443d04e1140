import { randomBytes } from 'node:crypto';
import { Agent } from 'node:https';

import axios from 'axios';

import { EVENTS } from './contract';
import type { ProgramName } from './programs';
import { showCustomer } from './resources/customers';
import { showLead } from './resources/leads';
import { showPartner } from './resources/partners';
import { showReward } from './resources/rewards';
import { showTransaction } from './resources/sales';
import { showSubscriber } from './resources/subscribers';
import type { Sandbox } from './server';
import type { ProgramState } from './state';

/** What a shop or a partner would send to the API. */
interface ApiCall {
	path: string;
	body: object;
}

/** What came of it. */
export interface Happening {
	/** Whether something was recorded, or only told to the webhooks. */
	recorded: boolean;
	/** The answer of the API, or what the webhooks were told. */
	data: unknown;
}

/** Nothing can happen, and why. */
export class NothingHappens extends Error {}

/** The calls that cause an event. The others have none, or end a record that somebody may still look at. */
const CAUSES: Record<string, (program: ProgramState, word: string) => ApiCall> = {
	'partner.created': (_program, word) => ({
		path: '/partners',
		body: { name: 'Nora', surname: 'New', email: `nora.${word}@example.com`, key: `nora-${word}` },
	}),
	'customer.created': (program, word) => ({
		path: '/customers',
		body: {
			name: 'Cleo',
			surname: 'New',
			email: `cleo.${word}@customers.example`,
			key: `cleo-${word}`,
			...(program.isReferAFriend()
				? { referring_customer: { key: newestOf(program.customers, 'customer').key } }
				: { partner: { key: activePartner(program).key } }),
		},
	}),
	'transaction.created': (program, word) => ({
		path: '/transactions',
		body: { key: `order-${word}`, amount: 49.9, customer: { key: buyer(program).key } },
	}),
	'lead.submitted': (program, word) => ({
		path: '/leads',
		body: {
			name: 'Lea New',
			email: `lea.${word}@leads.example`,
			partner: { key: activePartner(program).key },
			cfields: Object.fromEntries(
				program.leadForm
					.filter(({ required }) => required)
					.map((field) => [field.id, answer(field)]),
			),
		},
	}),
	'subscriber.created': (_program, word) => ({
		path: '/subscribers',
		body: { name: 'Sia New', email: `sia.${word}@readers.example` },
	}),
	'customer.credited': (program) => ({
		path: `/customers/${encodeURIComponent(newestOf(program.customers, 'customer').id)}/balance/credit`,
		body: { amount: 10 },
	}),
};
CAUSES['customer.rewarded'] = CAUSES['transaction.created'];

/** Whether an event is the effect of something that is recorded. */
export function isRecorded(event: string): boolean {
	return event in CAUSES;
}

/**
 * Makes an event happen: through the API where a call causes it, so that lists have the record as well; otherwise
 * the webhooks are told of the newest record, which stays as it is.
 */
export async function makeHappen(
	sandbox: Sandbox,
	name: ProgramName,
	event: string,
): Promise<Happening> {
	if (!EVENTS[name].includes(event))
		throw new NothingHappens(
			`event is, in this type of program, one of: ${EVENTS[name].join(', ')}`,
		);
	const program = sandbox.program(name);
	const cause = CAUSES[event];
	if (cause) {
		const call = cause(program, randomBytes(3).toString('hex'));
		return { recorded: true, data: await send(sandbox, name, call) };
	}
	const data = newest(program, event);
	program.emit(event, data);
	return { recorded: false, data };
}

/** Sends it as anybody would: what is armed against requests strikes this one as well. */
async function send(
	sandbox: Sandbox,
	name: ProgramName,
	{ path, body }: ApiCall,
): Promise<unknown> {
	const { status, data } = await axios
		.post<{ data?: unknown; message?: string }>(`${sandbox.url}${path}`, body, {
			headers: { authorization: `Bearer ${sandbox.keys[name]}` },
			httpsAgent: sandbox.ca === undefined ? undefined : new Agent({ ca: sandbox.ca }),
			proxy: false,
			timeout: 10_000,
			validateStatus: () => true,
		})
		.catch((error: Error) => ({ status: 0, data: { data: undefined, message: error.message } }));
	if (status >= 200 && status < 300) return data.data;
	throw new NothingHappens(`POST ${path} failed (${status || 'no answer'}): ${data.message ?? ''}`);
}

function newest(program: ProgramState, event: string): object {
	const [kind] = event.split('.');
	switch (kind) {
		case 'partner':
			return showPartner(program, newestOf(program.partners, kind));
		case 'customer':
			return showCustomer(program, newestOf(program.customers, kind));
		case 'transaction':
			return showTransaction(program, newestOf(program.transactions, kind));
		case 'lead':
			return showLead(program, newestOf(program.leads, kind));
		default: {
			const subscriber = showSubscriber(program, newestOf(program.subscribers, 'subscriber'));
			if (event !== 'subscriber.rewarded') return subscriber;
			return { subscriber, ...showReward(program, newestOf(program.rewards, 'reward')) };
		}
	}
}

function newestOf<T>(records: Iterable<T>, title: string): T {
	return demand([...records].at(-1), title);
}

function activePartner(program: ProgramState) {
	return demand(
		[...program.partners].find(({ status }) => status === 'active'),
		'active partner',
	);
}

/** Somebody whose sale pays a commission. */
function buyer(program: ProgramState) {
	const customers = [...program.customers];
	if (!program.isReferAFriend()) return demand(customers[0], 'customer');
	return demand(
		customers.find(({ referringCustomer }) => referringCustomer !== null),
		'referred customer',
	);
}

function demand<T>(record: T | undefined, title: string): T {
	if (record !== undefined) return record;
	throw new NothingHappens(`There is no ${title} yet: reset with the demo data, or create one.`);
}

/** The first answer that the form accepts. */
function answer({ type, options }: ProgramState['leadForm'][number]): string | string[] {
	const [first] = options;
	if (type === 'checkbox') return [first];
	return first ?? (type === 'countries' ? 'US' : 'Just trying');
}
