import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { resources } from '../../nodes/Partnero/resources';
import { events } from '../../nodes/Partnero/resources/webhook/events';

const root = resolve(__dirname, '../..');
const table = readFileSync(join(root, 'docs/operations.md'), 'utf8');

function sentence(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

it('docs/operations.md has a row for every operation, and no other', () => {
	const rows = resources.flatMap(({ entry, operations, programs }) => [
		`| **${entry.name}** | | ${programs ? `${sentence(`${programs.join(' and ')} programs`)} ` : ''}|`,
		...operations.map(
			({ entry: { name, description }, request: { method, url } }) =>
				`| ${name} | \`${method} ${url}\` | ${description} |`,
		),
	]);
	expect(table.split('\n').filter((line) => /^\| (?!Operation|---)/.test(line))).toEqual(rows);
});

it('docs/triggers.md has a row for every event, and no other', () => {
	const page = readFileSync(join(root, 'docs/triggers.md'), 'utf8');
	const rows = events.map(
		({ name, value, description }) => `| ${name} | \`${value}\` | ${description} |`,
	);
	expect(page.split('\n').filter((line) => /^\| .+ \| `\w+\.\w+` \|/.test(line))).toEqual(rows);
	expect(page).toContain(`\n### Its ${rows.length} events\n`);
});

it('the README is read on one page', () => {
	expect(readFileSync(join(root, 'README.md')).length).toBeLessThanOrEqual(9_216);
});

const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root })
	.toString()
	.trim()
	.split('\n');

it.each(pages)('every file and heading that %s links to is there', (page) => {
	const text = readFileSync(join(root, page), 'utf8').replace(/^ *```.*?^ *```/gms, '');
	const links = [...text.matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, target]) => target);
	const missing = links.filter((target) => {
		const [path, heading] = target.split('#');
		const file = path ? join(root, dirname(page), path) : join(root, page);
		if (!existsSync(file)) return true;
		return heading !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(heading);
	});
	expect(missing).toEqual([]);
});

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	scripts: Record<string, string>;
};

it.each(pages)('every npm script that %s names is there', (page) => {
	const text = readFileSync(join(root, page), 'utf8');
	const named = [...text.matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name);
	expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(text: string): string[] {
	return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\w\s-]/g, '')
			.replace(/\s/g, '-'),
	);
}
