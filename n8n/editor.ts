/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Locator, Page } from 'playwright-core';

import type { Browser } from './browser';
import { openBrowser } from './browser';
import { OWNER } from './client';
import { layoutProblems } from './layoutChecks';

const THEMES = ['light', 'dark'] as const;
/** Of a picture with a caption; the lower part of a form is of no interest there. */
const FRAME_HEIGHT = 580;

/** Around what a picture of the canvas shows, in pixels. */
const MARGIN = 24;
/** Hides what lies over the canvas. */
const ONLY_CANVAS =
	'body * { visibility: hidden !important } .vue-flow__transformationpane, .vue-flow__transformationpane * { visibility: visible !important } .vue-flow__transformationpane [data-test-id^="execute-workflow-button"] { visibility: hidden !important }';

/** The editor asks for the output schema of every node, and some of n8n's own have none. */
function isMissingSchema(url: string): boolean {
	return url.includes('/schemas/n8n-nodes-base.');
}

/** What a person reads of an error in a node's panel. */
export interface ShownError {
	title: string;
	description: string;
}

/**
 * n8n's editor as a person uses it: what is clicked, typed and read. Each thing in it is found by the
 * `data-test-id` that n8n gives it, or by the words that a person sees.
 */
export class Editor {
	/** What went wrong behind the scenes: messages of the console, answers with an error status, requests off this machine. */
	readonly problems: string[] = [];

	private constructor(
		readonly url: string,
		private readonly browser: Browser,
	) {
		const { page, problems } = this;
		page.on('console', (message) => {
			if (message.type() === 'error' && !isMissingSchema(message.location().url))
				problems.push(`console: ${message.text()}`);
		});
		page.on('pageerror', ({ message }) => problems.push(`page: ${message}`));
		page.on('response', (response) => {
			if (response.status() >= 400 && !isMissingSchema(response.url()))
				problems.push(`${response.status()}: ${response.url()}`);
		});
		// The editor asks before it throws a change away.
		page.on('dialog', (dialog) => void dialog.accept());
	}

	/** Opens n8n's address, as nobody yet. */
	static async open(url: string): Promise<Editor> {
		const editor = new Editor(url, await openBrowser());
		await editor.stayHere();
		await editor.page.goto(url);
		return editor;
	}

	/** Lets nothing leave this machine. What n8n asks npm, whether a package is up to date, is no problem. */
	private async stayHere(): Promise<void> {
		await this.page.route(
			({ origin, protocol }) => protocol.startsWith('http') && origin !== new URL(this.url).origin,
			async (route) => {
				const { origin, pathname } = new URL(route.request().url());
				if (!pathname.includes('n8n-nodes-')) this.problems.push(`left for ${origin}`);
				await route.fulfill({ json: {}, headers: { 'access-control-allow-origin': '*' } });
			},
		);
	}

	get page(): Page {
		return this.browser.page;
	}

	async close(): Promise<void> {
		await this.browser.close();
	}

	async signIn({
		email,
		password,
	}: Pick<typeof OWNER, 'email' | 'password'> = OWNER): Promise<void> {
		await this.page.getByTestId('emailOrLdapLoginId').locator('input').fill(email);
		await this.page.getByTestId('password').locator('input').fill(password);
		await this.page.getByTestId('form-submit-button').click();
		await this.page.getByTestId('main-sidebar-settings').waitFor();
	}

	/** Credentials, Create credential, the type by its name. */
	async newCredential(type: string): Promise<CredentialDialog> {
		await this.page.goto(`${this.url}/home/credentials`);
		await this.page.getByTestId('add-resource-credential').click();
		await this.page.getByTestId('new-credential-type-select').locator('input').fill(type);
		await this.page.locator('.el-select-dropdown:visible').getByText(type, { exact: true }).click();
		await this.page.getByTestId('new-credential-type-button').click();
		return await this.shownCredential();
	}

	/** A credential of the list, by its name. */
	async openCredential(name: string): Promise<CredentialDialog> {
		await this.page.goto(`${this.url}/home/credentials`);
		await this.page.getByTestId('resources-list-item').getByText(name, { exact: true }).click();
		return await this.shownCredential();
	}

	private async shownCredential(): Promise<CredentialDialog> {
		const dialog = this.page.getByTestId('credential-edit-dialog');
		await dialog.getByTestId('credential-connection-parameter').first().waitFor();
		return new CredentialDialog(dialog);
	}

	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.url}/workflow/new`);
		await this.page.getByTestId('canvas-plus-button').waitFor();
	}

	/** Pastes nodes on the canvas, as Ctrl+V does. */
	async paste(text: string): Promise<void> {
		await this.page.evaluate((pasted) => {
			const clipboardData = new DataTransfer();
			clipboardData.setData('text/plain', pasted);
			document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
		}, text);
		await this.page.getByTestId('canvas-node').first().waitFor();
	}

	/** Imports a file into a new workflow, as Import from File does. */
	async importWorkflow(file: string): Promise<void> {
		await this.newWorkflow();
		await this.page.locator('input[type=file]').first().setInputFiles(file);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.settled(this.page.getByTestId('canvas-node').first());
	}

	/** Presses the button beside a trigger, and returns what n8n says once the workflow has ended. */
	async executeFrom(trigger: string): Promise<string> {
		await this.node(trigger).hover();
		await this.page.getByTestId(`execute-workflow-button-${trigger}`).click();
		const notice = this.page
			.locator('.el-notification')
			.filter({ hasText: /Workflow executed|Problem/ })
			.first();
		await notice.waitFor();
		return (await notice.innerText()).trim();
	}

	/** Where the orange button under the canvas starts, as far as it says so: it shortens long names. */
	async startsAt(): Promise<string | undefined> {
		const text = await this.page.getByTestId('execute-workflow-button').first().innerText();
		return /from\s+([^…]+?)(?:…|\.\.\.)?\s*$/.exec(text)?.[1];
	}

	/** The titles of notes whose text does not fit. */
	async cutNotes(): Promise<string[]> {
		return await this.page.getByTestId('sticky').evaluateAll((notes) =>
			notes
				.filter((note) => {
					const end = note.getBoundingClientRect().bottom;
					return [...note.querySelectorAll('p, li')].some(
						(text) => text.getBoundingClientRect().bottom > end,
					);
				})
				.map((note) => note.querySelector('h2')?.innerText ?? ''),
		);
	}

	async openWorkflow(id: string): Promise<void> {
		await this.page.goto(`${this.url}/workflow/${id}`);
		await this.page.getByTestId('canvas-node').first().waitFor();
		await this.settled(this.page.getByTestId('canvas-node').first());
	}

	/** Presses the plus on an empty canvas, or the one behind the last node, and searches for a node. */
	async findStep(search: string, found?: string): Promise<NodeCreator> {
		const plus = this.page
			.getByTestId('canvas-plus-button')
			.or(this.page.getByTestId('canvas-handle-plus'));
		await plus.last().click();
		return await NodeCreator.search(this.page, search, found);
	}

	/** Presses the plus under an agent, and searches for a tool. */
	async findTool(agent: string, search: string): Promise<NodeCreator> {
		await this.node(agent).getByTestId('canvas-handle-plus-wrapper').last().click();
		return await NodeCreator.search(this.page, search);
	}

	/** Runs the open workflow, and waits until the editor says that it went well. */
	async execute(): Promise<void> {
		await this.page.getByTestId('execute-workflow-button').first().click();
		await this.page.getByText('Workflow executed successfully').first().waitFor();
		await this.dismissNotices();
	}

	/** Opens the chat below the canvas. */
	async openChat(): Promise<Chat> {
		await this.page.getByTestId('workflow-chat-button').click();
		const panel = this.page.getByTestId('canvas-chat');
		await panel.waitFor();
		return new Chat(panel);
	}

	/** Opens a node's panel with a double click. */
	async openNode(name: string): Promise<NodePanel> {
		await this.node(name).getByTestId('canvas-default-node').or(this.node(name)).first().dblclick();
		return await this.shownNode();
	}

	/** The panel that is open. */
	async shownNode(): Promise<NodePanel> {
		const panel = this.page.getByTestId('ndv');
		await panel.getByTestId('node-parameters').getByTestId('parameter-item').first().waitFor();
		return new NodePanel(panel, this.page);
	}

	/** What is said in a corner of the window, and covers it. */
	async dismissNotices(): Promise<void> {
		const notices = this.page.locator('.el-notification');
		while ((await notices.count()) > 0) {
			// It may go by itself meanwhile.
			await notices
				.first()
				.locator('.el-notification__closeBtn')
				.click({ timeout: 500 })
				.catch(() => undefined);
		}
	}

	/** Whether a text can be read in the window. */
	async shows(text: string): Promise<boolean> {
		return (await this.page.locator('body').innerText()).includes(text);
	}

	/** Whether a text stands anywhere in the page, hidden or not. */
	async contains(text: string): Promise<boolean> {
		return (await this.page.content()).includes(text);
	}

	/** Takes a picture. */
	async picture(file: string): Promise<void> {
		mkdirSync(dirname(file), { recursive: true });
		// Nothing lights up because the mouse happens to be there.
		await this.page.mouse.move(0, 0);
		await this.page.screenshot({ path: file, animations: 'disabled' });
	}

	/**
	 * Takes a picture of the nodes and notes on the canvas and nothing else.
	 * @param width how wide the window is meanwhile, which says how much is scaled down
	 */
	async pictureOfCanvas(file: string, width = 1920): Promise<void> {
		const window = this.page.viewportSize()!;
		await this.page.setViewportSize({ width, height: Math.round(width * 0.625) });
		await this.page.getByTestId('zoom-to-fit').click();
		const nodes = this.page.locator('.vue-flow__node');
		await this.settled(nodes.first());
		const boxes = await nodes.evaluateAll((elements) =>
			elements.map((element) => element.getBoundingClientRect()),
		);
		// Names are wider than their nodes, and stand below them.
		const left = Math.min(...boxes.map((box) => box.left)) - MARGIN;
		const top = Math.min(...boxes.map((box) => box.top)) - MARGIN;
		const right = Math.max(...boxes.map((box) => box.right)) + 2 * MARGIN;
		const bottom = Math.max(...boxes.map((box) => box.bottom)) + 2 * MARGIN;
		mkdirSync(dirname(file), { recursive: true });
		await this.page.mouse.move(0, 0);
		await this.page.screenshot({
			path: file,
			animations: 'disabled',
			scale: 'css',
			clip: { x: left, y: top, width: right - left, height: bottom - top },
			style: ONLY_CANVAS,
		});
		await this.page.setViewportSize(window);
		await this.page.getByTestId('zoom-to-fit').click();
		await this.settled(nodes.first());
	}

	/** Takes one picture of a moving one: the open panel without its input, and below it what is to be seen. */
	async frame(file: string, caption: string): Promise<void> {
		const bar = await this.page.evaluateHandle(captionBar, { caption, bottom: FRAME_HEIGHT });
		const form = (await this.page.getByTestId('node-parameters').first().boundingBox())!;
		const output = (await this.page.getByTestId('output-panel').boundingBox())!;
		mkdirSync(dirname(file), { recursive: true });
		await this.page.mouse.move(0, 0);
		await this.page.screenshot({
			path: file,
			animations: 'disabled',
			clip: {
				x: form.x,
				y: output.y,
				width: output.x + output.width - form.x,
				height: FRAME_HEIGHT,
			},
		});
		await bar.evaluate((element) => element.remove());
	}

	/** Takes a picture of a mail, as wide as mail programs show one, in which these texts have to stand. */
	async pictureOf(html: string, file: string, texts: string[]): Promise<void> {
		const mail = await this.page.context().newPage();
		try {
			await mail.setViewportSize({ width: 700, height: 900 });
			await mail.setContent(html);
			for (const text of texts) await mail.getByText(text).first().waitFor();
			await mail.screenshot({ path: file, fullPage: true });
		} finally {
			await mail.close();
		}
	}

	/** Takes a picture in n8n's light and in its dark theme, which follow the system's. */
	async pictures(file: string): Promise<void> {
		for (const colorScheme of THEMES) {
			await this.page.emulateMedia({ colorScheme });
			await this.picture(`${file}.${colorScheme}.png`);
		}
		await this.page.emulateMedia({ colorScheme: 'light' });
	}

	private node(name: string): Locator {
		return this.page.locator(`[data-test-id=canvas-node][data-node-name="${name}"]`);
	}

	/** Waits until something stands still: the canvas moves its nodes into view a moment after it shows them. */
	private async settled(thing: Locator): Promise<void> {
		let last = '';
		for (let still = 0; still < 3;) {
			const place = JSON.stringify(await thing.boundingBox());
			still = place === last ? still + 1 : 0;
			last = place;
			await this.page.waitForTimeout(100);
		}
	}
}

/** The dialog of a credential. */
export class CredentialDialog {
	constructor(private readonly dialog: Locator) {}

	field(name: string): Locator {
		return this.dialog.getByTestId(`parameter-input-${name}`).locator('input');
	}

	/** Saves, which also tries the connection. */
	async save(): Promise<void> {
		await this.dialog.page().getByTestId('credential-save-button').click();
	}

	/** Waits until the dialog says that the connection works. */
	async works(): Promise<string> {
		const banner = this.dialog.getByTestId('credentials-config-container-test-success');
		await banner.waitFor();
		return await firstLine(banner);
	}

	/** Waits until the dialog says that the connection does not work, and under "More details" why. */
	async fails(why: string): Promise<void> {
		await this.dialog.getByText('Couldn’t connect with these settings').waitFor();
		const details = this.dialog.getByText('More details');
		const reason = this.dialog.getByText(why);
		await details.or(reason).first().waitFor();
		if (await details.isVisible()) await details.click();
		await reason.waitFor();
	}

	async close(): Promise<void> {
		await this.dialog.page().keyboard.press('Escape');
		await this.dialog.waitFor({ state: 'hidden' });
	}
}

/** The chat in which a workflow with a Chat Trigger is tried. */
export class Chat {
	private said = '';

	constructor(private readonly panel: Locator) {}

	/** Says something once n8n takes it, which it does not while a workflow is running. */
	async say(text: string): Promise<void> {
		this.said = text;
		const input = this.panel.locator('textarea');
		await input.fill(text);
		while ((await input.inputValue()) !== '') {
			await this.panel.locator('.chat-input-send-button:not([disabled])').click();
			await this.panel.page().waitForTimeout(200);
		}
	}

	/** Waits for an answer with this text to what was said last. */
	async reads(text: string): Promise<void> {
		const deadline = Date.now() + 60_000;
		let answers = '';
		do {
			await this.panel.page().waitForTimeout(100);
			const all = await this.messages.innerText();
			answers = all.slice(all.lastIndexOf(this.said) + this.said.length);
			if (answers.includes(text)) return;
		} while (Date.now() < deadline);
		throw new Error(`The chat never said "${text}", but: ${answers}`);
	}

	/** Presses a button of the newest message. */
	async press(name: string): Promise<void> {
		await this.messages.getByText(name, { exact: true }).last().click();
	}

	private get messages(): Locator {
		return this.panel.locator('.chat-messages-list');
	}
}

/** The panel in which a step is looked for. */
export class NodeCreator {
	private constructor(private readonly panel: Locator) {}

	/** @param found what it finds, where that is not called so */
	static async search(page: Page, text: string, found = text): Promise<NodeCreator> {
		const panel = page.getByTestId('node-creator');
		await panel.getByTestId('node-creator-search-bar').fill(text);
		const creator = new NodeCreator(panel);
		await creator.items.filter({ hasText: found }).first().waitFor();
		return creator;
	}

	/** Searches for something else, and waits for a node of this name to be among the results. */
	async searchAgain(text: string, expected: string): Promise<string[]> {
		const bar = this.panel.getByTestId('node-creator-search-bar');
		// So that the results of the last search are not taken for those of this one.
		await bar.fill('Postgres');
		await this.item(expected).first().waitFor({ state: 'hidden' });
		await bar.fill(text);
		await this.item(expected)
			.first()
			.waitFor()
			.catch(() => undefined);
		return await this.offered();
	}

	/** What is on offer: nodes at first, then what the chosen node can do. */
	async offered(): Promise<string[]> {
		return await this.panel.getByTestId('node-creator-item-name').allInnerTexts();
	}

	/** Whether every picture in it was found. */
	async showsIcons(): Promise<boolean> {
		return (await brokenImages(this.panel)).length === 0;
	}

	/** Chooses something whose name is this. */
	async choose(name: string): Promise<void> {
		await this.item(name).first().click();
	}

	/** Adds a node whose details are shown, where it has no list of what it can do. */
	async addToWorkflow(): Promise<void> {
		await this.panel.getByText('Add to workflow', { exact: true }).click();
	}

	/** Opens or closes a part of the list, such as "Actions (49)". */
	async unfold(title: RegExp): Promise<void> {
		await this.panel.getByTestId('node-creator-category-item').filter({ hasText: title }).click();
	}

	private get items(): Locator {
		return this.panel.getByTestId('item-iterator-item');
	}

	private item(name: string): Locator {
		return this.items.filter({ has: this.panel.page().getByText(name, { exact: true }) });
	}
}

/** The panel of a node: its input, its parameters, its output. */
export class NodePanel {
	constructor(
		private readonly panel: Locator,
		private readonly page: Page,
	) {}

	/** Picks an entry of a menu. */
	async choose(parameter: string, entry: string): Promise<void> {
		await this.input(parameter).click();
		await this.menu.getByText(entry, { exact: true }).click();
		await this.menu.waitFor({ state: 'hidden' });
	}

	/** The entries of a menu, each with its description. */
	async entriesOf(parameter: string): Promise<string[]> {
		await this.input(parameter).click();
		const entries = this.menu.locator('.el-select-dropdown__item');
		await entries.first().waitFor();
		const texts = await entries.allInnerTexts();
		await this.page.keyboard.press('Escape');
		await this.menu.waitFor({ state: 'hidden' });
		return texts;
	}

	/** Turns a switch. */
	async toggle(parameter: string): Promise<void> {
		await this.input(parameter)
			.locator('.el-switch')
			.or(this.input(parameter).getByRole('switch'))
			.first()
			.click();
	}

	async fill(parameter: string, text: string): Promise<void> {
		await this.input(parameter).locator('input, textarea').first().fill(text);
	}

	/** Presses the button beside a field of a tool that lets the agent's model fill it. */
	async letModelFill(parameter: string): Promise<void> {
		await this.input(parameter).getByTestId('from-ai-override-button').click();
		await this.panel
			.getByText(/defined automatically by the/i)
			.first()
			.waitFor();
	}

	/** Looks for a record in the list of a locator; returns what is found. */
	async search(locator: string, text: string): Promise<string[]> {
		const items = this.page.getByTestId('rlc-item');
		const open = this.page.getByTestId('rlc-search');
		// On a busy machine, a click on a form that has just appeared may open nothing.
		for (let clicks = 0; clicks < 5 && !(await open.isVisible()); clicks++) {
			await this.locator(locator).getByTestId('rlc-input-container').click();
			await open.waitFor({ timeout: 10_000 }).catch(() => undefined);
		}
		await items.first().waitFor();
		const answered = this.page.waitForResponse((response) =>
			response.url().includes('resource-locator-results'),
		);
		await open.fill(text);
		await answered;
		await items.first().waitFor();
		return await items.allInnerTexts();
	}

	/** Picks a record from the list that is open. */
	async pick(name: string): Promise<void> {
		await this.page.getByTestId('rlc-item').filter({ hasText: name }).click();
	}

	/** Names a record in one of the other ways that a locator offers. */
	async name(locator: string, mode: string, value: string): Promise<void> {
		await this.locator(locator).getByTestId('rlc-mode-selector').click();
		await this.menu.getByText(mode, { exact: true }).click();
		await this.locator(locator).getByTestId('rlc-input').fill(value);
	}

	/** Adds the field of a collection that has just one. */
	async addTo(collection: string): Promise<void> {
		const label = this.page.getByText(collection, { exact: true });
		await this.parameters
			.getByTestId('parameter-item')
			.filter({ has: label })
			.getByTestId('collection-parameter-add')
			.click();
	}

	/** Presses "Execute step", and waits for the end. */
	async execute(): Promise<void> {
		// n8n takes over what was typed a moment later, and shows nothing of it: a person has to move the mouse anyway.
		await this.page.waitForTimeout(1000);
		await this.panel.getByTestId('node-execute-button').click();
		await this.output
			.getByTestId('node-run-status-success')
			.or(this.output.getByTestId('node-error-message'))
			.first()
			.waitFor();
	}

	/** How many items came out, as the panel says it. */
	async itemCount(): Promise<string> {
		return (await this.output.getByTestId('ndv-items-count').first().innerText()).trim();
	}

	/** Shows the output as a table, and reads it: a row for each item, by column. */
	async table(): Promise<Array<Record<string, string>>> {
		await this.output.getByTestId('radio-button-table').click();
		await this.output.locator('table').waitFor();
		const columns = (await this.output.locator('th').allInnerTexts()).map((text) => text.trim());
		const rows = await this.output
			.locator('tbody tr')
			.evaluateAll((elements) =>
				elements.map((row) =>
					[...row.querySelectorAll('td')].map((cell) => (cell as HTMLElement).innerText.trim()),
				),
			);
		return rows.map((cells) =>
			Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? ''])),
		);
	}

	/** Shows the output as a schema, with a part of it folded, and frames one field with its value. */
	async showInSchema(field: string, folded: string): Promise<void> {
		await this.output.getByTestId('radio-button-schema').click();
		const row = (name: string) =>
			this.output
				.getByTestId('run-data-schema-item')
				.filter({ has: this.page.getByText(name, { exact: true }) });
		await row(folded).first().locator('.toggle').click();
		await row(field)
			.first()
			.evaluate((element) =>
				Object.assign(element.style, { outline: '3px solid #ff6d00', outlineOffset: '-3px' }),
			);
	}

	/** Reads the error that the panel shows instead of an output. */
	async error(): Promise<ShownError> {
		return {
			title: (await this.output.getByTestId('node-error-message').innerText()).trim(),
			description: (await this.output.getByTestId('node-error-description').innerText()).trim(),
		};
	}

	/** Changes to "Parameters" or "Settings". */
	async show(tab: 'params' | 'settings'): Promise<void> {
		await this.panel.getByTestId(`tab-${tab}`).click();
	}

	/** The labels of the form, top to bottom, as they can be read. */
	async labels(): Promise<string[]> {
		const labels = await this.panel
			.locator('.n8n-input-label')
			.evaluateAll((elements) =>
				elements
					.filter((label) => (label as HTMLElement).offsetParent !== null)
					.map((label) => (label as HTMLElement).innerText),
			);
		return labels.map((text) => text.split('\n')[0].trim());
	}

	/** What n8n says above the output. */
	async hints(): Promise<string[]> {
		const texts = await this.output.getByTestId('node-hint').allInnerTexts();
		return texts.map((text) => text.trim());
	}

	/** Waits until a hint that begins so is there. */
	async waitForHint(beginning: string): Promise<void> {
		await this.output.getByTestId('node-hint').filter({ hasText: beginning }).first().waitFor();
	}

	/** Has the nodes before this one run, so that its input is there. */
	async executePrevious(): Promise<void> {
		await this.panel.getByTestId('execute-previous-node').click();
	}

	/** The names of the columns that can be seen without scrolling. */
	async columnsOnScreen(): Promise<string[]> {
		return await this.output.locator('table th').evaluateAll((headings) =>
			headings
				.filter((heading) => {
					const { left, right, width } = heading.getBoundingClientRect();
					const frame = heading.closest('[data-test-id=output-panel]')!.getBoundingClientRect();
					return width > 0 && left >= frame.left && right <= frame.right;
				})
				.map((heading) => (heading as HTMLElement).innerText.trim()),
		);
	}

	/** What the panel of a trigger says in place of an input, with what stands behind "When will this node trigger". */
	async triggerPanel(): Promise<string> {
		await this.panel.getByTestId('trigger-header').waitFor();
		await this.panel.getByText('When will this node trigger my flow?').click();
		return await this.panel.innerText();
	}

	/** The menu of a locator's list, opened: its first entry, which leads elsewhere. */
	async newRecordEntry(locator: string): Promise<string> {
		await this.locator(locator).getByTestId('rlc-input-container').click();
		const entry = this.page.getByTestId('rlc-item-add-resource');
		await entry.waitFor();
		return (await entry.innerText()).trim();
	}

	/** What would annoy whoever looks at the form: cut texts, raw JSON, missing pictures. */
	async layoutProblems(): Promise<string[]> {
		const broken = (await brokenImages(this.panel)).map((source) => `no picture: ${source}`);
		return [...broken, ...(await this.parameters.evaluate(layoutProblems))];
	}

	async close(): Promise<void> {
		await this.panel.getByTestId('ndv-close-button').click();
		await this.panel.waitFor({ state: 'hidden' });
	}

	private get parameters(): Locator {
		return this.panel.getByTestId('node-parameters').filter({ visible: true }).first();
	}

	private get output(): Locator {
		return this.panel.getByTestId('output-panel');
	}

	/** The menu that is open. */
	private get menu(): Locator {
		return this.page.locator('.el-select-dropdown:visible');
	}

	private input(parameter: string): Locator {
		return this.panel.getByTestId(`parameter-input-${parameter}`);
	}

	private locator(name: string): Locator {
		return this.panel.getByTestId(`resource-locator-${name}`);
	}
}

/** Puts a caption over the page, where the picture of a frame ends. Runs in the page. */
function captionBar({ caption, bottom }: { caption: string; bottom: number }): HTMLElement {
	const output = document.querySelector('[data-test-id=output-panel]')!.getBoundingClientRect();
	const form = document.querySelector('[data-test-id=node-parameters]')!.getBoundingClientRect();
	const bar = document.createElement('div');
	bar.textContent = caption;
	const height = 56;
	Object.assign(bar.style, {
		position: 'fixed',
		zIndex: '99999',
		left: `${form.left}px`,
		top: `${output.top + bottom - height}px`,
		width: `${output.right - form.left}px`,
		font: `500 22px/${height}px ${getComputedStyle(document.body).fontFamily}`,
		textAlign: 'center',
		color: '#fff',
		background: '#1f2430',
	});
	return document.body.appendChild(bar);
}

async function firstLine(element: Locator): Promise<string> {
	return (await element.innerText()).split('\n')[0].trim();
}

/** Pictures that were asked for and did not come. */
async function brokenImages(within: Locator): Promise<string[]> {
	return await within
		.locator('img')
		.evaluateAll((images) =>
			(images as HTMLImageElement[])
				.filter((image) => image.complete && image.naturalWidth === 0)
				.map((image) => image.src),
		);
}
