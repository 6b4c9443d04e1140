import { leaksIn } from '../../live/guard';
import { markdown, ownWords } from '../../live/report';
import { checkLive } from '../../live/run';
import { skeletonOf } from '../../live/skeleton';
import type { ProgramName } from '../../sandbox/programs';
import { PROGRAM_NAMES } from '../../sandbox/programs';
import type { Sandbox } from '../../sandbox/server';
import { startSandbox } from '../../sandbox/server';
import type { ProgramState } from '../../sandbox/state';
import { useSpeed } from '../support/clock';

useSpeed(200);

let sandbox: Sandbox;
beforeAll(async () => {
	sandbox = await startSandbox({ seed: 'demo' });
});
afterAll(async () => await sandbox.close());
beforeEach(() => {
	sandbox.reset('demo');
	for (const name of PROGRAM_NAMES) fill(sandbox.program(name));
});

/** What real programs hold beside what the demo does: odd names, metadata with names of its own, numbers as they come. */
function fill({
	name,
	partners,
	customers,
	transactions,
	coupons,
	subscribers,
	leads,
	settings,
}: ProgramState): void {
	Object.assign(settings, {
		public_id: 'QX7PRLNB',
		name: 'Löwenzahn & Söhne',
		website: 'https://loewenzahn.example/shop',
	});
	if (name === 'newsletter') {
		subscribers.add({ email: 'dr.žofia@klinik.example', name: 'Žofia Nováková' });
		return;
	}
	customers.add({
		id: 'ZK-88213',
		key: 'ZK-88213',
		email: "o'brien+shop@mail.example",
		name: 'Siobhán',
		surname: 'O\'Brien "Bo"',
		partner: 'annlee',
		tags: ['grosskunde', 'net-30'],
	});
	transactions.add({
		key: 'RE 2026/00481',
		amount: 18_349.55,
		customer: 'ZK-88213',
		productId: ['SKU-99120', 48_213],
		productType: 'wartungsvertrag',
	});
	transactions.add({ key: '7700481203', amount: 250_000, customer: 'ZK-88213' });
	if (name !== 'affiliate') return;
	partners.add({
		id: 'ptr_zz81',
		key: 'anna-lena',
		email: 'anna-lena@blog.example',
		name: 'Anna-Lena',
		surname: 'Þórsdóttir',
		clicks: 73_112,
	});
	coupons.add({
		uuid_code: 'SOMMER-26',
		name: 'Sommer für Stammkunden',
		metadata: { acme_corp_deal: 'signed by wolfgang', owner: 'wolfgang@loewenzahn.example' },
	});
	leads.add({
		id: '918273',
		name: 'Giuseppe Verdi',
		email: 'gv@opera.example',
		partner: 'anna-lena',
		answers: [{ question: 'Wie viele Sitze?', answer: 'ungefähr 4500' }],
	});
}

/** Every text and number of a ledger, whatever they are called; small numbers are the counts that a report may have. */
function valuesOf(node: unknown): Array<string | number> {
	if (typeof node === 'string') return /^\d{0,3}$/.test(node) ? [] : [node];
	if (typeof node === 'number')
		return Number.isInteger(node) && Math.abs(node) < 1000 ? [] : [node];
	return typeof node === 'object' && node !== null ? Object.values(node).flatMap(valuesOf) : [];
}

/** Words that the contract lists, and so a report may name: of a status, a type, a currency. */
const words =
	/^(active|pending|suspended|archived|submitted|converted|rejected|requested|approved|finished|resubmitted|resubmit_requested|ok|sale|percent|static|once|months|paypal|venmo|crypto|wise|input|textarea|checkbox|radio|select|countries|text|url_link|generic_coupon|amazon_gift_card|affiliate|referAFriend|newsletter|new|blog)$/;

function isWord(text: string, value: string | number): boolean {
	const quoted = String(value).replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
	return new RegExp(`(?<![\\p{L}\\p{N}_])${quoted}(?![\\p{L}\\p{N}_])`, 'iu').test(text);
}

it.each(PROGRAM_NAMES)(
	'holds no value of a program that is full of data: %s',
	async (name: ProgramName) => {
		const { report, markdown: text } = await checkLive({
			credentials: { apiKey: sandbox.keys[name], baseUrl: sandbox.url },
		});
		const { program: _program, requests: _requests, ...ledger } = sandbox.ledger(name);
		const values = [
			...new Set([
				...valuesOf(ledger),
				...Object.keys(ledger.transactions.byKey),
				...Object.keys(ledger.commission.byEarner),
			]),
		].filter((value) => !words.test(String(value)));
		const {
			id: _id,
			created_at: _created,
			last_edited: _edited,
			...settings
		} = sandbox.program(name).settings;
		const all = [...values, ...valuesOf(settings), 'acme_corp_deal', sandbox.keys[name]].filter(
			(value) => value !== 'USD' && value !== 'custom',
		);
		expect(all.length).toBeGreaterThan(50);
		const whole = `${text}${JSON.stringify(report)}`;
		expect(all.filter((value) => isWord(whole, value))).toEqual([]);
		expect(whole).not.toContain(sandbox.url);
	},
);

it('shows answers as names and types, and how many there are', () => {
	const body = {
		data: [
			{
				id: 'p_1',
				email: 'ann@example.com',
				status: 'active',
				amount: 12.5,
				tags: [{ value: 'vip' }],
				metadata: { secret_name: 1 },
				name: null,
			},
			{
				id: 'p_2',
				email: 'ben@example.com',
				status: 'odd',
				amount: 3,
				tags: [],
				metadata: [],
				name: 'Ben',
			},
		],
		links: { next: 'https://api.partnero.com/v1/partners?page=2' },
		total_reward: { usd: '$1.00', Ann: 1 },
		status: 1,
	};
	expect(skeletonOf(body)).toBe(
		'{data: [2 × {id: text, email: email, status: "active" | text, amount: integer | number, tags: [1 × {value: text}] | [], metadata: [] | {1 more}, name: null | text}], links: {next: address}, total_reward: {2 more}, status: 1}',
	);
	expect(skeletonOf('<html>Ann</html>')).toBe('text that is not JSON');
});

describe('the last pass', () => {
	const credentials = { apiKey: 'pk_live_1234567890' };
	const leaks = (text: string, answers: unknown, own = 'GET /partners holds') =>
		leaksIn(text, [answers], credentials, own);

	it.each([
		['a name', 'said Ann', { name: 'Ann' }],
		['in other letters', 'said ANN', { name: 'Ann' }],
		['an amount', 'paid 18349.55', { amount: 18349.55 }],
		['a number as text', 'order 7700481203', { key: '7700481203' }],
		['in an address', 'GET /x?key=RE%202026%2F00481', { key: 'RE 2026/00481' }],
		['in JSON', '"O\'Brien \\"Bo\\""', { surname: 'O\'Brien "Bo"' }],
		['with a quirk of the page', 'x\nann@example.com\ny', { deep: [{ email: 'ann@example.com' }] }],
	])('finds %s', (_what, text, answers) => {
		expect(leaks(text, answers)).toEqual({ values: 1, key: false });
	});

	it.each([
		['a part of a word', 'a channel', { name: 'Ann' }],
		['a count', '57 of 100', { limit: 57, total: '100' }],
		[
			'what the report says of any program',
			'GET /partners holds',
			{ name: 'Partners', tag: 'holds' },
		],
		['nothing', 'an empty text', { name: '', other: null }],
	])('does not take %s for a value', (_what, text, answers) => {
		expect(leaks(text, answers)).toEqual({ values: 0, key: false });
	});

	it.each([
		credentials.apiKey,
		encodeURIComponent(credentials.apiKey),
		Buffer.from(credentials.apiKey).toString('base64'),
	])('finds the key: %s', (text) => {
		expect(leaks(`said ${text}!`, {}).key).toBe(true);
	});

	it('keeps a report back that would hold a value', async () => {
		// The name of a field may be a value as well, which only the last pass can know.
		const { checks: _checks, ...rest } = (
			await checkLive({ credentials: { apiKey: sandbox.keys.affiliate, baseUrl: sandbox.url } })
		).report;
		const report = {
			...rest,
			checks: [
				{
					id: 'test-shape',
					verdict: 'holds' as const,
					outcome: 'as-documented',
					facts: {},
					exchanges: [{ request: 'GET /test', status: 200, answer: '{bespoke_field: boolean}' }],
				},
			],
		};
		expect(
			leaksIn(markdown(report), [{ name: 'bespoke_field' }], credentials, ownWords(report)).values,
		).toBe(1);
	});
});
