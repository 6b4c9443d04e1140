import { pack, root } from './pack';

/**
 * n8n's community-package scanner, on the source and on the packed tarball: what it does to a published package,
 * without the download. `scan.ts source` or `scan.ts tarball <unpacked package>` checks one of them alone.
 */
async function main([what, directory]: string[]): Promise<void> {
	const { analyzePackage, SOURCE_FILE_PATTERNS } =
		await import('@n8n/scan-community-package/scanner/scanner.mjs');

	async function check(name: string, where: string, patterns: string[]): Promise<void> {
		const { passed, message, details } = await analyzePackage(where, patterns);
		console.log(passed ? `${name}: passed` : `${name}: ${message ?? 'failed'}\n${details ?? ''}`);
		if (!passed) process.exitCode = 1;
	}

	const compiled = ['**/*.js', 'package.json'];
	if (what !== 'tarball') await check('source', root, SOURCE_FILE_PATTERNS);
	if (what === 'tarball' && directory) await check('tarball', directory, compiled);
	if (what === undefined) {
		const packed = pack();
		try {
			await check('tarball', packed.directory, compiled);
		} finally {
			packed.remove();
		}
	}
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
