import { afterEach, describe, expect, it, vi } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { allowedAddress, download } from '#state/download.ts';

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
	expect((await download('https://example.org/a', { signal, most: 100 })).size).toBe(100);
	expect(fetched).toHaveBeenCalledWith(
		new URL('https://example.org/a'),
		expect.objectContaining({ credentials: 'omit', referrerPolicy: 'no-referrer' })
	);
	// A response of ours has no address; the sentence names the host.
	fetched.mockImplementation(async () =>
		Object.defineProperty(new Response(new Uint8Array(101)), 'url', { value: 'https://example.org/a' })
	);
	await expect(download('https://example.org/a', { signal, most: 100 })).rejects.toThrow(/example\.org is too large/);
});
