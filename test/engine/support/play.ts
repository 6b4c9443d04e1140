import type { IDataObject } from 'n8n-workflow';

import { clock as nodeClock } from '../../../nodes/Partnero/transport/clock';
import type { Manners } from '../../../sandbox/manners';
import type { Sandbox } from '../../../sandbox/server';

import type { Result } from './engine';
import { startRun } from './engine';
import type { History, Played, Server } from './histories';
import { prepare } from './histories';

/** How long a run may take, by the scaled clock; who waits longer does not end. */
const patience = 1_200_000;

/** Plays a history on a server: arranges it in a program of its own, and runs the node. */
export async function play(
	sandbox: Sandbox,
	manners: Manners,
	server: Server,
	history: History,
): Promise<Played> {
	// The quirks begin when everything is arranged.
	const program = sandbox.addProgram(history.program, { manners });
	const items = prepare(history, server, program.state);
	Object.assign(program.quirks, structuredClone(server.quirks));
	const start = async () =>
		await runFor(history, server, items, { apiKey: program.key, baseUrl: sandbox.url });
	let result = await start();
	if (history.twice && result) result = await start();
	const stopped = result ? result.error?.message : 'the run did not end';
	return {
		server,
		program,
		items,
		given: items.map((_, index) => givenFor(result, index)),
		...(stopped && { stopped }),
	};
}

/** Runs the node; gives nothing if it does not end in time. */
async function runFor(
	history: History,
	server: Server,
	items: IDataObject[],
	credentials: { apiKey: string; baseUrl: string },
): Promise<Result | undefined> {
	const { resource, operation, parameters } = history;
	const { timeout, tls } = server;
	const requestOptions = {
		...(timeout && { timeout }),
		...(tls && { allowUnauthorizedCerts: true }),
	};
	const { result, cancel } = startRun({
		credentials,
		parameters: { resource, operation, ...parameters, requestOptions },
		items,
		node: { onError: 'continueRegularOutput' },
	});
	const ending = new AbortController();
	const tooLong = new Promise<undefined>((resolve) => {
		const timer = setTimeout(resolve, (server.patience ?? patience) / nodeClock.speed);
		ending.signal.addEventListener('abort', () => clearTimeout(timer));
	});
	const first = await Promise.race([result, tooLong]);
	ending.abort();
	if (!first) cancel();
	return first;
}

function givenFor(result: Result | undefined, index: number): IDataObject[] {
	const [main = []] = result?.outputs ?? [];
	return main
		.filter(({ pairedItem }) => (pairedItem as { item: number } | undefined)?.item === index)
		.map(({ json }) => json);
}
