declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	/** What n8n lints in the source of a package. */
	export const SOURCE_FILE_PATTERNS: string[];

	/** n8n's check of one folder, with every inline comment ignored. */
	export function analyzePackage(
		directory: string,
		patterns: string[],
	): Promise<{ passed: boolean; message?: string; details?: string }>;
}
