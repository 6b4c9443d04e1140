/** A real n8n, started by the tests: `npm run test:e2e`. Not part of `npm test`. */
process.env.N8N_LOG_LEVEL = 'silent';

/** @type {import('jest').Config} */
export default {
	rootDir: '../..',
	testEnvironment: 'node',
	roots: ['<rootDir>/test/e2e'],
	testMatch: ['<rootDir>/test/e2e/**/*.e2e.test.ts'],
	transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/test/tsconfig.json' }] },
	maxWorkers: 1,
	// n8n may have to be installed first.
	testTimeout: 20 * 60_000,
};
