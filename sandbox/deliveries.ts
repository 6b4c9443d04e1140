import { createHmac } from 'node:crypto';
import { setMaxListeners } from 'node:events';

import axios from 'axios';
import type { Limit } from 'p-limit';
import pLimit from 'p-limit';

import { lag } from './clock';
import type { ProgramName } from './programs';
import type { Webhook } from './records';
import type { ProgramState } from './state';

/** How patiently webhooks are delivered; numbers and pauses are undocumented (partnero-api.md 3.5). */
export interface DeliveryOptions {
	/** How often a delivery is tried; default 5. */
	tries?: number;
	/** Milliseconds before the second try, doubled before each further one; default 1000. */
	firstPauseMs?: number;
	/** Milliseconds within which a try has to be answered; default 5000. */
	timeoutMs?: number;
	/** Most tries at once; default 20. */
	atOnce?: number;
}

/** What became of one event for one webhook. */
export interface Delivery {
	program: ProgramName;
	event: string;
	webhookKey: string;
	url: string;
	/** What is sent, to the byte. */
	body: string;
	/** The header of the same name. */
	signature: string;
	/** The answer to each try; 0 where none came in time. */
	statuses: number[];
	/**
	 * Under way until it is answered with a 2xx, or given up. Dropped when its webhook went away
	 * meanwhile, the sandbox was reset, or its address is not on this machine.
	 */
	state: 'underWay' | 'delivered' | 'failed' | 'dropped';
}

const LOCAL = ['127.0.0.1', 'localhost', '[::1]'];

/** Tells webhooks what happened (partnero-api.md 3.3 to 3.5). */
export class Deliveries {
	/** Everything since the last reset, in the order in which it happened. */
	readonly all: Delivery[] = [];

	private readonly settings: Required<DeliveryOptions>;
	private readonly underWay = new Set<Promise<void>>();
	private readonly limit: Limit;
	private count = 0;
	private ending = newEnding();

	constructor(options: DeliveryOptions = {}) {
		this.settings = { tries: 5, firstPauseMs: 1000, timeoutMs: 5000, atOnce: 20, ...options };
		this.limit = pLimit(this.settings.atOnce);
	}

	/** Delivers an event to every webhook of the program that wants it. */
	enqueue(program: ProgramState, event: string, record: object): void {
		for (const webhook of program.webhooks) {
			if (webhook.is_active && webhook.events.includes(event))
				this.start(program, webhook, event, record);
		}
	}

	/** Sends a delivery once more, to the byte, as after an answer that got lost. Returns the answer's status. */
	async repeat(delivery: Delivery): Promise<number> {
		return await this.post(delivery, this.ending.signal);
	}

	/** Waits until nothing is under way any more, retries included. */
	async settled(): Promise<void> {
		while (this.underWay.size > 0) await Promise.all(this.underWay);
	}

	/** Drops what is under way and forgets everything. */
	reset(): void {
		this.ending.abort();
		this.ending = newEnding();
		this.all.length = 0;
	}

	/** Drops what is under way; no timer is left. */
	async close(): Promise<void> {
		this.ending.abort();
		await this.settled();
	}

	private start(program: ProgramState, webhook: Webhook, event: string, data: object): void {
		const { key: webhook_key, url, signature } = webhook;
		const body = JSON.stringify({
			event,
			url,
			webhook_key,
			created_at: this.instant(program),
			data,
		});
		const delivery: Delivery = {
			program: program.name,
			event,
			webhookKey: webhook_key,
			url,
			body,
			signature: createHmac('sha256', signature).update(body).digest('hex'),
			statuses: [],
			state: 'underWay',
		};
		this.all.push(delivery);
		const { signal } = this.ending;
		const isWanted = () =>
			!signal.aborted && webhook.is_active && program.webhooks.find('key', webhook_key) === webhook;
		const done = this.deliver(delivery, isWanted, signal).finally(() => this.underWay.delete(done));
		this.underWay.add(done);
	}

	/** Microseconds tell events of one millisecond apart, as in the API. */
	private instant(program: ProgramState): string {
		const microseconds = String(this.count++ % 1000).padStart(3, '0');
		return program.now().replace(/\d{3}Z$/, `${microseconds}Z`);
	}

	private async deliver(
		delivery: Delivery,
		isWanted: () => boolean,
		signal: AbortSignal,
	): Promise<void> {
		const { tries, firstPauseMs } = this.settings;
		delivery.state = 'dropped';
		if (!LOCAL.includes(new URL(delivery.url).hostname)) return;
		delivery.state = 'underWay';
		for (let pause = firstPauseMs; isWanted(); pause *= 2) {
			const status = await this.post(delivery, signal);
			delivery.statuses.push(status);
			if (status >= 200 && status < 300) delivery.state = 'delivered';
			else if (delivery.statuses.length >= tries) delivery.state = 'failed';
			if (delivery.state !== 'underWay') return;
			await lag(pause, signal);
		}
		delivery.state = 'dropped';
	}

	/** Makes one try, when it is its turn; 0 where no answer came in time. */
	private async post({ url, body, signature }: Delivery, signal: AbortSignal): Promise<number> {
		return await this.limit(async () => {
			try {
				const answer = await axios.post<unknown>(url, Buffer.from(body), {
					headers: { 'content-type': 'application/json', Signature: signature },
					signal,
					timeout: this.settings.timeoutMs,
					maxRedirects: 0,
					proxy: false,
					validateStatus: () => true,
				});
				return answer.status;
			} catch {
				return 0;
			}
		});
	}
}

function newEnding(): AbortController {
	const ending = new AbortController();
	// Every try and every pause listens.
	setMaxListeners(Infinity, ending.signal);
	return ending;
}
