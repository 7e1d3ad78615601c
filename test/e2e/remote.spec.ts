import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openLab, prediction, settled } from './lab.ts';

/** A file server of someone else: sample models under /open, the same without permission under /closed. */
let server: Server;
let base: string;
const requested: string[] = [];

test.beforeAll(async () => {
	server = createServer((request, response) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		requested.push(pathname);
		const [, kind, ...rest] = pathname.split('/');
		try {
			const body = readFileSync(join(rest[0] === 'samples' ? 'static' : 'models', ...rest));
			response.writeHead(200, kind === 'open' ? { 'access-control-allow-origin': '*' } : {});
			response.end(body);
		} catch {
			response.writeHead(404, { 'access-control-allow-origin': '*' });
			response.end();
		}
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	base = `http://localhost:${(server.address() as AddressInfo).port}`;
});
test.afterAll(() => server.close());

test('a model, an image and a range by address', async ({ page }) => {
	const query = new URLSearchParams({
		model: `${base}/open/digits/model.json`,
		input: `${base}/open/samples/digit-7.png`,
		range: '0,1',
		method: 'gradient'
	});
	await openLab(page, `?${query}`);
	const [best] = await prediction(page);
	expect(best?.name).toBe('class 7');
	await expect(page).toHaveURL(new RegExp(encodeURIComponent('digit-7.png')));
});

test('a server that lets no other page read it is told from a wrong address', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-7.png&method=gradient');
	const open = async (address: string) => {
		await page.getByRole('button', { name: 'From URL…' }).click();
		await page.getByLabel('URL', { exact: true }).fill(address);
		await page.getByRole('button', { name: 'Open', exact: true }).click();
	};
	await open(`${base}/closed/digits/model.json`);
	await expect(page.getByRole('alert')).toContainText('CORS');
	await open(`${base}/open/nowhere.json`);
	await expect(page.getByRole('alert')).toContainText('answered 404');
	expect((await prediction(page))[0]?.name).toBe('7');
	await open(`${base}/open/photos/model.json`);
	await settled(page);
	await expect(page.getByText('456 k parameters')).toBeVisible();
});

test('a model of the catalogue is fetched once, with its size said before, and then works offline', async ({
	page
}) => {
	// The makers' addresses, answered by the local server.
	await page.route('https://storage.googleapis.com/**', async (route) => {
		const { pathname } = new URL(route.request().url());
		if (pathname.endsWith('.txt'))
			return route.fulfill({
				body: Array.from({ length: 10 }, (_, i) => `name ${i}`).join('\n'),
				headers: { 'access-control-allow-origin': '*' }
			});
		const file = pathname.split('/').pop() as string;
		await route.fulfill({
			body: readFileSync(join('models', 'photos', file)),
			headers: { 'access-control-allow-origin': '*' }
		});
	});
	await openLab(page, '?model=digits&input=digit-7.png&method=gradient');
	await page.getByText('Larger public models').click();
	const entry = page.getByRole('listitem').filter({ hasText: 'MobileNet V1 0.25' });
	await expect(entry).toContainText('1.9 MB');
	await entry.getByRole('button', { name: 'Fetch' }).click();
	await expect(entry.getByRole('button', { name: 'Open' })).toBeVisible();
	await settled(page);
	await page.unroute('https://storage.googleapis.com/**');
	await page.route('https://storage.googleapis.com/**', (route) => route.abort());
	await page.reload();
	await settled(page);
	await expect(page).toHaveURL(/catalogue/);
	await expect(page.getByText('456 k parameters')).toBeVisible();
	await page.getByText('Larger public models').click();
	await page.getByRole('listitem').filter({ hasText: 'MobileNet V2' }).getByRole('button', { name: 'Fetch' }).click();
	await expect(page.getByRole('alert')).toContainText(/could not be read|offline/);
	await expect(page.getByText('456 k parameters')).toBeVisible();
});

test('images of other kinds: SVG without its scripts, EXIF turned, a drawing, numbers', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-7.png&method=gradient');
	const svg =
		'<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><script>window.parent.hacked=1;window.hacked=1</script><rect width="60" height="30" fill="white"/></svg>';
	await page
		.getByLabel('Image', { exact: true })
		.setInputFiles({ name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) });
	await expect(page.getByText('60 × 30')).toBeVisible();
	expect(await page.evaluate(() => 'hacked' in window)).toBe(false);

	// A 40 x 20 JPEG that says it lies on its side (EXIF orientation 6).
	const jpeg = await page.evaluate(async () => {
		const canvas = new OffscreenCanvas(40, 20);
		canvas.getContext('2d')?.fillRect(0, 0, 40, 20);
		const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/jpeg' })).arrayBuffer());
		const exif = [
			0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1,
			0, 6, 0, 0, 0, 0, 0, 0
		];
		return [...bytes.subarray(0, 2), ...exif, ...bytes.subarray(2)];
	});
	await page
		.getByLabel('Image', { exact: true })
		.setInputFiles({ name: 'turned.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(jpeg) });
	await expect(page.getByText('20 × 40')).toBeVisible();

	await page.getByRole('button', { name: 'Draw…' }).click();
	const pad = page.getByLabel('Drawing pad');
	const box = await pad.boundingBox();
	const at = (x: number, y: number) => page.mouse.move((box?.x ?? 0) + x, (box?.y ?? 0) + y, { steps: 6 });
	await at(140, 50);
	await page.mouse.down();
	await at(135, 230);
	await page.mouse.up();
	await page.getByRole('button', { name: 'Use the drawing' }).click();
	await expect(
		page.getByRole('region', { name: 'Input', exact: true }).getByText('Drawing', { exact: true })
	).toBeVisible();
	await settled(page);
	expect((await prediction(page))[0]?.name).toBe('1');
});
