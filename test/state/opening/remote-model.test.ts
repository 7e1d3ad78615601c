import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { remoteSource } from '#state/opening/remote-model.ts';

const MODEL = JSON.stringify({ weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights: [] }] });
let files: Record<string, string>;
let asked: string[];

beforeEach(() => {
	asked = [];
	vi.stubGlobal('location', new URL('https://lab.test/'));
	vi.stubGlobal('fetch', (url: URL) => {
		asked.push(url.pathname + url.search);
		const text = files[url.pathname.split('/').pop()!];
		return Promise.resolve(text === undefined ? new Response('', { status: 404 }) : new Response(text));
	});
});
afterEach(() => vi.unstubAllGlobals());

const open = async (labels = true) => {
	const options = {
		signal: new AbortController().signal,
		progress: () => {},
		labels,
		shards: () => Promise.resolve(['a.bin', 'b.bin'])
	};
	const source = await remoteSource('https://models.test/m/model.json?token=1', options);
	return source.files.map(({ path }) => path);
};
const NAMES = ['/m/class_names.json?token=1', '/m/labels.txt?token=1', '/m/metadata.json?token=1'];
const OWN = ['/m/a.bin?token=1', '/m/b.bin?token=1', '/m/model.json?token=1'];

describe('a model by address', () => {
	it('brings the class names that lie beside it, and asks for nothing else', async () => {
		files = { 'model.json': MODEL, 'a.bin': 'a', 'b.bin': 'b', 'labels.txt': 'cat\ndog' };
		expect(await open()).toEqual(['model.json', 'a.bin', 'b.bin', 'labels.txt']);
		expect(asked.sort()).toEqual([...OWN, ...NAMES].sort());
	});

	it('takes no page for names, which some servers send for any address', async () => {
		files = { 'model.json': MODEL, 'a.bin': 'a', 'b.bin': 'b', 'metadata.json': ' <!doctype html>' };
		expect(await open()).toEqual(['model.json', 'a.bin', 'b.bin']);
	});

	it('asks for no names where they are known', async () => {
		files = { 'model.json': MODEL, 'a.bin': 'a', 'b.bin': 'b' };
		expect(await open(false)).toEqual(['model.json', 'a.bin', 'b.bin']);
		expect(asked.sort()).toEqual([...OWN].sort());
	});

	it('lacks what the server does not have; that is said where it is opened', async () => {
		files = { 'model.json': MODEL, 'b.bin': 'b' };
		expect(await open()).toEqual(['model.json', 'b.bin']);
	});

	it('is refused where the server fails', async () => {
		files = {};
		await expect(open()).rejects.toThrow('answered 404');
	});
});
