import { PassThrough } from 'node:stream';

import { typedUnseen } from '../../live/terminal';

/** A keyboard that notes when the terminal was told to show nothing. */
function keyboard(...chunks: string[]) {
	const modes: boolean[] = [];
	const stream = Object.assign(new PassThrough(), {
		setRawMode: (isRaw: boolean) => modes.push(isRaw),
	});
	for (const chunk of chunks) stream.write(chunk);
	return { stream, modes };
}

it.each([
	[['secret\r'], 'secret'],
	[['sec', 'ret', '\n', 'more'], 'secret'],
	[['secx\u007fret\r'], 'secret'],
	[['  secret \r'], 'secret'],
])('reads a key that is typed as %j, and shows nothing of it', async (chunks, key) => {
	const { stream, modes } = keyboard(...chunks);
	const written = jest.spyOn(process.stdout, 'write');
	const ask = jest.fn(() => expect(modes).toEqual([true]));
	expect(await typedUnseen(stream, ask)).toBe(key);
	expect(ask).toHaveBeenCalledTimes(1);
	expect(modes).toEqual([true, false]);
	expect(stream.destroyed).toBe(false);
	expect(written.mock.calls.filter(([text]) => /s|e|c/.test(String(text)))).toEqual([]);
	written.mockRestore();
});

it('ends with Ctrl-C, and the terminal shows what is typed again', async () => {
	const { stream, modes } = keyboard('sec\u0003');
	await expect(typedUnseen(stream, () => undefined)).rejects.toThrow('Nothing was sent.');
	expect(modes).toEqual([true, false]);
});
