import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { N8N_FOLDER } from './install';
import { npm } from './npm';
import { UserError } from './terminal';

const ROOT = join(N8N_FOLDER, '..');

/** Packs the package as it would be published, into a folder that is emptied for it. Returns the tarball. */
export async function pack(folder: string): Promise<string> {
	if (!existsSync(join(ROOT, 'dist')))
		throw new UserError('The package is not built yet: run "npm run build" first.');
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const packed = await npm(process.execPath, ['pack', '--json', '--pack-destination', folder], {
		cwd: ROOT,
	});
	if (packed.code !== 0) throw new Error(`npm could not pack the package: ${packed.output.trim()}`);
	const [{ filename }] = JSON.parse(packed.stdout) as [{ filename: string }];
	return join(folder, filename);
}
