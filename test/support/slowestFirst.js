const Sequencer = require('@jest/test-sequencer').default;

/**
 * The files that take a quarter of a minute and more, the slowest first. Jest knows this by itself from the second run
 * on; on a fresh clone it goes by the size of a file, and would start one of these when the others are done.
 */
const slowest = [
	'engine/histories',
	'engine/faultMatrix',
	'live/positions',
	'engine/moneySafety',
	'engine/strangeHistories',
	'engine/randomPolls',
	'engine/limits',
	'engine/createMany',
	'engine/polling',
	'package/layers',
	'live/write',
	'engine/recorder',
	'live/sender',
	'engine/fields',
	'engine/laravel',
	'engine/longTexts',
	'engine/properties',
	'engine/slashes',
	'engine/randomHistories',
];

const rank = ({ path }) => {
	const place = slowest.findIndex((name) => path.endsWith(`${name}.test.ts`));
	return place === -1 ? slowest.length : place;
};

module.exports = class SlowestFirst extends Sequencer {
	sort(tests) {
		return [...super.sort(tests)].sort((one, other) => rank(one) - rank(other));
	}
};
