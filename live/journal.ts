import {
	closeSync,
	existsSync,
	fsyncSync,
	mkdirSync,
	openSync,
	readFileSync,
	rmSync,
	writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

import { Refusal, UserError } from './program';

/** What was made, under which identifier; whether it is gone again. */
export interface Made {
	kind: string;
	identifier: string;
	isGone: boolean;
}

type Line =
	{ program: string } | { made: string; identifier: string } | { gone: string; identifier: string };

/** Where the journal of a program is kept, unless said otherwise; git ignores the folder. */
export function journalFile(publicId: string): string {
	return join(__dirname, '.data', `journal-${publicId.replace(/[^A-Za-z0-9_-]/g, '_')}.jsonl`);
}

/**
 * What a check makes in a program, one line each, on disk before the request is sent, so that whatever ends the
 * process leaves behind what has to be deleted.
 */
export class JournalFile {
	private constructor(
		private readonly file: string,
		private readonly descriptor: number,
		private readonly entries: Made[],
	) {}

	/**
	 * Begins a journal.
	 * @throws Refusal if an earlier check was not cleaned up
	 */
	static begin(file: string, publicId: string): JournalFile {
		if (existsSync(file))
			throw new Refusal(
				'An earlier check of this program has not been cleaned up. Run it with --clean-up first. Nothing was written.',
			);
		mkdirSync(dirname(file), { recursive: true });
		const journal = new JournalFile(file, openSync(file, 'wx'), []);
		journal.append({ program: publicId });
		return journal;
	}

	/**
	 * Opens the journal of an earlier check.
	 * @throws UserError if there is none, or it is of another program
	 */
	static resume(file: string, publicId: string): JournalFile {
		if (!existsSync(file))
			throw new UserError('There is no journal of this program: there is nothing to clean up.');
		// A line that was cut off by the end of the process was not followed by a request.
		const lines = readFileSync(file, 'utf8')
			.split('\n')
			.slice(0, -1)
			.map((line) => JSON.parse(line) as Line);
		const [first] = lines;
		if (!first || !('program' in first) || first.program !== publicId)
			throw new UserError('The journal is of another program.');
		const journal = new JournalFile(file, openSync(file, 'a'), []);
		for (const line of lines) journal.apply(line);
		return journal;
	}

	/** Everything that was noted, the newest last. */
	get made(): readonly Made[] {
		return this.entries;
	}

	/** Notes what is about to be made; on disk when it returns. */
	note(kind: string, identifier: string): void {
		this.append({ made: kind, identifier });
	}

	/** Notes that something was deleted. */
	gone(kind: string, identifier: string): void {
		this.append({ gone: kind, identifier });
	}

	close(): void {
		closeSync(this.descriptor);
	}

	/** Forgets it, when the program is empty again. */
	remove(): void {
		this.close();
		rmSync(this.file);
	}

	private append(line: Line): void {
		writeSync(this.descriptor, `${JSON.stringify(line)}\n`);
		fsyncSync(this.descriptor);
		this.apply(line);
	}

	private apply(line: Line): void {
		if ('made' in line)
			this.entries.push({ kind: line.made, identifier: line.identifier, isGone: false });
		if (!('gone' in line)) return;
		for (const entry of this.entries) {
			if (entry.kind === line.gone && entry.identifier === line.identifier) entry.isGone = true;
		}
	}
}
