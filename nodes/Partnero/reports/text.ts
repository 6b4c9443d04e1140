import type { Line, View } from './view';

/** The report as plain text, one number to a line: for chats, logs and plain mail. */
export function renderText({ title, subtitle, sections, notes }: View): string {
	const blocks = [
		[title, subtitle],
		...sections.map(({ heading, lines }) => [
			...(heading ? [heading] : []),
			...lines.map(renderLine),
		]),
		notes,
	];
	return blocks
		.filter((block) => block.length > 0)
		.map((block) => block.join('\n'))
		.join('\n\n');
}

function renderLine({ label, value, share, growth, since }: Line): string {
	const remarks = [share, growth && `growth ${growth}`, since && `${since} since last report`];
	const said = remarks.filter((remark) => remark !== undefined).join(', ');
	return `- ${label}: ${value}${said ? ` (${said})` : ''}`;
}
