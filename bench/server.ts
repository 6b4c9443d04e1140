import type { Sandbox } from '../sandbox/server';
import { startSandbox } from '../sandbox/server';

/**
 * The sandbox in a process of its own, so that its work is not counted as n8n's. Started with `fork`;
 * each message is one command, answered by one message.
 */

/** What the sandbox is set to, and what is asked of it. */
export interface Command {
	/**
	 * Starts anew with so many partners and customers, each answer that many milliseconds late; takes so many requests at
	 * once. With a history the partners and customers are old, and there are so many sales of last month, of the month
	 * before, and older ones, one after the other.
	 */
	arrange?: {
		partners: number;
		customers: number;
		latency: number;
		atOnce?: number;
		history?: { lastMonth: number; monthBefore: number; older: number };
	};
}

export interface Report {
	url: string;
	key: string;
	/** Requests since the sandbox was arranged. */
	requests: number;
	sales: number;
	/** Keys of sales that were recorded more than once. */
	twice: number;
}

function arrange(
	sandbox: Sandbox,
	{ partners, customers, latency, atOnce, history }: NonNullable<Command['arrange']>,
): void {
	sandbox.reset('empty');
	const program = sandbox.program('affiliate');
	for (let index = 0; index < partners; index += 1) {
		program.partners.add({
			id: `p_${index}`,
			email: `partner${index}@example.com`,
			key: `key${index}`,
			...(history && { created_at: longAgo }),
		});
	}
	for (let index = 0; index < customers; index += 1) {
		program.customers.add({
			key: `user_${index}`,
			email: `user${index}@example.com`,
			partner: `p_${history ? index % partners : 0}`,
			...(history && { created_at: longAgo }),
		});
	}
	if (history) sell(sandbox, customers, history);
	if (atOnce) sandbox.faults.add({ kind: 'cap', max: atOnce });
	if (latency > 0) sandbox.faults.add({ kind: 'latency', ms: latency });
}

const longAgo = '2020-01-01T00:00:00.000000Z';
const hour = 3_600_000;

/** Sales from day 2 to day 26 of a month, so that they are in it in every time zone. */
function sell(
	sandbox: Sandbox,
	customers: number,
	{ lastMonth, monthBefore, older }: NonNullable<NonNullable<Command['arrange']>['history']>,
): void {
	const { transactions } = sandbox.program('affiliate');
	const now = new Date();
	const start = (monthsAgo: number) =>
		Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - monthsAgo, 2);
	const spread = (from: number, hours: number, count: number) => {
		for (let index = 0; index < count; index += 1) {
			const created_at = new Date(from + (index / count) * hours * hour).toISOString();
			transactions.add({
				key: `${from}_${index}`,
				customer: `user_${index % customers}`,
				amount: 10 + (index % 90) / 7,
				created_at,
			});
		}
	};
	spread(start(26), 22 * 30 * 24, older);
	spread(start(2), 24 * 24, monthBefore);
	spread(start(1), 24 * 24, lastMonth);
}

function report(sandbox: Sandbox): Report {
	const { total, twice } = sandbox.ledger().transactions;
	return {
		url: sandbox.url,
		key: sandbox.keys.affiliate,
		requests: sandbox.requests.length,
		sales: total,
		twice: twice.length,
	};
}

void startSandbox({ seed: 'empty' }).then((sandbox) => {
	process.on('message', (command: Command) => {
		if (command.arrange) arrange(sandbox, command.arrange);
		process.send!(report(sandbox));
	});
	process.once('disconnect', () => process.exit(0));
	process.send!(report(sandbox));
});
