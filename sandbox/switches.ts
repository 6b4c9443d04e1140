/**
 * Where the sources of partnero-api.md disagree, a switch lets the sandbox play either side
 * (section 5.1). The first value of each row is the default: what section 5.1 prefers.
 */
export const SWITCHES = {
	/** Range and default of `limit` on lists: 10-100 (default 10), or 1-250 (default 15; subscribers 10-250, default 10). Section 1.3. */
	limits: ['10-100', '1-250'],
	/** Shape of GET /program: four blocks, or the flat one. Section 2.1. */
	programShape: ['blocks', 'flat'],
	/** Updates of partners, customers and subscribers inside `update`, on the top level, or both. Section 5.1, row 4. */
	updates: ['wrapper', 'toplevel', 'either'],
	/** Method of /leads/convert and /leads/reject; the other one answers 405. Section 5.1, row 1. */
	leadsConvert: ['post', 'get', 'either'],
	/** `created_at` of a new transaction. Section 5.1, row 7. */
	createdAt: ['unix', 'iso', 'either'],
	/** What /customers/{key} takes: key, id and email, or the program's main identifier only. Section 5.1, row 10. */
	customerPath: ['any', 'key'],
	/** A sale for an unknown customer is recorded for nobody, or refused. Section 2.4. */
	unknownCustomer: ['record', 'refuse'],
	/** A transaction key that exists: recorded a second time, or refused. Section 5.1, row 6. */
	duplicateTransactionKeys: ['record', 'refuse'],
	/** Answer to several transactions in one request, undocumented: the records, or only a status. Section 2.4. */
	batchAnswer: ['transactions', 'status'],
	/** HTTP status of a successful create. Section 5.1, row 18. */
	createStatus: ['200', '201'],
	/** What a list is sorted by, undocumented: `created_at`, or the order in which records arrived. Section 1.3. */
	order: ['createdAt', 'recorded'],
	/** Whose sales GET /customers/{id}/transactions shows in a refer-a-friend program: those it referred, or its own too. */
	referralTransactions: ['referred', 'both'],
	/** GET /customers/{id}/referrals: everything at once, as documented, or in pages. Section 2.3.2. */
	referrals: ['all', 'paged'],
	/** The id of a new subscriber: its email at once, or none at first. Section 1.6. */
	subscriberId: ['email', 'later'],
	/** What an endpoint answers that the program type lacks, undocumented. Section 5.2. */
	otherProgram: ['403', '404', '405', '400', '422'],
	/** HTTP status of approving or paying a payout request out of order, undocumented. Section 2.11. */
	payoutRefusal: ['422', '400', '409'],
	/** Answer to requesting, approving and paying a payout, undocumented: the payout request, or only a status. Section 5.2. */
	payoutAnswer: ['record', 'status'],
	/** Whether partners may choose which commissions a payout is of; if not, `reward_ids` are refused. Section 2.11. */
	payoutChoice: ['partner', 'none'],
	/** Whether a webhook shows its signing secret whenever it is read, or only when it is created. Section 3.1. */
	webhookSecret: ['always', 'onCreate'],
} as const;

export type SwitchName = keyof typeof SWITCHES;
export type Switches = { [Name in SwitchName]: (typeof SWITCHES)[Name][number] };

/** All switches in their default position. */
export function defaultSwitches(): Switches {
	const entries = Object.entries(SWITCHES).map(([name, values]) => [name, values[0]]);
	return Object.fromEntries(entries) as Switches;
}

/** Checks switches that came over HTTP; names each one that is wrong. */
export function readSwitches(input: unknown): Partial<Switches> {
	if (typeof input !== 'object' || input === null) throw new Error('Send an object of switches.');
	for (const [name, value] of Object.entries(input)) {
		const values: readonly string[] | undefined = SWITCHES[name as SwitchName];
		if (!values)
			throw new Error(
				`There is no switch "${name}". Switches: ${Object.keys(SWITCHES).join(', ')}.`,
			);
		if (!values.includes(value))
			throw new Error(`The switch "${name}" is one of: ${values.join(', ')}.`);
	}
	return input;
}
