import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import * as pairing from '../../nodes/Partnero/execution/pairing';
import * as routes from '../../nodes/Partnero/lookup/sendRoute';
import * as retry from '../../nodes/Partnero/transport/retry';
import * as transport from '../../nodes/Partnero/transport/send';
import * as compare from '../../nodes/Partnero/writes/compare';
import * as recordSale from '../../nodes/Partnero/writes/recordSale';
import * as lookup from '../../nodes/Partnero/writes/saleLookup';

import { locator, useSandbox } from './support/partnero';

const partnero = useSandbox();

/** The walk that docs/architecture.md describes: `1. **execute** (execution/execute.ts)`. */
const described = [
	...readFileSync(join(__dirname, '../../docs/architecture.md'), 'utf8').matchAll(
		/^\d+\. \*\*(\w+)\*\* \(`([\w/.]+)`\)/gm,
	),
].map(([, name, file]) => ({ name, file }));

/** Functions that call each other within one file are seen in the stack alone. */
function callersInFile(stack: string, file: string): string[] {
	const frames = stack.split('\n').filter((frame) => frame.includes(file));
	return frames.map((frame) => /at (?:async )?(?:\w+\.)?(\w+)/.exec(frame)?.[1] ?? '').reverse();
}

it('a sale takes the ten steps of docs/architecture.md, in their order', async () => {
	partnero.sandbox.program('affiliate').customers.add({ key: 'u_1', partner: null });
	Error.stackTraceLimit = 100;
	const steps: string[] = [];
	const watch = <T extends object>(file: T, name: keyof T & string) => {
		const real = file[name] as (...sent: unknown[]) => unknown;
		jest.spyOn(file as never, name as never).mockImplementation(((...sent: unknown[]) => {
			if (name === 'recordSale')
				steps.push(...callersInFile(new Error().stack ?? '', 'execution/execute.ts'));
			steps.push(name);
			return real(...sent);
		}) as never);
	};
	watch(recordSale, 'recordSale');
	watch(lookup, 'lookUpSales');
	watch(routes, 'sendRoute');
	watch(retry, 'sendWithRetry');
	watch(transport, 'send');
	watch(compare, 'compareSale');
	watch(pairing, 'itemsOf');
	const { json } = await partnero.operate('transaction', 'create', {
		customer: locator('key', 'u_1'),
		amount: 10,
		key: 'inv_1',
	});
	jest.restoreAllMocks();
	expect(json).toMatchObject([{ key: 'inv_1', created: true }]);
	expect(described.map(({ name }) => name)).toHaveLength(10);
	let at = -1;
	for (const { name } of described) {
		at = steps.indexOf(name, at + 1);
		expect([name, at]).toEqual([name, expect.any(Number)]);
		expect(at).toBeGreaterThanOrEqual(0);
	}
});

it.each(described)('$name stands where the walk says', ({ name, file }) => {
	expect(readFileSync(join(__dirname, '../../nodes/Partnero', file), 'utf8')).toMatch(
		new RegExp(`^(export )?(async )?function ${name}\\b`, 'm'),
	);
});
