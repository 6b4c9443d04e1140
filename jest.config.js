const { availableParallelism } = require('node:os');

// n8n-core would print every error that a test provokes.
process.env.N8N_LOG_LEVEL = 'silent';

/** @type {import('jest').Config} */
module.exports = {
	testEnvironment: 'node',
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/{unit,engine,sandbox,package,live}/**/*.test.ts'],
	// Types are checked by `npm run typecheck`; here each file is only translated (isolatedModules).
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json' }] },
	// Tests wait more than they compute, so that a core serves more than one worker. n8n-core takes about 300 MB in each.
	maxWorkers: Math.min(6, Math.max(3, availableParallelism())),
	testSequencer: '<rootDir>/test/support/slowestFirst.js',
	setupFilesAfterEnv: ['<rootDir>/test/support/clock.ts'],
	testTimeout: 20_000,
};
