import type { Rule } from '../operation';

/** What tells a link from the key in it. */
const keyAlone: Rule = {
	pattern: /^(?!.*(?::\/\/|\?(?:.*&)?(?:aff|ref)=))/is,
	demand: 'the key alone, not the link: what follows "aff=" or "ref=" in the link',
};

/** For text fields that hold a referral key, by their paths: a link in its place would become the key, or match nobody. */
export function keysAlone(...paths: string[]): { [path: string]: Rule } {
	return Object.fromEntries(paths.map((path) => [path, keyAlone]));
}
