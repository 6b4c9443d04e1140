import { startSandbox, type Sandbox } from '../sandbox/server';

/**
 * The sandbox in a process of its own, so that its work is not counted as n8n's. Started with `fork`;
 * each message is one command, answered by one message.
 */

/** What the sandbox is set to, and what is asked of it. */
export interface Command {
	/** Starts anew with so many partners and customers, each answer that many milliseconds late; takes so many requests at once. */
	arrange?: { partners: number; customers: number; latency: number; atOnce?: number };
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

function arrange(sandbox: Sandbox, { partners, customers, latency, atOnce }: NonNullable<Command['arrange']>): void {
	sandbox.reset('empty');
	const program = sandbox.program('affiliate');
	for (let index = 0; index < partners; index += 1) {
		program.partners.add({ id: `p_${index}`, email: `partner${index}@example.com`, key: `key${index}` });
	}
	for (let index = 0; index < customers; index += 1) {
		program.customers.add({ key: `user_${index}`, email: `user${index}@example.com`, partner: 'p_0' });
	}
	if (atOnce) sandbox.faults.add({ kind: 'cap', max: atOnce });
	if (latency > 0) sandbox.faults.add({ kind: 'latency', ms: latency });
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
