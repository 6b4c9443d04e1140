/**
 * Whether two addresses are the same one of the same n8n: by host and path, with or without a slash behind it. A server
 * may have written it with https.
 */
export function isSameAddress(one: string, other: string): boolean {
	const [a, b] = [parsed(one), parsed(other)];
	return a !== undefined && b !== undefined && a.host === b.host && pathOf(a) === pathOf(b);
}

function pathOf({ pathname }: URL): string {
	return pathname.replace(/\/+$/, '');
}

/**
 * Whether nobody outside the network of this n8n reaches an address: a loopback, private or link-local one, a name
 * without a dot, or one of the endings that no public server has.
 */
export function isLocalAddress(address: string): boolean {
	const host = parsed(address)?.hostname.replace(/\.$/, '');
	if (!host) return false;
	if (host.startsWith('[')) return isLocalV6(host.slice(1, -1));
	return isLocalV4(host) || !host.includes('.') || /\.(?:local|localhost|internal)$/.test(host);
}

/** The URL parser has brought every way to write an IPv4 address into the one with four decimal numbers. */
function isLocalV4(host: string): boolean {
	const [, first, second] = (/^(\d+)\.(\d+)\.\d+\.\d+$/.exec(host) ?? []).map(Number);
	if (first === undefined) return false;
	return (
		[0, 10, 127].includes(first) ||
		(first === 100 && second >= 64 && second < 128) ||
		(first === 169 && second === 254) ||
		(first === 172 && second >= 16 && second < 32) ||
		(first === 192 && second === 168)
	);
}

function isLocalV6(host: string): boolean {
	const mapped = /^::ffff:([0-9a-f]{1,4}):[0-9a-f]{1,4}$/.exec(host);
	if (mapped) {
		const bits = parseInt(mapped[1], 16);
		return isLocalV4(`${bits >> 8}.${bits & 255}.0.0`);
	}
	return host === '::' || host === '::1' || /^(?:f[cd]|fe[89ab])[0-9a-f]{0,2}:/.test(host);
}

function parsed(address: string): URL | undefined {
	try {
		return new URL(address);
	} catch {
		return undefined;
	}
}
