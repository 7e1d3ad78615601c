import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { allowedAddress, download } from '#state/opening/download.ts';

const at = (href: string) => vi.stubGlobal('location', new URL(href));
afterEach(() => vi.unstubAllGlobals());

describe('addresses that the lab fetches', () => {
	it.each([
		['https://example.org/a/model.json?x=1', 'https://example.org/a/model.json?x=1'],
		['http://localhost:8000/model.json', 'http://localhost:8000/model.json'],
		['http://127.0.0.1/model.json', 'http://127.0.0.1/model.json'],
		['data:text/csv,a', 'data:text/csv,a'],
		['models/digits/model.json', 'https://lab.test/lab/models/digits/model.json']
	])('%s is one', (address, href) => {
		at('https://lab.test/lab/');
		expect(allowedAddress(address).href).toBe(href);
	});

	it.each([
		'http://example.org/model.json',
		'http://localhost.example.org/model.json',
		'http://example.org/localhost',
		'http://127.0.0.1.example.org/',
		'http://lab.test/lab/model.json',
		'ftp://example.org/model.json',
		'file:///etc/passwd',
		'javascript:alert(1)',
		'blob:https://example.org/1',
		'https://',
		'http://['
	])('%s is none, in a sentence', async (address) => {
		at('https://lab.test/lab/');
		const fetched = vi.fn();
		vi.stubGlobal('fetch', fetched);
		expect(() => allowedAddress(address)).toThrow(LabError);
		const { signal } = new AbortController();
		await expect(download(address, { signal })).rejects.toThrow(LabError);
		expect(fetched).not.toHaveBeenCalled();
	});

	it('a long one is shown by its beginning', () => {
		at('https://lab.test/');
		const ftp = (length: number) => `ftp://${'a'.repeat(length - 6)}`;
		expect(() => allowedAddress(ftp(120))).toThrow(`“${ftp(120)}” cannot`);
		expect(() => allowedAddress(ftp(121))).toThrow(`“${ftp(118)}…” cannot`);
	});

	it('the lab’s own host is read however the lab itself is served', () => {
		at('http://lab.test/');
		expect(allowedAddress('model.json').href).toBe('http://lab.test/model.json');
		expect(() => allowedAddress('http://other.test/model.json')).toThrow(LabError);
	});
});

it('a fetch sends neither cookies nor where it comes from, and more than the limit is not read', async () => {
	at('https://lab.test/');
	const fetched = vi.fn(async () => new Response(new Uint8Array(100)));
	vi.stubGlobal('fetch', fetched);
	const { signal } = new AbortController();
	expect((await download('https://example.org/a', { signal, maxBytes: 100 })).size).toBe(100);
	expect(fetched).toHaveBeenCalledWith(
		new URL('https://example.org/a'),
		expect.objectContaining({ credentials: 'omit', referrerPolicy: 'no-referrer' })
	);
	// A response of ours has no address; the sentence names the host.
	fetched.mockImplementation(async () =>
		Object.defineProperty(new Response(new Uint8Array(101)), 'url', { value: 'https://example.org/a' })
	);
	await expect(download('https://example.org/a', { signal, maxBytes: 100 })).rejects.toThrow(
		/example\.org is too large/
	);
});

describe('a download', () => {
	const { signal } = new AbortController();
	const fetchOf = (answer: () => Response) => {
		at('https://lab.test/');
		vi.stubGlobal('navigator', { onLine: true });
		const fetched = vi.fn(async () => answer());
		vi.stubGlobal('fetch', fetched);
		return fetched;
	};

	it('says how far it is', async () => {
		const reported: [number, number | null][] = [];
		const progress = (bytes: number, total: number | null) => reported.push([bytes, total]);
		fetchOf(() => new Response('12345', { headers: { 'content-length': '5', 'content-type': 'text/csv' } }));
		const blob = await download('https://example.org/a', { signal, progress });
		expect([await blob.text(), blob.type, reported.at(-1)]).toEqual(['12345', 'text/csv', [5, 5]]);
		fetchOf(() => new Response('123'));
		await download('https://example.org/a', { signal, progress });
		expect(reported.at(-1)).toEqual([3, null]);
	});

	it('is looked for in the cache first, and put there', async () => {
		const kept = new Map<string, Response>();
		const store = {
			match: async (url: URL) => kept.get(url.href),
			put: async (url: URL, response: Response) => void kept.set(url.href, response)
		};
		const open = vi.fn(async () => store);
		const fetched = fetchOf(() => new Response('new'));
		vi.stubGlobal('caches', { open });
		expect(await (await download('https://example.org/a', { signal, cache: 'mine' })).text()).toBe('new');
		expect(open).toHaveBeenCalledWith('mine');
		expect(await kept.get('https://example.org/a')?.clone().text()).toBe('new');
		expect(await (await download('https://example.org/a', { signal, cache: 'mine' })).text()).toBe('new');
		expect(fetched).toHaveBeenCalledTimes(1);
		await download('https://example.org/a', { signal });
		expect([fetched.mock.calls.length, open.mock.calls.length]).toEqual([2, 2]);
	});

	it('that is too large is given up at once', async () => {
		const cancel = vi.fn();
		fetchOf(() => {
			const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(60)), cancel });
			return Object.defineProperty(new Response(body), 'url', { value: 'https://example.org/a' });
		});
		await expect(download('https://example.org/a', { signal, maxBytes: 100 })).rejects.toMatchObject({
			code: 'too-large'
		});
		expect(cancel).toHaveBeenCalledTimes(1);
	});

	it('that fails says why: absent, refused, offline or out of reach', async () => {
		const why = (status: number) => {
			fetchOf(() => new Response('', { status }));
			return download('https://example.org/a', { signal }).catch((error: unknown) => error);
		};
		expect([await why(404), await why(410)]).toMatchObject([{ code: 'absent' }, { code: 'absent' }]);
		expect(await why(500)).not.toHaveProperty('code', 'absent');
		const failing = (onLine: boolean, address = 'https://example.org/a') => {
			fetchOf(() => {
				throw new TypeError('no');
			});
			vi.stubGlobal('navigator', { onLine });
			return download(address, { signal });
		};
		await expect(failing(false)).rejects.toMatchObject({ code: 'offline' });
		await expect(failing(true)).rejects.toThrow(/does not answer/);
		await expect(failing(false, 'https://lab.test/b')).rejects.toThrow(/does not answer/);
		const torn = () =>
			new Response(new ReadableStream({ pull: (controller) => controller.error(new TypeError('torn')) }));
		fetchOf(torn);
		await expect(download('https://example.org/a', { signal })).rejects.toThrow(/broke off/);
		const ended = new AbortController();
		ended.abort();
		fetchOf(torn);
		await expect(download('https://example.org/a', { signal: ended.signal })).rejects.toMatchObject({
			name: 'AbortError'
		});
	});
});
