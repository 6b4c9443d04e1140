import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { FastifyInstance } from 'fastify';

import { EVENTS } from './contract';
import type { Fault } from './faults';
import { isRecorded } from './happenings';
import { eventCommand, keysOf } from './introduction';
import { MANNERS } from './manners';
import type { ProgramName } from './programs';
import { PROGRAM_NAMES, PROGRAMS } from './programs';
import type { Sandbox } from './server';
import type { SwitchName } from './switches';
import { SWITCHES } from './switches';

/** What the page may load and call: itself and the controls, nothing else; and nobody may frame it. */
const POLICY = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	'img-src data:',
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'none'",
	"frame-ancestors 'none'",
].join('; ');

/** Faults that are worth a button, in the words of somebody who has not read the sandbox. */
const FAULTS: Array<[title: string, fault: Fault]> = [
	['429, wait 2 seconds', { kind: 'rateLimit', retryAfter: 2 }],
	['500 before it is carried out', { kind: 'status' }],
	['502 after it was carried out', { kind: 'statusAfterWrite' }],
	['Connection cut before', { kind: 'cut' }],
	['Connection cut after it was carried out', { kind: 'cutAfterWrite' }],
	['3 seconds late', { kind: 'latency', ms: 3000 }],
	['HTML instead of JSON', { kind: 'html' }],
	['Empty answer', { kind: 'empty' }],
	['200 with status 0', { kind: 'statusZero' }],
];

/** The sandbox's page: what it is, how it is used, and a button for each of its controls. */
export function addPage(app: FastifyInstance, sandbox: Sandbox): void {
	app.get('/', async (_request, reply) =>
		reply
			.headers({ 'content-security-policy': POLICY, 'cache-control': 'no-store' })
			.type('text/html; charset=utf-8')
			.send(pageOf(sandbox)),
	);
	for (const [name, type] of [
		['page.css', 'text/css'],
		['page.js', 'text/javascript'],
	]) {
		const text = readFileSync(join(__dirname, 'page', name), 'utf8');
		app.get(`/_sandbox/${name}`, async (_request, reply) =>
			reply.type(`${type}; charset=utf-8`).send(text),
		);
	}
}

/** The page as HTML, with the controls in the position that they have now. */
function pageOf(sandbox: Sandbox): string {
	return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Partnero sandbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/_sandbox/page.css">
<script src="/_sandbox/page.js" defer></script>
</head>
<body>
<header>
<h1>Partnero sandbox</h1>
<p>A local imitation of Partnero’s API, to try the n8n nodes without an account. Nothing leaves this machine, and nothing is kept when it ends.</p>
</header>
<main>
${usage(sandbox)}
${happenings(sandbox)}
${records()}
${failures()}
${positions(sandbox)}
<section aria-labelledby="reset">
<h2 id="reset">Start over</h2>
<p class="buttons">
${button('Reset, with the demo data', 'POST', 'reset', { seed: 'demo' })}
${button('Reset, empty', 'POST', 'reset', { seed: 'empty' })}
</p>
<p>Records, webhooks, requests and faults are forgotten. Switches stay. In n8n, a published workflow has to be unpublished and published again to register its webhook anew.</p>
</section>
</main>
<footer>
<output id="said">Ready.</output>
</footer>
</body>
</html>
`;
}

function usage(sandbox: Sandbox): string {
	const { url, keys } = sandbox;
	const rows = [['Base URL', url], ...keysOf(sandbox).map(({ title, key }) => [title, key])];
	const list = rows
		.map(([title, text]) => `<dt>${escaped(title)}</dt><dd><code>${escaped(text)}</code></dd>`)
		.join('\n');
	return `<section aria-labelledby="use">
<h2 id="use">Use it</h2>
<p>In n8n, create a credential <strong>Partnero API</strong> with this <strong>Base URL</strong> and one of the keys as <strong>API Key</strong>. A key belongs to one program; each type of program has one here. The demo has created the three credentials already.</p>
<dl>
${list}
</dl>
<p>With curl:</p>
<pre tabindex="0"><code>${escaped(`curl -H "Authorization: Bearer ${keys.affiliate}" "${url}/partners?limit=10"`)}</code></pre>
</section>`;
}

function happenings({ url }: Sandbox): string {
	const programs = PROGRAM_NAMES.map(
		(program) => `<h3>${escaped(titleOf(program))}</h3>
<p class="buttons">
${EVENTS[program].map((event) => button(event, 'POST', 'events', { program, event }, isRecorded(event) ? 'strong' : '')).join('\n')}
</p>`,
	).join('\n');
	return `<section aria-labelledby="happen">
<h2 id="happen">Make something happen</h2>
<p>For <strong>Partnero Trigger</strong>, press <em>Execute workflow</em> in n8n or publish the workflow, then a button here. A <strong class="strong">filled</strong> button records something new, which <strong>Partnero Polling Trigger</strong> finds as well. The others only tell the webhooks about the newest record.</p>
${programs}
<p>As a command:</p>
<pre tabindex="0"><code>${escaped(eventCommand(url, 'partner.created'))}
${escaped(eventCommand(url, 'subscriber.created', 'newsletter'))}</code></pre>
</section>`;
}

function records(): string {
	const links = ['affiliate', 'referAFriend', 'newsletter']
		.map((name) => `<a href="/_sandbox/ledger?program=${name}">${name}</a>`)
		.join(', ');
	return `<section aria-labelledby="happened">
<h2 id="happened">What happened</h2>
<div class="scroll"><table>
<caption>Recorded</caption>
<thead><tr><th scope="col">Program</th><th scope="col">Partners</th><th scope="col">Customers</th><th scope="col">Subscribers</th><th scope="col">Sales</th><th scope="col">Amount</th></tr></thead>
<tbody id="recorded"></tbody>
</table></div>
<div class="scroll"><table>
<caption>Deliveries to webhooks, newest first</caption>
<thead><tr><th scope="col">Event</th><th scope="col">To</th><th scope="col">State</th></tr></thead>
<tbody id="deliveries"></tbody>
</table></div>
<p>Everything as JSON: ledger of ${links}; <a href="/_sandbox/requests">requests</a>; <a href="/_sandbox/deliveries">deliveries</a>.</p>
</section>`;
}

function failures(): string {
	const once = FAULTS.map(([title, fault]) =>
		button(title, 'POST', 'faults', { ...fault, times: 1 }),
	);
	return `<section aria-labelledby="fail">
<h2 id="fail">Make something fail</h2>
<p>Each press is for one request to the API, the next that comes. The last fault holds until it is cleared.</p>
<p class="buttons">
${once.join('\n')}
</p>
<p class="buttons">
${button('At most 2 requests at once', 'POST', 'faults', { kind: 'cap', max: 2 })}
${button('Clear all faults', 'DELETE', 'faults')}
</p>
<p>Armed: <span id="armed">none</span></p>
</section>`;
}

function positions(sandbox: Sandbox): string {
	const rows = [
		choice('manners', 'manners', 'manners', MANNERS, sandbox.manners),
		...Object.entries(SWITCHES).map(([name, values]) =>
			choice(name, 'switches', name, values, sandbox.switches[name as SwitchName]),
		),
	];
	return `<section aria-labelledby="switches">
<h2 id="switches">Switches</h2>
<details>
<summary>Where Partnero’s documents disagree, the sandbox plays either side</summary>
<p>With the manners <code>strict</code>, whatever the contract does not know is refused; <code>laravel</code> takes what the real API probably takes.</p>
<div class="switches">
${rows.join('\n')}
</div>
</details>
</section>`;
}

function choice(
	name: string,
	control: string,
	title: string,
	values: readonly string[],
	current: string,
): string {
	const options = values
		.map((value) => `<option${value === current ? ' selected' : ''}>${escaped(value)}</option>`)
		.join('');
	return `<label for="switch-${name}">${escaped(title)}</label>
<select id="switch-${name}" name="${name}" data-control="${control}" autocomplete="off">${options}</select>`;
}

function button(title: string, method: string, control: string, body?: object, style = ''): string {
	const sent = body === undefined ? '' : ` data-body="${escaped(JSON.stringify(body))}"`;
	const look = style === '' ? '' : ` class="${style}"`;
	return `<button type="button"${look} data-method="${method}" data-control="${control}"${sent}>${escaped(title)}</button>`;
}

function titleOf(program: ProgramName): string {
	const { title } = PROGRAMS[program];
	return `${title.charAt(0).toUpperCase()}${title.slice(1)} program`;
}

const ENTITIES: Record<string, string> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;',
};

function escaped(text: string): string {
	return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}
