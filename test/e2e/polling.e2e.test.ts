import type { TestedWorkflow } from './stage';
import { pollingTrigger, pollingWorkflow, Stage, until } from './stage';

/** n8n polls once a minute. */
const patience = 3 * 60_000;

/** A real n8n whose workflow watches partners, and what has come out of it. */
class Watch {
	private number = 0;
	private workflow?: TestedWorkflow;

	constructor(readonly stage: Stage) {}

	arrive(count: number): void {
		for (let left = count; left > 0; left--) {
			this.number += 1;
			this.stage.sandbox
				.program('affiliate')
				.partners.add({ id: `p_${this.number}`, email: `p_${this.number}@example.com` });
		}
	}

	/** Everybody who came after the first so many. */
	arrivedAfter(count: number): string[] {
		return Array.from({ length: this.number - count }, (_, index) => `p_${index + count + 1}`);
	}

	async publish(): Promise<TestedWorkflow> {
		this.workflow = await this.stage.createWorkflow(
			pollingWorkflow('Watch partners', { watch: 'partner' }),
		);
		await this.workflow.activate();
		return this.workflow;
	}

	/** The identifiers of all items of all executions that succeeded. */
	async seen(): Promise<string[]> {
		const executions = (await this.workflow!.executions()).filter(
			({ status }) => status === 'success',
		);
		const runs = await Promise.all(
			executions.map(async ({ id }) => await this.stage.n8n.client.waitForRun(id)),
		);
		return runs.flatMap((run) => run.output(pollingTrigger).map(({ id }) => String(id)));
	}

	async until(count: number): Promise<void> {
		await until(
			`${count} records have come out`,
			async () => (await this.seen()).length >= count,
			patience,
			500,
		);
	}

	async polled(): Promise<void> {
		const polls = () =>
			this.stage.sandbox.requests.filter(({ path }) => path === '/partners').length;
		const before = polls();
		await until('n8n has polled', () => polls() > before, patience, 200);
	}
}

// Side by side, since most of it is waiting for n8n's minute.
test.concurrent.each([
	['in memory, as n8n does by default', {}],
	[
		'in its database, as n8n may',
		{
			N8N_SCHEDULER_ENABLED: 'true',
			N8N_SCHEDULER_POLL_TRIGGERS_ENABLED: 'true',
			N8N_POLLER_DURABLE_CURSORS_ENABLED: 'true',
		},
	],
])(
	'250 records in three bursts, an outage and a crash: each once (n8n keeps its schedule %s)',
	async (_how, env: Record<string, string>) => {
		const stage = await Stage.start({ env });
		try {
			const watch = new Watch(stage);
			watch.arrive(20);
			const workflow = await watch.publish();
			expect(await workflow.executions()).toEqual([]);

			watch.arrive(100);
			await watch.until(100);

			stage.sandbox.faults.add({
				kind: 'status',
				status: 500,
				times: 1_000,
				match: { path: /^\/partners$/ },
			});
			watch.arrive(80);
			await until(
				'a poll has failed',
				async () => (await workflow.executions()).some(({ status }) => status === 'error'),
				patience,
				500,
			);
			expect(await watch.seen()).toHaveLength(100);
			stage.sandbox.faults.clear();
			await watch.until(180);

			// A poll without anything new stands between the last execution and the end.
			await watch.polled();
			await stage.killN8n();
			watch.arrive(70);
			await stage.startN8n();
			await watch.until(250);
			await watch.polled();
			expect((await watch.seen()).sort()).toEqual(watch.arrivedAfter(20).sort());

			await workflow.deactivate();
			await workflow.activate();
			await watch.polled();
			expect(await watch.seen()).toHaveLength(250);
			await workflow.deactivate();
		} finally {
			await stage.end();
		}
	},
);
