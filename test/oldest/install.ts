import { ensureN8n } from '../../n8n/install';

/** Jest calls it once, before the tests, with what their configuration leaves out. */
export default async function install(
	_: unknown,
	{ globals: { leftOut } }: { globals: { leftOut: Record<string, string> } },
): Promise<void> {
	for (const [file, reason] of Object.entries(leftOut))
		process.stderr.write(`Left out: ${file}, since ${reason}.\n`);
	await ensureN8n('oldest');
}
