import { abortableSleep } from '../nodes/Partnero/transport/clock';

import type { Address, Body } from './address';
import { asking, at, value } from './address';
import { isOurEmail, leftIn, PREFIX } from './emptiness';
import type { JournalFile } from './journal';
import type { Records } from './lists';
import { recordsOf } from './lists';
import type { Program } from './program';
import { record } from './program';
import type { Sender } from './sender';
import { accepted, Undecided } from './sender';

/** Sales of one key that are deleted at most. */
const MOST_OF_ONE_KEY = 10;
/** Milliseconds until what was sent without an answer is carried out, or never. */
const LATEST = 20_000;

/**
 * Deletes everything that a check made: what its journal names, and what lists show with a check's name.
 * @param isDoubtful whether a request may still be carried out
 * @returns how many records are left in the program; undefined if it cannot be read
 */
export async function cleanUp(
	sender: Sender,
	program: Program,
	journal: JournalFile,
	isDoubtful: boolean,
): Promise<number | undefined> {
	const cleaner = new Cleaner(sender, program, journal);
	await cleaner.clean();
	if (isDoubtful) {
		await abortableSleep(LATEST);
		await cleaner.clean();
	}
	return await leftIn(sender, program).catch(() => undefined);
}

class Cleaner {
	constructor(
		private readonly sender: Sender,
		private readonly program: Program,
		private readonly journal: JournalFile,
	) {}

	async clean(): Promise<void> {
		const has = (path: string) => this.lists.includes(path);
		await this.all(
			'webhook',
			'/webhooks',
			({ key, url }) => (String(url).includes(PREFIX) ? key : undefined),
			(key) => at`/webhooks/${key}`,
		);
		if (has('/leads')) await this.leads();
		if (has('/transactions'))
			await this.all(
				'sale',
				'/transactions',
				({ key }) => (this.isOurs(key) ? key : undefined),
				(key) => at`/transactions/${key}`,
				at`/transactions`,
			);
		if (has('/customers')) {
			const main = this.program.contract === 'affiliate' ? 'key' : 'id';
			await this.all(
				'customer',
				'/customers',
				(one) => (isOurEmail(one.email) ? one[main] : undefined),
				(key) => at`/customers/${key}`,
			);
		}
		if (has('/partners'))
			await this.all(
				'partner',
				'/partners',
				({ id, email }) => (isOurEmail(email) ? id : undefined),
				(id) => at`/partners/${id}`,
			);
		if (has('/subscribers')) await this.subscribers();
	}

	private get lists(): string[] {
		const lists = {
			affiliate: ['/leads', '/transactions', '/customers', '/partners'],
			'refer-a-friend': ['/transactions', '/customers'],
			newsletter: ['/subscribers'],
		};
		return lists[this.program.contract];
	}

	/** Deletes what a list shows and a function recognizes, then what the journal names and no list showed. */
	private async all(
		kind: string,
		path: string,
		ours: (one: Record<string, unknown>) => unknown,
		own: (of: ReturnType<typeof value>) => Address,
		byBody?: Address,
	): Promise<void> {
		for (let round = 0; round < MOST_OF_ONE_KEY; round++) {
			const identifiers = [
				...new Set((await this.records(path)).flatMap((one) => ours(one) ?? [])),
			];
			const deleted = [];
			for (const identifier of identifiers)
				deleted.push(await this.remove(kind, String(identifier), own, byBody));
			if (!deleted.includes(true)) break;
		}
		for (const { identifier, kind: made, isGone } of [...this.journal.made]) {
			if (made === kind && !isGone) await this.remove(kind, identifier, own, byBody);
		}
	}

	/** Deletes by the path, and where that does not work and there is another form, by the body. */
	private async remove(
		kind: string,
		identifier: string,
		own: (of: ReturnType<typeof value>) => Address,
		byBody?: Address,
	): Promise<boolean> {
		const named = value(identifier, `a ${kind}`);
		const isDone =
			(await this.tries(own(named))) ||
			(byBody !== undefined && (await this.tries(byBody, { key: named })));
		if (isDone) this.journal.gone(kind, identifier);
		return isDone;
	}

	private async leads(): Promise<void> {
		for (const { id, lead_info: info } of await this.records('/leads')) {
			if (isOurEmail(record(info)?.email))
				await this.tries(at`/leads/${value(String(id), 'a lead')}`);
		}
	}

	private async subscribers(): Promise<void> {
		for (const { email } of await this.records('/subscribers')) {
			if (isOurEmail(email))
				await this.tries(at`/subscribers`, { email: value(String(email), 'an email') });
		}
	}

	private async records(path: string): Promise<Records> {
		try {
			return recordsOf(await this.sender.get(asking({ path, shown: path }, [['limit', 100]])));
		} catch (error) {
			if (error instanceof Undecided) return [];
			throw error;
		}
	}

	private async tries(address: Address, body?: Body): Promise<boolean> {
		try {
			return accepted(await this.sender.change('DELETE', address, body));
		} catch (error) {
			if (error instanceof Undecided) return false;
			throw error;
		}
	}

	/** Whether a key is one that a check made, whatever the API made of it. */
	private isOurs(key: unknown): boolean {
		const text = String(key).trim().toLowerCase();
		return (
			text.includes(PREFIX) ||
			this.journal.made.some(
				({ kind, identifier }) => kind === 'sale' && plain(identifier) === plain(text),
			)
		);
	}
}

function plain(key: string): string {
	return key
		.trim()
		.toLowerCase()
		.replace(/^0+(?=\d)/, '');
}
