import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** What n8n 3.0 removes: by the rules for its report in 2.41.1, and by its list of breaking changes. */
const removed = {
	'n8n-nodes-base':
		'aiTransform cron function functionItem htmlExtract iCal interval itemLists moveBinaryData openAi orbit readBinaryFile readBinaryFiles readPDF workflowTrigger writeBinaryFile ',
	'@n8n/n8n-nodes-langchain':
		'code documentBinaryInputLoader documentGithubLoader documentJsonInputLoader lmOpenAi manualChatTrigger memoryChatRetriever memoryMotorhead memoryZep openAiAssistant toolHttpRequest toolSerpApi vectorStoreInMemoryInsert vectorStoreInMemoryLoad vectorStorePineconeInsert vectorStorePineconeLoad vectorStoreSupabaseInsert vectorStoreSupabaseLoad vectorStoreZep vectorStoreZepInsert vectorStoreZepLoad ',
};
const removedTypes = Object.entries(removed).flatMap(([name, types]) =>
	types
		.trim()
		.split(' ')
		.map((type) => `${name}.${type}`),
);
/** Helpers of expressions and of the Code node. */
const removedHelpers = ['$evaluate' + 'Expression', '$getPaired' + 'Item'];

const files = execFileSync('git', ['ls-files', '-z'], { cwd: root })
	.toString()
	.split('\0')
	.filter(
		(file) => /\.(ts|mjs|cjs|js|json|md|ya?ml)$/.test(file) && file !== 'test/unit/n8n3.test.ts',
	)
	.filter((file) => !file.endsWith('package-lock.json'));
// What is written of them, and a test that wants n8n to report one.
const speakOfThem = ['CHANGELOG.md', 'test/e2e/installation.e2e.test.ts'];

/** What of these stands in a file, as a whole name. */
function found(text: string, names: string[]): string[] {
	return names.filter((name) =>
		text
			.split(name)
			.slice(1)
			.some((rest) => !/^\w/.test(rest)),
	);
}

it('a name counts as a whole only', () => {
	expect(found('n8n-nodes-base.functionItem', removedTypes)).toEqual([
		'n8n-nodes-base.functionItem',
	]);
});

it('what n8n 3.0 removes is used nowhere', () => {
	const uses = files
		.filter((file) => !speakOfThem.includes(file))
		.flatMap((file) =>
			found(readFileSync(join(root, file), 'utf8'), [...removedTypes, ...removedHelpers]).map(
				(name) => `${file}: ${name}`,
			),
		);
	expect(uses).toEqual([]);
});
