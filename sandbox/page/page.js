'use strict';

/** The page's script: each button and each menu calls one of the sandbox's controls, and says what came of it. */

const said = document.getElementById('said');

/** How often what happened is looked up, in milliseconds. */
const EVERY = 2000;

async function call(method, control, body) {
	const response = await fetch(`/_sandbox/${control}`, {
		method,
		...(body !== undefined && {
			headers: { 'content-type': 'application/json' },
			body: JSON.stringify(body),
		}),
	});
	const answer = await response.json();
	if (!response.ok) throw new Error(answer.message ?? `The sandbox answered ${response.status}.`);
	return answer;
}

function say(text, isGood) {
	said.textContent = text;
	said.className = isGood ? 'good' : 'bad';
}

async function act(title, method, control, body) {
	try {
		const { recorded, data } = await call(method, control, body);
		const what = data === undefined ? '' : `: ${JSON.stringify(data)}`;
		const how = { true: ', recorded', false: ', told to the webhooks' }[recorded] ?? ', done';
		say(`${title}${how}${what}`, true);
	} catch (error) {
		say(`${title}: ${error.message}`, false);
	}
	await look();
}

/** Puts rows of texts into a table, as texts. */
function fill(id, rows, empty) {
	const row = (cells) => {
		const element = document.createElement('tr');
		for (const text of cells) element.insertCell().textContent = text;
		return element;
	};
	const shown = (rows.length ? rows : [[empty]]).map(row);
	if (!rows.length) shown[0].cells[0].colSpan = 3;
	document.getElementById(id).replaceChildren(...shown);
}

async function look() {
	try {
		const ledgers = await Promise.all(
			['affiliate', 'referAFriend', 'newsletter'].map(
				async (program) => await call('GET', `ledger?program=${program}`),
			),
		);
		fill(
			'recorded',
			ledgers.map(({ program, partners, customers, subscribers, transactions }) => [
				program,
				partners.length,
				customers.length,
				subscribers.length,
				transactions.total,
				transactions.amount.toFixed(2),
			]),
		);
		const deliveries = await call('GET', 'deliveries');
		fill(
			'deliveries',
			deliveries
				.slice(-8)
				.reverse()
				.map(({ event, url, state, statuses }) => [event, url, `${state} ${statuses.join(', ')}`]),
			'None yet: no webhook wanted an event.',
		);
		const armed = await call('GET', 'faults');
		document.getElementById('armed').textContent =
			armed.map(({ kind, times }) => (times ? `${kind} × ${times}` : kind)).join(', ') || 'none';
	} catch {
		say('The sandbox does not answer: it has ended.', false);
	}
}

document.addEventListener('click', ({ target }) => {
	const button = target.closest('button[data-control]');
	if (!button) return;
	const { method, control, body } = button.dataset;
	void act(button.textContent, method, control, body && JSON.parse(body));
});

document.addEventListener('change', ({ target }) => {
	const { control } = target.dataset;
	if (control)
		void act(`${target.name} ${target.value}`, 'POST', control, { [target.name]: target.value });
});

async function keepLooking() {
	if (!document.hidden) await look();
	setTimeout(keepLooking, EVERY);
}
void keepLooking();
