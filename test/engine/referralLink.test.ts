import type { INodeParameters } from 'n8n-workflow';

import type { FaultKind } from '../../sandbox/faults';
import { setSpeed } from '../support/clock';

import { searchList } from './support/engine';
import { locator, useSandbox } from './support/partnero';
import { arrange } from './support/samples';

const partnero = useSandbox();
const ann = { partner: locator('id', 'p_1') };
const una = { owner: 'customer', customer: locator('id', 'u_1') };
const friends = () => ({
	credentials: { ...partnero.credentials, apiKey: partnero.sandbox.keys.referAFriend },
});
const linksOf = (id: string) => {
	const { key, moreKeys } = partnero.sandbox.program('affiliate').partners.find('id', id)!;
	return [key, ...moreKeys];
};

beforeEach(() => arrange(partnero.sandbox));

describe('a new referral link', () => {
	it('is one of the partner, who is found by its key from then on', async () => {
		const { json } = await partnero.operate('referralLink', 'create', { ...ann, key: 'ann-mail' });
		expect(json).toEqual([
			expect.objectContaining({
				id: 'ann-mail',
				url: 'https://shop.example?aff=ann-mail',
				default: false,
			}),
		]);
		const { json: partner } = await partnero.operate('partner', 'get', {
			partner: locator('key', 'ann-mail'),
			simplify: false,
		});
		expect(partner).toEqual([
			expect.objectContaining({
				id: 'p_1',
				referral_links: ['annlee', 'ann-yt', 'ann-mail'].map(
					(key) => `https://shop.example?aff=${key}`,
				),
			}),
		]);
	});

	it.each([
		['nothing more: it is on an additional one', {}, true],
		['that it is not an additional one', { isAdditional: false }, false],
	])('is on the domain that was picked, and says %s', async (_what, more, isAdditional) => {
		const additionalFields = { domain: locator('list', 'dom_2'), ...more };
		const { json } = await partnero.operate('referralLink', 'create', {
			...ann,
			key: 'ann-mail',
			additionalFields,
		});
		expect(partnero.wire()[0].body).toEqual({
			key: 'ann-mail',
			partner: { id: 'p_1' },
			domain_id: 'dom_2',
			is_additional: isAdditional,
		});
		expect(json[0]).toMatchObject({
			url: 'https://blog.example?aff=ann-mail',
			is_additional: isAdditional,
		});
	});

	it('of a customer has no domain, whatever is left over from a partner', async () => {
		const additionalFields = { domain: locator('list', 'dom_2') };
		const { json } = await partnero.operate(
			'referralLink',
			'create',
			{ ...ann, ...una, key: 'una-mail', additionalFields },
			friends(),
		);
		expect(partnero.wire()).toEqual([
			{
				method: 'POST',
				path: '/customer_referral_links',
				body: { key: 'una-mail', customer: { id: 'u_1' } },
			},
		]);
		expect(json[0]).toMatchObject({ url: 'https://shop.example?ref=una-mail' });
	});

	it.each<[string, INodeParameters, string]>([
		['no partner', { key: 'k' }, "'Partner' is empty"],
		['no customer', { ...ann, owner: 'customer', key: 'k' }, "'Customer' is empty"],
		['a blank key', { ...ann, key: '={{ "  " }}' }, "'Link Key' is empty"],
		[
			'another kind of owner',
			{ ...ann, owner: '={{ "tag" }}', key: 'k' },
			"'Owner' must be one of customer, partner",
		],
	])('is refused before any request: %s', async (_what, parameters, message) => {
		const { error } = await partnero.operate('referralLink', 'create', parameters);
		expect(error?.message).toBe(message);
		expect(partnero.wire()).toEqual([]);
	});

	it('cannot have a key that another one has', async () => {
		const { error } = await partnero.operate('referralLink', 'create', { ...ann, key: 'ben-yt' });
		expect(error).toMatchObject({
			message: "Create referral link 'ben-yt' was refused: The key has already been taken",
			description: expect.stringContaining("Check 'Link Key'."),
		});
	});

	it.each<FaultKind>(['cutAfterWrite', 'statusAfterWrite', 'cut'])(
		'is made once when its answer is lost: %s',
		async (kind) => {
			partnero.sandbox.faults.add({ kind, match: { method: 'POST' }, times: 1 });
			const { json } = await partnero.operate('referralLink', 'create', {
				partner: locator('key', 'annlee'),
				key: 'ann-mail',
			});
			expect(json).toEqual([expect.objectContaining({ id: 'ann-mail' })]);
			expect(linksOf('p_1')).toEqual(['annlee', 'ann-yt', 'ann-mail']);
			const posts = partnero.wire().filter(({ method }) => method === 'POST');
			expect(posts).toHaveLength(kind === 'cut' ? 2 : 1);
		},
	);

	it('is not taken for one of somebody else when its answer is lost', async () => {
		partnero.sandbox.faults.add({ kind: 'cut', match: { method: 'POST' }, times: 1 });
		const { error } = await partnero.operate('referralLink', 'create', { ...ann, key: 'ben-yt' });
		expect(error?.message).toBe(
			"Create referral link 'ben-yt' was refused: The key has already been taken",
		);
	});
});

describe('a referral link', () => {
	const link = { referralLink: locator('id', 'ann-yt') };

	it('needs no owner to be named by its ID, and asks for none', async () => {
		await partnero.operate('referralLink', 'get', {
			...link,
			partner: locator('email', 'ben@example.com'),
		});
		expect(partnero.wire()).toEqual([{ method: 'GET', path: '/partner_referral_links/ann-yt' }]);
	});

	it.each<FaultKind>(['cutAfterWrite', 'statusAfterWrite', 'cut'])(
		'has its new key when the answer is lost: %s',
		async (kind) => {
			partnero.sandbox.faults.add({ kind, match: { method: 'PUT' }, times: 1 });
			const { json } = await partnero.operate('referralLink', 'update', {
				...link,
				key: 'ann-tube',
			});
			expect(json).toEqual([expect.objectContaining({ id: 'ann-tube', key: 'ann-tube' })]);
			expect(linksOf('p_1')).toEqual(['annlee', 'ann-tube']);
		},
	);

	it('that is not there is not taken for one that was changed, even if the new key is', async () => {
		const { error } = await partnero.operate('referralLink', 'update', {
			referralLink: locator('id', 'gone'),
			key: 'ann-yt',
		});
		expect(error?.message).toBe("Referral Link 'gone' was not found");
		expect(partnero.wire()).toHaveLength(1);
	});

	it.each<[FaultKind, object]>([
		['status', { status: 503, times: 6 }],
		['cut', { times: 6 }],
		['rateLimit', { retryAfter: 121, times: 1 }],
	])('has its new key though it cannot be read until n8n tries again: %s', async (kind, more) => {
		// A limit of 121 seconds is a little too long for the node to wait.
		if (kind === 'rateLimit') setSpeed(500);
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'PUT' }, times: 1 });
		partnero.sandbox.faults.add({ kind, match: { method: 'GET' }, ...more });
		const { json, error } = await partnero.operate(
			'referralLink',
			'update',
			{ ...link, key: 'ann-tube' },
			{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 50 } },
		);
		setSpeed();
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ key: 'ann-tube' })]);
	});

	it('keeps its new key when all answers are lost until n8n tries again', async () => {
		partnero.sandbox.faults.add({ kind: 'cutAfterWrite', match: { method: 'PUT' }, times: 6 });
		const { json, error } = await partnero.operate(
			'referralLink',
			'update',
			{ ...link, key: 'ann-tube' },
			{ node: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } },
		);
		expect(error?.message).toBeUndefined();
		expect(json).toEqual([expect.objectContaining({ key: 'ann-tube' })]);
	});

	it('that is the default one cannot be deleted', async () => {
		const { error } = await partnero.operate('referralLink', 'delete', {
			referralLink: locator('id', 'annlee'),
		});
		expect(error?.message).toBe(
			"Delete referral link 'annlee' was refused: The default link cannot be deleted",
		);
		expect(linksOf('p_1')).toEqual(['annlee', 'ann-yt']);
	});

	it.each<[string, INodeParameters]>([
		['get', { ...link, owner: 'customer' }],
		['create', { owner: 'customer', customer: locator('id', 'u_1'), key: 'k' }],
		['getAll', { owner: 'customer', customer: locator('id', 'u_1') }],
	])('of a customer is not there in an affiliate program: %s', async (operation, parameters) => {
		const { error } = await partnero.operate('referralLink', operation, parameters);
		expect(error?.message).toMatch(
			/ only in refer-a-friend programs; this API key belongs to an affiliate program$/,
		);
		expect(error?.description).toContain('Choose the credential of a refer-a-friend program.');
	});

	it.each<[string, INodeParameters]>([
		['get', link],
		['create', { ...ann, key: 'k' }],
		['getAll', ann],
		['getDomains', {}],
	])('of a partner is not there in a refer-a-friend program: %s', async (operation, parameters) => {
		const { error } = await partnero.operate('referralLink', operation, parameters, friends());
		expect(error?.message).toMatch(
			/ only in affiliate programs; this API key belongs to a refer-a-friend program$/,
		);
		expect(error?.description).toContain('Choose the credential of an affiliate program.');
	});
});

describe('the links of one owner', () => {
	function addLinks(count: number): string[] {
		const { partners } = partnero.sandbox.program('affiliate');
		const keys = Array.from({ length: count }, (_, index) => `ann-${index}`);
		partners.update(partners.find('id', 'p_1')!, { moreKeys: keys });
		return ['annlee', ...keys];
	}

	it('are all read, though no answer says whether there are more', async () => {
		const keys = addLinks(150);
		const { json } = await partnero.operate('referralLink', 'getAll', {
			partner: locator('key', 'ann-7'),
			returnAll: true,
		});
		expect(json.map(({ id }) => id)).toEqual(keys);
		expect(partnero.wire()).toEqual([
			{ method: 'GET', path: '/partner', query: { key: 'ann-7' } },
			// The third is asked for ahead, while the second is awaited.
			...['1', '2', '3'].map((page) => ({
				method: 'GET',
				path: '/partners/p_1/referral_links',
				query: { limit: '100', page },
			})),
		]);
	});

	it('need somebody who is there', async () => {
		const { error } = await partnero.operate('referralLink', 'getAll', {
			partner: locator('id', 'p_9'),
		});
		expect(error?.message).toBe("Partner 'p_9' was not found");
		const { error: other } = await partnero.operate(
			'referralLink',
			'getAll',
			{ ...una, customer: locator('key', 'u_9') },
			friends(),
		);
		expect(other?.message).toBe("Customer 'u_9' was not found");
	});

	it.each<[string, INodeParameters, string[]]>([
		['a partner by id', ann, ['annlee', 'ann-yt']],
		[
			'a partner by key',
			{ owner: 'partner', partner: locator('key', 'ben-yt') },
			['benbrews', 'ben-yt'],
		],
		['a partner by email', { partner: locator('email', 'ann@example.com') }, ['annlee', 'ann-yt']],
	])('fill the list of the locator: of %s', async (_whose, form, keys) => {
		const { results } = await searchList(
			'searchReferralLinks',
			partnero.credentials,
			undefined,
			undefined,
			form,
		);
		expect(results).toEqual(
			keys.map((key, index) => ({
				name: `${key} · https://shop.example?aff=${key}${index === 0 ? ' · default' : ''}`,
				value: key,
			})),
		);
	});

	it.each<[string, string, string, object]>([
		[
			'where GET /partner is no address, by key',
			'key',
			'ben-yt',
			{ addressesMissing: ['/partner'] },
		],
		[
			'where GET /partner is no address, by email',
			'email',
			'Ben@example.com',
			{ addressesMissing: ['/partner'] },
		],
		[
			'where the search finds no emails',
			'email',
			'ben@example.com',
			{ searchesBlindTo: ['email'] },
		],
	])('fill the list of the locator also %s', async (_where, mode, value, quirks) => {
		Object.assign(partnero.sandbox.quirks, quirks);
		const form = { owner: 'partner', partner: locator(mode, value) };
		const { results } = await searchList(
			'searchReferralLinks',
			partnero.credentials,
			undefined,
			undefined,
			form,
		);
		expect(results.map(({ value: id }) => id)).toEqual(['benbrews', 'ben-yt']);
	});

	it('of a partner who is not there are no list: the error names the key', async () => {
		partnero.sandbox.quirks.addressesMissing = ['/partner'];
		const form = { owner: 'partner', partner: locator('key', 'nobody') };
		await expect(
			searchList('searchReferralLinks', partnero.credentials, undefined, undefined, form),
		).rejects.toThrow("No partner has the referral key 'nobody'");
	});

	it('fill the list of the locator for a customer, and are searched by what is shown', async () => {
		const { results } = await searchList(
			'searchReferralLinks',
			friends().credentials,
			'REF=UNA',
			undefined,
			una,
		);
		expect(results).toEqual([
			{ name: 'una-yt · https://shop.example?ref=una-yt', value: 'una-yt' },
		]);
	});

	it('fill the list screen by screen', async () => {
		addLinks(120);
		const first = await searchList('searchReferralLinks', partnero.credentials, '', undefined, ann);
		expect(first.results).toHaveLength(100);
		const second = await searchList(
			'searchReferralLinks',
			partnero.credentials,
			'',
			String(first.paginationToken),
			ann,
		);
		expect(second.results).toHaveLength(21);
		expect(second.paginationToken).toBeUndefined();
	});

	it.each<[string, INodeParameters, string]>([
		['nobody', {}, 'Choose a partner first'],
		['no customer', { ...ann, owner: 'customer' }, 'Choose a customer first'],
		['an expression', { partner: locator('id', '={{ $json.id }}') }, 'Choose a partner first'],
	])('need an owner in the form: %s', async (_what, form, message) => {
		await expect(
			searchList('searchReferralLinks', partnero.credentials, '', undefined, form),
		).rejects.toMatchObject({
			message,
			description: expect.stringContaining('By ID'),
		});
		expect(partnero.wire()).toEqual([]);
	});
});

it('the list of domains leaves out the default one, which has no ID', async () => {
	const { results } = await searchList('searchDomains', partnero.credentials);
	expect(results).toEqual([{ name: 'blog.example', value: 'dom_2' }]);
});
