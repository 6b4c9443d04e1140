/**
 * The engine's tests once more, on a sandbox with the manners of Laravel: what reads or writes each kind of
 * record, lists and identifiers. Money on such a server is what `histories.test.ts` is about.
 *
 * @jest-environment ./test/engine/support/laravelEnvironment.ts
 */
const files = [
	'operations',
	'lists',
	'identifiers',
	'transaction',
	'customer',
	'upsert',
	'referAFriend',
	'newsletter',
	'leads',
	'irreversible',
];

describe.each(files)('%s', (name) => {
	it('is played on a server that has these manners', () => {
		expect(process.env.PARTNERO_SANDBOX_MANNERS).toBe('laravel');
	});

	// Its tests belong into this describe.
	jest.requireActual(`./${name}.test`);
});
