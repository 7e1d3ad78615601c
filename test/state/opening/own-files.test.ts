import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenedModel } from '#contracts/compute.ts';
import { anyKept, forget, keep } from '#state/lab/kept.ts';
import { Notices } from '#state/lab/notices.svelte.ts';
import { DEFAULT_SETTINGS } from '#state/lab/settings.ts';
import { namedImage } from '#state/input/named-image.ts';
import { linkedParts } from '#state/opening/model-sources.ts';
import { ModelState, OWN_FILES } from '#state/opening/model.svelte.ts';
import {
	keepImage,
	keepModel,
	keptLink,
	openable,
	OwnFiles,
	ownId,
	ownImages,
	ownLink,
	ownModels,
	renamed
} from '#state/opening/own-files.svelte.ts';

const blob = (bytes: number) => new Blob([new Uint8Array(bytes)]);
const ids = (files: { all: readonly { id: string }[] }) => files.all.map(({ id }) => id);
async function empty() {
	for (const files of [ownModels, ownImages]) {
		await files.load();
		for (const { id } of files.all) await files.forget(id);
	}
}
beforeEach(empty);
afterEach(() => vi.unstubAllGlobals());

describe('what is kept', () => {
	it('is there for another tab, the newest first', async () => {
		const files = new OwnFiles<string>('a', 3, 100);
		expect([await files.keep('x', 'X', 10, 'the x'), await files.keep('y', 'Y', 20, 'the y')]).toEqual([true, true]);
		const tab = new OwnFiles<string>('a', 3, 100);
		await tab.load();
		expect(tab.all).toEqual([
			{ id: 'y', title: 'Y', bytes: 20 },
			{ id: 'x', title: 'X', bytes: 10 }
		]);
		expect([await tab.find('x'), await tab.find('z')]).toEqual(['the x', null]);
	});

	it('stays longest where it was opened last, and what two tabs keep at once is all there', async () => {
		const [one, two] = [new OwnFiles<string>('b', 3, 100), new OwnFiles<string>('b', 3, 100)];
		await Promise.all([
			one.keep('x', 'X', 10, 'the x'),
			two.keep('y', 'Y', 20, 'the y'),
			one.keep('z', 'Z', 5, 'the z')
		]);
		await one.load();
		expect(new Set(ids(one))).toEqual(new Set(['x', 'y', 'z']));
		const last = ids(one).at(-1) as string;
		await two.touch(last);
		await two.touch('none');
		expect(ids(two)[0]).toBe(last);
		const next = ids(two).at(-1) as string;
		await one.keep('w', 'W', 1, 'the w');
		expect([ids(one).length, ids(one)[0], await one.find(next), await one.find(last)]).toEqual([
			3,
			'w',
			null,
			`the ${last}`
		]);
		for (const id of ['w', 'x', 'y', 'z']) await one.forget(id);
	});

	it('is anything at all only while there is something: a list of nothing is not', async () => {
		for (const kind of ['a', 'last']) await forget(kind);
		for (const id of ['x', 'y']) await new OwnFiles<string>('a', 3, 100).forget(id);
		expect(await anyKept()).toBe(false);
		const files = new OwnFiles<string>('a', 3, 100);
		await files.keep('x', 'X', 10, 'the x');
		expect(await anyKept()).toBe(true);
		await files.forget('x');
		expect([await anyKept(), ids(files)]).toEqual([false, []]);
		await keep('last', { name: 'a table' });
		expect(await anyKept()).toBe(true);
		await forget('last');
		expect(await anyKept()).toBe(false);
	});

	it('is of its kind', async () => {
		await new OwnFiles<string>('b', 3, 100).keep('x', 'X', 1, 'b');
		const other = new OwnFiles<string>('c', 3, 100);
		await other.load();
		expect([other.all, await other.find('x')]).toEqual([[], null]);
	});

	it('makes room: the oldest goes where there are too many or they are too large together', async () => {
		const files = new OwnFiles<string>('d', 3, 100);
		for (const id of ['1', '2', '3', '4']) await files.keep(id, id, 10, id);
		expect([ids(files), await files.find('1'), await files.find('2')]).toEqual([['4', '3', '2'], null, '2']);
		await files.keep('5', '5', 90, '5');
		expect([ids(files), await files.find('3')]).toEqual([['5', '4'], null]);
		expect([await files.keep('6', '6', 101, '6'), ids(files)]).toEqual([false, ['5', '4']]);
		// The same again is there once.
		await files.keep('4', 'again', 10, 'again');
		expect([ids(files), await files.find('4')]).toEqual([['4', '5'], 'again']);
	});

	it('loses none of several that come at once', async () => {
		const files = new OwnFiles<string>('e', 9, 100);
		await Promise.all(['1', '2', '3'].map((id) => files.keep(id, id, 1, id)));
		expect(ids(files)).toEqual(['3', '2', '1']);
	});

	it('is forgotten when asked, and changed in part', async () => {
		const files = new OwnFiles<{ a: number; b: number }>('f', 9, 100);
		await files.keep('x', 'X', 1, { a: 1, b: 1 });
		await files.keep('y', 'Y', 1, { a: 1, b: 1 });
		await files.change('x', { b: 2 });
		await files.change('z', { b: 2 });
		expect([await files.find('x'), await files.find('z')]).toEqual([{ a: 1, b: 2 }, null]);
		await files.forget('y');
		const tab = new OwnFiles('f', 9, 100);
		await tab.load();
		expect([ids(files), ids(tab), await files.find('y')]).toEqual([['x'], ['x'], null]);
	});

	it('is nothing where the browser keeps nothing', async () => {
		const files = new OwnFiles<unknown>('g', 9, 100);
		// What cannot be cloned is refused as a full disk is.
		expect([await files.keep('x', 'X', 1, () => 1), files.all]).toEqual([false, []]);
	});
});

describe('a link to it', () => {
	it('has an id of its own, and names it only while it is kept', async () => {
		const [one, other] = [ownLink(), ownLink()];
		expect(one).toMatch(/^own\/[0-9a-f]{8}$/);
		expect(one).not.toBe(other);
		expect([ownId(one), ownId('catalogue/x'), ownId(null)]).toEqual([one.slice(4), null, null]);
		expect([keptLink(one), keptLink('digits'), keptLink(null)]).toEqual([null, 'digits', null]);
		await keepImage(one, { title: 'Mine', blob: blob(3) });
		expect(keptLink(one)).toBe(one);
		await ownImages.forget(ownId(one)!);
		expect(keptLink(one)).toBe(null);
	});

	it('opens the image', async () => {
		const link = ownLink();
		await keepImage(link, { title: 'Mine', blob: blob(3) });
		expect(ownImages.all).toMatchObject([{ title: 'Mine', bytes: 3 }]);
		expect(await namedImage(link, [])).toMatchObject({ title: 'Mine', blob: { size: 3 }, from: { address: link } });
		expect(await namedImage('own/00000000', [])).toBe(null);
	});
});

describe('a model of one’s own', () => {
	/** It is open. */
	async function opened(link: string | null = ownLink()) {
		const model = new ModelState();
		const source = { name: 'mine', files: [{ path: 'mine/model.json', blob: blob(5) }] };
		const of = { title: 'Mine', preprocessing: [], labels: ['of the file'] } as unknown as OpenedModel;
		model.set('model#0', of, { ...OWN_FILES, link, labels: ['a', 'b'] }, source, [8, 9, 1]);
		await keepModel(model, { x: [1, 2] });
		return link!;
	}

	it('is kept with what its files do not say', async () => {
		const link = await opened();
		expect(ownModels.all).toMatchObject([{ title: 'Mine', bytes: 5 }]);
		const [source, origin, begin] = await linkedParts(link, '', [])(AbortSignal.any([]), () => {}, { api: null! });
		expect(source).toMatchObject({ name: 'mine', files: [{ path: 'mine/model.json', blob: { size: 5 } }] });
		expect(origin).toEqual({ ...OWN_FILES, link, labels: ['a', 'b'] });
		expect(begin).toEqual({ shape: [8, 9, 1], values: { x: [1, 2] } });
	});

	it('takes class names that are given later', async () => {
		const link = await opened();
		renamed(link, ['c']);
		renamed('digits', ['d']);
		await ownModels.load();
		expect(await ownModels.find(ownId(link)!)).toMatchObject({ name: 'mine', labels: ['c'] });
	});

	it('is kept only if it is one', async () => {
		await opened('digits');
		await opened(null);
		expect(ownModels.all).toEqual([]);
	});

	it('that is not kept is said, and nothing that the link says of it holds for the sample', async () => {
		const notes = new Notices();
		const settings = { ...DEFAULT_SETTINGS, model: 'own/00000000', target: 3, layer: 'x', view: 'structure' };
		expect(await openable(settings, notes)).toEqual({ ...DEFAULT_SETTINGS, view: 'structure' });
		expect(notes.all[0]).toMatchObject({ tone: 'warning', hint: 'Open it again; a sample stands in.' });
		const link = await opened();
		expect(await openable({ ...settings, model: link }, notes)).toEqual({ ...settings, model: link });
		expect(await openable({ ...settings, model: 'digits' }, notes)).toEqual({ ...settings, model: 'digits' });
		expect(notes.all).toHaveLength(1);
		await expect(linkedParts('own/00000000', '', [])(AbortSignal.any([]), () => {}, { api: null! })).rejects.toThrow(
			'not kept in this browser'
		);
	});
});
