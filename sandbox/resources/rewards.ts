import type { Reward } from '../records';
import type { Call, Handlers } from '../responses';
import { created, data, found } from '../responses';
import type { ProgramState } from '../state';

import { page } from './common';

const TYPE_NAMES: Record<Reward['fulfillment_type'], string> = {
	url_link: 'URL link',
	generic_coupon: 'Coupon code',
	amazon_gift_card: 'Amazon gift card',
};

/** The object says `subscriber_count`, what creates it `subscribers_count` (partnero-api.md 2.9). */
export function showReward(program: ProgramState, reward: Reward) {
	const { id, name, description, fulfillment_type, fulfillment_value, created_at, updated_at } =
		reward;
	return {
		id,
		name,
		description,
		status: 'active',
		type: 'default',
		fulfillment_type,
		fulfillment_type_name: TYPE_NAMES[fulfillment_type],
		fulfillment_value,
		subscriber_count: reward.subscribers_count,
		times_triggered: program.timesTriggered(reward),
		created_at,
		updated_at,
	};
}

export const rewardHandlers: Handlers = {
	listRewards: (call) =>
		page(call, call.program.rewards.inOrder(call.switches.order), (reward) =>
			showReward(call.program, reward),
		),
	getReward: ({ program, params }) =>
		data(showReward(program, found(program.rewards.find('id', params.id ?? ''), 'Reward'))),
	createReward: (call: Call) => {
		const { program } = call;
		return created(call, showReward(program, program.rewards.add(call.body as Partial<Reward>)));
	},
};
