import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { download } from '#state/opening/download.ts';
import { fetchedData } from '#state/data/remote-data.ts';

let server: Server;
let base = '';

beforeAll(async () => {
	server = createServer((request, response) => {
		if (request.url?.startsWith('/export')) {
			response.writeHead(200, { 'content-type': 'text/csv; charset=utf-8' });
			response.end('a,b\n1,2\n');
		} else if (request.url === '/endless.bin') {
			response.writeHead(200);
			const timer = setInterval(() => response.write(Buffer.alloc(50_000)), 1);
			response.on('close', () => clearInterval(timer));
		} else if (request.url === '/large.bin') {
			response.writeHead(200, { 'content-length': '5000000' });
			response.end(Buffer.alloc(5_000_000));
		} else response.writeHead(404).end();
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	vi.stubGlobal('location', { href: 'https://lab.example/', origin: 'https://lab.example' });
	vi.stubGlobal('navigator', { onLine: true });
});
afterAll(() => {
	vi.unstubAllGlobals();
	server.closeAllConnections();
	server.close();
});

const { signal } = new AbortController();

it('data at an address have the ending that the server says, and progress in words', async () => {
	const notes: string[] = [];
	const source = await fetchedData(`${base}/export?table=7`, signal, ({ note }) => notes.push(note));
	expect(source).toMatchObject({ name: 'export', url: `${base}/export?table=7` });
	expect(source.files[0]!.path).toBe('export.csv');
	expect(await source.files[0]!.blob.text()).toBe('a,b\n1,2\n');
	expect(notes.at(-1)).toMatch(/^Fetching the data, 1 kB$/);
	expect((await fetchedData(`${base}/export.tsv`, signal, () => {})).files[0]!.path).toBe('export.tsv');
});

it('half of the work is the download, where the server says how much there is', async () => {
	const reported: { done: number; note: string }[] = [];
	await fetchedData(`${base}/large.bin`, signal, (one) => reported.push(one));
	expect(reported[0]).toEqual({ done: 0, note: 'Fetching the data' });
	expect(reported.at(-1)).toEqual({ done: 0.5, note: 'Fetching the data, 5.0 MB of 5.0 MB' });
	reported.slice(1).forEach(({ done }, i) => expect(done).toBeGreaterThan(reported[i]!.done));
	reported.length = 0;
	await fetchedData(`${base}/export`, signal, (one) => reported.push(one));
	expect(reported.map(({ done }) => done)).toEqual(reported.map(() => 0));
});

it('what is too large is not fetched to its end, whether the server says so before or not', async () => {
	for (const path of ['large.bin', 'endless.bin'])
		await expect(download(`${base}/${path}`, { signal, maxBytes: 200_000 })).rejects.toThrow(/too large: .* limit/);
});

it('a failure is one sentence; a cancelled download is no failure', async () => {
	await expect(fetchedData(`${base}/none.csv`, signal, () => {})).rejects.toThrow(/answered 404/);
	await expect(fetchedData('ftp://x/y.csv', signal, () => {})).rejects.toThrow(/cannot be opened/);
	await expect(fetchedData('http://127.0.0.1:9/y.csv', signal, () => {})).rejects.toThrow(/could not be read/);
	const controller = new AbortController();
	const running = fetchedData(`${base}/endless.bin`, controller.signal, () => setTimeout(() => controller.abort(), 30));
	await expect(running).rejects.toMatchObject({ name: 'AbortError' });
});
