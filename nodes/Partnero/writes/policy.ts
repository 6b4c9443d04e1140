/** How often and how patiently a record is looked for when an answer is lost, and what made it sent again. */
export const readBackPolicy = { attempts: 8, looks: 3, first: 400, longest: 5_000 };
