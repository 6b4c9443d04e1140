/** From how many characters on a shorter key that begins alike may be this one, cut off by the server. */
export const shortestCut = 32;

/** Where servers are known, or may be expected, to cut a key off (`partnero-api.md` 9, N18, and usual widths of columns). */
const usualCuts = [64, 100, 128, 191];

/** Accents and the like, and characters that are not seen: a database's comparison leaves them out. */
const unweighted = /[\p{Script=Inherited}\p{Cf}]/gu;

/** Pictures and whatever else takes four bytes: in MySQL's usual comparison all of them are one character. */
const fourBytes = /[\u{10000}-\u{10ffff}]/gu;

/**
 * What locks and memories know a key by: keys that Partnero may take for the same have the same. Laravel's usual
 * comparison (`utf8mb4_unicode_ci`) knows no case, no accents, and no difference between two pictures.
 */
export function foldKey(key: string): string {
	const plain = key.normalize('NFKD').replace(unweighted, '').replace(fourBytes, '\ufffd');
	// Upper case first, which makes two letters of one like the German sharp s.
	const folded = plain.trim().toUpperCase().toLowerCase().normalize('NFC');
	// By digits: as a floating-point number, long ones would be rounded to the same.
	return /^\d+$/.test(folded) ? folded.replace(/^0+(?=\d)/, '') : folded;
}

/** Whether Partnero may take a record's key for another one that is to be sent. */
export function isSimilarKey(recorded: unknown, key: string, cutAt?: number): boolean {
	if (typeof recorded === 'number' && Number(key) === recorded) return true;
	const text = String(recorded ?? '');
	if (text === '') return false;
	return (
		foldKey(text) === foldKey(key) ||
		isCutOff(text, key) ||
		(cutAt !== undefined && text === key.slice(0, cutAt))
	);
}

/** Whether a recorded key is a longer one, cut off. */
export function isCutOff(recorded: string, key: string): boolean {
	return recorded.length >= shortestCut && recorded.length < key.length && key.startsWith(recorded);
}

/**
 * Under which other keys a sale may stand that was sent with this one: cut off, where it is that long.
 * @param cutAt where this server is known to cut
 */
export function cutForms(key: string, cutAt?: number): string[] {
	const cuts = cutAt === undefined ? usualCuts : [cutAt];
	return cuts.filter((length) => length < key.length).map((length) => key.slice(0, length));
}
