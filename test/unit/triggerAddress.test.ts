import { isLocalAddress, isSameAddress } from '../../nodes/PartneroTrigger/address';
import fc from '../support/fastCheck';

const path = fc.webPath();

it('an address is local in every way to write it', () => {
	const byte = fc.nat(255);
	const four = (first: fc.Arbitrary<string>, rest: number) =>
		fc
			.tuple(first, fc.array(byte, { minLength: rest, maxLength: rest }))
			.map(([head, tail]) => [head, ...tail].join('.'));
	const v6 = fc
		.tuple(fc.constantFrom('fc00', 'fd12', 'fe80', 'febf'), fc.ipV6())
		.map(([head]) => `[${head}::1]`);
	const label = fc.stringMatching(/^[a-z][a-z0-9]{0,10}$/);
	const host = fc.oneof(
		fc.constantFrom(
			'localhost',
			'LOCALHOST',
			'0.0.0.0',
			'127.1',
			'2130706433',
			'0x7f.1',
			'[::1]',
			'[::]',
			'[::ffff:10.0.0.1]',
			'localhost.',
		),
		four(fc.constantFrom('127', '10'), 3),
		four(fc.constantFrom('192.168', '169.254', '172.16', '172.31', '100.64', '100.127'), 2),
		v6,
		label,
		fc
			.tuple(label, fc.constantFrom('.local', '.LOCAL', '.localhost', '.internal'))
			.map((parts) => parts.join('')),
	);
	fc.assert(
		fc.property(
			host,
			fc.constantFrom('http', 'https'),
			fc.constantFrom('', ':5678'),
			path,
			(name, scheme, port, rest) => {
				expect(isLocalAddress(`${scheme}://${name}${port}${rest}`)).toBe(true);
			},
		),
		{ seed: 19, numRuns: 300 },
	);
});

it.each([
	'https://n8n.example.com/webhook/x',
	'https://local.example/x',
	'https://my-local.example',
	'https://8.8.8.8',
	'https://172.32.0.1',
	'https://172.15.0.1',
	'https://100.128.0.1',
	'https://192.169.0.1',
	'https://[2001:db8::1]/x',
	'https://[::ffff:8.8.8.8]',
	'https://10.example.com',
	'https://127.0.0.1.example.com',
	'not an address',
	'',
])('%s is not local', (address) => {
	expect(isLocalAddress(address)).toBe(false);
});

it('addresses are the same by host and path, whatever stands before and behind', () => {
	const address = fc.webUrl({ withQueryParameters: false, withFragments: false });
	fc.assert(
		fc.property(address, (url) => {
			expect(isSameAddress(url, `${url}?a=1`)).toBe(true);
			expect(isSameAddress(url, `${url}#b`)).toBe(true);
			const other = new URL(url);
			other.port = other.port === '8443' ? '8444' : '8443';
			expect(isSameAddress(url, other.href)).toBe(false);
			expect(isSameAddress(url, `${new URL(url).origin}/another${new URL(url).pathname}`)).toBe(
				false,
			);
		}),
		{ seed: 19 },
	);
	expect(isSameAddress('https://n8n.example:443/x', 'https://N8N.example/x')).toBe(true);
	// A server may bring every address to https.
	expect(isSameAddress('http://n8n.example/x', 'https://n8n.example/x')).toBe(true);
	expect(isSameAddress('http://n8n.example:5678/x', 'https://n8n.example/x')).toBe(false);
	expect(isSameAddress('', '')).toBe(false);
});
