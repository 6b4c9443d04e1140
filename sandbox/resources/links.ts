import type { Customer, Partner } from '../records';
import type { ProgramState } from '../state';
import { SHOP_URL } from '../state';

/** Whoever has referral links: the key of the default one, and those of further ones. */
export type LinkOwner = Partner | Customer;

/** What a key follows on the shop, or on one of the program's further domains (partnero-api.md 2.10). */
export function linkStart(program: ProgramState, domain: string | null = null): string {
	const place = program.linkDomains.find(({ id }) => id === domain);
	return `${place ? `https://${place.domain}` : SHOP_URL}?${program.isReferAFriend() ? 'ref' : 'aff'}=`;
}

export function linkUrl(program: ProgramState, key: string): string {
	return `${linkStart(program, program.linkPlaces.get(key)?.domain)}${encodeURIComponent(key)}`;
}

/** The keys of all links of a partner or customer, the default one first. */
export function linkKeys({ key, moreKeys }: LinkOwner): string[] {
	return [key, ...moreKeys];
}

/** What every full object of a partner or customer says of its links. */
export function linksOf(program: ProgramState, owner: LinkOwner) {
	return {
		referral_link: linkUrl(program, owner.key),
		referral_links: linkKeys(owner).map((key) => linkUrl(program, key)),
	};
}
