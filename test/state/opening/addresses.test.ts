import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { allowedAddress } from '#state/opening/download.ts';
import { remoteSource } from '#state/opening/remote-model.ts';
import { formatSettings, parseSettings } from '#state/lab/settings.ts';

beforeAll(() => {
	vi.stubGlobal('location', { href: 'https://lab.example/', origin: 'https://lab.example' });
	vi.stubGlobal('navigator', { onLine: true });
});
afterAll(() => vi.unstubAllGlobals());

describe('addresses', () => {
	it.each([
		'https://example.org/model.json',
		'https://example.org:8443/a%20b/model.json?token=1#part',
		'http://localhost:8000/model.json',
		'http://127.0.0.1/model.json',
		'models/digits.json',
		'data:application/json,{}'
	])('are fetched: %s', (address) => expect(allowedAddress(address)).toBeInstanceOf(URL));

	it.each([
		['http://[', /is no address/],
		['https://', /is no address/],
		['https://a b/', /is no address/],
		['http://example.org/model.json', /cannot be opened/],
		['http://localhost.example.org/', /cannot be opened/],
		['http://127.0.0.1.nip.io/', /cannot be opened/],
		['http://localhost@example.org/', /cannot be opened/],
		['javascript:alert(1)', /cannot be opened/],
		['file:///etc/passwd', /cannot be opened/],
		['blob:https://other.example/1', /cannot be opened/],
		['ftp://example.org/', /cannot be opened/],
		['https://user:pass@example.org/model.json', /carries a name or a password/],
		['https://user@example.org/model.json', /carries a name or a password/]
	])('are refused in a sentence: %s', (address, message) => {
		expect(() => allowedAddress(address)).toThrow(LabError);
		expect(() => allowedAddress(address)).toThrow(message);
	});
	it('that are huge are not repeated', () => {
		const thrown = (() => {
			try {
				allowedAddress(`ftp://${'a'.repeat(1e6)}`);
			} catch (error) {
				return (error as Error).message;
			}
			return '';
		})();
		expect(thrown.length).toBeLessThan(200);
	});

	const first = new Blob(['{}']);
	const options = (shards: readonly string[]) => ({
		signal: new AbortController().signal,
		progress: () => undefined,
		shards: () => Promise.resolve(shards)
	});
	it('of a model with broken escapes have a name', async () => {
		const source = await remoteSource('https://example.org/100%zz/model.json', options([]), first);
		expect(source.name).toBe('100%zz');
	});
	it.each(['http://[', 'file:///etc/passwd', 'http://example.org/w.bin', 'javascript:1'])(
		'of weight files are held to the same: %s',
		async (path) => {
			const source = remoteSource('https://example.org/m/model.json', options([path]), first);
			await expect(source).rejects.toBeInstanceOf(LabError);
		}
	);
});

it('a link of anything is settings', () => {
	const garbage = [
		'?model=%zz&input=%&labels=%E0%A4%A',
		'?model=http://[&view=../..&layer=%00&range=NaN,1&mean=1,2&std=0',
		`?model=${'a'.repeat(1e5)}&zoom=1e999,x,&seed=1e400&target=-9&head=99999999999999999999`,
		'?__proto__=1&constructor=2&__proto__.x=3&size=0x0&size=9999x9999&method=<script>,__proto__',
		'?&&==&=%&?',
		'\u0000\uFFFF'
	];
	for (const text of garbage) {
		const settings = parseSettings(text);
		expect(parseSettings(formatSettings(settings))).toEqual(settings);
	}
});
