import { cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join, parse } from 'node:path';

import sharp from 'sharp';

import { CACHE_FOLDER, N8N_FOLDER } from './install';

/** What the end-to-end tests have taken pictures of. */
const TAKEN = join(CACHE_FOLDER, 'screenshots');
const IMAGES = join(N8N_FOLDER, '..', 'docs', 'images');
/** Sharp on a screen of high resolution as well; GitHub shows a picture about 900 points wide. */
const PICTURE_WIDTH = 1280;
/** A canvas has small texts, and the gallery shows many. */
const CANVAS_WIDTH = 1100;
/** How long the frames of a moving picture stand; the last one so long that it can be read before it begins anew. */
const [FRAME_MS, LAST_FRAME_MS] = [2_000, 4_000];

/** `npm run screenshots`, once the tests have run: brings what they took into the shape of the pages. */
async function bringOver(): Promise<void> {
	cpSync(join(TAKEN, 'readme'), IMAGES, { recursive: true });
	await movingPicture(pngs(join(TAKEN, 'first-sale')), join(IMAGES, 'first-sale.webp'));
	for (const [folder, width] of [
		['examples', CANVAS_WIDTH],
		['submission', PICTURE_WIDTH],
	] as const) {
		const files = pngs(join(TAKEN, folder));
		if (files.length === 0) continue;
		const target = join(IMAGES, folder);
		rmSync(target, { recursive: true, force: true });
		mkdirSync(target, { recursive: true });
		for (const file of files)
			await smallPicture(file, join(target, `${parse(file).name}.webp`), width);
	}
}

/** Frames in the order of their names, as an animated WebP without an end. */
async function movingPicture(frames: string[], file: string): Promise<void> {
	const resized = await Promise.all(
		frames.map(async (frame) => await sharp(frame).resize({ width: PICTURE_WIDTH }).toBuffer()),
	);
	await sharp(resized, { join: { animated: true } })
		.webp({
			delay: frames.map((_, index) => (index === frames.length - 1 ? LAST_FRAME_MS : FRAME_MS)),
			loop: 0,
			quality: 90,
			effort: 6,
		})
		.toFile(file);
}

/** A WebP, a quarter as large as a PNG of the same canvas. */
async function smallPicture(from: string, file: string, width: number): Promise<void> {
	await sharp(from)
		.resize({ width, withoutEnlargement: true })
		.webp({ quality: 80, effort: 6 })
		.toFile(file);
}

function pngs(folder: string): string[] {
	if (!existsSync(folder)) return [];
	return readdirSync(folder)
		.filter((file) => file.endsWith('.png'))
		.sort()
		.map((file) => join(folder, file));
}

void bringOver();
