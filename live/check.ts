import type { Facts } from '../sandbox/assumptions';

import type { Fixtures } from './fixtures';
import type { Lists } from './lists';
import type { Program } from './program';
import type { Sender } from './sender';

/** What a check works with. */
export interface Live {
	sender: Sender;
	program: Program;
	lists: Lists;
}

/** What a check that writes works with. */
export interface Writing extends Live {
	fixtures: Fixtures;
}

/** What a check found: one of the outcomes of its row in sandbox/assumptions.yaml. */
export interface Found {
	outcome: string;
	facts?: Facts;
}

/**
 * Finds an outcome.
 * @throws Undecided if it cannot be decided, with the reason
 */
export type Check<On extends Live = Live> = (live: On) => Promise<Found>;

/** Checks by their ids, in the order in which they are made. */
export type Checks<On extends Live = Live> = Record<string, Check<On>>;
