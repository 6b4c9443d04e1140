import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { resources } from '../../nodes/Partnero/resources';

const readme = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const table = readme.slice(readme.indexOf('## Operations'), readme.indexOf('## Record sales safely'));

function sentence(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

it('the README has a row for every operation, and no other', () => {
	const rows = resources.flatMap(({ entry, operations, programs }) => [
		`| **${entry.name}** | | ${programs ? `${sentence(`${programs.join(' and ')} programs`)} ` : ''}|`,
		...operations.map(
			({ entry: { name, description }, request: { method, url } }) =>
				`| ${name} | \`${method} ${url}\` | ${description} |`,
		),
	]);
	expect(table.split('\n').filter((line) => /^\| (?!Operation|---)/.test(line))).toEqual(rows);
});

it('every file and heading that the README links to is there', () => {
	const links = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target]) => target);
	const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		`#${heading.toLowerCase().replace(/[^\w\s-]/g, '').replace(/\s/g, '-')}`,
	);
	const missing = links.filter((target) => {
		if (target.startsWith('#')) return !anchors.includes(target);
		try {
			readFileSync(join(__dirname, '../..', target.split('#')[0]));
			return false;
		} catch {
			return true;
		}
	});
	expect(missing).toEqual([]);
});
