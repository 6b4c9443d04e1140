import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** One import up the ladder for each floor, at run time and in types. */
const violations: Array<[file: string, target: string, name: string]> = [
	['Partnero/operation.ts', './form/form', 'Form'],
	['Partnero/form/values.ts', '../transport/clock', 'clock'],
	['Partnero/transport/outcome.ts', '../response/unwrap', 'dataOf'],
	['Partnero/response/messages.ts', '../lookup/pages', 'paginate'],
	['Partnero/lookup/program.ts', '../writes/record', 'recordIn'],
	['Partnero/writes/policy.ts', '../execution/execute', 'execute'],
	['Partnero/reports/format.ts', '../writes/record', 'recordIn'],
	['Partnero/execution/tool.ts', '../listSearch/search', 'listSearch'],
	['Partnero/shared/list.ts', '../form/values', 'isBlank'],
	['Partnero/resources/coupon/fields.ts', '../customer/output', 'balanceItem'],
	['Partnero/resources/coupon/fields.ts', '../../lookup/pages', 'largestPage'],
	['Partnero/listSearch/get.ts', '../resources', 'resources'],
	['PartneroTrigger/envelope.ts', '../Partnero/writes/record', 'recordIn'],
	['PartneroTrigger/envelope.ts', '../Partnero/form/values', 'isBlank'],
	['PartneroPollingTrigger/reading.ts', '../Partnero/execution/list', 'readList'],
	['PartneroPollingTrigger/reading.ts', '../Partnero/resources/partner/getAll', 'getAll'],
];

const texts = violations.flatMap(([file, target, name]) => [
	{ file, code: `import { ${name} } from '${target}';\n\nvoid ${name};\n` },
	{ file, code: `import type { ${name} } from '${target}';\n\nexport type It = ${name};\n` },
]);
const cycle = {
	file: 'Partnero/form/values.ts',
	code: "import { Form } from './form';\n\nvoid Form;\n",
};
const downwards = {
	file: 'Partnero/writes/policy.ts',
	code: "import { backOff } from '../transport/retryPolicy';\n\nvoid backOff;\n",
};

/** What the linter says of each text. */
let complaints: string[][];

beforeAll(() => {
	const input = [...texts, cycle, downwards].map(({ file, code }) => ({
		file: `nodes/${file}`,
		code,
	}));
	const output = execFileSync(process.execPath, [resolve(__dirname, 'lintTexts.mjs')], {
		cwd: root,
		input: JSON.stringify(input),
	});
	complaints = JSON.parse(output.toString()) as string[][];
}, 120_000);

it.each(violations.map(([file, target], index) => [file, target, index] as const))(
	'%s may not import %s',
	(_file, _target, index) => {
		expect(complaints[2 * index]).toContain('import-x/no-restricted-paths');
		expect(complaints[2 * index + 1]).toContain('import-x/no-restricted-paths');
	},
);

it('finds a cycle', () => {
	expect(complaints.at(-2)).toContain('import-x/no-cycle');
});

it('has nothing against an import down the ladder', () => {
	expect(complaints.at(-1)).toEqual([]);
});
