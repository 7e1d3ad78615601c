import { expect, test, type Page } from '@playwright/test';
import { npyHeader } from '../../src/maths/npy.ts';
import { outputFiles } from '../tools/output-models.ts';
import { FLOWER_CSV, flowerFiles } from '../tools/tabular-model.ts';
import { drop, expectAccessible, expectFits, openLab, settled } from './lab.ts';
import { honest, slowable } from './slow.ts';

/** Outputs are drawn as what they are, and inputs get the files that suit them. */

const view = (page: Page) => page.getByRole('region', { name: 'Output', exact: true });

async function openModel(
	page: Page,
	name: string,
	query = '?model=photos&input=ship.png&view=model-output'
): Promise<void> {
	await openLab(page, query);
	await drop(page, outputFiles(name));
	await expect(page.locator('[aria-label="Model"] dd strong', { hasText: 'model' })).toBeVisible();
	await settled(page);
}

/** A pixel of a canvas as bytes. */
const pixel = (page: Page, map: string, x: number, y: number) =>
	view(page)
		.locator(`canvas[data-map="${map}"]`)
		.evaluate(
			(canvas: HTMLCanvasElement, [x, y]) => Array.from(canvas.getContext('2d')!.getImageData(x!, y!, 1, 1).data),
			[x, y]
		);

const sound = async (page: Page) => {
	for (const [colorScheme, width] of [
		['light', 1440],
		['dark', 390]
	] as const) {
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await page.setViewportSize({ width, height: 900 });
		await expectFits(page);
		await expectAccessible(page);
	}
	await page.setViewportSize({ width: 1440, height: 900 });
};

test('boxes lie over the image where the model put them, and the guess can be changed', async ({ page }) => {
	await openModel(page, 'boxes-v8');
	const list = view(page).getByRole('list', { name: 'Boxes' }).getByRole('listitem');
	await expect(list).toHaveText([/class 1\s*90\.0 %\s*4, 4, 12, 12/, /class 0\s*80\.0 %\s*19, 14, 29, 26/]);
	const stage = (await view(page)
		.getByRole('img', { name: /^Boxes over the model input: 2 boxes/ })
		.boundingBox())!;
	const box = (await view(page).locator('.box').last().boundingBox())!;
	// 4 to 12 of 32 pixels, each way.
	expect((box.x - stage.x) / stage.width).toBeCloseTo(4 / 32, 2);
	expect((box.y - stage.y) / stage.height).toBeCloseTo(4 / 32, 2);
	expect(box.width / stage.width).toBeCloseTo(8 / 32, 2);

	// By the keyboard: one that overlaps comes back, and goes by its score.
	await view(page).getByRole('slider', { name: 'Overlap (IoU) threshold' }).press('End');
	await expect(list).toHaveCount(3);
	await view(page).getByRole('slider', { name: 'Score threshold' }).fill('0.85');
	await expect(list).toHaveCount(1);
	await list.getByRole('button').focus();
	await expect(view(page).locator('.box.pointed')).toHaveCount(1);
	await expect(page).toHaveURL(/model-output\.least=0\.85/);
	await sound(page);

	await view(page).getByText('How it is read').click();
	await view(page)
		.getByLabel(/^Scores/)
		.selectOption('sigmoid');
	await settled(page);
	await expect(list).toHaveCount(0);
	await expect(view(page).getByText('None reaches the threshold; the best has 71.1 %')).toBeVisible();
	await view(page).getByLabel('Read as').selectOption('map');
	await settled(page);
	await expect(view(page).getByTestId('read-as')).toHaveText(/your choice; guessed: Boxes with scores/);
	await expect(view(page).getByRole('img', { name: /^Map of values/ })).toBeVisible();
	await page.reload();
	await settled(page);
	await expect(view(page).getByLabel('Read as')).toHaveValue('map');
});

test('a mask lies over the image; what is not painted can be, and late answers are dimmed', async ({ page }) => {
	await slowable(page);
	// Without an opacity of its own, what is dimmed is seen to be.
	await openModel(page, 'mask', '?model=photos&input=ship.png&view=model-output&model-output.opacity=1');
	const shares = view(page).getByRole('list', { name: 'Share of the image per class' }).getByRole('listitem');
	await expect(shares).toHaveCount(2);
	// The sky is bright: class 1; the sea is dark: class 0, which is not painted.
	await expect.poll(() => pixel(page, 'mask', 1, 1)).toEqual([123, 107, 176, 255]);
	expect(await pixel(page, 'mask', 1, 30)).toEqual([0, 0, 0, 0]);
	await shares.filter({ hasText: 'channel 0' }).getByRole('checkbox').check();
	await expect.poll(() => pixel(page, 'mask', 1, 30)).toEqual([224, 130, 20, 255]);
	await sound(page);
	await honest(page, {
		name: 'another picture under a mask',
		selector: 'canvas[data-map="mask"], [aria-label="Share of the image per class"] li',
		message: /previous input/,
		change: () => page.getByRole('button', { name: 'A frog', exact: true }).click()
	});
});

test('a row of a table, next and previous; what does not fit is said in a sentence', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&view=model-output');
	await drop(page, flowerFiles());
	const input = page.getByRole('region', { name: 'Input', exact: true });
	const file = input.getByLabel('row: array');
	await file.setInputFiles({ name: 'flowers.csv', mimeType: 'text/csv', buffer: Buffer.from(FLOWER_CSV) });
	await expect(input.getByText('flowers.csv; kind: a')).toBeVisible();
	await expect(input.getByLabel('row, number 1')).toHaveValue('5.1');
	await settled(page);
	await input.getByRole('button', { name: 'Next row' }).click();
	await expect(input.getByLabel('row, number 1')).toHaveValue('4.9');
	await input.getByLabel('Row of row').fill('5');
	await page.keyboard.press('Tab');
	await expect(input.getByText('flowers.csv; kind: c')).toBeVisible();
	await expect(input.getByLabel('row, number 3')).toHaveValue('5.8');
	await settled(page);
	await sound(page);
	await file.setInputFiles({ name: 'two.csv', mimeType: 'text/csv', buffer: Buffer.from('a,b\n1,2\n3,4\n5,6\n7,8\n') });
	await expect(input.getByRole('alert')).toHaveText(
		/“two\.csv” does not fit: it has 2 columns of numbers; the input “row” takes 4/
	);
	await expect(input.getByLabel('row, number 3')).toHaveValue('5.8');
});

test('an array takes the place of the picture, as it is, until there is another picture', async ({ page }) => {
	await openModel(page, 'mask');
	const input = page.getByRole('region', { name: 'Input', exact: true });
	await input.getByRole('button', { name: 'Array…', exact: true }).click();
	// Two rows: the left half bright, then the right one.
	const rows = Float32Array.from({ length: 2 * 32 * 32 * 3 }, (_, i) => {
		const [row, column] = [Math.floor(i / 3072), Math.floor(i / 3) % 32];
		return column < 16 === (row === 0) ? 0.9 : 0.1;
	});
	const npy = Buffer.concat([npyHeader([2, 32, 32, 3], 'float32'), Buffer.from(rows.buffer)]);
	await input.getByLabel('image: array').setInputFiles({ name: 'halves.npy', mimeType: '', buffer: npy });
	await expect(input.getByText('halves.npy, row 1')).toBeVisible();
	await settled(page);
	await expect.poll(() => pixel(page, 'mask', 1, 30)).toEqual([123, 107, 176, 255]);
	expect(await pixel(page, 'mask', 30, 1)).toEqual([0, 0, 0, 0]);
	await input.getByRole('button', { name: 'Next row' }).click();
	await expect(input.getByText('halves.npy, row 2')).toBeVisible();
	await settled(page);
	await expect.poll(() => pixel(page, 'mask', 30, 1)).toEqual([123, 107, 176, 255]);
	await sound(page);
	await input.getByRole('button', { name: 'A frog', exact: true }).click();
	await settled(page);
	await expect(input.locator('dd', { hasText: 'A frog' })).toBeVisible();
});
