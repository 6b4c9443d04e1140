import { randomBytes } from 'node:crypto';

import type { Manners } from './manners';
import type { Quirks } from './quirks';
import { noQuirks } from './quirks';
import { RateLimiter } from './rateLimiter';
import type { RecordedRequest } from './requests';
import type { ProgramState } from './state';

/** The types of programs; one API key belongs to exactly one program (partnero-api.md 1.1). */
export type ProgramName = 'affiliate' | 'referAFriend' | 'newsletter';

export interface ProgramKind {
	/** Name in the contract (`x-programs`, `x-pick`). */
	contract: string;
	/** Name in messages. */
	title: string;
	/** `type` in GET /program. */
	type: string;
	/** `type` in GET /test (partnero-api.md N2). */
	testType: string;
	/** Of the program of this type that is always there. */
	key: string;
}

export const PROGRAMS: Record<ProgramName, ProgramKind> = {
	affiliate: {
		contract: 'affiliate',
		title: 'affiliate',
		type: 'Affiliate',
		testType: 'affiliate',
		key: 'sandbox-affiliate-key',
	},
	referAFriend: {
		contract: 'refer-a-friend',
		title: 'refer-a-friend',
		type: 'Referral',
		testType: 'refer_a_friend',
		key: 'sandbox-refer-a-friend-key',
	},
	newsletter: {
		contract: 'newsletter',
		title: 'newsletter',
		type: 'Newsletter',
		testType: 'newsletter',
		key: 'sandbox-newsletter-key',
	},
};

export const PROGRAM_NAMES = Object.keys(PROGRAMS) as ProgramName[];

/** How a program behaves; the three that are always there share one. */
export interface Behaviour {
	manners: Manners;
	quirks: Quirks;
}

/** A program on the server, behind its key. */
export class HostedProgram {
	limiter = new RateLimiter();
	/** What arrived with its key since the last reset. */
	readonly requests: RecordedRequest[] = [];

	constructor(
		readonly key: string,
		readonly state: ProgramState,
		private readonly behaviour: Behaviour,
	) {}

	get manners(): Manners {
		return this.behaviour.manners;
	}

	get quirks(): Quirks {
		return this.behaviour.quirks;
	}

	/** Its type, and for the three that are always there also its name. */
	get name(): ProgramName {
		return this.state.name;
	}
}

/** A key that no program has yet. */
export function freshKey(name: ProgramName): string {
	return `${PROGRAMS[name].key}-${randomBytes(6).toString('hex')}`;
}

/** A behaviour of its own: other manners only if they are given. */
export function ownBehaviour(manners: Manners, quirks: Partial<Quirks> = {}): Behaviour {
	return { manners, quirks: { ...noQuirks(), ...quirks } };
}
