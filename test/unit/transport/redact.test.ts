import { redact } from '../../../nodes/Partnero/transport/redact';
import fc from '../../support/fastCheck';

const html = (text: string) =>
	text.replace(
		/[&<>"']/g,
		(character) =>
			({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#039;' })[character]!,
	);
const json = (text: string) => JSON.stringify(text).slice(1, -1);
const base64 = (text: string) => Buffer.from(text).toString('base64');
const lower = (text: string) => text.replace(/%../g, (code) => code.toLowerCase());
const php = (text: string) =>
	json(text)
		.replace(/\//g, '\\/')
		.replace(
			/[<>&'\u0080-\uffff]/g,
			(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
		);

/** What of base64 depends on the key alone, wherever it begins. */
function core(key: string, offset: number): string {
	const length = offset + Buffer.byteLength(key);
	return base64('x'.repeat(offset) + key).slice(
		Math.ceil((offset * 8) / 6),
		Math.floor((length * 8) / 6),
	);
}

/** How a server may repeat the key. */
const encodings: Record<string, (key: string) => string> = {
	plain: (key) => key,
	URL: encodeURIComponent,
	'URL in lower case': (key) => lower(encodeURIComponent(key)),
	'form data': (key) => new URLSearchParams({ key }).toString().slice(4),
	JSON: json,
	'JSON in JSON': (key) => json(json(key)),
	'JSON as PHP writes it': php,
	HTML: html,
	'base64, offset 0': (key) => core(key, 0),
	'base64, offset 1': (key) => core(key, 1),
	'base64, offset 2': (key) => core(key, 2),
	base64url: (key) => core(key, 0).replace(/\+/g, '-').replace(/\//g, '_'),
	hex: (key) => Buffer.from(key).toString('hex'),
	'hex in upper case': (key) => Buffer.from(key).toString('hex').toUpperCase(),
};

const keys = fc
	.oneof(
		fc.string({ minLength: 8, maxLength: 60, unit: 'grapheme-ascii' }),
		fc.stringMatching(/^[a-zA-Z0-9|+/=_.&<>"'-]{8,60}$/),
		fc.string({ minLength: 8, maxLength: 20, unit: 'grapheme' }),
	)
	.filter((key) => key.trim() === key && key.trim().length >= 8);

it.each(Object.entries(encodings))('leaves no key in %s', (_name, encode) => {
	fc.assert(
		fc.property(keys, (key) => {
			const told = redact(`Refused: Authorization: ${encode(key)}, sorry`, { apiKey: ` ${key} ` });
			expect(told).not.toContain(encode(key));
			expect(told).not.toContain(key);
			expect(told).toContain('[API key]');
		}),
		{ numRuns: 200 },
	);
});

it('finds it in the base64 of a whole header', () => {
	const key = 'pk_live_4f9d1c07b2';
	for (const header of [`Bearer ${key}`, `Authorization: Bearer ${key}`, `user:${key}`]) {
		const told = redact(base64(header), { apiKey: key });
		expect(Buffer.from(told, 'base64').toString()).not.toContain(key);
		expect(told).toContain('[API key]');
	}
});

it('leaves everything else as it is', () => {
	const text = 'Customer \'user_77\' was refused: 100 % of "nothing" <b>';
	expect(redact(text, { apiKey: 'pk_live_4f9d1c07b2' })).toBe(text);
	expect(redact(text, { apiKey: '' })).toBe(text);
});
