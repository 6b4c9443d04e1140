/** How much of a value, or of a message of the API, an error repeats. */
const longestQuote = 200;

/** Around what is to be cut, in texts that nobody has read yet. Unicode gives these characters no meaning. */
const [opening, closing] = ['\uE000', '\uE001'];
const marks = new RegExp(`[${opening}${closing}]`, 'g');
const marked = new RegExp(`${opening}([^${opening}${closing}]*)${closing}`, 'g');

/**
 * What somebody else wrote, as an error may repeat it: a value of the user, a message or a record of the API. If it is
 * long, the error cuts it off (`cut`): only then, since half an API key could not be recognized any more.
 */
export function shortened(text: unknown): string {
	const whole = String(text).replace(marks, '');
	return whole.length > longestQuote ? `${opening}${whole}${closing}` : whole;
}

/** The text of an error in which everything that is `shortened` ends with an ellipsis after 200 characters. */
export function cut(text: string): string {
	return text.replace(marked, (_all, quote: string) => {
		// By characters, since half of a surrogate pair is none.
		const characters = [...quote.slice(0, 2 * longestQuote + 2)];
		return characters.length > longestQuote
			? `${characters.slice(0, longestQuote).join('')}…`
			: quote;
	});
}
