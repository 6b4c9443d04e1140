import { Editor } from '../../n8n/editor';

import { Stage } from './stage';

/** What people call the things that the node is for. */
const words = [
	'coupon',
	'coupon code',
	'promo code',
	'payout',
	'pay affiliates',
	'affiliate',
	'affiliates',
	'ambassador',
	'influencer',
	'loyalty',
	'referral',
	'newsletter referral',
	'partner program',
	'commission',
	'record a sale',
	'refund a sale',
	'lead registration',
	// The names of actions, which the search itself does not look through.
	'create transaction',
	'create partner',
	'create customer',
	'create lead',
	'transaction',
	'sale',
];

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await Stage.start();
	editor = await Editor.open(stage.n8n.url);
	await editor.signIn();
	await editor.newWorkflow();
});
afterAll(async () => {
	await editor?.close();
	await stage?.end();
});

test("n8n's own search has the node among the first three for what people call things", async () => {
	const panel = await editor.findStep('Partnero');
	const places: Record<string, string[]> = {};
	for (const word of words) places[word] = (await panel.searchAgain(word, 'Partnero')).slice(0, 3);
	for (const word of words)
		expect([word, places[word]]).toEqual([word, expect.arrayContaining(['Partnero'])]);
});
