import type { Subscriber, SubscriberStatus } from '../records';
import type { Answer, Call, Handlers } from '../responses';
import { created, data, done, found, invalid } from '../responses';
import type { ProgramState, Reference } from '../state';

import { changes, page, refuseTaken, search, updatedAt } from './common';
import { showReward } from './rewards';

interface SubscriberFields {
	id?: string;
	email: string;
	name?: string;
	tos?: boolean;
	marketing_consent?: boolean;
	status?: SubscriberStatus;
	approved?: boolean;
	referral?: Reference;
}

/** Read with a capital, written without (partnero-api.md 2.8). */
const STATUS_NAMES: Record<SubscriberStatus, string> = {
	active: 'Active',
	rejected: 'Rejected',
	suspended: 'Suspended',
};

export function showSubscriber(program: ProgramState, subscriber: Subscriber): object {
	const { id, code, name, email, tos, marketing_consent, approved, created_at, updated_at } =
		subscriber;
	return {
		id,
		name,
		email,
		is_referred: subscriber.referrer !== null,
		tos,
		marketing_consent,
		status: STATUS_NAMES[subscriber.status],
		approved,
		portal_link: `https://portal.example/newsletter/${code}`,
		share_link: `${program.settings.website}?share=${code}`,
		referrals_count: program.subscribers.all('referrer', code).length,
		reward: program.rewardsOf(subscriber).map((reward) => ({ id: reward.id, name: reward.name })),
		created_at,
		updated_at,
		deleted_at: null,
	};
}

function subscriberOfPath({ program, params }: Call): Subscriber {
	return found(program.anySubscriber(params.id ?? ''), 'Subscriber');
}

function subscriberOfBody({ program, body }: Call): Subscriber {
	return found(program.subscriberBy(body as Reference), 'Subscriber');
}

function listSubscribers(call: Call): Answer {
	const { program, query, switches } = call;
	const all = program.subscribers.inOrder(switches.order);
	const referred = query.refer_status === 'referred';
	const records =
		query.refer_status === undefined
			? all
			: all.filter((subscriber) => (subscriber.referrer !== null) === referred);
	return page(call, records, (subscriber) => showSubscriber(program, subscriber));
}

/** Tells of a new subscriber, and of the rewards that its referrer earned by it. */
function createSubscriber(call: Call): Answer {
	const { program, switches } = call;
	const { referral, identifier, ...rest } = call.body as SubscriberFields & { identifier?: string };
	const fields = identifier === undefined ? rest : { ...rest, id: identifier };
	for (const index of ['id', 'email'] as const)
		refuseTaken(program.subscribers, index, fields[index]);
	const referrer = referral && program.subscriberBy(referral);
	if (referral && !referrer) throw invalid({ referral: ['The referring subscriber is unknown.'] });
	const id = switches.subscriberId === 'later' ? { id: null } : {};
	const subscriber = program.subscribers.add({ ...id, ...fields, referrer: referrer?.code });
	const answer = showSubscriber(program, subscriber);
	program.emit('subscriber.created', answer);
	for (const reward of program.rewards) {
		if (!referrer || !subscriber.triggered.includes(reward.id)) continue;
		program.emit('subscriber.rewarded', {
			subscriber: showSubscriber(program, referrer),
			...showReward(program, reward),
		});
	}
	return created(call, answer);
}

/** The one client that has an update calls the new id `identifier` (partnero-api.md 2.8). */
type SubscriberChange = Partial<SubscriberFields> & { identifier?: string };

function updateSubscriber(
	call: Call,
	subscriber: Subscriber,
	{ identifier, ...fields }: SubscriberChange,
): Answer {
	const { program } = call;
	const renamed = identifier === undefined ? {} : { id: identifier };
	refuseTaken(program.subscribers, 'email', fields.email, subscriber);
	refuseTaken(program.subscribers, 'id', renamed.id, subscriber);
	program.subscribers.update(subscriber, {
		...(fields as Partial<Subscriber>),
		...renamed,
		...updatedAt(program, { ...fields, ...renamed }),
	});
	const answer = showSubscriber(program, subscriber);
	program.emit('subscriber.updated', answer);
	return data(answer);
}

/** What the body names the subscriber by is no change, unless both are there: then the email is new. */
function changesBeside(call: Call): SubscriberChange {
	const { id, email, ...bare } = call.body as SubscriberFields & { update?: object };
	return changes(
		call,
		id === undefined || email === undefined || bare.update ? bare : { ...bare, email },
	);
}

function deleteSubscriber(call: Call): Answer {
	const { program } = call;
	const subscriber = subscriberOfBody(call);
	const answer = { ...showSubscriber(program, subscriber), deleted_at: program.now() };
	program.removeSubscriber(subscriber);
	program.emit('subscriber.deleted', answer);
	return done;
}

export const subscriberHandlers: Handlers = {
	listSubscribers,
	searchSubscribers: (call) => {
		const { program, switches } = call;
		const matches = search(call, program.subscribers.inOrder(switches.order), {
			email: ({ email }) => [email],
		});
		return page(call, matches, (subscriber) => showSubscriber(program, subscriber));
	},
	getSubscriber: (call) => data(showSubscriber(call.program, subscriberOfPath(call))),
	createSubscriber,
	updateSubscriber: (call) => updateSubscriber(call, subscriberOfBody(call), changesBeside(call)),
	updateSubscriberByPath: (call) => updateSubscriber(call, subscriberOfPath(call), changes(call)),
	deleteSubscriber,
};
