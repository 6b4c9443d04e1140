/** How often and how patiently it is read whether a write shows that was answered: three to six seconds in all. */
export const readBackPolicy = { looks: 5, first: 400, longest: 5_000 };

/** How a sale in doubt is settled (`recording-rules.md` 4): milliseconds. */
export const reconciliation = {
	/** The waits before the looks; the last one is repeated. */
	waits: [500, 1_000, 2_000, 4_000, 8_000],
	/** Absence proves that an attempt came to nothing only if it was looked for so long after its end. */
	proof: 15_000,
	/** After that nobody knows. */
	giveUp: 120_000,
};

/** How long apart a customer is looked for twice, before a sale for nobody is taken back: milliseconds. */
export const betweenCustomerLooks = 5_000;
