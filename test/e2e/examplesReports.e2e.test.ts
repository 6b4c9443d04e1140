import type { Credential, WorkflowFile } from '../../n8n/client';

import { useExamples } from './examples';
import { Crm, Mailbox } from './receivers';
import type { Stage } from './stage';
import { until } from './stage';

// What the clock starts, to report to people.

let stage: Stage;
const { load, tryNow, strike } = useExamples((started) => (stage = started));

let mailbox: Mailbox;
let smtp: Credential;
beforeAll(async () => {
	mailbox = await Mailbox.start();
	smtp = await stage.n8n.client.createCredential('SMTP account', 'smtp', mailbox.credential);
});
afterAll(async () => await mailbox?.close());
beforeEach(() => (mailbox.mails.length = mailbox.recipients.length = 0));

const affiliate = () => stage.sandbox.program('affiliate');
const DAY = 86_400_000;

/** A day of last week, and one of last month, whatever today is. */
function daysAgo(): { lastWeek: string; lastMonth: string } {
	const now = new Date();
	const sinceMonday = (now.getUTCDay() + 6) % 7;
	const lastMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 15, 12));
	return {
		lastWeek: new Date(now.getTime() - (sinceMonday + 4) * DAY).toISOString(),
		lastMonth: lastMonth.toISOString(),
	};
}

/** Three partners, the last one without sales, and what the first two have sold. */
function sellAt(created_at: string): void {
	for (const [index, name] of ['Ann', 'Ben', 'Cleo'].entries()) {
		affiliate().partners.add({
			id: `p_${index}`,
			email: `${name.toLowerCase()}@example.com`,
			name,
			surname: 'Lee',
		});
		affiliate().customers.add({ key: `c_${index}`, partner: `p_${index}` });
	}
	for (const [index, amount] of [200, 100, 50.5].entries())
		affiliate().transactions.add({
			key: `inv_${index}`,
			customer: `c_${index % 2}`,
			amount,
			created_at,
		});
}

test("Monday's program report arrives as an HTML mail with the figures of last week", async () => {
	sellAt(daysAgo().lastWeek);
	affiliate().transactions.add({
		key: 'older',
		customer: 'c_0',
		amount: 10_000,
		created_at: new Date(Date.now() - 40 * DAY).toISOString(),
	});
	const example = await load('mondays-program-report.json', { credentials: [smtp] });
	const [tried] = (await tryNow(example)).output('Message');
	expect(mailbox.mails).toEqual([]);
	await strike(example, 'Every Monday at 8:00');
	await until('the mail has arrived', () => mailbox.mails.length > 0);
	const [{ subject, html = '', text = '', to }] = mailbox.mails;
	expect(subject).toBe(tried.subject);
	expect(to).toMatchObject([{ address: 'you@example.com' }]);
	expect(subject).toMatch(/^Sandbox affiliate program: the week from \w+ \d+, \d{4}$/);
	for (const body of [html, text])
		for (const said of ['$350.50', 'Ann Lee', '$250.50', 'Ben Lee']) expect(body).toContain(said);
	expect(html).toContain('<table');
	expect(html).not.toMatch(/<script|<link|<svg|<img/);
	expect(text).not.toContain('10,000');
	await example.activate();
});

test('monthly statements to partners: each gets its own, the books a copy of all; trying it out mails nothing', async () => {
	sellAt(daysAgo().lastMonth);
	affiliate().partners.remove(affiliate().partners.find('id', 'p_1')!);
	const example = await load('monthly-statements-to-partners.json', { credentials: [smtp] });
	expect((await tryNow(example)).output('The first one')).toMatchObject([
		{ partner: 'p_0', partnerEmail: 'ann@example.com' },
	]);
	expect(mailbox.mails).toEqual([]);

	const run = await strike(example, 'On the first of the month');
	await until('the mail has arrived', () => mailbox.mails.length > 0);
	expect(mailbox.recipients).toEqual([['ann@example.com', 'books@example.com']]);
	const { subject, html = '', text = '' } = mailbox.mails[0];
	expect(subject).toMatch(/^Sandbox affiliate program: your statement of \w+ \d{4}$/);
	for (const body of [html, text])
		for (const said of ['Ann Lee', 'inv_0', 'inv_2', '$75.15']) expect(body).toContain(said);
	expect(text).not.toContain('inv_1');
	// A partner who is gone has no address, and is not forgotten.
	expect(run.output('Without a mail')).toEqual([
		{ partner: 'p_1', email: '', commission: 30, reason: 'The partner has no email address' },
	]);
	await example.activate();
});

test('leaderboard to Slack: the message has the blocks of the report', async () => {
	sellAt(daysAgo().lastWeek);
	const slack = await Crm.start();
	try {
		/** Slack itself cannot be reached: the same fields go to an address of the test. */
		const nodes = (all: WorkflowFile['nodes']) => {
			const node = all.find(({ name }) => name === 'Post to Slack')!;
			const { text, blocksUi } = node.parameters as { text: string; blocksUi: string };
			const inner = /^=\{\{ (.*) \}\}$/.exec(blocksUi)![1];
			const values = [
				{ name: 'text', value: text },
				{ name: 'message', value: `={{ JSON.stringify(${inner}) }}` },
			];
			Object.assign(node, {
				type: 'n8n-nodes-base.httpRequest',
				typeVersion: 4.2,
				credentials: undefined,
			});
			node.parameters = {
				method: 'POST',
				url: slack.url,
				sendBody: true,
				bodyParameters: { parameters: values },
			};
		};
		const example = await load('leaderboard-to-slack.json', { nodes });
		await tryNow(example);
		expect(slack.sent).toEqual([]);
		await strike(example, 'Every Monday at 9:00');
		const [{ text, message }] = slack.sent as Array<{ text: string; message: string }>;
		expect(text).toBe('Sandbox affiliate program: Ann Lee leads');
		const { blocks } = JSON.parse(message) as { blocks: Array<{ type: string }> };
		expect(blocks[0]).toMatchObject({
			type: 'header',
			text: { type: 'plain_text', text: 'Sandbox affiliate program' },
		});
		expect(message).toContain('1. Ann Lee: *$250.50*');
		expect(message).not.toContain('Waiting for You');
	} finally {
		await slack.close();
	}
});

test('what waits for me: a mail that says what, and none if nothing waits', async () => {
	const example = await load('what-waits-for-me.json', { credentials: [smtp] });
	expect((await tryNow(example)).output('Message')).toEqual([]);
	expect(mailbox.mails).toEqual([]);

	affiliate().partners.add({ id: 'p_1', email: 'ann@example.com' });
	affiliate().partners.add({ id: 'p_2', email: 'ben@example.com', status: 'pending' });
	affiliate().payoutRequests.add({ partner: 'p_1', amount: 199.5 });
	affiliate().payoutRequests.add({ partner: 'p_1', amount: 20, amount_units: 'EUR' });
	expect((await tryNow(example)).output('Message')).toHaveLength(1);
	expect(mailbox.mails).toEqual([]);
	await strike(example, 'Every working day at 8:00');
	await until('the mail has arrived', () => mailbox.mails.length > 0);
	expect(mailbox.mails).toMatchObject([
		{ subject: 'Sandbox affiliate program: 3 things wait for you' },
	]);
	expect(mailbox.mails[0].text?.trim().split('\n')).toEqual([
		'Partners to approve: 1',
		'Payout requests: 2 (199.50 USD, 20.00 EUR)',
	]);
	await example.activate();
});

test('sales that are missing: recorded once with the day of their payment; what differs goes to a person', async () => {
	const billing = await Crm.start();
	try {
		const nodes = (all: WorkflowFile['nodes']) => {
			const { parameters } = all.find(({ name }) => name === 'Paid invoices')! as unknown as {
				parameters: { url: string };
			};
			parameters.url = parameters.url.replace('https://billing.example', billing.url);
		};
		const example = await load('sales-that-are-missing.json', { credentials: [smtp], nodes });
		affiliate().partners.add({ id: 'p_1', email: 'ann@example.com' });
		for (const key of ['user_1', 'user_5001']) affiliate().customers.add({ key, partner: 'p_1' });
		const paidAt = new Date(Math.floor(Date.now() / 1000) * 1000 - 10 * DAY).toISOString();
		for (const [key, amount] of [
			['in_1', 100],
			['in_2', 60],
			['in_9', 5],
		] as const)
			affiliate().transactions.add({ key, amount, customer: 'user_1', created_at: paidAt });
		const invoice = (id: string, amount: number, customer = 'user_1', currency = 'usd') => ({
			id,
			amount,
			customer,
			currency,
			paidAt,
		});
		billing.contacts = [
			invoice('in_1', 100),
			invoice('in_2', 50),
			invoice('in_3', 19.9),
			invoice('in_4', 7, 'unknown'),
			invoice('in_5', 8, 'user_1', 'eur'),
		];
		await strike(example, 'Every Tuesday at 6:00');
		await until('the mail has arrived', () => mailbox.mails.length > 0);
		const [{ subject, text = '' }] = mailbox.mails;
		expect(subject).toBe('Sales and invoices: 2 recorded now, 1 not recorded, 1 different');
		expect(text).toMatch(
			/^2 recorded now\s+1 right\s+1 not recorded\s+- in_4: .*unknown[\s\S]*1 different\s+- in_2: amount: 50.00 was paid, 60.00 is in Partnero\s+1 only in Partnero/,
		);
		const { byKey } = stage.sandbox.ledger().transactions;
		expect(byKey).toMatchObject({
			in_3: { count: 1, amount: 19.9 },
			in_5: { count: 1, amount: 8 },
			in_2: { count: 1, amount: 60 },
		});
		expect(byKey.in_4).toBeUndefined();
		expect(
			Date.parse([...affiliate().transactions].find(({ key }) => key === 'in_3')!.created_at),
		).toBe(Date.parse(paidAt));

		await strike(example, 'Every Tuesday at 6:00');
		await until('the mail has arrived', () => mailbox.mails.length > 1);
		expect(mailbox.mails[1].subject).toBe(
			'Sales and invoices: 0 recorded now, 1 not recorded, 1 different',
		);
		expect(stage.sandbox.ledger().transactions.total).toBe(5);

		for (const recorded of [2, 0]) {
			const [{ subject: tried }] = (await tryNow(example)).output('Numbers');
			expect(tried).toBe(
				`Sales and invoices: ${recorded} recorded now, 0 not recorded, 0 different`,
			);
		}
		await example.activate();
	} finally {
		await billing.close();
	}
});
