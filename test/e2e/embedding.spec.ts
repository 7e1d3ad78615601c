import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { parquetReadObjects } from 'hyparquet';
import { expectSound, openLab, prediction, settled } from './lab.ts';

const map = (page: Page) => page.getByRole('application', { name: /^Map of/ });
const quality = (page: Page) =>
	page.getByRole('region', { name: 'Projection quality: what can this map be trusted for?' });
/** A choice by its words; what can be chosen is no part of them. */
const field = (page: Page, words: string) =>
	page.locator('label', { has: page.getByText(words, { exact: true }) }).locator('select');
const picture = (page: Page) => page.locator('canvas[data-map="scatter"]');

async function mapped(page: Page): Promise<void> {
	await expect(quality(page).getByText('Trustworthiness')).toBeVisible({ timeout: 90_000 });
}
async function saved(page: Page, item: string): Promise<Buffer> {
	await page.getByRole('button', { name: 'Save the map' }).click();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('menuitem', { name: item }).click()
	]);
	return readFileSync(await download.path());
}
/** Draws around a part of the map, in shares of it. */
async function lasso(page: Page, corners: readonly (readonly [number, number])[]): Promise<void> {
	const box = (await map(page).boundingBox())!;
	const at = ([x, y]: readonly [number, number]) => [box.x + x * box.width, box.y + y * box.height] as const;
	const [first, ...rest] = corners.map(at);
	await page.mouse.move(...first!);
	await page.mouse.down();
	for (const corner of rest) await page.mouse.move(...corner, { steps: 3 });
	await page.mouse.up();
}
const selected = async (page: Page) => Number((await page.getByText(/ selected$/).innerText()).replace(/[^0-9]/g, ''));

test('a layer of the model maps a sample set, from a link; a point becomes the input of all views', async ({
	page
}) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding&embedding.data=digits&embedding.method=pca');
	await mapped(page);
	await expect(quality(page)).toContainText('2,000 rows of 784 values');
	expect((await prediction(page))[0]?.name).toBe('4');

	// What the last layers hold to be alike is sorted better than pixels are.
	const trust = async () => Number(/0\.\d{3}/.exec(await quality(page).innerText())![0]);
	const pixels = await trust();
	const layers = page.getByRole('combobox', { name: 'Embed', exact: true }).locator('optgroup option');
	await page
		.getByRole('combobox', { name: 'Embed', exact: true })
		.selectOption(await layers.last().getAttribute('value'));
	await page.getByRole('button', { name: 'Recompute' }).click();
	await expect(quality(page)).toContainText('2,000 rows of 10 values', { timeout: 60_000 });
	await mapped(page);
	expect(await trust()).toBeGreaterThan(pixels);

	// Walk to a point, look at its neighbours, take it to the lab.
	await map(page).focus();
	await page.keyboard.press('ArrowRight');
	const item = page.getByRole('region', { name: /^Item \d+$/ });
	await expect(item.getByRole('list', { name: 'Nearest items' }).getByRole('listitem')).toHaveCount(12);
	await page.keyboard.press('Enter');
	const digit = await item.locator('dd').first().innerText();
	await expect(page.getByRole('list', { name: 'Prediction', exact: true }).getByRole('listitem').first()).toContainText(
		digit
	);
	await settled(page);

	// The model on these data, linked by selection.
	await page.getByRole('button', { name: 'Run the model' }).click();
	const model = page.getByRole('region', { name: 'Model on these data' });
	await expect(model.getByText('accuracy', { exact: true })).toBeVisible({ timeout: 60_000 });
	expect(Number(/(\d+\.\d) %/.exec(await model.innerText())![1])).toBeGreaterThan(95);
	const cell = model.getByRole('button', { name: /^\d+ of 0 predicted as 0$/ });
	const count = Number(/^\d+/.exec((await cell.getAttribute('aria-label'))!)![0]);
	const before = (await picture(page).screenshot()).toString('base64');
	await cell.click();
	expect(await selected(page)).toBe(count);
	await expect.poll(async () => (await picture(page).screenshot()).toString('base64')).not.toBe(before);
	// Two groups, and the unit of the last layer that tells them apart.
	await page.getByRole('button', { name: 'Set as group B' }).click();
	await model.getByRole('button', { name: /^\d+ of 7 predicted as 7$/ }).click();
	await page.getByRole('button', { name: 'Compare with group B' }).click();
	const groups = page.getByRole('region', { name: 'Selection against group B' });
	await expect(groups.getByRole('rowheader').first()).toHaveText(/channel [07]/);
	await model.getByText('Precision, recall').click();
	await expect(model.getByRole('table').last().getByRole('row')).toHaveCount(11);
	await field(page, 'Colour').selectOption('loss');
	await expect(page).toHaveURL(/embedding\.colour=loss/);
	await expect(page.getByRole('img', { name: /Colour scale/ })).toBeVisible();
});

test('a map is searched, lassoed, narrowed, turned and saved', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding&embedding.method=pca');
	await page.getByRole('button', { name: /Two linked rings/ }).click();
	await mapped(page);
	await page.getByRole('searchbox', { name: 'Search items' }).fill('ring:first');
	expect(await selected(page)).toBe(750);
	await page.getByRole('button', { name: 'Show only these' }).click();
	await page.getByRole('button', { name: 'Clear', exact: true }).click();
	await expect(page.getByText('750 of 1,500 shown')).toBeVisible();
	// Nothing that is hidden is caught.
	await page.getByRole('button', { name: /^Lasso/ }).click();
	await map(page).scrollIntoViewIfNeeded();
	const all = [
		[0.01, 0.01],
		[0.99, 0.01],
		[0.99, 0.99],
		[0.01, 0.99]
	] as const;
	await lasso(page, all);
	expect(await selected(page)).toBe(750);
	await page.getByRole('button', { name: 'Show all again' }).click();
	await lasso(page, [
		[0.01, 0.01],
		[0.5, 0.01],
		[0.5, 0.99],
		[0.01, 0.99]
	]);
	const left = await selected(page);
	expect(left).toBeGreaterThan(200);
	expect(left).toBeLessThan(1300);
	await page
		.getByRole('list', { name: 'Colours: ring' })
		.getByRole('button', { name: /second/ })
		.click();
	expect(await selected(page)).toBe(750);

	const csv = (await saved(page, 'Coordinates, CSV')).toString().trim().split('\r\n');
	expect(csv).toHaveLength(1501);
	expect(csv[0]).toBe('item,x,y,ring,angle');
	const first = csv[1]!.split(',').map(Number);
	const npy = await saved(page, 'NumPy');
	expect(npy.subarray(0, 128).toString('latin1')).toContain("'shape': (1500, 2)");
	expect(npy.readFloatLE(128)).toBeCloseTo(first[1]!, 5);
	const parquet = await saved(page, 'Parquet');
	const rows = await parquetReadObjects({ file: Uint8Array.from(parquet).buffer });
	expect(rows).toHaveLength(1500);
	expect(rows[0]!['embedding y']).toBeCloseTo(first[2]!, 5);
	const svg = (await saved(page, 'Drawing, SVG')).toString();
	expect(svg.match(/<circle/g)).toHaveLength(1502);
	expect(svg).toContain('>second ring</text>');
	const png = await saved(page, 'Image, PNG');
	expect([png.subarray(1, 4).toString(), png.readUInt32BE(20)]).toEqual(['PNG', 2000]);
	const zip = unzipSync(Uint8Array.from(await saved(page, 'TensorBoard')));
	expect(Object.keys(zip).sort()).toEqual(['map.tsv', 'metadata.tsv', 'projector_config.json', 'rows.tsv']);

	// And back in again, as what TensorBoard keeps; then in space.
	await page.getByRole('button', { name: 'Change data set' }).click();
	const files = Object.entries(zip).filter(([name]) => !name.startsWith('map'));
	await page
		.getByLabel('Data files')
		.setInputFiles(files.map(([name, bytes]) => ({ name, mimeType: '', buffer: Buffer.from(bytes) })));
	await expect(page.getByText('1,500 rows of 3 values').first()).toBeVisible();
	await page.getByLabel('Dimensions').selectOption('3');
	await page.getByRole('button', { name: 'Compute map' }).click();
	await mapped(page);
	await expect(quality(page)).toContainText('1.000');
	const flat = (await picture(page).screenshot()).toString('base64');
	await lasso(page, [
		[0.5, 0.5],
		[0.7, 0.6]
	]);
	await expect.poll(async () => (await picture(page).screenshot()).toString('base64')).not.toBe(flat);
});

test('tables are dropped, typed and mapped; what is none is said in a sentence', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding');
	const drop = (name: string, text: string) =>
		page.evaluate(
			({ name, text }) => {
				const data = new DataTransfer();
				data.items.add(new File([text], name));
				const target = document.querySelector('[aria-label="Choose data"], [aria-label="Map settings"]')!;
				target.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
			},
			{ name, text }
		);
	await drop('broken.npy', '\x93NUMPY and then nothing of the kind');
	await expect(
		page.getByRole('alert').or(page.getByText('No data set was found in broken.npy.')).first()
	).toBeVisible();
	// The model that was open still is.
	expect((await prediction(page))[0]?.name).toBe('4');

	const lines = Array.from(
		{ length: 120 },
		(_, i) =>
			`${i},${(i % 3) * 5 + Math.sin(i)},${Math.cos(i * 7)},${100 * Math.sin(i * 3)},${['ant', 'bee', '<b>cat</b>'][i % 3]}`
	);
	await drop('animals.csv', `id,size,weight,speed,kind\n${lines.join('\n')}`);
	await expect(page.getByRole('heading', { name: 'animals' })).toBeVisible();
	await expect(field(page, 'Label')).toHaveValue('kind');
	await expect(page.getByRole('combobox', { name: 'Embed', exact: true })).toHaveValue('standard');
	// The digits model takes images: it is not asked about animals.
	await expect(page.getByRole('region', { name: 'Model on these data' })).toContainText('does not fit these data');
	await page.getByRole('button', { name: 'Compute map' }).click();
	await mapped(page);
	await expect(quality(page)).toContainText('120 rows of 3 values');
	await expect(page.getByRole('list', { name: 'Colours: kind' })).toContainText('<b>cat</b>');
	await field(page, 'Colour').selectOption('distortion');
	await page.getByRole('button', { name: 'Select the worst 5 %' }).click();
	expect(await selected(page)).toBe(6);
});

test('axe finds nothing: light and wide, dark and narrow', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding');
	await expect(page.getByRole('button', { name: /Two linked rings/ })).toBeVisible();
	await expectSound(page);
	await page.goto('./?model=digits&input=digit-4.png&view=embedding&embedding.data=digits&embedding.method=pca');
	await mapped(page);
	await map(page).focus();
	await page.keyboard.press('ArrowRight');
	await page.getByRole('button', { name: 'Run the model' }).click();
	await expect(page.getByText('calibration error')).toBeVisible({ timeout: 60_000 });
	await settled(page);
	await expectSound(page);
});
