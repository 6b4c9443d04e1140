import { asking } from './address';
import type { Records } from './lists';
import { recordsOf } from './lists';
import type { Program } from './program';
import type { Sender } from './sender';

/** What every identifier that a check makes begins with. */
export const PREFIX = 'check-live-';

/** Whether an email is one that a check makes. */
export function isOurEmail(email: unknown): boolean {
	return (
		typeof email === 'string' && new RegExp(`^${PREFIX}[a-z0-9-]+@example\\.com$`, 'i').test(email)
	);
}

/** Lists that have to be empty, and lists of people, by type of program. */
const LISTS = {
	affiliate: {
		nothing: ['/transactions', '/payout_requests', '/webhooks'],
		people: ['/partners', '/customers'],
	},
	'refer-a-friend': { nothing: ['/transactions', '/webhooks'], people: ['/customers'] },
	newsletter: { nothing: ['/webhooks'], people: ['/subscribers'] },
};

/** What a list holds that a check has not made; undefined if it cannot be read. */
async function strangers(
	sender: Sender,
	path: string,
	arePeople: boolean,
): Promise<number | undefined> {
	const exchange = await sender.get(asking({ path, shown: path }, [['limit', 100]]));
	let records: Records;
	try {
		records = recordsOf(exchange);
	} catch {
		return undefined;
	}
	return arePeople ? records.filter(({ email }) => !isOurEmail(email)).length : records.length;
}

/** Why a program may not be written into, in sentences; empty if it may. */
export async function reasonsAgainst(sender: Sender, program: Program): Promise<string[]> {
	const { nothing, people } = LISTS[program.contract];
	const reasons: string[] = [];
	for (const path of [...nothing, ...people]) {
		const count = await strangers(sender, path, people.includes(path));
		if (count === undefined)
			reasons.push(`${path} cannot be read, so it is unknown whether it is empty.`);
		else if (count > 0) reasons.push(`${path} is not empty.`);
	}
	return reasons;
}

/** How many records are left in a program that is to be empty. */
export async function leftIn(sender: Sender, program: Program): Promise<number> {
	const { nothing, people } = LISTS[program.contract];
	let left = 0;
	for (const path of [
		...nothing,
		...people,
		...(program.contract === 'affiliate' ? ['/leads'] : []),
	]) {
		left += recordsOf(await sender.get(asking({ path, shown: path }, [['limit', 100]]))).length;
	}
	return left;
}
