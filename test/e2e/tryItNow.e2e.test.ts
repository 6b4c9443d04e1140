import { basename, join } from 'node:path';

import { Editor } from '../../n8n/editor';
import { CACHE_FOLDER } from '../../n8n/install';
import { exampleFiles, noteOf } from '../support/examples';

import { manual } from './examples';
import { Stage } from './stage';

/** Pictures to look at, of each example as it lies on the canvas after the import. */
const picture = (file: string) =>
	join(CACHE_FOLDER, 'screenshots', 'examples', `${basename(file, '.json')}.png`);

// As somebody does who has just installed the package: the Partnero credential is the only one there is.

let stage: Stage;
let editor: Editor;

beforeAll(async () => {
	stage = await Stage.start();
	editor = await Editor.open(stage.n8n.url);
	await editor.signIn();
});
afterAll(async () => {
	await editor?.close();
	await stage?.end();
});
beforeEach(async () => await stage.reset('demo'));

test.each(exampleFiles)('%s runs right after the import', async (file) => {
	await editor.importWorkflow(join(__dirname, '../../examples', file));
	await editor.pictureOfCanvas(picture(file));
	expect(await editor.cutNotes()).toEqual([]);
	const starts = await editor.startsAt();
	if (starts !== undefined && starts !== manual)
		expect(noteOf(file)).toContain(`n8n's orange button starts at **${starts}`);
	expect(await editor.executeFrom(manual)).toMatch(/^Workflow executed successfully/);
});
