import type { ProgramName } from './programs';
import { PROGRAM_NAMES, PROGRAMS } from './programs';
import type { Sandbox } from './server';

/** Where it listens unless somebody wants it elsewhere. */
export const DEFAULT_PORT = 4010;

/** Where the sandbox's page and controls are. */
function controlsOf(url: string): string {
	return new URL('/_sandbox', url).href;
}

/** The keys, as a person looks for them: by the type of program. */
export function keysOf({ keys }: Pick<Sandbox, 'keys'>): Array<{ title: string; key: string }> {
	return PROGRAM_NAMES.map((name) => ({
		title: `${capitalized(PROGRAMS[name].title)} key`,
		key: keys[name],
	}));
}

/** The command that makes an event happen; without quotes inside it, so that every shell takes it. */
export function eventCommand(url: string, event: string, program?: ProgramName): string {
	const more = program === undefined ? '' : `&program=${program}`;
	return `curl -X POST "${controlsOf(url)}/events?event=${event}${more}"`;
}

/** What somebody needs to know of a running sandbox, a line each: for `npm run sandbox` and for the demo. */
export function introduction(sandbox: Sandbox): string[] {
	const controls = controlsOf(sandbox.url);
	const rows: Array<[string, string]> = [
		['Page', `${new URL('/', sandbox.url).href}  (events, faults, switches, reset)`],
		['Base URL', sandbox.url],
		...keysOf(sandbox).map(({ title, key }): [string, string] => [title, key]),
		['Manners', sandbox.manners],
		['Ledger', `${controls}/ledger  (?program=referAFriend)`],
		['Requests', `${controls}/requests`],
		['Webhook deliveries', `${controls}/deliveries`],
	];
	const width = Math.max(...rows.map(([title]) => title.length)) + 2;
	return [
		...rows.map(([title, text]) => `  ${title.padEnd(width)}${text}`),
		'',
		'Make something happen for a trigger, on the page or with a command:',
		`  ${eventCommand(sandbox.url, 'partner.created')}`,
	];
}

function capitalized(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}
