import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { keyOf } from './address';

/** Shorter pieces occur by chance. */
const shortestEncoded = 6;

const names: Record<string, string> = {
	'&': 'amp',
	'<': 'lt',
	'>': 'gt',
	'"': 'quot',
	"'": 'apos',
};

/** The last pattern; one run has one key, or a few. */
let latest: { key: string; pattern: RegExp } | undefined;

/**
 * A text without the API key, whichever way the server has repeated it: plain, URL-, JSON- or HTML-escaped (also
 * in part), in base64 wherever in the encoded text it began, or in hex.
 */
export function redact(text: string, credentials: ICredentialDataDecryptedObject): string {
	const key = keyOf(credentials);
	if (!key) return text;
	if (latest?.key !== key) latest = { key, pattern: new RegExp(patternOf(key), 'g') };
	return text.replace(latest.pattern, '[API key]');
}

function patternOf(key: string): string {
	const bytes = Buffer.from(key, 'utf8');
	const encoded = [anyCase(bytes.toString('hex')), ...base64Of(bytes).map(quoted)];
	return [
		[...key].map(escapes).join(''),
		...encoded.filter((one) => one.length >= shortestEncoded),
	].join('|');
}

/** Every way in which one character is written. */
function escapes(character: string): string {
	const code = character.codePointAt(0)!;
	const hex = anyCase(code.toString(16));
	const percent = [...Buffer.from(character, 'utf8')]
		.map((byte) => `%${anyCase(byte.toString(16).padStart(2, '0'))}`)
		.join('');
	// JSON writes what lies beyond the first plane as two units; JSON inside JSON doubles the backslashes.
	const units = character
		.split('')
		.map((unit) => `\\\\+u${anyCase(unit.charCodeAt(0).toString(16).padStart(4, '0'))}`)
		.join('');
	const ways = [`\\\\*${quoted(character)}`, percent, units, `&#0*${code};`, `&#[xX]0*${hex};`];
	if (names[character]) ways.push(`&${names[character]};`);
	if (character === ' ') ways.push('\\+');
	return `(?:${ways.join('|')})`;
}

/**
 * What base64 makes of the key wherever it stands in the encoded text: after 0, 1 or 2 bytes of another group of
 * three. The characters at the ends that hold bits of something else are left out.
 */
function base64Of(key: Buffer): string[] {
	return [0, 1, 2].flatMap((offset) => {
		const whole = Buffer.concat([Buffer.alloc(offset), key]);
		const own = whole
			.toString('base64')
			.slice(Math.ceil((offset * 8) / 6), Math.floor((whole.length * 8) / 6));
		return [own, own.replace(/\+/g, '-').replace(/\//g, '_')];
	});
}

function anyCase(hex: string): string {
	return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function quoted(text: string): string {
	return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
}
