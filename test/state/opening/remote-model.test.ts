import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { remoteSource, type RemoteOptions } from '#state/opening/remote-model.ts';

const MODEL = JSON.stringify({ weightsManifest: [{ paths: ['a.bin', 'b.bin'], weights: [] }] });
let files: Record<string, string>;
let requested: string[];

beforeEach(() => {
	requested = [];
	vi.stubGlobal('location', new URL('https://lab.test/'));
	vi.stubGlobal('fetch', (url: URL) => {
		requested.push(url.pathname + url.search);
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
		expect(requested.sort()).toEqual([...OWN, ...NAMES].sort());
	});

	it('takes no page for names, which some servers send for any address', async () => {
		files = { 'model.json': MODEL, 'a.bin': 'a', 'b.bin': 'b', 'metadata.json': ' <!doctype html>' };
		expect(await open()).toEqual(['model.json', 'a.bin', 'b.bin']);
	});

	it('asks for no names where they are known', async () => {
		files = { 'model.json': MODEL, 'a.bin': 'a', 'b.bin': 'b' };
		expect(await open(false)).toEqual(['model.json', 'a.bin', 'b.bin']);
		expect(requested.sort()).toEqual([...OWN].sort());
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

describe('a model and its parts', () => {
	const first = new Blob(['{}']);
	const reported: [done: number | null, note: string][] = [];
	const source = (
		paths: readonly string[],
		more: Partial<RemoteOptions> = {},
		address = 'https://models.test/m/model.json'
	) =>
		remoteSource(
			address,
			{
				signal: new AbortController().signal,
				progress: (done, note) => reported.push([done, note]),
				shards: () => Promise.resolve(paths),
				...more
			},
			first
		);
	const answer = (of: (url: URL) => Response) =>
		vi.stubGlobal('fetch', async (url: URL) => {
			requested.push(url.pathname + url.search);
			return of(url);
		});

	it.each([
		['https://models.test/a/mobile%20net/model.json?x=1', 'mobile net', 'model.json'],
		['https://models.test/model.json', 'model', 'model.json'],
		['https://models.test/a/net.zip', 'net', 'net.zip'],
		['https://models.test/a/net.json.onnx', 'net.json.onnx', 'net.json.onnx'],
		['https://models.test/', 'models.test', 'model']
	])('%s is called after its folder or its file', async (address, name, path) => {
		const { files, ...found } = await source([], {}, address);
		expect(found).toEqual({ name, url: address });
		expect(files).toEqual([{ path, blob: first }]);
		expect(requested).toEqual([]);
	});

	it('keeps the letters of a path, and the query of its own that it has', async () => {
		answer(() => new Response('w'));
		const paths = ['50%.bin', 'a%20b.bin', 'c#1.bin', 'sub/d.bin?own=1'];
		const { files } = await source(paths, {}, 'https://models.test/m/model.json?token=1');
		expect(requested.sort()).toEqual([
			'/m/50%25.bin?token=1',
			'/m/a%20b.bin?token=1',
			'/m/c%231.bin?token=1',
			'/m/sub/d.bin?own=1'
		]);
		expect(files.map(({ path }) => path)).toEqual(['model.json', ...paths]);
	});

	it('says how much has come: of what is known, or which part', async () => {
		answer((url) => new Response(new Uint8Array(url.pathname.endsWith('a.bin') ? 600_000 : 400_000)));
		reported.length = 0;
		await source(['a.bin', 'b.bin'], { bytes: 4e6 });
		expect(reported.at(-1)).toEqual([0.25, 'Fetching 1.0 MB of 4.0 MB']);
		await source(['a.bin', 'b.bin'], { bytes: 1e5 });
		expect(reported.at(-1)).toEqual([1, 'Fetching 1.0 MB of 0.1 MB']);
		reported.length = 0;
		await source(['a.bin']);
		expect(reported.at(-1)).toEqual([1 / 2, 'Fetching 0.6 MB']);
		reported.length = 0;
		await source(['a.bin', 'b.bin', 'c.bin']);
		expect(new Set(reported.map(([done]) => done))).toEqual(new Set([1 / 4, 2 / 4, 3 / 4]));
	});

	it('is refused where it has more weight files than any model', async () => {
		files = {};
		const paths = (count: number) => Array.from({ length: count }, (_, i) => `${i}.bin`);
		await expect(source(paths(5001))).rejects.toThrow('names 5001 weight files');
		expect(requested).toEqual([]);
		expect((await source(paths(5000))).files).toHaveLength(1);
	});

	it('is refused where a weight file fails for another reason than that there is none', async () => {
		answer(() => new Response('', { status: 500 }));
		await expect(source(['a.bin'])).rejects.toThrow('answered 500');
		answer(() => new Response('', { status: 410 }));
		expect((await source(['a.bin'])).files).toHaveLength(1);
	});

	it('looks for no names where there are no weight files, nor beside what is no server’s', async () => {
		files = { 'labels.txt': 'cat' };
		await source([], { labels: true });
		answer(() => new Response('w'));
		await source(['data:,w'], { labels: true }, 'data:application/json,{}');
		expect(requested).toEqual([',w']);
	});

	it('does without names that cannot be had or are too many, but not when it is cancelled', async () => {
		const names = (of: () => Response) =>
			answer((url) =>
				/bin$/.test(url.pathname)
					? new Response('w')
					: url.pathname.endsWith('.txt')
						? of()
						: new Response('', { status: 404 })
			);
		const paths = async () => (await source(['a.bin'], { labels: true })).files.map(({ path }) => path);
		const sized = (size: number) => () =>
			Object.defineProperty(new Response('a'.repeat(size)), 'url', { value: 'https://models.test/' });
		names(sized(1 << 20));
		expect(await paths()).toEqual(['model.json', 'a.bin', 'labels.txt']);
		names(sized((1 << 20) + 1));
		expect(await paths()).toEqual(['model.json', 'a.bin']);
		names(() => new Response('', { status: 500 }));
		expect(await paths()).toEqual(['model.json', 'a.bin']);
		const ended = new AbortController();
		names(() => {
			ended.abort();
			throw new TypeError('no');
		});
		await expect(source(['a.bin'], { labels: true, signal: ended.signal })).rejects.toMatchObject({
			name: 'AbortError'
		});
	});

	it('is kept in the cache that is named, and so are its weights, but not what lies beside it', async () => {
		const put = vi.fn();
		vi.stubGlobal('caches', {
			open: async () => ({ match: async () => undefined, put: async (url: URL) => void put(url.pathname) })
		});
		files = { 'model.json': MODEL, 'a.bin': 'a', 'labels.txt': 'cat' };
		const options = { signal: new AbortController().signal, progress: () => undefined, labels: true, cache: 'mine' };
		await remoteSource('https://models.test/m/model.json', { ...options, shards: () => Promise.resolve(['a.bin']) });
		expect(put.mock.calls.flat()).toEqual(['/m/model.json', '/m/a.bin']);
	});

	it('takes for a page only what begins with a tag', async () => {
		files = { 'a.bin': 'a', 'labels.txt': 'a<b\nc', 'metadata.json': '\n\t <html>' };
		const { files: found } = await source(['a.bin'], { labels: true });
		expect(found.map(({ path }) => path)).toEqual(['model.json', 'a.bin', 'labels.txt']);
	});
});
