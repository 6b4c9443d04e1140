import type { networkInterfaces } from 'node:os';

import { hasPublicAddress } from '../../n8n/showcase';

type Interfaces = ReturnType<typeof networkInterfaces>;

const machine = (...addresses: string[]) =>
	({
		lo: [{ address: '127.0.0.1', family: 'IPv4', internal: true }],
		eth0: addresses.map((address) => ({
			address,
			family: address.includes(':') ? 'IPv6' : 'IPv4',
			internal: false,
		})),
	}) as unknown as Interfaces;

it.each([
	['none but its own', [], false],
	['in a home', ['192.168.1.20', 'fe80::1'], false],
	['behind a provider', ['100.72.3.4'], false],
	['in a private network', ['172.31.0.5', 'fd12::1'], false],
	['on the internet', ['10.0.0.4', '203.0.113.9'], true],
	['on the internet, by IPv6', ['192.168.1.20', '2001:4860::1'], true],
])('a machine with addresses %s: %j', (_where, addresses, isPublic) => {
	expect(hasPublicAddress(machine(...addresses))).toBe(isPublic);
});
