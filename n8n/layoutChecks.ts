/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/**
 * What would annoy whoever looks at a form: cut or shortened texts, placeholders that do not fit, raw
 * values and code. Runs in the page, so it uses nothing from outside.
 */
export function layoutProblems(form: Element): string[] {
	const problems: string[] = [];
	const isShown = (element: Element) => (element as HTMLElement).offsetParent !== null;
	const ownText = (element: Element) =>
		[...element.childNodes]
			.filter(({ nodeType }) => nodeType === Node.TEXT_NODE)
			.map(({ textContent }) => textContent)
			.join('')
			.trim();
	for (const element of form.querySelectorAll('*')) {
		const text = ownText(element);
		if (!text || !isShown(element)) continue;
		const { textOverflow, overflowX } = getComputedStyle(element);
		const cuts = textOverflow === 'ellipsis' || overflowX === 'hidden';
		if (cuts && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0)
			problems.push(`cut off: ${text}`);
		if (/(\.\.\.|…)$/.test(text) && !element.closest('[data-test-id=node-feature-request]'))
			problems.push(`shortened: ${text}`);
		if (/^\s*[[{]|\[object |undefined|NaN/.test(text)) problems.push(`raw: ${text}`);
	}
	for (const input of form.querySelectorAll<HTMLInputElement>('input:not([type=checkbox])')) {
		if (!isShown(input)) continue;
		if (/^\s*[[{]|\[object |undefined|NaN/.test(input.value)) problems.push(`raw: ${input.value}`);
		const shown = input.value || input.placeholder;
		const { font, paddingLeft, paddingRight } = getComputedStyle(input);
		const pen = document.createElement('canvas').getContext('2d');
		if (!pen) continue;
		pen.font = font;
		const room = input.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
		if (pen.measureText(shown).width > room + 1) problems.push(`does not fit: ${shown}`);
	}
	for (const code of form.querySelectorAll('.cm-editor'))
		if (isShown(code)) problems.push(`code: ${(code as HTMLElement).innerText}`);
	return problems;
}
