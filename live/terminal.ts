import { createInterface } from 'node:readline/promises';

import { UserError } from './program';

/** The name of the variable that holds the key. */
export const KEY_VARIABLE = 'PARTNERO_API_KEY';

/**
 * The API key: from the environment, or typed without being shown. It is never an argument, which other users of the
 * machine and the history of the shell would see.
 * @throws UserError if nobody can type
 */
export async function readKey(): Promise<string> {
	const key = process.env[KEY_VARIABLE]?.trim();
	if (key) return key;
	if (!process.stdin.isTTY)
		throw new UserError(`Set ${KEY_VARIABLE}, or run this in a terminal, which asks for the key.`);
	const typed = await typedUnseen(process.stdin, () =>
		process.stdout.write('API key (not shown): '),
	);
	process.stdout.write('\n');
	if (typed === '') throw new UserError('No key was typed.');
	return typed;
}

/** A terminal's keyboard, as far as it is needed. */
export interface Keyboard {
	iterator(options: { destroyOnReturn: boolean }): AsyncIterable<unknown>;
	setRawMode(isRaw: boolean): unknown;
	setEncoding(encoding: 'utf8'): unknown;
	pause(): unknown;
}

/**
 * Reads a line while the terminal shows nothing of it.
 * @param ask asks for it, when nothing is shown any more
 * @throws UserError after Ctrl-C
 */
export async function typedUnseen(stdin: Keyboard, ask: () => void): Promise<string> {
	stdin.setRawMode(true);
	stdin.setEncoding('utf8');
	ask();
	let typed = '';
	try {
		// Questions are asked at the same keyboard afterwards.
		for await (const chunk of stdin.iterator({ destroyOnReturn: false })) {
			for (const character of String(chunk)) {
				if (character === '\r' || character === '\n') return typed.trim();
				if (character === '\u0003') throw new UserError('Nothing was sent.');
				typed =
					character === '\u007f' || character === '\b' ? typed.slice(0, -1) : typed + character;
			}
		}
		return typed.trim();
	} finally {
		stdin.setRawMode(false);
		stdin.pause();
	}
}

/** Asks for a yes; anything else, and nobody there, is a no. */
export async function confirm(question: string): Promise<boolean> {
	if (!process.stdin.isTTY) return false;
	const terminal = createInterface({ input: process.stdin, output: process.stdout });
	try {
		return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
	} finally {
		terminal.close();
	}
}
