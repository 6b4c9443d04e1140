import type { IDataObject, INode } from 'n8n-workflow';

import type { Fault } from '../../sandbox/faults';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import { useSpeed } from '../support/clock';

import type { Result } from './support/engine';
import { run } from './support/engine';
import type { Gateway, Hold } from './support/gateway';
import { startGateway } from './support/gateway';
import type { Scenario, ScenarioName } from './support/scenarios';
import { scenarios } from './support/scenarios';

/** What a user may rely on, whatever the fault. */
type Verdict =
	/** Every item is done, exactly once; nobody sees an error. */
	| 'finished'
	/** What was struck is an error that says "may have been recorded"; nothing was sent twice. */
	| 'in doubt'
	/** Where there is an error, it says "may have been recorded"; nothing is done twice. */
	| 'once at most'
	/** What was struck is an error that says why, is not done and was not sent again. */
	| 'refused';

interface Row {
	fault: string;
	faults?: Fault[];
	/** Held before the server instead: three requests of each kind reach it late. */
	hold?: Omit<Hold, 'method' | 'times'>;
	/** Strikes look-ups as well as what they are for. */
	onReads?: boolean;
	/** As many items as the server does not take at once. */
	many?: boolean;
	/** The time-out under Request Options. */
	timeout?: number;
	/** The status that the server answers when the fault strikes, if that tells; 0 for none. */
	shows?: number;
	/** Holds for every operation that is not named. */
	verdict: Verdict;
	except?: Partial<Record<ScenarioName, Verdict>>;
}

/** Each fault strikes so often: nobody's request so often that even the last try fails. */
const times = 3;
/**
 * Where something times out or a server is full, what a request really takes counts beside the waits. So the
 * clocks run slower there: an ordinary request has two seconds before it times out.
 */
const slower = 5;
const timeout = 10_000;
/** How much longer than that an answer takes which is not waited for. */
const margin = 5000;
/** Longer than the client waits and looks for a sale whose answer it lost. */
const late = timeout + 4500;

/** A sale without a key cannot be looked for. */
const lost: Row['except'] = { 'sale without a key': 'in doubt' };
/** And what timed out may still be under way, so that sending it again could record it twice. */
const notThere: Row['except'] = {
	...lost,
	'sale with a key': 'in doubt',
	createMany: 'in doubt',
	'partner create': 'in doubt',
	// An update is sent again; which items create depends on who was first.
	'partner upsert': 'once at most',
};

const rows: Row[] = [
	{
		fault: '429 with Retry-After',
		faults: [{ kind: 'rateLimit', retryAfter: 1, times }],
		onReads: true,
		shows: 429,
		verdict: 'finished',
	},
	{
		fault: '429 without Retry-After',
		faults: [{ kind: 'rateLimit', times }],
		onReads: true,
		shows: 429,
		verdict: 'finished',
	},
	{
		// The node begins with five at once, and finds how many there may be.
		fault: 'a server that takes eight requests at once',
		faults: [
			{ kind: 'cap', max: 8 },
			{ kind: 'latency', ms: 2500 },
		],
		onReads: true,
		many: true,
		shows: 429,
		verdict: 'finished',
	},
	{
		fault: '500 before the write',
		faults: [{ kind: 'status', status: 500, times }],
		onReads: true,
		shows: 500,
		verdict: 'finished',
		except: lost,
	},
	{
		fault: '502 after the write',
		faults: [{ kind: 'statusAfterWrite', status: 502, times }],
		onReads: true,
		shows: 502,
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'a connection cut before the write',
		faults: [{ kind: 'cut', times }],
		onReads: true,
		shows: 0,
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'a connection cut after the write',
		faults: [{ kind: 'cutAfterWrite', times }],
		onReads: true,
		shows: 0,
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'a time-out, and nothing is written',
		faults: [{ kind: 'latency', ms: timeout + margin, times }],
		onReads: true,
		timeout,
		shows: 0,
		verdict: 'finished',
		except: notThere,
	},
	{
		fault: 'a time-out after the write',
		faults: [{ kind: 'latency', after: true, ms: timeout + margin, times }],
		onReads: true,
		timeout,
		shows: 0,
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'a time-out, and the server carries it out later',
		hold: { ms: late },
		timeout,
		verdict: 'finished',
		// The node looks until it is there.
		except: lost,
	},
	{
		fault: '504 from a gateway, and the server carries it out later',
		hold: { ms: late, answer: 504 },
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'a web page (502) before the write',
		faults: [{ kind: 'html', times }],
		onReads: true,
		shows: 502,
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'a web page (200) after the write',
		faults: [{ kind: 'html', status: 200, after: true, times }],
		onReads: true,
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'an empty 200 after the write',
		faults: [{ kind: 'empty', after: true, times }],
		verdict: 'finished',
		except: lost,
	},
	{
		fault: 'status: 0 in a 200',
		faults: [{ kind: 'statusZero', times }],
		verdict: 'refused',
		except: { createMany: 'finished' },
	},
];

/** A server, and a gateway before it. */
interface Station {
	sandbox: Sandbox;
	gateway: Gateway;
}

/** Stations that nobody uses at the moment: each operation under each fault has one for itself. */
const idle: Station[] = [];

async function openStation(): Promise<Station> {
	const sandbox = await startSandbox({ seed: 'empty', freshKeys: true });
	const station = { sandbox, gateway: await startGateway(sandbox.url) };
	// The first request takes longer than the others.
	await operate(scenarios[0], station, [{ key: 'first', customer: 'nobody', amount: 1 }]);
	return station;
}

const waits = ({ timeout: ms, hold }: Row) => ms !== undefined || hold !== undefined;

beforeAll(async () => {
	// All before anything is measured by the clock.
	while (idle.length < scenarios.length * rows.filter(waits).length) idle.push(await openStation());
}, 60_000);

afterAll(async () => {
	for (const { sandbox, gateway } of idle) {
		await gateway.close();
		await sandbox.close();
	}
});

interface More {
	timeout?: number;
	requestsAtOnce?: number;
	baseUrl?: string;
	node?: Partial<INode>;
}

async function operate(
	scenario: Scenario,
	{ sandbox }: Station,
	items: IDataObject[],
	more: More = {},
): Promise<Result> {
	return await run({
		credentials: { apiKey: sandbox.keys.affiliate, baseUrl: more.baseUrl ?? sandbox.url },
		parameters: {
			resource: scenario.resource,
			operation: scenario.operation,
			...scenario.parameters,
			...(more.timeout && { requestOptions: { timeout: more.timeout } }),
			...(more.requestsAtOnce && { settings: { requestsAtOnce: more.requestsAtOnce } }),
		},
		items,
		node: { onError: 'continueRegularOutput', ...more.node },
	});
}

/** What is wrong on the way of one kind of request. */
function arm({ sandbox, gateway }: Station, { request, reads }: Scenario, row: Row): void {
	for (const match of row.onReads && reads ? [request, reads] : [request]) {
		for (const fault of row.faults ?? []) sandbox.faults.add({ ...fault, match });
	}
	if (!row.hold) return;
	const methods = request.method ? [request.method] : ['POST', 'PUT'];
	for (const method of methods) gateway.hold({ ...row.hold, method, times });
}

/** One operation under one fault, and everything that came of it. */
interface Cell {
	scenario: Scenario;
	row: Row;
	items: IDataObject[];
	result: Result;
	/** What each item gave. */
	given: IDataObject[][];
	/** How often each item was done by the end of the run, and what was sent until then. */
	done: number[];
	statuses: number[];
	sent: number;
	/** A second run of the same, without faults, where that is what finishes the work. */
	again?: { result: Result; done: number[] };
}

/** Items for an operation, and a server that knows what they need. */
function prepare({ sandbox }: Station, scenario: Scenario, count: number): IDataObject[] {
	const items = Array.from({ length: count }, (_, index) => scenario.item(index));
	sandbox.reset('empty');
	scenario.arrange(sandbox.program('affiliate'), items);
	return items;
}

async function play(scenario: Scenario, row: Row, station: Station): Promise<Cell> {
	const { sandbox, gateway } = station;
	const program = sandbox.program('affiliate');
	const items = prepare(station, scenario, row.many ? scenario.many : scenario.few);
	arm(station, scenario, row);
	const result = await operate(scenario, station, items, {
		timeout: row.timeout,
		requestsAtOnce: row.many ? 50 : undefined,
		baseUrl: row.hold && gateway.url,
	});
	await gateway.settled();
	const counts = () => items.map((item) => scenario.done?.(program, item) ?? 1);
	const cell: Cell = {
		scenario,
		row,
		items,
		result,
		given: items.map((_, index) => givenFor(result, index)),
		done: counts(),
		statuses: sandbox.requests.map(({ status }) => status),
		sent: sandbox.requests.filter((request) => concerns(scenario, request)).length,
	};
	if (scenario.rerun && verdictOf(row, scenario) !== 'finished') {
		sandbox.faults.clear();
		cell.again = { result: await operate(scenario, station, items), done: counts() };
	}
	return cell;
}

function givenFor({ outputs }: Result, index: number): IDataObject[] {
	const [main = []] = outputs;
	return main
		.filter(({ pairedItem }) => (pairedItem as { item: number } | undefined)?.item === index)
		.map(({ json }) => json);
}

function concerns(
	{ request }: Scenario,
	{ method, path }: { method: string; path: string },
): boolean {
	if (request.method && request.method !== method) return false;
	if (request.path instanceof RegExp) return method !== 'GET' && request.path.test(path);
	return request.path === undefined || request.path === path;
}

function verdictOf({ verdict, except }: Row, { name }: Scenario): Verdict {
	return except?.[name] ?? verdict;
}

const failed = ([first]: IDataObject[]) => first?.error !== undefined;

/** Holds under every fault: each item has its output or one error, and nothing is done twice. */
function expectNothingLostOrTwice({ scenario, items, result, given, done }: Cell): void {
	expect(result.error).toBeUndefined();
	given.forEach((outputs, index) => {
		if (failed(outputs)) {
			expect(outputs).toHaveLength(1);
			expect(done[index] <= 1 || !scenario.done).toBe(true);
		} else {
			expect(outputs).toMatchObject(scenario.output(items[index]));
			expect(done[index]).toBe(1);
		}
	});
}

const judges: Record<Verdict, (cell: Cell) => void> = {
	finished: ({ given, done }) => {
		expect(given.filter(failed)).toEqual([]);
		expect(done.every((count) => count === 1)).toBe(true);
	},
	'in doubt': ({ scenario, row, items, given, sent }) => {
		const errors = given.filter(failed);
		// Where the clock decides, a busy machine may see more of them time out, or find more of them in time.
		if (waits(row)) expect(errors.length).toBeGreaterThan(0);
		else expect(errors).toHaveLength(times * scenario.perRequest);
		for (const [{ message }] of errors) expect(message).toContain('may have been recorded');
		expect(sent).toBe(items.length / scenario.perRequest);
	},
	'once at most': ({ given, done }) => {
		given.forEach((outputs, index) => {
			if (failed(outputs)) expect(outputs[0].message).toContain('may have been recorded');
			else expect(done[index]).toBe(1);
			expect(done[index]).toBeLessThanOrEqual(1);
		});
	},
	refused: ({ scenario, given, done }) => {
		expect(given.filter(failed).length).toBeGreaterThanOrEqual(times * scenario.perRequest);
		given.forEach((outputs, index) => {
			if (!failed(outputs)) return;
			expect(outputs[0].error).toContain('The request could not be processed');
			expect(outputs[0].error).toContain(`[item ${index + 1} of `);
			expect(outputs[0].message ?? '').not.toContain('may have been recorded');
			if (scenario.done) expect(done[index]).toBe(0);
		});
	},
};

const played = new Map<Row, Promise<Map<ScenarioName, Cell>>>();

/** Plays a row on all operations at the same time; rows that mostly wait are played together. */
async function cellsOf(row: Row): Promise<Map<ScenarioName, Cell>> {
	// None of them is still being played when the clocks change their speed.
	if (waits(row)) await Promise.all(rows.filter(waits).map(playOnce));
	return await playOnce(row);
}

function playOnce(row: Row): Promise<Map<ScenarioName, Cell>> {
	if (!played.has(row)) played.set(row, playRow(row));
	return played.get(row)!;
}

async function playRow(row: Row): Promise<Map<ScenarioName, Cell>> {
	const stations = idle.splice(0, scenarios.length);
	const cells = scenarios.map(
		async (scenario, index) => [scenario.name, await play(scenario, row, stations[index])] as const,
	);
	const played = new Map(await Promise.all(cells));
	idle.push(...stations);
	return played;
}

describe.each(rows)('$fault', (row) => {
	let cells: Map<ScenarioName, Cell>;

	if (waits(row) || row.many) useSpeed(slower);

	beforeAll(async () => {
		cells = await cellsOf(row);
	}, 90_000);

	it.each(scenarios.map((scenario) => [scenario.name, verdictOf(row, scenario)] as const))(
		'%s: %s',
		(name, verdict) => {
			const cell = cells.get(name)!;
			expectNothingLostOrTwice(cell);
			judges[verdict](cell);
			if (row.shows !== undefined) expect(cell.statuses).toContain(row.shows);
			if (cell.again) {
				expect(cell.again.result.error).toBeUndefined();
				expect(cell.again.result.json.filter(({ error }) => error)).toEqual([]);
				expect(cell.again.done.every((count) => count === 1)).toBe(true);
			}
		},
	);
});

describe('beyond the table', () => {
	let station: Station;

	beforeAll(() => {
		[station] = idle;
	});

	const scenarioNamed = (name: ScenarioName) => scenarios.find((one) => one.name === name)!;
	const retryOnFail = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
	const ledger = () => station.sandbox.ledger().transactions;

	describe('a sale that cannot be looked for is sent once, though n8n repeats all items', () => {
		useSpeed(slower);

		const afterWrite: Row[] = [
			{
				fault: 'status: 0 in a 200 after the write',
				faults: [{ kind: 'statusZero', after: true, times }],
				verdict: 'refused',
			},
			{
				fault: 'a redirect after the write',
				faults: [{ kind: 'statusAfterWrite', status: 302, times }],
				verdict: 'refused',
			},
		];
		const unsure = rows.filter(
			(row) => !row.hold && verdictOf(row, scenarioNamed('sale without a key')) !== 'finished',
		);

		it.each([...unsure, ...afterWrite])('$fault', async (row) => {
			const keyless = scenarioNamed('sale without a key');
			const items = prepare(station, keyless, keyless.few);
			arm(station, keyless, row);
			// The first item fails, which makes n8n try again.
			const { outputs } = await operate(keyless, station, items, {
				timeout: row.timeout,
				node: retryOnFail,
			});
			expect(station.sandbox.requests).toHaveLength(items.length);
			expect(outputs[0].filter(({ json }) => json.error).length).toBeGreaterThanOrEqual(times);
		});

		it('with a key, if it is to be recorded anyway', async () => {
			const keyed = scenarioNamed('sale with a key');
			const items = prepare(station, keyed, 1);
			station.sandbox.faults.add({ kind: 'statusAfterWrite', times: 2 });
			const anyway = { ...keyed, parameters: { ...keyed.parameters, ifKeyExists: 'record' } };
			const { json } = await operate(anyway, station, items, { node: retryOnFail });
			expect(json[0].message).toContain('may have been recorded');
			expect(ledger().total).toBe(1);
		});
	});

	describe('what timed out', () => {
		useSpeed(slower);

		it('is not sent again by the next try of n8n, since it may still be under way', async () => {
			const keyed = scenarioNamed('sale with a key');
			const items = prepare(station, keyed, keyed.few);
			arm(station, keyed, {
				fault: '',
				faults: [{ kind: 'latency', ms: timeout + margin, times }],
				verdict: 'finished',
			});
			const { json } = await operate(keyed, station, items, { timeout, node: retryOnFail });
			const failures = json.filter(({ error }) => error);
			expect(failures).toHaveLength(times);
			for (const { message } of failures) expect(message).toContain('may have been recorded');
			expect(ledger()).toMatchObject({ total: items.length - times, twice: [] });
		});
	});

	describe('a look-up that does not work', () => {
		interface Outcome {
			items: IDataObject[];
			json: IDataObject[];
			sent: number;
			done: number[];
		}
		const outcomes = new Map<string, Outcome>();

		async function lookInVain(
			name: ScenarioName,
			from: 'the beginning' | 'the write',
			station: Station,
		): Promise<void> {
			const { sandbox } = station;
			const program = sandbox.program('affiliate');
			const items = prepare(station, scenarioNamed(name), 4);
			const noLookUp = () => sandbox.faults.add({ kind: 'status', match: { method: 'GET' } });
			sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'POST' } });
			if (from === 'the beginning') noLookUp();
			else program.onEvent = noLookUp;
			const { json } = await operate(scenarioNamed(name), station, items);
			program.onEvent = undefined;
			const sent = sandbox.requests.filter(({ method }) => method !== 'GET').length;
			outcomes.set(`${name}, ${from}`, {
				items,
				json,
				sent,
				done: items.map((item) => scenarioNamed(name).done!(program, item)),
			});
		}

		beforeAll(async () => {
			// At the same time, since they mostly wait.
			await Promise.all([
				lookInVain('sale with a key', 'the beginning', idle[0]),
				lookInVain('createMany', 'the beginning', idle[1]),
				lookInVain('partner upsert', 'the beginning', idle[2]),
				lookInVain('partner create', 'the write', idle[3]),
				lookInVain('createMany', 'the write', idle[4]),
			]);
		}, 60_000);

		it.each(['sale with a key', 'createMany', 'partner upsert'])(
			'before %s: nothing is sent, and nobody is told that it may have been recorded',
			(name) => {
				const { items, json, sent } = outcomes.get(`${name}, the beginning`)!;
				expect(json.map(({ error }) => error)).toEqual(
					items.map((_, index) => expect.stringContaining(`[item ${index + 1} of `)),
				);
				for (const { message } of json) expect(message).not.toContain('may have been recorded');
				expect(sent).toBe(0);
			},
		);

		it.each(['partner create', 'createMany'])(
			'after %s was sent: it may have been recorded',
			(name) => {
				const { items, json, done } = outcomes.get(`${name}, the write`)!;
				expect(json).toHaveLength(items.length);
				json.forEach(({ message, created, id }, index) => {
					if (message) expect(message).toContain('may have been recorded');
					else expect(created ?? id).toBeDefined();
					expect(done[index]).toBe(1);
				});
			},
		);
	});

	describe('createMany', () => {
		useSpeed(slower);

		it('sends nothing again while it may still be under way, whatever became of other requests', async () => {
			const { sandbox, gateway } = station;
			// One customer, two requests, the second after it is known what became of the first: one times out, both are
			// carried out, and answered with 502.
			const items = prepare(station, scenarioNamed('createMany'), 4);
			gateway.hold({ method: 'POST', times: 1, ms: late });
			sandbox.faults.add({
				kind: 'statusAfterWrite',
				status: 502,
				match: scenarioNamed('createMany').request,
				times: 2,
			});
			const { json } = await operate(scenarioNamed('createMany'), station, items, {
				timeout,
				baseUrl: gateway.url,
			});
			await gateway.settled();
			expect(json.map(({ created }) => created)).toEqual([true, true, true, true]);
			expect(ledger()).toMatchObject({ total: 4, twice: [] });
		}, 30_000);

		it('sends nothing again of a request that was refused half-way', async () => {
			const { faults } = station.sandbox;
			const items = prepare(station, scenarioNamed('createMany'), 4);
			const { request: match } = scenarioNamed('createMany');
			// The first of two sales is recorded, and both are answered with a refusal.
			faults.add({ kind: 'statusAfterWrite', status: 422, match, times: 1 });
			faults.add({ kind: 'partialWrite', count: 1, match, times: 1 });
			const { json } = await operate(scenarioNamed('createMany'), station, items);
			expect(json.map(({ created }) => created)).toEqual([true, true, true, true]);
			expect(ledger()).toMatchObject({ total: 4, twice: [] });
		});
	});
});
