import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { CACHE_FOLDER, ensureN8n } from '../n8n/install';
import { pack } from '../n8n/pack';
import { run } from '../n8n/processes';
import { UserError, say } from '../n8n/terminal';

import { machineFacts, main } from './command';
import type { Bar } from './plot';
import { plot } from './plot';
import type { Cost, Scene } from './stage';
import { Stage } from './stage';
import type { Subject } from './workflows';
import { recordsOfPages, subjects, workflowOf } from './workflows';

/**
 * `npm run bench`: what the node costs, as ratios to what a user would take instead, all of it in one
 * run, through a real n8n. `bench/README.md` says what is compared and why.
 */

const USAGE =
	'Usage: npm run bench [-- --quick] [--only items,list,memory,load,import,wall,report]';

const chapters = {
	items: perItem,
	list: returnAll,
	memory: peakMemory,
	load: loading,
	import: importing,
	wall: wallTime,
	report: reporting,
};

type Chapter = keyof typeof chapters;

interface Bench {
	tarball: string;
	stage: Stage;
	/** Once for a look, five times for a result. */
	rounds: number;
	quick: boolean;
	bars: Bar[];
	/** The report, line by line. */
	print(line?: string): void;
}

const quiet: Scene = { partners: 100, customers: 100, latency: 0 };
const distant = { partners: 100, latency: 20 };

/** The same work measured again and again, one node after the other, so that the machine's moods hit all alike. */
async function measure<Name extends string>(
	{ stage, rounds }: Pick<Bench, 'stage' | 'rounds'>,
	works: Record<Name, { items: number; customers?: number; subject?: Subject }>,
	scene: Scene,
	watched = false,
): Promise<Record<Name, Cost>> {
	const names = Object.keys(works) as Name[];
	const costs = Object.fromEntries(names.map((name) => [name, [] as Cost[]])) as Record<
		Name,
		Cost[]
	>;
	for (let round = 0; round < rounds; round += 1) {
		for (const name of names) {
			const { items, customers = 100, subject } = works[name];
			costs[name].push(await stage.execute(workflowOf(items, customers, subject), scene, watched));
		}
	}
	return Object.fromEntries(names.map((name) => [name, medians(costs[name])])) as Record<
		Name,
		Cost
	>;
}

function medians(costs: Cost[]): Cost {
	const keys = Object.keys(costs[0]) as Array<keyof Cost>;
	return Object.fromEntries(
		keys.map((key) => [key, median(costs.map((cost) => cost[key]))]),
	) as unknown as Cost;
}

function median(values: number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

/** (a) CPU time per item. */
async function perItem(bench: Bench): Promise<void> {
	const { stage, print, quick, bars } = bench;
	print('### CPU time per item\n');
	print(
		'| Work | Items | Partnero | HTTP Request | Conventional declarative node | to HTTP Request | to conventional |',
	);
	print('|---|--:|--:|--:|--:|--:|--:|');
	// What is measured first pays for the compiling.
	await measure({ stage, rounds: 1 }, worksOf(100, stage.api, true), quiet);
	const perItemOf: Record<string, Record<number, number>> = {};
	for (const items of quick ? [100, 1000] : [100, 1000, 10_000]) {
		const costs = await measure(bench, worksOf(items, stage.api, items <= 1000), quiet);
		const per = (name: string) =>
			name in costs ? (costs[name].cpu - costs.none.cpu) / items : undefined;
		for (const [work, label, other, yardstick] of [
			['get', 'Get', 'getHttp', 'getYardstick'],
			['create', 'Create, 5 fields', 'createHttp', 'createYardstick'],
			['calculated', 'Create, 5 calculated fields', 'calculatedHttp', 'calculatedYardstick'],
			['createMany', 'Create Many, 5 fields', 'createHttp', 'createYardstick'],
		]) {
			const [own, http, conventional] = [per(work), per(other), per(yardstick)];
			if (own === undefined || http === undefined) continue;
			(perItemOf[work] ??= {})[items] = own;
			print(
				`| ${label} | ${format(items)} | ${ms(own)} | ${ms(http)} | ${conventional ? ms(conventional) : ''} | ${ratio(own, http)} | ${conventional ? ratio(own, conventional) : ''} |`,
			);
			if (items !== 1000) continue;
			if (work === 'get') bars.push({ label: 'Get: CPU per item', value: own / http, limit: 0.95 });
			if (work === 'create') bars.push({ label: 'Create: CPU per item', value: own / http });
			if (work === 'create')
				bars.push({
					label: 'Create: CPU per item, to a conventional node',
					value: own / conventional!,
					limit: 0.8,
				});
			if (work === 'calculated')
				bars.push({ label: 'The same, calculated fields', value: own / conventional!, limit: 0.8 });
			if (work === 'createMany')
				bars.push({ label: 'Create Many: CPU per item', value: own / http, limit: 0.6 });
		}
	}
	if (quick) return;
	const growth = Object.entries(perItemOf)
		.filter(([, per]) => per[10_000] !== undefined)
		.map(([work, per]) => `${work} ${ratio(per[10_000], per[1000])}`);
	print(`\nAn item among 10,000 to one among 1,000: ${growth.join(', ')}.`);
}

function worksOf(
	items: number,
	api: string,
	conventional: boolean,
): Record<string, { items: number; subject?: Subject }> {
	const { get, create, calculated } = subjects;
	const works: Record<string, Subject | undefined> = {
		none: undefined,
		get: get.partnero(),
		getHttp: get.httpRequest(api),
		create: create.partnero(),
		createHttp: create.httpRequest(api),
		createMany: create.createMany(),
		...(conventional && {
			...{ getYardstick: get.yardstick(), createYardstick: create.yardstick() },
			...{
				calculated: calculated.partnero(),
				calculatedHttp: calculated.httpRequest(api),
				calculatedYardstick: calculated.yardstick(),
			},
		}),
	};
	return Object.fromEntries(
		Object.entries(works).map(([name, subject]) => [name, { items, subject }]),
	);
}

const listed = 10_000;

/** (b) Return All. */
async function returnAll(bench: Bench): Promise<void> {
	const { stage, print, bars } = bench;
	const works = {
		partnero: { items: 1, subject: subjects.list.partnero() },
		http: { items: 1, subject: subjects.list.httpRequest(stage.api) },
	};
	const { partnero, http } = await measure(bench, works, { ...distant, customers: listed });
	print(`### Return All over ${format(listed)} records, 20 ms latency, 100 a page\n`);
	print('| | Partnero | HTTP Request | Ratio |');
	print('|---|--:|--:|--:|');
	print(
		`| Wall time | ${seconds(partnero.wall)} | ${seconds(http.wall)} | ${ratio(partnero.wall, http.wall)} |`,
	);
	print(`| Requests | ${partnero.requests} | ${http.requests} | |`);
	print(`| Items out | ${format(partnero.items)} records | ${http.items} pages | |`);
	bars.push({ label: 'Return All: wall time', value: partnero.wall / http.wall, limit: 0.35 });
}

/** (c) Peak memory, each in an n8n of its own: what one has taken, the next would find. */
async function peakMemory({ tarball, rounds, print, bars }: Bench): Promise<void> {
	const works = {
		partnero: () => [subjects.list.partnero()],
		http: (api: string) => [subjects.list.httpRequest(api)],
		httpSplit: (api: string) => [subjects.list.httpRequest(api), recordsOfPages],
	};
	type Work = keyof typeof works;
	const costs: Record<Work, Cost[]> = { partnero: [], http: [], httpSplit: [] };
	for (let round = 0; round < rounds; round += 1) {
		for (const name of Object.keys(works) as Work[]) {
			const stage = await Stage.start(tarball);
			try {
				const scene = { ...distant, customers: listed };
				await stage.execute(workflowOf(1, 1), scene);
				costs[name].push(
					await stage.execute(workflowOf(1, 1, ...works[name](stage.api)), scene, true),
				);
			} finally {
				await stage.end();
			}
		}
	}
	const [own, pages, http] = [
		medians(costs.partnero),
		medians(costs.http),
		medians(costs.httpSplit),
	].map(({ memory }) => memory);
	print(`### Peak memory above n8n's own, ${format(listed)} records\n`);
	print(
		`Partnero ${megabytes(own)}; HTTP Request ${megabytes(pages)} for 100 pages, ${megabytes(http)} with Split Out for the records. Ratio to the latter ${ratio(own, http)}, to the former ${ratio(own, pages)}.`,
	);
	bars.push({ label: 'Return All: peak memory', value: own / http, limit: 1.1 });
}

/** (d) Loading. */
async function loading({ tarball, stage, rounds, print, bars }: Bench): Promise<void> {
	const { node } = await ensureN8n();
	const times: number[] = [];
	// It is soon done, and one start differs more from the next than anything else here.
	for (let round = 0; round < rounds * 3; round += 1) {
		const { code, stdout, output } = await run(node, [join(__dirname, 'load.cjs')]);
		if (code !== 0) throw new Error(`The package could not be loaded: ${output}`);
		times.push(Number(stdout));
	}
	const time = median(times);
	const size = statSync(tarball).size;
	const { name } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as {
		name: string;
	};
	print('### Loading\n');
	print(`Both nodes, beside n8n-workflow: ${Math.round(time)} ms. Tarball: ${kilobytes(size)}.`);
	print(
		`Description sent to the editor: ${kilobytes(await stage.descriptionSize(`${name}.`))} of JSON.`,
	);
	bars.push({ label: 'Loading, of 50 ms', value: time / 50, limit: 1 });
	bars.push({ label: 'Tarball, of 225 kB', value: size / 225_000, limit: 1 });
}

/** (e) An import. */
async function importing(bench: Bench): Promise<void> {
	const { stage, print, quick, bars } = bench;
	const items = quick ? 2000 : 10_000;
	const works = {
		partnero: { items, subject: subjects.create.createMany() },
		http: { items, subject: subjects.create.httpRequest(stage.api) },
	};
	const { partnero, http } = await measure(bench, works, { ...distant, customers: 100 }, true);
	print(`### Import of ${format(items)} sales of 100 customers, 20 ms latency\n`);
	print('| | Partnero, Create Many | HTTP Request | Ratio |');
	print('|---|--:|--:|--:|');
	print(
		`| Wall time | ${seconds(partnero.wall)} | ${seconds(http.wall)} | ${ratio(partnero.wall, http.wall)} |`,
	);
	print(
		`| Requests | ${partnero.requests} | ${http.requests} | 1/${Math.floor(http.requests / partnero.requests)} |`,
	);
	print(
		`| Longest block of n8n | ${Math.round(partnero.block)} ms | ${Math.round(http.block)} ms | ${ratio(partnero.block, http.block)} |`,
	);
	bars.push({ label: 'Import: wall time', value: partnero.wall / http.wall, limit: 0.1 });
	bars.push({ label: 'Import: requests', value: partnero.requests / http.requests, limit: 1 / 30 });
	bars.push({ label: 'Import: longest block, of 250 ms', value: partnero.block / 250, limit: 1 });
}

/** (f) Sales with a key, and a server that is far away and takes so many at once. */
async function wallTime(bench: Bench): Promise<void> {
	const { stage, print, bars } = bench;
	const items = 300;
	const scene: Scene = { partners: 1, customers: 100, latency: 100, atOnce: 20 };
	const works = {
		partnero: { items, subject: subjects.create.keyed() },
		http: {
			items,
			subject: subjects.create.httpRequest(stage.api, { batchSize: 20, batchInterval: 200 }),
		},
	};
	// What is measured first pays for the compiling.
	await measure({ stage, rounds: 1 }, works, scene);
	const { partnero, http } = await measure(bench, works, scene);
	print(`### ${format(items)} sales with a key, 100 ms latency, a server that takes 20 at once\n`);
	print('| | Partnero, Create | HTTP Request, 20 items every 200 ms | Ratio |');
	print('|---|--:|--:|--:|');
	print(
		`| Wall time | ${seconds(partnero.wall)} | ${seconds(http.wall)} | ${ratio(partnero.wall, http.wall)} |`,
	);
	print(`| Requests | ${partnero.requests} | ${http.requests} | |`);
	print(`| Recorded | ${partnero.sales} | ${http.sales} | |`);
	print(`| Recorded twice | ${partnero.twice} | ${http.twice} | |`);
	bars.push({
		label: '300 sales, looked up before: wall time',
		value: partnero.wall / http.wall,
		limit: 1.5,
	});
}

/** (g) The report of a month, from a long history, in an n8n of its own. */
async function reporting({ tarball, rounds, print, bars }: Bench): Promise<void> {
	const history = { lastMonth: 3000, monthBefore: 3000, older: 44_000 };
	const costs: Cost[] = [];
	for (let round = 0; round < rounds; round += 1) {
		const stage = await Stage.start(tarball);
		try {
			const scene: Scene = { partners: 50, customers: 2000, latency: 20, history };
			await stage.execute(workflowOf(1, 1), scene);
			costs.push(await stage.execute(workflowOf(1, 1, subjects.report.partnero()), scene, true));
		} finally {
			await stage.end();
		}
	}
	const { wall, memory, block, requests } = medians(costs);
	print(
		`### The report of last month, of ${format(history.lastMonth)} sales among ${format(history.lastMonth + history.monthBefore + history.older)}, 20 ms latency\n`,
	);
	print(
		"| Requests, 10 look-ups of partners among them | Wall time | Peak memory above n8n's own | Longest block of n8n |",
	);
	print('|--:|--:|--:|--:|');
	print(`| ${requests} | ${seconds(wall)} | ${megabytes(memory)} | ${Math.round(block)} ms |`);
	bars.push({ label: 'Report: requests, of 80', value: requests / 80, limit: 1 });
	bars.push({ label: 'Report: longest block, of 100 ms', value: block / 100, limit: 1 });
	bars.push({ label: 'Report: peak memory, of 40 MB', value: memory / (40 * 2 ** 20), limit: 1 });
}

const format = (value: number) => value.toLocaleString('en-US');
const ms = (value: number) => `${value.toFixed(2)} ms`;
const seconds = (value: number) => `${(value / 1000).toFixed(2)} s`;
const megabytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MB`;
const kilobytes = (bytes: number) => `${Math.round(bytes / 1000)} kB`;
const ratio = (own: number, other: number) => (own / other).toFixed(2);

async function bench(): Promise<void> {
	const { quick, only } = readOptions();
	const tarball = await pack(join(CACHE_FOLDER, 'bench'));
	const { node } = await ensureN8n();
	const lines: string[] = [];
	const print = (line = '') => {
		lines.push(line);
		say(line);
	};
	const stage = await Stage.start(tarball);
	const given: Bench = { tarball, stage, rounds: quick ? 1 : 5, quick, bars: [], print };
	try {
		print(await machineFacts(node));
		for (const chapter of only) {
			print();
			await chapters[chapter](given);
		}
	} finally {
		await stage.end();
	}
	// A part of it would leave the rest of what is committed out of date.
	if (quick || only.length < Object.keys(chapters).length) return;
	const images = join(__dirname, '..', 'docs', 'images');
	mkdirSync(images, { recursive: true });
	writeFileSync(join(images, 'bench.svg'), plot(given.bars));
	writeFileSync(
		join(__dirname, 'results.md'),
		`# Results of \`npm run bench\`\n\n${lines.join('\n')}\n`,
	);
	say('\nWritten to bench/results.md and docs/images/bench.svg.');
}

function readOptions(): { quick: boolean; only: Chapter[] } {
	const known = Object.keys(chapters) as Chapter[];
	try {
		const { values } = parseArgs({
			options: { quick: { type: 'boolean' }, only: { type: 'string' } },
		});
		const only = (values.only?.split(',') ?? known) as Chapter[];
		const unknown = only.find((name) => !known.includes(name));
		if (unknown) throw new Error(`There is no chapter '${unknown}'`);
		return { quick: values.quick ?? false, only };
	} catch (error) {
		throw new UserError(`${(error as Error).message}. ${USAGE}`);
	}
}

main(bench);
