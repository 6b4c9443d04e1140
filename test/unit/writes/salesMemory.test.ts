import { clock } from '../../../nodes/Partnero/transport/clock';
import { locks } from '../../../nodes/Partnero/transport/inTurn';
import type { Doubt } from '../../../nodes/Partnero/writes/salesMemory';
import { salesMemory } from '../../../nodes/Partnero/writes/salesMemory';

/** What the process remembers of sales (`recording-rules.md` 8). */
let made = 0;
/** Names that no other test has. */
const names = (...which: string[]) => {
	made += 1;
	return which.map((name) => `program ${made} ${name}`);
};
const doubt = { endedAt: clock.now() } as Doubt;

afterEach(() => jest.restoreAllMocks());

describe('what is remembered', () => {
	it('is forgotten after ten minutes, unless it is in doubt', () => {
		const [settled, inDoubt] = names('settled', 'in doubt');
		const now = clock.now();
		salesMemory.settle(settled, 'settled', { record: {} });
		salesMemory.doubt(inDoubt, 'in doubt', doubt);
		jest.spyOn(clock, 'now').mockReturnValue(now + 599_000);
		expect(salesMemory.get(settled)).toBeDefined();
		jest.spyOn(clock, 'now').mockReturnValue(now + 601_000);
		expect(salesMemory.get(settled)).toBeUndefined();
		expect(salesMemory.get(inDoubt)).toBeDefined();
	});

	it('has room for 10,000 settled sales; those in doubt and under way stay however old they are', () => {
		const [inDoubt, underWay, old] = names('in doubt', 'under way', 'old');
		salesMemory.doubt(inDoubt, 'in doubt', doubt);
		salesMemory.settle(underWay, 'under way', { record: {} });
		const release = locks.tryAcquire([underWay])!;
		salesMemory.settle(old, 'old', { record: {} });
		const many = names(...Array.from({ length: 10_000 }, (_, index) => String(index)));
		for (const name of many) salesMemory.settle(name, name, { record: {} });
		expect(salesMemory.get(old)).toBeUndefined();
		expect(salesMemory.get(inDoubt)).toMatchObject({ doubt });
		expect(salesMemory.get(underWay)).toBeDefined();
		expect(many.filter((name) => salesMemory.get(name)).length).toBeGreaterThan(9_900);
		release();
	});

	it('of another key that looks the same is not touched when one of the two is seen', () => {
		const [name] = names('inv');
		salesMemory.doubt(name, 'INV', doubt);
		salesMemory.see(name, 'inv', { key: 'inv' });
		expect(salesMemory.get(name)).toMatchObject({ key: 'INV', doubt });
		salesMemory.see(name, 'INV', { key: 'INV' });
		expect(salesMemory.get(name)).toMatchObject({ isSeen: true, answered: { at: doubt.endedAt } });
	});
});

describe('how a program keeps long keys', () => {
	const long = 'x'.repeat(60);

	it('is learned from the longest one that came back whole', () => {
		const [program] = names('whole');
		expect(salesMemory.keyLengths(program)).toEqual({ whole: 32 });
		salesMemory.noteKey(program, long, long);
		salesMemory.noteKey(program, 'short', 'short');
		expect(salesMemory.keyLengths(program)).toEqual({ whole: 60 });
	});

	it('is learned from one that was cut off, and not from one that was changed', () => {
		const [program] = names('cut');
		salesMemory.noteKey(program, long, 'y'.repeat(50));
		expect(salesMemory.keyLengths(program)).toEqual({ whole: 32 });
		salesMemory.noteKey(program, long, long.slice(0, 50));
		expect(salesMemory.keyLengths(program)).toEqual({ whole: 32, cutAt: 50 });
	});
});
