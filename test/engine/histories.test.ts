import { clock as nodeClock } from '../../nodes/Partnero/transport/clock';
import { clock as sandboxClock } from '../../sandbox/clock';
import type { Manners } from '../../sandbox/manners';
import { MANNERS } from '../../sandbox/manners';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import type { History, Played, Server } from './support/histories';
import { histories, servers } from './support/histories';
import { wantedSandbox } from './support/partnero';
import { play } from './support/play';

/** Fifteen seconds take less than one. */
const speed = 20;
/** How many histories are played side by side: few, where a lag is only a lag if the machine is not busy. */
const atOnce = { lags: 4, others: 40 };

let plain: Sandbox;
let secure: Sandbox;
const played = new Map<string, Played>();
const inRealTime = new Map<string, Played>();
const nameOf = (manners: Manners, server: Server, history: History) =>
	`${manners}: ${server.name}: ${history.name}`;

beforeAll(async () => {
	// The shortest waits that jitter can make, so that a cell does not depend on luck.
	jest.spyOn(Math, 'random').mockReturnValue(0);
	nodeClock.speed = speed;
	sandboxClock.speed = speed;
	const { switches, usualQuirks } = wantedSandbox();
	plain = await startSandbox({ seed: 'empty', switches, usualQuirks });
	secure = await startSandbox({ seed: 'empty', switches, usualQuirks, tls: true });
	const cells = MANNERS.flatMap((manners) =>
		servers.flatMap((server) => playedOn(server).map((history) => ({ manners, server, history }))),
	);
	const lags = ({ server: { quirks } }: Cell) =>
		Boolean(
			quirks.carriedOutLate ?? quirks.salesHiddenFromListsMs ?? quirks.salesHiddenFromReadsMs,
		);
	await playAll(
		cells.filter((cell) => !lags(cell)),
		atOnce.others,
	);
	await playAll(cells.filter(lags), atOnce.lags);
	nodeClock.speed = 1;
	sandboxClock.speed = 1;
	await Promise.all(
		hardest.map(async (cell) => {
			const { manners, server, history } = cell;
			inRealTime.set(
				nameOf(manners, server, history),
				await play(server.tls ? secure : plain, manners, server, history),
			);
		}),
	);
}, 600_000);

afterAll(async () => {
	await plain.close();
	await secure.close();
	jest.restoreAllMocks();
	nodeClock.speed = 1;
	sandboxClock.speed = 1;
});

interface Cell {
	manners: Manners;
	server: Server;
	history: History;
}

/** A dozen of the hardest, which also run without a faster clock. */
const hardest: Cell[] = [
	'cut, and carried out later',
	'502, and carried out later',
	'cut, carried out later, shows late',
	'a new sale shows late everywhere',
	'trims, shows late, small pages, "1"',
	'TLS breaks after the write',
].flatMap((name) =>
	(['sale with a key', 'many sales'] as const).map((history) => ({
		manners: 'laravel' as const,
		server: servers.find((server) => server.name === name)!,
		history: histories.find((one) => one.name === history)!,
	})),
);

async function playAll(cells: Cell[], count: number): Promise<void> {
	const next = async () => {
		for (let cell = cells.shift(); cell; cell = cells.shift()) {
			const { manners, server, history } = cell;
			played.set(
				nameOf(manners, server, history),
				await play(server.tls ? secure : plain, manners, server, history),
			);
		}
	};
	await Promise.all(Array.from({ length: count }, next));
}

/** The full product, but for what a history leaves out with a reason. */
function playedOn(server: Server): History[] {
	return histories.filter(({ leftOut }) => !leftOut?.[server.name]);
}

function complaintsOf({ manners, server, history }: Cell, from = played): string[] {
	const cell = from.get(nameOf(manners, server, history))!;
	return [...(cell.stopped ? [cell.stopped] : []), ...history.complaints(cell)];
}

describe.each(MANNERS)('%s', (manners) => {
	describe.each(servers)('$name', (server) => {
		for (const history of playedOn(server)) {
			const cell = { manners, server, history };
			it(history.name, () => expect(complaintsOf(cell)).toEqual([]));
		}
	});
});

describe('in real time, side by side', () => {
	it.each(hardest.map((cell) => [nameOf(cell.manners, cell.server, cell.history), cell] as const))(
		'%s',
		(_name, cell) => {
			expect(complaintsOf(cell, inRealTime)).toEqual([]);
		},
	);
});

it('lists no server that is not there', () => {
	const names = servers.map(({ name }) => name);
	const listed = histories.flatMap(({ leftOut = {} }) => Object.keys(leftOut));
	expect(listed.filter((name) => !names.includes(name))).toEqual([]);
});
