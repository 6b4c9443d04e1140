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
	// A third worker on two cores is faster, but then a request is late now and then where a test counts on its time.
	// n8n-core takes about 300 MB in each.
	maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
	testSequencer: '<rootDir>/test/support/slowestFirst.js',
	setupFilesAfterEnv: ['<rootDir>/test/support/clock.ts'],
	testTimeout: 20_000,
};
