/** The two texts of an error that a person reads. */
interface ErrorTexts {
	message: string;
	description?: string | null;
}

/** Words of schemas and of validators, and ways to say a thing that has one way here. */
const schemaWords =
	/has to be|must match (?:format|pattern|exactly)|must NOT have|\[object Object\]|\bheed/;

/** What a tired reader would stumble over in an error; empty if it reads well. */
export function stumblingBlocks({ message, description }: ErrorTexts): string[] {
	// What the model of an agent reads has all in the message.
	const [title, ...more] = message.replace(/ \[item \d+ of \d+\]$/, '').split('\n');
	const advice = [...more, ...(description?.split('\n') ?? [])].filter((line) => line.trim());
	return [
		schemaWords.test([title, ...advice].join('\n')) &&
			'uses words of schemas, or an outdated phrase',
		/(?<!\.)\.$/.test(title) && 'has a title that ends with a full stop',
		/\[item \d+\]|\[item .*\[item /.test(message) && 'names the item twice, or counts from 0',
		// The editor shows the lines one behind the other.
		!advice.every((line) => /[.!?…]["')]?$/.test(line)) && 'has advice that is no sentence',
		title.length > 20 && advice.some((line) => line.includes(title)) && 'says its title twice',
	].flatMap((block) => (block ? [`"${message}" (${description ?? ''}) ${block}`] : []));
}

/**
 * Every error that a test provokes has to read well, whatever the test is about.
 * @throws if one does not
 */
export function checkTexts(errors: ErrorTexts[]): void {
	const blocks = errors.flatMap(stumblingBlocks);
	if (blocks.length > 0) throw new Error(blocks.slice(0, 5).join('\n'));
}
