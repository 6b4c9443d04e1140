import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { redact } from '../nodes/Partnero/transport/redact';

/** Smaller numbers are counts as well, and no value of a program can be told from them. */
const SMALLEST_NUMBER = 1000;

/** What must not stand in a report: the texts and numbers of answers. */
function valuesIn(answers: readonly unknown[]): Set<string> {
	const values = new Set<string>();
	const walk = (node: unknown) => {
		if (typeof node === 'string') values.add(node.trim().toLowerCase());
		if (typeof node === 'number' && isTelling(node)) values.add(String(node));
		if (typeof node === 'object' && node !== null) Object.values(node).forEach(walk);
	};
	answers.forEach(walk);
	for (const value of [...values])
		if (value === '' || (/^[\d.]+$/.test(value) && !isTelling(Number(value)))) values.delete(value);
	return values;
}

function isTelling(number: number): boolean {
	return !Number.isInteger(number) || Math.abs(number) >= SMALLEST_NUMBER;
}

/**
 * The last pass over a report: what of a program, or of the key, stands in a text.
 * @param own what the text says of any program: its headings, templates and words
 * @returns how many values were found, and whether the key was
 */
export function leaksIn(
	text: string,
	answers: readonly unknown[],
	credentials: ICredentialDataDecryptedObject,
	own: string,
): { values: number; key: boolean } {
	const [lower, known] = [text.toLowerCase(), own.toLowerCase()];
	const leaked = [...valuesIn(answers)].filter((value) =>
		forms(value).some((form) => holds(lower, form) && !holds(known, form)),
	);
	return { values: leaked.length, key: redact(text, credentials) !== text };
}

/** A value as it may stand in a text: plain, in an address, in JSON. */
function forms(value: string): string[] {
	const all = [value, encoded(value).toLowerCase(), JSON.stringify(value).slice(1, -1)];
	return [...new Set(all)];
}

/** A lone half of a surrogate pair has no encoding. */
function encoded(value: string): string {
	try {
		return encodeURIComponent(value);
	} catch {
		return value;
	}
}

/** Whether a text holds a value as a whole word, so that "Ann" is not found in "channel". */
function holds(text: string, value: string): boolean {
	for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1)) {
		const [before = '', after = ''] = [text[at - 1], text[at + value.length]];
		if (!isInside(before, value[0]) && !isInside(after, value.at(-1))) return true;
	}
	return false;
}

const LETTER = /[\p{L}\p{N}_]/u;

function isInside(neighbor: string, edge = ''): boolean {
	return LETTER.test(neighbor) && LETTER.test(edge);
}
