import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import axios from 'axios';
import { HtmlValidate } from 'html-validate';

import { EVENTS } from '../../sandbox/contract';
import { introduction } from '../../sandbox/introduction';
import { PROGRAM_NAMES } from '../../sandbox/programs';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';

import { client } from './client';

interface Button {
	title: string;
	method: string;
	control: string;
	body: Record<string, string> | undefined;
}

let sandbox: Sandbox;
let receiver: Server;
let html: string;
let headers: Record<string, unknown>;

beforeAll(async () => {
	sandbox = await startSandbox();
	receiver = createServer((request, response) => {
		request.resume();
		response.writeHead(200).end();
	});
	await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
	({ data: html, headers } = await axios.get<string>(at('/')));
});
beforeEach(() => sandbox.reset());
afterAll(async () => {
	await sandbox.close();
	receiver.closeAllConnections();
	await new Promise((resolve) => receiver.close(resolve));
});

const at = (path: string) => new URL(path, sandbox.url).href;

/** What the browser makes of the page's buttons. */
function buttons(): Button[] {
	const unescaped = (text: string) =>
		text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&');
	return [...html.matchAll(/<button ([^>]*)>([^<]*)<\/button>/g)].map(([, attributes, title]) => {
		const attribute = (name: string) => new RegExp(`data-${name}="([^"]*)"`).exec(attributes)?.[1];
		const body = attribute('body');
		return {
			title: unescaped(title),
			method: attribute('method') ?? '',
			control: attribute('control') ?? '',
			body: body && (JSON.parse(unescaped(body)) as Record<string, string>),
		};
	}) as Button[];
}

const press = async ({ method, control, body }: Omit<Button, 'title'>) =>
	await axios.request<{ recorded?: boolean; message?: string }>({
		method,
		url: at(`/_sandbox/${control}`),
		data: body,
		validateStatus: () => true,
	});

/** A webhook for every event of every program; the tests wait for its deliveries. */
async function listen(): Promise<void> {
	const { port } = receiver.address() as AddressInfo;
	for (const program of PROGRAM_NAMES) {
		await client(sandbox, program)('POST', '/webhooks', {
			name: 'All of them',
			url: `http://127.0.0.1:${port}/`,
			events: EVENTS[program],
		});
	}
}

describe('the page', () => {
	test('is valid HTML', () => {
		const { results } = new HtmlValidate({
			extends: ['html-validate:recommended'],
		}).validateStringSync(html);
		expect(
			results.flatMap(({ messages }) =>
				messages.map(({ ruleId, message, line }) => `${line}: ${ruleId}: ${message}`),
			),
		).toEqual([]);
	});

	test('says where it is and which keys it has, as the command does', () => {
		const said = introduction(sandbox).join('\n');
		for (const text of [sandbox.url, ...Object.values(sandbox.keys)]) {
			expect(html).toContain(`<code>${text}</code>`);
			expect(said).toContain(text);
		}
		expect(said).toContain(at('/'));
	});

	test('loads nothing but its own two files, which are there, and may load nothing else', async () => {
		const loaded = [...html.matchAll(/(?:src|href)="([^"#]*)"/g)].map(([, url]) => url);
		const files = loaded.filter((url) => /\.(js|css)$/.test(url));
		expect(files).toEqual(['/_sandbox/page.css', '/_sandbox/page.js']);
		for (const url of loaded) expect(url).toMatch(/^(\/_sandbox\/|data:,)/);
		for (const url of files) expect((await axios.get(at(url))).status).toBe(200);
		expect(headers['content-security-policy']).toMatch(/^default-src 'none';/);
	});
});

describe('a command for an event', () => {
	test('needs no body', async () => {
		await listen();
		const [command = ''] = introduction(sandbox).slice(-1);
		const url = /"(.*)"/.exec(command)?.[1] ?? '';
		expect((await axios.post(url)).data).toMatchObject({ status: 1, recorded: true });
		await sandbox.settled();
		expect(sandbox.deliveries).toMatchObject([{ event: 'partner.created', state: 'delivered' }]);
	});

	test('an event that the program does not have is refused, with those that it has', async () => {
		const body = { program: 'newsletter', event: 'partner.created' };
		const { status, data } = await press({ method: 'POST', control: 'events', body });
		expect([status, data.message]).toEqual([400, expect.stringContaining('subscriber.created')]);
	});

	test('says what is missing in an empty program', async () => {
		sandbox.reset('empty');
		for (const event of ['lead.submitted', 'partner.updated']) {
			const { status, data } = await press({ method: 'POST', control: 'events', body: { event } });
			expect([status, data.message]).toEqual([400, expect.stringContaining('partner yet')]);
		}
	});

	test('a fault strikes it as it does any other request', async () => {
		sandbox.faults.add({ kind: 'cut', times: 1 });
		const body = { event: 'partner.created' };
		expect((await press({ method: 'POST', control: 'events', body })).status).toBe(400);
		expect((await press({ method: 'POST', control: 'events', body })).status).toBe(200);
	});
});

test.each(PROGRAM_NAMES)('%s: each event has a button that makes it happen', async (program) => {
	await listen();
	const own = buttons().filter(
		({ control, body }) => control === 'events' && body?.program === program,
	);
	expect(own.map(({ title }) => title)).toEqual(EVENTS[program]);
	const records = () => {
		const { partners, customers, leads, subscribers, transactions, ...rest } =
			sandbox.ledger(program);
		return [partners, customers, leads, subscribers]
			.map(({ length }) => length)
			.concat(transactions.total, JSON.stringify(rest).length);
	};
	for (const one of own) {
		const before = [records(), sandbox.deliveries.length] as const;
		const { status, data } = await press(one);
		await sandbox.settled();
		expect([one.title, status]).toEqual([one.title, 200]);
		const arrived = sandbox.deliveries.slice(before[1]);
		expect(arrived.map(({ event }) => event)).toContain(one.title);
		expect(arrived.filter(({ state }) => state !== 'delivered')).toEqual([]);
		expect([one.title, data.recorded]).toEqual([
			one.title,
			JSON.stringify(records()) !== JSON.stringify(before[0]),
		]);
	}
});

test('each of the other buttons does what it says', async () => {
	const others = buttons().filter(({ control }) => control !== 'events');
	for (const one of others) {
		const faults = sandbox.faults.list.length;
		expect([one.title, (await press(one)).status]).toEqual([one.title, 200]);
		if (one.method === 'DELETE' || one.control === 'reset') expect(sandbox.faults.list).toEqual([]);
		else expect(sandbox.faults.list).toHaveLength(faults + 1);
		if (one.control === 'reset')
			expect(sandbox.ledger().partners.length > 0).toBe(one.body?.seed === 'demo');
	}
	expect(others.map(({ control }) => control)).toEqual(expect.arrayContaining(['faults', 'reset']));
});

test('a fault that has struck as often as it should is no longer shown', async () => {
	sandbox.faults.add({ kind: 'status', times: 2 });
	const send = client(sandbox);
	await send('GET', '/test');
	expect((await axios.get(at('/_sandbox/faults'))).data).toEqual([{ kind: 'status', times: 1 }]);
	await send('GET', '/test');
	expect((await axios.get(at('/_sandbox/faults'))).data).toEqual([]);
});

test('the menus stand where the switches are, and move them', async () => {
	const { limits } = sandbox.switches;
	await press({ method: 'POST', control: 'switches', body: { limits: '1-250' } });
	const { data } = await axios.get<string>(at('/'));
	expect(html).toContain(`<option selected>${limits}</option>`);
	expect(data).toContain('<option selected>1-250</option>');
	await press({ method: 'POST', control: 'switches', body: { limits } });
	for (const name of Object.keys(sandbox.switches)) expect(html).toContain(`name="${name}"`);
});

const page = readFileSync(join(__dirname, '../../docs/development.md'), 'utf8');
const documented = [
	...page.matchAll(
		/^.*?curl (?:-X (\w+) )?"?http:\/\/127\.0\.0\.1:4010([^\s"]+?)"?(?: -d '([^']*)')?`? *(?:\||,|$)/gm,
	),
].map(([, method, path, body]) => ({ method: method ?? (body ? 'POST' : 'GET'), path, body }));

test('docs/development.md has a command for each control', () => {
	const controls = new Set(documented.map(({ path }) => path.split('?')[0]));
	expect([...controls].sort()).toEqual(
		['events', 'faults', 'reset', 'switches'].map((name) => `/_sandbox/${name}`),
	);
	expect(documented.length).toBe((page.match(/curl /g) ?? []).length);
});

test.each(documented)('its command works: $method $path $body', async ({ method, path, body }) => {
	const before = { ...sandbox.switches };
	// As curl sends it.
	const sent = body && {
		data: body,
		headers: { 'content-type': 'application/x-www-form-urlencoded' },
	};
	expect((await axios.request({ method, url: at(path), ...sent })).status).toBe(200);
	Object.assign(sandbox.switches, before);
});
