import type { Webhook } from '../records';
import type { Call, Handlers } from '../responses';
import { created, data, done, found } from '../responses';

import { bareChanges, page, refuseTaken } from './common';

type WebhookFields = Partial<Pick<Webhook, 'key' | 'name' | 'url' | 'events' | 'is_active'>>;

function written({ key, name, url, is_active, signature, events }: Webhook) {
	return { key, name, url, is_active, signature, events };
}

/** What reading shows: with the signing secret, or without it (switch `webhookSecret`). */
function read({ switches }: Call, webhook: Webhook) {
	const { signature, ...fields } = written(webhook);
	return switches.webhookSecret === 'always' ? { ...fields, signature } : fields;
}

function webhookOfPath(call: Call): Webhook {
	return found(call.program.webhooks.find('key', call.params.key ?? ''), 'Webhook');
}

function createWebhook(call: Call) {
	const { program } = call;
	const fields = call.body as WebhookFields;
	refuseTaken(program.webhooks, 'key', fields.key);
	return created(call, written(program.webhooks.add(fields)));
}

/** The fields stand on the top level, without `update` (partnero-api.md 3.1). */
function updateWebhook(call: Call) {
	const { program } = call;
	const webhook = program.webhooks.update(webhookOfPath(call), {
		...bareChanges<WebhookFields>(call),
		updated_at: program.now(),
	});
	return data(read(call, webhook));
}

export const webhookHandlers: Handlers = {
	listWebhooks: (call) =>
		page(call, call.program.webhooks.inOrder(call.switches.order), (webhook) =>
			read(call, webhook),
		),
	getWebhook: (call) => data(read(call, webhookOfPath(call))),
	createWebhook,
	updateWebhook,
	deleteWebhook: (call) => {
		call.program.webhooks.remove(webhookOfPath(call));
		return done;
	},
};
