import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import eslint from '@eslint/js';
import { n8nCommunityNodesPlugin } from '@n8n/eslint-plugin-community-nodes';
import { defineConfig, globalIgnores } from 'eslint/config';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { flatConfigs as importX } from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const promises = {
	'@typescript-eslint/await-thenable': 'error',
	'@typescript-eslint/no-floating-promises': 'error',
	'@typescript-eslint/no-misused-promises': 'error',
};

/**
 * The ladder of docs/architecture.md: what each folder may import beside its own files. Nothing imports upwards,
 * neither at run time nor in types.
 */
const partnero = 'nodes/Partnero';
const resourceFolders = readdirSync(join(import.meta.dirname, partnero, 'resources'), {
	withFileTypes: true,
})
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => `resources/${name}`);
/** What records look like when simplified, what the numbers of a program are called, how an amount is read, and the statuses of payouts. */
const outputs = [
	...resourceFolders.map((folder) => `${folder}/output.ts`),
	'resources/program/metrics.ts',
	'shared/amounts.ts',
	'resources/payoutRequest/statuses.ts',
];
const ladder = {
	'operation.ts': [],
	form: ['operation.ts'],
	transport: ['operation.ts', 'form'],
	response: ['operation.ts', 'form', 'transport'],
	lookup: ['operation.ts', 'form', 'transport', 'response'],
	writes: ['operation.ts', 'form', 'transport', 'response', 'lookup', 'shared/amounts.ts'],
	reports: ['operation.ts', 'form', 'transport', 'response', 'lookup', ...outputs],
	execution: [
		'operation.ts',
		'form',
		'transport',
		'response',
		'lookup',
		'writes',
		'reports',
		'resources',
	],
	shared: ['operation.ts'],
	...Object.fromEntries(resourceFolders.map((folder) => [folder, ['operation.ts', 'shared']])),
	listSearch: ['operation.ts', 'form', 'transport', 'response', 'lookup'],
	'../PartneroPollingTrigger': ['form', 'transport', 'response', 'lookup', ...outputs],
	'../PartneroTrigger': [
		'transport',
		'response',
		'lookup',
		'resources/webhook/events.ts',
		...outputs,
	],
};

const layers = Object.entries(ladder).map(([folder, below]) => ({
	target: join(partnero, folder),
	from: './nodes',
	except: [folder, ...below].map((allowed) => `./${join('Partnero', allowed)}`),
	message: `${folder} may import its own files and what stands below it (docs/architecture.md).`,
}));

export default defineConfig(
	globalIgnores(['dist', 'coverage', '.cache', 'n8n/.*']),
	{ linterOptions: { reportUnusedDisableDirectives: 'error' } },
	{
		files: ['**/*.ts'],
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { project: 'test/tsconfig.json', tsconfigRootDir: import.meta.dirname },
		},
	},

	// One hand in all folders; `eslint --fix` writes it.
	{
		files: ['**/*.{ts,js,mjs,cjs}'],
		plugins: { 'import-x': importX.recommended.plugins['import-x'] },
		settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
		rules: {
			'import-x/first': 'error',
			'import-x/newline-after-import': 'error',
			'import-x/consistent-type-specifier-style': ['error', 'prefer-top-level'],
			'import-x/no-duplicates': 'error',
			'import-x/order': [
				'error',
				{
					groups: ['builtin', 'external', 'parent', ['sibling', 'index']],
					'newlines-between': 'always',
					alphabetize: { order: 'asc', orderImportKind: 'asc' },
				},
			],
		},
	},
	{
		files: ['**/*.ts'],
		plugins: { '@typescript-eslint': tseslint.plugin },
		rules: {
			'@typescript-eslint/consistent-type-imports': [
				'error',
				{ fixStyle: 'separate-type-imports' },
			],
			'@typescript-eslint/consistent-type-definitions': ['error', 'interface'],
		},
	},

	// What is shipped: the rules of n8n's own command line tool, and like its scanner no comment may switch one off.
	{
		files: ['nodes/**/*', 'credentials/**/*', 'package.json'],
		linterOptions: { noInlineConfig: true },
	},
	{
		files: ['nodes/**/*.ts', 'credentials/**/*.ts'],
		extends: [
			eslint.configs.recommended,
			tseslint.configs.recommended,
			n8nCommunityNodesPlugin.configs.recommended,
			importX.recommended,
			importX.typescript,
		],
		rules: {
			'import-x/no-restricted-paths': ['error', { basePath: import.meta.dirname, zones: layers }],
			'import-x/no-cycle': 'error',
			'prefer-spread': 'off',
			'no-console': 'error',
			...promises,
			// n8n's own rule allows whatever is a devDependency, which nobody's n8n has.
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '^(?!\\.{1,2}/|n8n-workflow$|(node:)?crypto$)',
							message:
								'Only n8n-workflow, node:crypto and files of this package are there at run time.',
							allowTypeImports: true,
						},
					],
				},
			],
		},
	},
	{
		files: ['package.json'],
		extends: [n8nCommunityNodesPlugin.configs.recommended],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		languageOptions: {
			parser: tseslint.parser,
			parserOptions: { extraFileExtensions: ['.json'] },
		},
		rules: n8nNodesBase.configs.community.rules,
	},
	{
		files: ['credentials/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			// Off in n8n's own configuration: not valid for community nodes; a better rule exists.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		plugins: { 'n8n-nodes-base': n8nNodesBase },
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			// Off in n8n's own configuration: inputs and outputs may be constants; an API may have a maximum.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
			'n8n-nodes-base/node-param-type-options-max-value-present': 'off',
		},
	},

	// What is not shipped runs in plain Node and may use all of it.
	{
		files: ['**/*.ts'],
		ignores: ['nodes/**', 'credentials/**'],
		extends: [eslint.configs.recommended, tseslint.configs.recommended],
		rules: {
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
			],
			...promises,
		},
	},
	{
		files: ['test/**/*.ts'],
		ignores: ['test/support/fastCheck.ts'],
		rules: {
			'no-restricted-imports': [
				'error',
				{
					name: 'fast-check',
					message: 'test/support/fastCheck.ts plays the same cases each time.',
				},
			],
		},
	},
	{
		files: ['**/*.{js,mjs,cjs}'],
		ignores: ['nodes/**', 'credentials/**'],
		extends: [eslint.configs.recommended],
		languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
	},
	{
		// What runs in a browser.
		files: ['sandbox/page/*.js'],
		languageOptions: {
			sourceType: 'script',
			globals: { document: 'readonly', fetch: 'readonly', setTimeout: 'readonly' },
		},
	},
	{
		files: ['*.js', 'bench/**/*.{js,cjs}', 'test/**/*.js'],
		languageOptions: {
			sourceType: 'commonjs',
			globals: {
				module: 'writable',
				require: 'readonly',
				setInterval: 'readonly',
				clearInterval: 'readonly',
			},
		},
	},
);
