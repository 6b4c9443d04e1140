import type { DocumentLine, ReportDocument } from './document';
import { remarksInWords } from './document';

/** Slack's limits for blocks, a header, and the text of a section. */
const mostBlocks = 50;
const longestHeader = 150;
const longestText = 3000;

/** A line is cut before a section could be full of it; the fields of the output have it whole. */
const longestLine = 400;

/** A block of Slack's Block Kit. */
export type SlackBlock =
	| { type: 'divider' }
	| { type: 'header' | 'section'; text: SlackText }
	| { type: 'context'; elements: SlackText[] };

interface SlackText {
	type: 'plain_text' | 'mrkdwn';
	text: string;
	emoji?: false;
	verbatim?: true;
}

/**
 * The document as Block Kit, in the form that the Blocks field of n8n's Slack node takes. What does not fit into 50
 * blocks is left out, and the last one says so.
 */
export function documentAsSlackBlocks({ title, subtitle, sections, notes }: ReportDocument): {
	blocks: SlackBlock[];
} {
	const blocks: SlackBlock[] = [
		{ type: 'header', text: { type: 'plain_text', text: cut(title, longestHeader), emoji: false } },
		context(cut(subtitle, longestLine)),
		...sections.flatMap(({ heading, lines }): SlackBlock[] => {
			const texts = chunks([
				...(heading ? [`*${escapeMrkdwn(cut(heading, longestLine))}*`] : []),
				...lines.map(slackLine),
			]);
			return texts.length > 0
				? [
						{ type: 'divider' },
						...texts.map((text): SlackBlock => ({ type: 'section', text: mrkdwn(text) })),
					]
				: [];
		}),
		...notes.map((note) => context(cut(note, longestLine))),
	];
	if (blocks.length <= mostBlocks) return { blocks };
	return {
		blocks: [
			...blocks.slice(0, mostBlocks - 1),
			context('There is more than a message of Slack holds: see the fields, or the mail.'),
		],
	};
}

function slackLine(line: DocumentLine): string {
	const remarks = remarksInWords(line);
	const whole = `${cut(line.label, longestLine / 2)}: `;
	return `${escapeMrkdwn(whole)}*${escapeMrkdwn(line.value)}*${remarks ? escapeMrkdwn(` (${cut(remarks, longestLine / 2)})`) : ''}`;
}

/** Lines in as few texts as their length allows. */
function chunks(lines: string[]): string[] {
	const texts: string[] = [];
	for (const line of lines) {
		const last = texts.at(-1);
		if (last !== undefined && last.length + 1 + line.length <= longestText)
			texts[texts.length - 1] = `${last}\n${line}`;
		else texts.push(line);
	}
	return texts;
}

function context(text: string): SlackBlock {
	return { type: 'context', elements: [mrkdwn(escapeMrkdwn(text))] };
}

/** Verbatim: an address or an @name in the text of the API does not become a link or a mention. */
function mrkdwn(text: string): SlackText {
	return { type: 'mrkdwn', text, verbatim: true };
}

function cut(text: string, longest: number): string {
	if (text.length <= longest) return text;
	// Not through the middle of a character of two units.
	return `${text.slice(0, longest - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** The three characters that mean something to Slack. */
function escapeMrkdwn(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
