import type { Sandbox } from '../../../sandbox/server';
import type { ProgramState } from '../../../sandbox/state';
import fc from '../../support/fastCheck';

/** A sale of a ledger that a test sums by itself. */
export interface LedgerSale {
	/** Milliseconds since 1970. */
	at: number;
	/** In hundredths. */
	cents: number;
	unit: string;
	/** In hundredths; set by the test, so that the sum does not depend on the sandbox's rate. */
	commissionCents: number;
	earner: number;
	isArchived: boolean;
}

/** So many partners, or referring customers, a ledger has; each has one customer who buys. */
export const earnerCount = 5;

/** Sales of some days, half of them within two hours of when a day of `edges` begins somewhere, in three currencies, a tenth archived. */
export function salesOf(
	days: [first: string, last: string],
	edges: string[],
	most = 60,
): fc.Arbitrary<LedgerSale[]> {
	const secondsOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000;
	const [first, last] = days.map(secondsOf);
	// Around midnight in Berlin, New York and Auckland, in summer and in winter.
	const midnights = edges.flatMap((day) =>
		[-13, -12, -2, -1, 4, 5].map((hours) => secondsOf(day) + hours * 3600),
	);
	const near = fc
		.tuple(fc.constantFrom(...midnights), fc.integer({ min: -3600, max: 3600 }))
		.map(([midnight, seconds]) => midnight + seconds);
	const anywhere = fc.integer({ min: first, max: last });
	return fc.array(
		fc.record({
			at: fc.oneof(anywhere, near).map((seconds) => seconds * 1000),
			cents: fc.integer({ min: 1, max: 99_999_99 }),
			unit: fc.constantFrom('USD', 'USD', 'USD', 'EUR', 'JPY'),
			commissionCents: fc.integer({ min: 0, max: 9_999_99 }),
			earner: fc.nat({ max: earnerCount - 1 }),
			isArchived: fc.integer({ min: 0, max: 9 }).map((die) => die === 0),
		}),
		{ maxLength: most, size: 'max' },
	);
}

/** Puts the people of a ledger into a program: earner 2 is `e_2`, whose customer is `b_2`. */
export function addPeople(program: ProgramState, createdAt: string): void {
	for (let index = 0; index < earnerCount; index += 1) {
		const person = {
			id: `e_${index}`,
			name: `Earner ${index}`,
			email: `e${index}@example.com`,
			created_at: createdAt,
		};
		if (program.isReferAFriend()) program.customers.add(person);
		else program.partners.add(person);
		const buyer = { id: `b_${index}`, key: `b_${index}`, created_at: createdAt };
		program.customers.add(
			program.isReferAFriend()
				? { ...buyer, referringCustomer: person.id }
				: { ...buyer, partner: person.id },
		);
	}
}

/** Records the sales of a ledger. */
export function addSales(
	sandbox: Sandbox,
	programName: 'affiliate' | 'referAFriend',
	sales: LedgerSale[],
): void {
	const program = sandbox.program(programName);
	for (const [index, { at, cents, unit, commissionCents, earner, isArchived }] of sales.entries()) {
		program.transactions.add({
			key: `t_${index}`,
			customer: `b_${earner}`,
			amount: cents / 100,
			amount_units: unit,
			reward: commissionCents / 100,
			created_at: new Date(at).toISOString(),
			...(isArchived && { status: 'archived' as const }),
		});
	}
}

/** The day of an instant in a time zone, by another way than the node's: `2026-11-16`. */
export function dayIn(at: number, timeZone: string): string {
	const parts = new Intl.DateTimeFormat('en-US', {
		timeZone,
		year: 'numeric',
		month: '2-digit',
		day: '2-digit',
	}).formatToParts(new Date(at));
	const part = (type: string) => parts.find((one) => one.type === type)!.value;
	return `${part('year')}-${part('month')}-${part('day')}`;
}

/** So many days after a day, or before it. */
export function dayPlus(day: string, days: number): string {
	return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Hundredths summed by unit, as numbers. */
export function sumOf(
	sales: LedgerSale[],
	of: (sale: LedgerSale) => number,
): { [unit: string]: number } {
	const sums: { [unit: string]: number } = {};
	for (const sale of sales) sums[sale.unit] = (sums[sale.unit] ?? 0) + of(sale);
	return Object.fromEntries(Object.entries(sums).map(([unit, cents]) => [unit, cents / 100]));
}
