import { text } from 'node:stream/consumers';

import { ESLint } from 'eslint';

// Lints texts as if they stood in files: `[{ file, code }]` from standard input, the names of the rules to standard
// output. A process of its own, since Jest cannot load ESLint's configuration.
// In CI the TypeScript parser would otherwise read the file from disk in place of the text.
process.env.TSESTREE_SINGLE_RUN = 'false';
const eslint = new ESLint();
const found = [];
for (const { file, code } of JSON.parse(await text(process.stdin))) {
	const [{ messages }] = await eslint.lintText(code, { filePath: file });
	found.push(messages.map(({ ruleId, message }) => ruleId ?? message));
}
process.stdout.write(JSON.stringify(found));
