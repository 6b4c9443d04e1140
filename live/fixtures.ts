import { randomBytes, randomInt } from 'node:crypto';

import { abortableSleep } from '../nodes/Partnero/transport/clock';

import type { Body, Value } from './address';
import { at, value } from './address';
import { PREFIX } from './emptiness';
import type { JournalFile } from './journal';
import { recordsOf } from './lists';
import type { Program } from './program';
import { dataIn } from './program';
import type { Exchange, Sender } from './sender';
import { accepted, Undecided } from './sender';

/** A person that a check made, by everything that it is known by. */
export interface Person {
	id: Value;
	key: Value;
	email: Value;
}

/** What a check that writes has made, and with what it makes more. */
export class Fixtures {
	/** The partner who earns, in affiliate programs; in refer-a-friend programs the customer who refers. */
	earner!: Person;
	/** The customer who buys, or the subscriber. */
	buyer!: Person;
	/** The first sales, of two buyers where there are two. */
	readonly sales: Value[] = [];
	/** Answers to what was made at the beginning. */
	readonly created: Exchange[] = [];
	/** The sale with a date in the past, if the API takes one. */
	backdated?: Value;
	/** Milliseconds until a new sale shows everywhere. */
	lag = 0;

	private readonly run = `${PREFIX}r${randomBytes(3).toString('hex')}`;

	constructor(
		readonly sender: Sender,
		readonly program: Program,
		private readonly journal: JournalFile,
	) {}

	/** An identifier that nobody else has: `check-live-r1a2b3c-sale`. */
	name(what: string): string {
		return `${this.run}-${what}`;
	}

	/** A key of digits that begins with zeros. */
	digits(): string {
		return `00${randomInt(10 ** 11, 10 ** 12)}`;
	}

	/** Makes the people and the first sales. */
	async make(): Promise<void> {
		if (this.program.contract === 'affiliate') await this.makeAffiliate();
		else if (this.program.contract === 'refer-a-friend') await this.makeReferral();
		else await this.makeSubscribers();
	}

	/** A body that names the buyer of a sale. */
	buyerBody(person = this.buyer): Body {
		return this.program.contract === 'affiliate' ? { key: person.key } : { id: person.id };
	}

	/** The buyer's own path. */
	get buyerInPath(): Value {
		return this.program.contract === 'affiliate' ? this.buyer.key : this.buyer.id;
	}

	/** Records a sale under a key. */
	async sell(key: Value, more: Body = {}): Promise<Exchange> {
		const exchange = await this.sender.create(
			at`/transactions`,
			{ key, amount: 1, action: 'sale', customer: this.buyerBody(), ...more },
			['sale', String(key.value)],
		);
		this.noteOther('sale', key, dataIn(exchange)?.key);
		return exchange;
	}

	/** Records sales until a list of them has two pages of ten. */
	async fill(): Promise<void> {
		if (this.program.contract === 'newsletter') return;
		await abortableSleep(this.lag);
		const there = recordsOf(await this.sender.get(at`/transactions?limit=100`)).length;
		for (let index = there; index < 12; index++)
			await this.sell(value(this.name(`more-${index}`), 'the key of a sale'));
		await abortableSleep(this.lag);
	}

	/** Notes under which other identifier something was kept. */
	noteOther(kind: string, asked: Value, kept: unknown): void {
		if ((typeof kept === 'string' || typeof kept === 'number') && kept !== asked.value)
			this.journal.note(kind, String(kept));
	}

	/** Notes that something is gone. */
	noteGone(kind: string, identifier: Value): void {
		this.journal.gone(kind, String(identifier.value));
	}

	/** Everything by which somebody is known. */
	person(what: string): Person {
		const id = this.name(what);
		return {
			id: value(id, `the id of ${what}`),
			key: value(`${id}-key`, `the key of ${what}`),
			email: value(`${id}@example.com`, `the email of ${what}`),
		};
	}

	private async partner(what: string): Promise<Person> {
		const person = this.person(what);
		await this.must(
			this.sender.create(at`/partners`, { ...person, name: 'Check' }, [
				'partner',
				String(person.id.value),
			]),
		);
		return person;
	}

	private async customer(what: string, by: Body): Promise<Person> {
		const { id, key, email } = this.person(what);
		const isAffiliate = this.program.contract === 'affiliate';
		const identifier = isAffiliate ? key : id;
		const body: Body = isAffiliate
			? { key, email, name: 'Check', ...by }
			: { id, key, email, name: 'Check', ...by };
		await this.must(
			this.sender.create(at`/customers`, body, ['customer', String(identifier.value)]),
		);
		return { id, key, email };
	}

	private async makeAffiliate(): Promise<void> {
		this.earner = await this.partner('partner-1');
		const other = await this.partner('partner-2');
		this.buyer = await this.customer('customer-1', { partner: { id: this.earner.id } });
		const second = await this.customer('customer-2', { partner: { id: other.id } });
		await this.firstSales([this.buyer, second]);
	}

	private async makeReferral(): Promise<void> {
		this.earner = await this.customer('customer-1', {});
		this.buyer = await this.customer('customer-2', { referring_customer: { id: this.earner.id } });
		await this.firstSales([this.buyer, this.buyer]);
	}

	private async makeSubscribers(): Promise<void> {
		for (const what of ['subscriber-1', 'subscriber-2']) {
			const person = this.person(what);
			await this.must(
				this.sender.create(at`/subscribers`, { email: person.email, name: 'Check' }, [
					'subscriber',
					String(person.email.value),
				]),
			);
			this.buyer = person;
		}
	}

	private async firstSales(buyers: Person[]): Promise<void> {
		for (const [index, buyer] of buyers.entries()) {
			const key = value(this.name(`sale-${index + 1}`), `the key of sale ${index + 1}`);
			await this.must(this.sell(key, { customer: this.buyerBody(buyer) }));
			this.sales.push(key);
		}
	}

	private async must(made: Promise<Exchange>): Promise<void> {
		const exchange = await made;
		this.created.push(exchange);
		if (!accepted(exchange))
			throw new Undecided(
				`what the checks work with could not be made (status ${exchange.status})`,
			);
	}
}
