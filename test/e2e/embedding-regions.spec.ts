import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { expectSound, openLab, settled } from './lab.ts';

const quality = (page: Page) =>
	page.getByRole('region', { name: 'Projection quality: what can this map be trusted for?' });
const canvas = async (page: Page) => (await page.locator('canvas[data-map="scatter"]').screenshot()).toString('base64');
const note = (page: Page) => page.getByRole('note', { name: 'About the background' });

async function mapped(page: Page): Promise<void> {
	await expect(quality(page).getByText('Trustworthiness')).toBeVisible({ timeout: 60_000 });
}
/** Share of pixels of the map that have a colour; out of sight it is not painted. */
const coloured = async (page: Page): Promise<number> => {
	const map = page.locator('canvas[data-map="scatter"]');
	await map.scrollIntoViewIfNeeded();
	return map.evaluate((canvas: HTMLCanvasElement) => {
		const context = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')!;
		context.drawImage(canvas, 0, 0);
		const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
		let count = 0;
		for (let i = 0; i < data.length; i += 4)
			if (Math.max(data[i]!, data[i + 1]!, data[i + 2]!) - Math.min(data[i]!, data[i + 1]!, data[i + 2]!) > 16) count++;
		return (4 * count) / data.length;
	});
};

test('the model’s regions are painted behind a flat map, of the nearest item or by the inverse map', async ({
	page
}) => {
	await openLab(
		page,
		'?model=digits&input=digit-4.png&view=embedding&embedding.data=digits&embedding.method=pca&embedding.thumbnails=false&embedding.regions=nearest'
	);
	await mapped(page);
	// Nothing is painted before the model was asked.
	const map = page.getByRole('region', { name: 'Map', exact: true });
	await expect(map.getByText(/^Run the model on these data/)).toBeVisible();
	const bare = await coloured(page);
	await page.getByRole('button', { name: 'Run the model' }).click();
	await expect(note(page)).toContainText('Nearest neighbour', { timeout: 60_000 });
	await expect(note(page)).toContainText(/\d+\.\d % of 300 items/);
	await settled(page);
	// What is said of the regions may be there a frame before them.
	await expect.poll(() => coloured(page)).toBeGreaterThan(bare + 0.1);
	const nearest = await coloured(page);
	const before = await canvas(page);

	await page.getByRole('combobox', { name: 'Background' }).selectOption('inverse');
	await expect(note(page)).toContainText('129 × 129', { timeout: 60_000 });
	await expect(note(page)).toContainText(/Leave-one-out/, { timeout: 30_000 });
	await expect(page).toHaveURL(/embedding\.regions=inverse/);
	await expect.poll(() => canvas(page)).not.toBe(before);
	await expect.poll(async () => Math.abs((await coloured(page)) - nearest)).toBeLessThan(0.1);
	// Nearer, the edges are looked at anew.
	await page.getByRole('application', { name: /^Map of/ }).focus();
	for (let i = 0; i < 4; i++) await page.keyboard.press('+');
	await settled(page);
	const wide = page.viewportSize()!;
	await expectSound(page);
	await page.setViewportSize(wide);

	// The drawing has it as one image, and says what it is.
	await page.getByRole('button', { name: 'Save the map' }).click();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('menuitem', { name: 'Drawing, SVG' }).click()
	]);
	const svg = readFileSync(await download.path(), 'utf8');
	expect(svg).toMatch(/<image [^>]*href="data:image\/png;base64,[A-Za-z0-9+/]{9000}/);
	expect(svg).toContain('Background: output of');

	await page.getByRole('combobox', { name: 'Background' }).selectOption('none');
	await page.keyboard.press('Tab');
	await expect(note(page)).toBeHidden();
	await expect.poll(() => coloured(page)).toBeLessThan(nearest);
	await page.getByLabel('Dimensions').selectOption('3');
	await page.getByRole('button', { name: 'Recompute' }).click();
	await expect(map.getByText(/need a 2D map/)).toBeVisible({ timeout: 30_000 });
});

test('columns are chosen, and groups get names from what is said of them', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding&embedding.method=pca');
	const kinds = [
		['small', 'orbit rocket moon'],
		['middle', 'violin cello opera'],
		['large', 'yeast oven flour']
	] as const;
	const lines = Array.from({ length: 240 }, (_, i) => {
		const [size, words] = kinds[i % 3]!;
		const own = words.split(' ').filter((_, k) => (i + k) % 4);
		return `${(i % 3) * 9 + Math.sin(i)},${(i % 3 === 1 ? 9 : 0) + Math.cos(i * 7)},${40 * Math.sin(i * i)},${size},the story no ${i} of ${own.join(' and ')}`;
	});
	// By an address, from a server that lets others read it.
	const server = createServer((_, response) => {
		response.writeHead(200, { 'access-control-allow-origin': '*' });
		response.end(`size,weight,noise,kind,story\n${lines.join('\n')}`);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const address = `http://localhost:${(server.address() as AddressInfo).port}/stories.csv`;
	const start = page.getByRole('region', { name: 'Choose data' });
	await start.getByRole('button', { name: 'From URL…' }).click();
	await page.getByLabel('URL', { exact: true }).fill(address);
	await page.getByRole('button', { name: 'Open', exact: true }).click();
	await page.getByText('Columns: all 3 numbers').click();
	await page.getByRole('searchbox', { name: 'Search columns' }).fill('noi');
	await page.getByRole('button', { name: 'None found' }).click();
	await page.getByRole('searchbox', { name: 'Search columns' }).fill('');
	await expect(page.getByText('Columns: 2 of 3 columns')).toBeVisible();
	await expect(page).toHaveURL(/embedding\.columns=1-2/);
	await page.getByRole('checkbox', { name: 'kind, the label' }).check();
	await expect(page.getByText('240 rows of 5 values')).toBeVisible();
	await page.getByRole('checkbox', { name: 'kind, the label' }).uncheck();
	await page.getByRole('button', { name: 'Compute map' }).click();
	await mapped(page);
	await expect(quality(page)).toContainText(
		'raw values of 2 of 3 columns, each column standardised: 240 rows of 2 values'
	);

	await page.getByRole('combobox', { name: 'Names' }).selectOption('words');
	const groups = page.getByText(/^3 groups by density, named by their most distinctive words/);
	await groups.click();
	const list = page.getByRole('list', { name: 'Groups of the map' });
	for (const [, words] of kinds)
		await expect(
			list.getByRole('button', {
				name: new RegExp(
					words
						.split(' ')
						.sort()
						.map((word) => `(?=.*${word})`)
						.join('')
				)
			})
		).toHaveText(/80$/);
	await list.getByRole('button', { name: /violin/ }).click();
	await expect(page.getByText('80 selected')).toBeVisible();
	await page.getByRole('button', { name: 'Set as group B' }).click();
	await list.getByRole('button', { name: /orbit/ }).click();
	await page.getByRole('button', { name: 'Compare with group B' }).click();
	const separated = page.getByRole('region', { name: 'Selection against group B' });
	await expect(separated.getByRole('rowheader')).toHaveText(['size', 'weight']);
	await expect(page).toHaveURL(/embedding\.names=words/);

	// The link has all of it; where the data are gone, one sentence says so.
	await page.reload();
	await expect(page.getByText('Columns: 2 of 3 columns')).toBeVisible();
	server.close();
	server.closeAllConnections();
	await page.reload();
	await expect(page.getByRole('alert')).toContainText('could not be read');
	await expect(start).toBeVisible();
});
