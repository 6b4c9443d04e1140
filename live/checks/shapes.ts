import { responseErrors } from '../../sandbox/contract';
import { at } from '../address';
import type { Checks, Found, Live } from '../check';
import { listsOf, record } from '../program';
import type { Exchange } from '../sender';
import { accepted, Undecided } from '../sender';

/** What is not as the contract has it: paths of fields, without indexes, and what about them. */
function complaints(
	{ program }: Live,
	operationId: string,
	exchange: Exchange,
	flat = false,
): string[] {
	const switches = flat ? ({ programShape: 'flat' } as const) : {};
	const errors = responseErrors(operationId, exchange.status, exchange.body, {
		program: program.name,
		switches,
	});
	return [...new Set(errors.map(shortened))];
}

/** `/data/0/key must be string {"type":"string"}` is `data[].key must be string`. */
function shortened(error: string): string {
	const [, path = '', rest = ''] = /^(\S*) (.*)$/.exec(error) ?? [];
	const [text = ''] = rest.split(' {');
	const [, property] = /"(?:missingProperty|additionalProperty)":"([a-z][a-z_]*)"/.exec(rest) ?? [];
	const where = path.replace(/^\//, '').replace(/\/\d+/g, '[]').replace(/\//g, '.');
	return `${where} ${text}${property && !text.includes(property) ? ` (${property})` : ''}`.trim();
}

function shape(differing: string[], checked = 1): Found {
	return {
		outcome: differing.length === 0 ? 'as-documented' : 'another-shape',
		facts: { checked, differing },
	};
}

/** How a success is spelled where answers say it. */
function wordOf({ body }: Exchange): Found {
	const { status } = record(body) ?? {};
	if (status === undefined) return { outcome: 'no-word' };
	if (status === 1) return { outcome: 'one' };
	if (status === true || status === '1' || status === 'success')
		return { outcome: 'other-word', facts: { word: status } };
	return { outcome: 'no-word' };
}

/** What answers look like. */
export const shapeChecks: Checks = {
	'test-shape': async (live) => {
		const exchange = await live.sender.get(at`/test`);
		if (!accepted(exchange))
			throw new Undecided(`the address is not there (status ${exchange.status})`);
		return shape(complaints(live, 'testConnection', exchange));
	},
	'program-shape': async (live) => {
		const { answer } = live.program;
		live.sender.exchanges.push(answer);
		const blocks = complaints(live, 'getProgram', answer);
		if (blocks.length === 0) return shape([]);
		return complaints(live, 'getProgram', answer, true).length === 0
			? { outcome: 'flat' }
			: shape(blocks);
	},
	'list-shapes': async (live) => {
		const differing: string[] = [];
		const lists = listsOf(live.program);
		for (const { path, operationId } of lists) {
			const exchange = await live.lists.page(path);
			differing.push(...complaints(live, operationId, exchange).map((text) => `${path}: ${text}`));
		}
		return shape(differing, lists.length);
	},
	'success-word': async ({ program }) => wordOf(program.answer),
	'content-type': async ({ program }) => {
		const type = String(program.answer.headers['content-type'] ?? '');
		if (type === 'application/json') return { outcome: 'bare' };
		return {
			outcome: /^application\/json;\s*charset=utf-8$/i.test(type) ? 'with-charset' : 'other',
		};
	},
	refusals: async ({ sender }): Promise<Found> => {
		for (const address of [at`/webhooks?limit=none`, at`/webhooks?page=none`]) {
			const exchange = await sender.get(address);
			if (exchange.status >= 400)
				return { outcome: 'by-status', facts: { status: exchange.status } };
			const { status } = record(exchange.body) ?? {};
			if (accepted(exchange)) continue;
			if (status === '0' || status === 'error' || status === false)
				return { outcome: 'inside-a-200', facts: { word: status } };
		}
		throw new Undecided('the API took a page size that is no number');
	},
};

/** Last, since it looks at all answers before it. */
export const rateLimitCheck: Checks = {
	'rate-limit': async ({ sender, program }) => {
		const limit = String(program.answer.headers['x-ratelimit-limit'] ?? '');
		const { lastRefusal } = sender;
		const retryAfter = lastRefusal && { retryAfter: lastRefusal };
		if (/^[1-9]\d*$/.test(limit))
			return { outcome: 'announced', facts: { perMinute: Number(limit), ...retryAfter } };
		return lastRefusal
			? { outcome: 'unannounced', facts: { retryAfter: lastRefusal } }
			: { outcome: 'silent' };
	},
};
