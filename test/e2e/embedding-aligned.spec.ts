import { expect, test, type Locator, type Page } from '@playwright/test';
import { expectSound, openLab, settled } from './lab.ts';

const strip = (page: Page) => page.getByRole('region', { name: 'Aligned maps' });
const rows = (page: Page) => strip(page).getByRole('list', { name: /^Maps of/ });
const small = (page: Page, k: number) => page.locator('canvas[data-map="aligned"]').nth(k);
/** What is on a canvas, as a number. */
const pictures = (canvas: Locator) =>
	canvas.evaluate((element) => {
		const { width, height } = element as HTMLCanvasElement;
		const context = new OffscreenCanvas(Math.max(1, width), Math.max(1, height)).getContext('2d')!;
		if (width) context.drawImage(element as HTMLCanvasElement, 0, 0);
		const { data } = context.getImageData(0, 0, Math.max(1, width), Math.max(1, height));
		return data.reduce((sum, v) => (Math.imul(sum, 31) + v) | 0, width);
	});
/** The same when no more pictures come. */
async function steady(canvas: Locator): Promise<number> {
	let last = NaN;
	await expect
		.poll(
			async () => {
				const [before, now] = [last, await pictures(canvas)];
				last = now;
				return now === before;
			},
			{ intervals: [150] }
		)
		.toBe(true);
	return last;
}
const stage = (page: Page) => page.locator('canvas[data-map="scatter"]');
const selected = async (page: Page) => Number((await page.getByText(/ selected$/).innerText()).replace(/[^0-9]/g, ''));

async function make(page: Page): Promise<void> {
	await page.getByRole('button', { name: 'Compute 2 maps' }).click();
	await expect(page.getByRole('progressbar', { name: 'Computing the maps' })).toBeHidden({ timeout: 60_000 });
}

test('layers stand side by side, linked; one passes into the next; after training beside before', async ({ page }) => {
	await page.setViewportSize({ width: 1440, height: 2600 });
	const layers = encodeURIComponent('pool1,relu3');
	const map = 'embedding.data=digits&embedding.method=pca&embedding.of=digits/softmax';
	await openLab(page, `?model=digits&input=digit-4.png&view=embedding&${map}&embedding.layers=${layers}`);
	// Whole, as it is to be there again in the end.
	await expect(page.getByRole('application', { name: /made of digits\/softmax/ })).toBeVisible({ timeout: 60_000 });
	await page.getByText('Compare layers', { exact: true }).click();
	await make(page);

	// The figures are those of maps that were turned onto each other.
	await expect(rows(page).getByRole('listitem')).toHaveCount(2);
	await strip(page).getByText('Metrics of these maps').click();
	const cells = (name: string | RegExp) => strip(page).getByRole('row', { name }).getByRole('cell').allInnerTexts();
	const [of, trust, , onto, disparity, onMaps, inRows] = await cells(/^relu3/);
	expect([of, onto]).toEqual(['relu3, flattened, 64 values', 'pool1']);
	expect(Number(trust)).toBeGreaterThan(0.8);
	expect(Number(disparity)).toBeGreaterThan(0.2);
	expect(Number(disparity)).toBeLessThan(0.99);
	for (const share of [onMaps, inRows]) {
		expect(parseFloat(share!)).toBeGreaterThan(1);
		expect(parseFloat(share!)).toBeLessThan(60);
	}

	// Drawn around in one, selected in all; pointed at in one, ringed in all.
	const before = await Promise.all([0, 1].map((k) => steady(small(page, k))));
	const box = (await small(page, 1).boundingBox())!;
	await page.mouse.move(box.x + 4, box.y + 4);
	await page.mouse.down();
	for (const [x, y] of [
		[0.55, 0.02],
		[0.55, 0.98],
		[0.02, 0.98]
	] as const)
		await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
	await page.mouse.up();
	expect(await selected(page)).toBeGreaterThan(100);
	expect(await selected(page)).toBeLessThan(1900);
	for (const k of [0, 1]) await expect.poll(() => pictures(small(page, k))).not.toBe(before[k]);
	await page.getByRole('button', { name: 'Clear', exact: true }).click();
	await page.mouse.move(5, 5);
	for (const k of [0, 1]) await expect.poll(() => pictures(small(page, k))).toBe(before[k]);
	let tried = 0;
	await expect(async () => {
		const now = (await small(page, 1).boundingBox())!;
		tried++;
		await page.mouse.move(now.x + (0.25 + 0.05 * (tried % 11)) * now.width, now.y + 0.5 * now.height);
		expect(await pictures(small(page, 0))).not.toBe(before[0]);
	}).toPass({ timeout: 15_000, intervals: [50] });
	await page.mouse.move(5, 5);

	// The way from one to the next, on the stage.
	await page.getByRole('button', { name: 'Show pool1 large' }).click();
	await expect(page.getByRole('application', { name: /made of pool1/ })).toBeVisible();
	const slider = page.getByRole('slider', { name: 'Position' });
	const first = await steady(stage(page));
	await slider.fill('0.5');
	await expect(slider).toHaveAttribute('aria-valuetext', '50 % from pool1 to relu3');
	await expect.poll(() => pictures(stage(page))).not.toBe(first);
	await expect(strip(page)).toContainText(/disparity \d\.\d\d; 0 is a copy.*Median displacement/);
	await page.getByRole('button', { name: 'Colour by displacement' }).click();
	await expect(page).toHaveURL(/embedding\.colour=moved/);
	await expect(page.getByRole('img', { name: /Colour scale/ })).toBeVisible();
	await page.getByRole('button', { name: 'Select the 5 % with the largest displacement' }).click();
	expect(await selected(page)).toBe(100);
	// It goes by itself, and rests where it is told to; who is slower than it comes too late, and tries again.
	await expect(async () => {
		await slider.fill('0');
		await strip(page).getByRole('button', { name: 'Play' }).click({ timeout: 5000 });
		const at = () => slider.inputValue().then(Number);
		await expect.poll(at, { intervals: [30], timeout: 5000 }).toBeGreaterThan(0);
		await strip(page).getByRole('button', { name: 'Pause' }).click({ timeout: 3000 });
		expect(await at()).toBeLessThan(1);
	}).toPass({ timeout: 60_000 });
	const rest = await slider.inputValue();
	await page.emulateMedia({ reducedMotion: 'reduce' });
	await expect(strip(page).getByRole('button', { name: 'Play' })).toBeHidden();
	expect(await slider.inputValue()).toBe(rest);
	// At once after a move, of which something is still to come.
	await slider.fill('0.4');
	await page.getByRole('button', { name: 'Back to single map' }).click();
	await page.waitForTimeout(400);
	await expect(page.getByRole('application', { name: /made of digits\/softmax/ })).toBeVisible();

	// Another model with the same layers: the maps of the first stay, its own come below.
	await page.getByLabel('Weights').selectOption('untrained.json');
	await settled(page);
	await expect(rows(page).getByRole('listitem')).toHaveCount(2);
	await make(page);
	await expect(rows(page)).toHaveCount(2);
	await expect(rows(page).getByRole('listitem')).toHaveCount(4);
	const after = await cells(/^relu3 of Digits, untrained/);
	expect(after[3]).toBe('relu3 of Digits');
	expect(Number(after[4])).toBeGreaterThan(0.05);
	await strip(page).getByRole('combobox').selectOption({ label: 'relu3, from model to model' });
	await slider.focus();
	await page.keyboard.press('End');
	await expect(slider).toHaveAttribute('aria-valuetext', 'Digits, untrained');

	await expectSound(page);
	await page.getByRole('button', { name: 'Remove the maps of Digits, untrained' }).click();
	await expect(rows(page).getByRole('listitem')).toHaveCount(2);
	await page.getByRole('button', { name: 'Change data set' }).click();
	await expect(strip(page)).toBeHidden();
});
