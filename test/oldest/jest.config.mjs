import base from '../../jest.config.js';

/** The engine tests and the loading of the packed package, with the oldest n8n: `npm run test:oldest`. */

/** What cannot hold there because n8n itself was different, and why. */
const leftOut = {
	'test/engine/schemas.test.ts':
		"n8n-core had no loadOutputSchema: n8n's server read the output schemas by itself",
	'test/engine/tool.test.ts':
		'n8n-core stopped the workflow at the error of a tool that it ran itself, which now goes to the model',
};

/** @type {import('jest').Config} */
export default {
	...base,
	rootDir: '../..',
	testMatch: ['<rootDir>/test/engine/**/*.test.ts', '<rootDir>/test/package/tarball.test.ts'],
	testPathIgnorePatterns: [
		'/node_modules/',
		...Object.keys(leftOut).map((file) => `<rootDir>/${file}$`),
	],
	moduleNameMapper: { '^(n8n-core|n8n-workflow)$': '<rootDir>/n8n/oldest/node_modules/$1' },
	globals: { leftOut },
	globalSetup: '<rootDir>/test/oldest/install.ts',
	// It leaves a timer behind, with which Jest would wait for ever.
	forceExit: true,
};
