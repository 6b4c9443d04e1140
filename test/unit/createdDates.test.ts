import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ModuleKind, transpileModule } from 'typescript';

import { createdOf } from '../../nodes/Partnero/response/created';

const root = join(__dirname, '..', '..');

/** What a process in another time zone makes of a date; the zone of this one cannot be changed any more. */
function createdIn(timeZone: string, created_at: string): unknown {
	const source = readFileSync(join(root, 'nodes/Partnero/response/created.ts'), 'utf8');
	const { outputText } = transpileModule(source, {
		compilerOptions: { module: ModuleKind.CommonJS },
	});
	const script = `${outputText}\nconsole.log(JSON.stringify(exports.createdOf(${JSON.stringify({ created_at })})));`;
	return JSON.parse(
		execFileSync(process.execPath, ['-e', script], {
			cwd: root,
			env: { ...process.env, TZ: timeZone },
			encoding: 'utf8',
		}),
	);
}

it.each<[created: string, from: string]>([
	['2026-05-01 12:00:00', '2026-05-01T12:00:00Z'],
	['2026-05-01T12:00:00', '2026-05-01T12:00:00Z'],
	['2026-05-01 12:00:00.000000', '2026-05-01T12:00:00Z'],
	['2026-05-01T12:00:00.000000Z', '2026-05-01T12:00:00Z'],
	['2026-05-01T12:00:00+02:00', '2026-05-01T10:00:00Z'],
	['2026-05-01', '2026-05-01T00:00:00Z'],
])('the API has created %s at the same instant, wherever n8n runs', (created, from) => {
	expect(createdOf({ created_at: created })?.from).toBe(Date.parse(from));
	expect(createdIn('America/New_York', created)).toEqual(createdOf({ created_at: created }));
});
