import 'fake-indexeddb/auto';
import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { SourceFile } from '#contracts/source.ts';
import { expanded } from '#loaders/archive.ts';
import { kinds } from '#loaders/kind-registry.ts';
import { sorted } from '#loaders/sort.ts';
import { forgetData, keepData } from '#state/data/kept-data.ts';
import { parseSettings } from '#state/lab/settings.ts';
import { keepImage, ownId, ownImages, ownLink, ownModels } from '#state/opening/own-files.svelte.ts';
import { packSession, unpackSession } from '#state/opening/session.ts';

const blob = (text: string) => new Blob([text]);
const text = (files: readonly SourceFile[]) => Promise.all(files.map(async (one) => [one.path, await one.blob.text()]));
const unzipped = async (zip: Blob, path = 'lab.vitrine.zip') =>
	(await expanded({ name: '', files: [{ path, blob: zip }] })).files;
const about = { shape: [8, 8, 1] as const, labels: ['a', 'b'], values: { x: [1, 2.5] } };
const source = {
	name: 'mine',
	files: [
		{ path: 'net/model.json', blob: blob('{}') },
		{ path: 'net/a.bin', blob: blob('weights') }
	]
};

async function empty() {
	for (const files of [ownModels, ownImages]) {
		await files.load();
		for (const { id } of files.all) await files.forget(id);
	}
	await forgetData();
}
beforeEach(empty);

/** A manifest, and files beside it. */
const session = (manifest: unknown, files: Readonly<Record<string, string>> = {}): SourceFile[] => [
	{
		path: 'vitrine-session.json',
		blob: blob(typeof manifest === 'string' ? manifest : JSON.stringify(manifest))
	},
	...Object.entries(files).map(([path, content]) => ({ path, blob: blob(content) }))
];
const good = { format: 'vitrine-session', version: 1, link: '?model=digits&view=structure' };

describe('a session', () => {
	it('holds the link and the files behind it, and opens under names of its own in another browser', async () => {
		const [image, second] = [ownLink(), ownLink()];
		await keepImage(image, { title: 'my nine.png', blob: blob('nine') });
		await keepImage(second, { title: 'a/b.png', blob: blob('other') });
		await keepData({ name: 'rows', files: [{ path: 'rows/a.csv', file: blob('1,2') }] });
		const link = `?model=own/00000000&input=${image}&input2=${second}&view=structure&layer=conv1`;
		const zip = await packSession(link, { source, about }, true);
		await empty();

		const files = await unzipped(zip);
		expect(await kinds.get('session')!.match({ name: '', files }, { units: null, data: false })).toMatchObject({
			sure: 1,
			uses: files.map((_, i) => i)
		});
		const opened = await unpackSession(files);
		const now = parseSettings(opened.link);
		expect(now).toMatchObject({ view: 'structure', layer: 'conv1' });
		const id = ownId(now.model) as string;
		expect(id).toMatch(/^[0-9a-f]{8}$/);
		const { files: kept, ...rest } = (await ownModels.find(id))!;
		expect(rest).toEqual({ name: 'mine', ...about });
		expect(await text(kept)).toEqual([
			['net/model.json', '{}'],
			['net/a.bin', 'weights']
		]);
		const pictures = [now.input, now.more[0]?.input ?? null].map((input) => ownImages.find(ownId(input) as string));
		expect(
			await Promise.all((await Promise.all(pictures)).map(async (one) => [one?.title, await one?.blob.text()]))
		).toEqual([
			['my nine.png', 'nine'],
			['a/b.png', 'other']
		]);
		expect([now.input, now.more[0]?.input]).not.toContain(image);
		expect(await text((opened.data ?? []).map(({ path, file }) => ({ path, blob: file })))).toEqual([
			['rows/a.csv', '1,2']
		]);
		expect(ownModels.all).toEqual([{ id, title: 'mine', bytes: 9 }]);
	});

	it('holds the weights that were put onto its model', async () => {
		const onto = [{ path: 'w.pt', blob: blob('others') }];
		const zip = await packSession('?model=own/00000000', { source: { ...source, onto }, about }, false);
		await empty();
		const { link } = await unpackSession(await unzipped(zip));
		const kept = (await ownModels.find(ownId(parseSettings(link).model) as string))!;
		expect(await text(kept.onto ?? [])).toEqual([['w.pt', 'others']]);
		expect(kept.files).toHaveLength(2);
		expect(ownModels.all[0]?.bytes).toBe(15);
	});

	it('holds no file that is not open, and opens what everybody has by its name', async () => {
		await keepData({ name: 'rows', files: [{ path: 'a.csv', file: blob('1,2') }] });
		const files = await unzipped(await packSession('?model=digits&input=digit-4.png', null, false));
		expect(files.map(({ path }) => path)).toEqual(['vitrine-session.json']);
		expect(await unpackSession(files)).toEqual({ link: '?model=digits&input=digit-4.png', data: null });
		expect([ownModels.all, ownImages.all]).toEqual([[], []]);
	});

	it('is taken for what it is before the model that is in it', async () => {
		const files = ['untrained.json', 'untrained.bin'].map((name) => ({
			path: name,
			blob: new Blob([readFileSync(`models/digits/${name}`)])
		}));
		const blob = await packSession('?model=own/00000000', { source: { name: 'm', files }, about }, false);
		const { readings } = await sorted({ name: '', files: [{ path: 'a.zip', blob }] }, { units: 10, data: true });
		expect(readings.slice(0, 2).map(({ kind }) => kind)).toEqual(['session', 'model']);
	});

	it('is found in a folder, too', async () => {
		const files = session({ ...good, link: '?model=own/00000000', model: { name: 'm' } }, { 'model/a.json': '{}' });
		const { link } = await unpackSession(files.map(({ path, blob }) => ({ path: `week 3/${path}`, blob })));
		const own = await ownModels.find(ownId(parseSettings(link).model) as string);
		expect(own?.files.map(({ path }) => path)).toEqual(['a.json']);
		expect(own).toMatchObject({ name: 'm', shape: null, labels: null, values: {} });
	});
});

describe('what anybody may have written', () => {
	it.each([
		['{', 'damaged'],
		['null', 'damaged'],
		[{ ...good, format: 'other' }, 'damaged'],
		[{ ...good, link: 5 }, 'damaged'],
		[{ ...good, version: 2 }, 'newer version']
	])('%j is refused in a sentence', async (manifest, words) => {
		await expect(unpackSession(session(manifest))).rejects.toThrow(words);
	});
	it('without what says what is what is refused', async () => {
		await expect(unpackSession([{ path: 'a.json', blob: blob('{}') }])).rejects.toThrow('damaged');
		const vast = blob(JSON.stringify(good));
		Object.defineProperty(vast, 'size', { value: 17 * 2 ** 20 });
		await expect(unpackSession([{ path: 'vitrine-session.json', blob: vast }])).rejects.toThrow('damaged');
	});
	it('of wrong types is left out', async () => {
		const model = { name: 7, shape: [1, -2, 3], labels: ['a', 1], values: { x: [1, 'b'], y: [2] } };
		const link = '?model=own/00000000&input=own/11111111';
		const { link: now } = await unpackSession(session({ ...good, link, model, images: 5 }, { 'model/a': 'x' }));
		const found = await ownModels.find(ownId(parseSettings(now).model) as string);
		expect(found).toMatchObject({ name: 'Your model', shape: null, labels: null, values: { y: [2] } });
		// Of an image that is not in it nothing is said.
		expect(parseSettings(now).input).toBeNull();
		expect(await unpackSession(session({ ...good, link }))).toEqual({ link: '', data: null });
	});
	it('is refused where the browser has no room', async () => {
		vi.spyOn(ownModels, 'keep').mockResolvedValueOnce(false);
		const files = session({ ...good, link: '?model=own/00000000', model: {} }, { 'model/a': 'x' });
		await expect(unpackSession(files)).rejects.toThrow(/no room/);
	});
});
