import { createHmac } from 'node:crypto';

import { readEnvelope } from '../../nodes/PartneroTrigger/envelope';
import { isSigned, SeenDeliveries } from '../../nodes/PartneroTrigger/signature';
import fc from '../support/fastCheck';

const sign = (body: Buffer, secret: string) =>
	createHmac('sha256', secret).update(body).digest('hex');

const body = fc.uint8Array({ minLength: 1, maxLength: 2000 }).map((bytes) => Buffer.from(bytes));
const secret = fc.string({ minLength: 16, maxLength: 16 });

/** The same bytes, but one. */
function changed(bytes: Buffer, place: number, by: number): Buffer {
	const copy = Buffer.from(bytes);
	const index = place % copy.length;
	copy[index] = (copy[index] + by) % 256;
	return copy;
}

describe('the signature', () => {
	it('holds for what was signed', () => {
		fc.assert(fc.property(body, secret, (raw, key) => isSigned(raw, sign(raw, key), key)));
	});

	it('does not hold when any byte of the body differs, or one is added or missing', () => {
		fc.assert(
			fc.property(
				body,
				secret,
				fc.nat(),
				fc.integer({ min: 1, max: 255 }),
				(raw, key, place, by) => {
					const signature = sign(raw, key);
					const others = [
						changed(raw, place, by),
						Buffer.concat([raw, Buffer.from([by])]),
						raw.subarray(1),
						raw.subarray(0, -1),
					];
					return others.every((other) => !isSigned(other, signature, key));
				},
			),
			{ numRuns: 500 },
		);
	});

	it('does not hold when any byte of the signature differs, or one is added or missing', () => {
		fc.assert(
			fc.property(
				body,
				secret,
				fc.nat(),
				fc.integer({ min: 1, max: 255 }),
				(raw, key, place, by) => {
					const signature = sign(raw, key);
					const other = changed(Buffer.from(signature), place, by).toString('latin1');
					// Upper case is the same number.
					const wrong = [
						...(other.toLowerCase() === signature ? [] : [other]),
						`${signature}0`,
						signature.slice(1),
						signature.slice(0, -1),
					];
					return wrong.every((one) => !isSigned(raw, one, key));
				},
			),
			{ numRuns: 500 },
		);
	});

	it('does not hold under another secret', () => {
		fc.assert(
			fc.property(
				body,
				secret,
				secret,
				(raw, key, other) => key === other || !isSigned(raw, sign(raw, key), other),
			),
		);
	});

	it.each([
		undefined,
		null,
		'',
		7,
		[],
		{},
		['a'],
		'x'.repeat(64),
		'\u{1F600}'.repeat(32),
		'é'.repeat(32),
	])('is not %j', (signature) => {
		expect(isSigned(Buffer.from('{}'), signature, 'secret-of-sixteen')).toBe(false);
	});

	it('never holds without a secret', () => {
		expect(isSigned(Buffer.from('{}'), sign(Buffer.from('{}'), ''), '')).toBe(false);
	});
});

describe('the memory of deliveries', () => {
	it('knows a body again, for the same webhook only', () => {
		const seen = new SeenDeliveries();
		expect(seen.add('a', Buffer.from('1'), true)).toBeDefined();
		expect(seen.add('a', Buffer.from('1'), true)).toBeUndefined();
		expect(seen.add('b', Buffer.from('1'), true)).toBeDefined();
		expect(seen.add('a', Buffer.from('2'), true)).toBeDefined();
	});

	it('can forget one', () => {
		const seen = new SeenDeliveries();
		seen.add('a', Buffer.from('1'), true)?.();
		expect(seen.add('a', Buffer.from('1'), true)).toBeDefined();
	});

	it('keeps ten thousand, and forgets the oldest', () => {
		const seen = new SeenDeliveries();
		for (let number = 0; number <= 10_000; number++)
			seen.add('a', Buffer.from(String(number)), true);
		expect(seen.add('a', Buffer.from('1'), true)).toBeUndefined();
		expect(seen.add('a', Buffer.from('10000'), true)).toBeUndefined();
		expect(seen.add('a', Buffer.from('0'), true)).toBeDefined();
	});
});

describe('the envelope', () => {
	it('is read from whatever JSON has an event and an object of data', () => {
		fc.assert(
			fc.property(
				fc.dictionary(fc.string(), fc.jsonValue()),
				fc.string({ minLength: 1 }),
				(record, event) => {
					const text = JSON.stringify({ event, data: record });
					const envelope = readEnvelope(Buffer.from(text));
					const isOdd = /"__proto__":/.test(text.replace(/\\"/g, ''));
					expect(envelope).toEqual(isOdd ? undefined : JSON.parse(text));
				},
			),
		);
	});

	it('never throws, whatever the bytes', () => {
		fc.assert(fc.property(body, (raw) => void readEnvelope(raw)));
		fc.assert(fc.property(fc.json(), (text) => void readEnvelope(Buffer.from(text))));
		expect(
			readEnvelope(
				Buffer.from(`{"event":"e","data":{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`),
			),
		).toBeUndefined();
	});
});
