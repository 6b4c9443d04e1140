/** The three programs of the sandbox; one API key belongs to exactly one (partnero-api.md 1.1). */
export type ProgramName = 'affiliate' | 'referAFriend' | 'newsletter';

export interface ProgramKind {
	/** Name in the contract (`x-programs`, `x-pick`). */
	contract: string;
	/** Name in messages. */
	title: string;
	/** `type` in GET /program. */
	type: string;
	key: string;
}

export const PROGRAMS: Record<ProgramName, ProgramKind> = {
	affiliate: { contract: 'affiliate', title: 'affiliate', type: 'Affiliate', key: 'sandbox-affiliate-key' },
	referAFriend: { contract: 'refer-a-friend', title: 'refer-a-friend', type: 'Referral', key: 'sandbox-refer-a-friend-key' },
	newsletter: { contract: 'newsletter', title: 'newsletter', type: 'Newsletter', key: 'sandbox-newsletter-key' },
};

export const PROGRAM_NAMES = Object.keys(PROGRAMS) as ProgramName[];

/** The program that a Bearer token opens. */
export function programOfKey(authorization: string | undefined): ProgramName | undefined {
	return PROGRAM_NAMES.find((name) => authorization === `Bearer ${PROGRAMS[name].key}`);
}
