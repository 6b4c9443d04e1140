import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const reference = read('docs/partnero-api.md');
const assumptions = read('docs/assumptions.md');

const PAGE = 'partnero-api' + '.md';
/** One place, as a comment names it: 2.4, §2.4, row 4, N13, A4, E8. */
const PLACE = String.raw`(?:§?\d+(?:\.\d+)*|row \d+|[NAE]\d+)\b`;
const CITATION = new RegExp(
	String.raw`${PAGE.replace('.', String.raw`\.`)}\`?,? (?:section )?(${PLACE}(?:(?:, | to | and |-| )${PLACE})*)`,
	'g',
);

/** The places that a text cites, a list for each citation. */
function citations(text: string): string[][] {
	const onOneLine = text.replace(/\n\s*(?:\*(?!\/)|\/\/|#)?\s*/g, ' ');
	return [...onOneLine.matchAll(CITATION)].map(([, places]) => placesIn(places));
}

function placesIn(text: string): string[] {
	return text.match(new RegExp(PLACE, 'g')) ?? [];
}

/** Those of a citation's places that the reference does not have. A number alone behind 5.1 is a row of its table. */
function missing(places: string[]): string[] {
	return places.filter((place, index) => {
		const row = /^row (\d+)$/.exec(place)?.[1] ?? (places[index - 1] === '5.1' ? place : undefined);
		if (row && /^\d+$/.test(row)) {
			const [, table] = reference.split(/^### 5\.1 .*$/m);
			return !table.split(/^#/m)[0].includes(`\n| ${row} | `);
		}
		if (/^N/.test(place)) return !reference.includes(`\n| ${place} | `);
		if (/^A/.test(place)) return !assumptions.includes(`\n| ${place} | `);
		if (/^E/.test(place)) return !reference.includes(`\n**${place} `);
		return !reference.match(new RegExp(`^#+ ${place.slice(place.indexOf('§') + 1)}\\.? `, 'm'));
	});
}

const files = execFileSync('git', ['grep', '-lI', '-e', PAGE], { cwd: root })
	.toString()
	.trim()
	.split('\n');

it('a citation without its section is found, in each form that comments have', () => {
	const text = `(\`${PAGE}\` 2.4, 9.9), (${PAGE} §7.7), \`${PAGE}\` 10, A99; (${PAGE} 5.1,\n * row 99), ${PAGE} 5.1, 98; ${PAGE} E99, N99`;
	expect(citations(text).flatMap(missing)).toEqual([
		...['9.9', '§7.7', 'A99', 'row 99', '98', 'E99', 'N99'],
	]);
});

it.each(files)('every place of the API reference that %s cites is there', (file) => {
	const text = read(file);
	const sources = file.endsWith('foreignClients.test.ts')
		? [...text.matchAll(/\bsource: '([^']+)'/g)].map(([, places]) => placesIn(places))
		: [];
	expect([...citations(text), ...sources].flatMap(missing)).toEqual([]);
});

const RULES = 'recording-rules' + '.md';
const rules = read(`docs/${RULES}`);
const citingRules = execFileSync('git', ['grep', '-lI', '-e', `\`${RULES}\``], { cwd: root })
	.toString()
	.trim()
	.split('\n');

it.each(citingRules)('every rule of recording that %s cites is there', (file) => {
	const onOneLine = read(file).replace(/\n\s*(?:\*(?!\/)|\/\/)?\s*/g, ' ');
	const cited = [...onOneLine.matchAll(new RegExp(`\`${RULES}\`,? (\\d+)`, 'g'))];
	expect(cited.map(([, rule]) => rule).filter((rule) => !rules.includes(`\n${rule}. **`))).toEqual(
		[],
	);
});
