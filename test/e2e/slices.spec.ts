import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { drop, expectAccessible, openLab, settled } from './lab.ts';
import { FLOWER_CSV, flowerFiles, FLOWERS } from '../tools/tabular-model.ts';
import { scoresOf } from '../tools/linear.ts';

const map = (page: Page) => page.getByRole('application', { name: /^Decision regions over the plane/ });
const panel = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const number = (text: string) => Number(text.replace('−', '-'));

/** How many colours the picture has, and the share of its most frequent one; null while there is none. */
const colours = (page: Page) =>
	page.evaluate(() => {
		const canvas = document.querySelector<HTMLCanvasElement>('canvas[data-map="slice"]');
		if (!canvas || canvas.width < 50) return 0;
		const copy = document.createElement('canvas');
		copy.width = copy.height = 48;
		const context = copy.getContext('2d', { willReadFrequently: true });
		context?.drawImage(canvas, 0, 0, 48, 48);
		const { data } = context!.getImageData(0, 0, 48, 48);
		const seen = new Set<number>();
		for (let i = 0; i < data.length; i += 4)
			seen.add(((data[i]! >> 4) << 8) | ((data[i + 1]! >> 4) << 4) | (data[i + 2]! >> 4));
		return seen.size;
	});

test('a plane through three digits: marks, picture, crosshair, zoom, link', async ({ page }) => {
	await openLab(
		page,
		'?model=digits&input=digit-4.png&view=slices&slices.inputs=current,digit-9.png,digit-7.png&slices.side=128'
	);
	// The three inputs are where the model says what it says of them.
	const inputs = panel(page, 'Inputs of the plane').getByRole('listitem');
	await expect(inputs.nth(0)).toContainText(/4, \d+\.\d %/);
	await expect(inputs.nth(1)).toContainText(/9, \d+\.\d %/);
	await expect(inputs.nth(2)).toContainText(/7, \d+\.\d %/);
	await expect(map(page).getByRole('img', { name: /^Mark/ })).toHaveCount(3);
	await expect.poll(() => colours(page)).toBeGreaterThan(10);

	const plane = panel(page, 'The plane');
	await expect(plane.getByTestId('bound')).toContainText(/0 of \d+ checked pixels wrong; at most \d\.\d %/);
	const [requested, pixels] = (await plane.getByTestId('evaluations').innerText())
		.match(/[\d,]+/g)!
		.map((text) => Number(text.replace(',', '')));
	expect(requested!).toBeLessThan(pixels! / 2);
	const shares = (await plane.getByRole('row').allInnerTexts()).map((text) => Number(/([\d.]+) %/.exec(text)?.[1]));
	expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(100, 0);

	// What is kept is what other weights are compared with; the same ones agree.
	await plane.getByRole('button', { name: 'Keep to compare' }).click();
	await expect(plane.getByTestId('agreement')).toHaveText('same class as Digits on 100.0 % of the pixels');
	await plane.getByRole('button', { name: 'Clear' }).click();
	await expect(plane.getByTestId('agreement')).toHaveCount(0);

	// The crosshair by keys: at the first mark it is the input itself, further on something else.
	const under = panel(page, 'Under the crosshair');
	await expect(under.getByRole('list').getByRole('listitem').first()).toContainText(/4\s*\d+\.\d %/);
	await map(page).focus();
	await page.keyboard.press('ArrowRight');
	const words = await plane.getByTestId('under').innerText();
	for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowRight');
	await expect(plane.getByTestId('under')).not.toHaveText(words);
	await expect(under.getByRole('img', { name: /under the crosshair/ })).toBeVisible();

	// Zooming computes anew, and the link holds the part.
	await page.keyboard.press('+');
	await settled(page);
	await expect(page).toHaveURL(/slices\.box=/);
	const zoomed = page.url();
	await page.keyboard.press('0');
	await settled(page);
	await expect(page).not.toHaveURL(/slices\.box=/);
	await page.goto(zoomed);
	await settled(page);
	await expect(plane.getByRole('button', { name: 'Show all' })).toBeEnabled();

	await page.getByRole('combobox', { name: 'Input 3' }).selectOption({ label: 'A one' });
	await settled(page);
	await expect(inputs.nth(2)).toContainText(/1, \d+\.\d %/);
	await expect(page).toHaveURL(/digit-1\.png/);

	await expectAccessible(page, '[data-view="slices"]');
});

test('directions, the path of Integrated Gradients, and the step across the boundary', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=slices&slices.plane=path&slices.side=32');
	const way = panel(page, 'Integrated Gradients path');
	await expect(way).toContainText('The path lies in this plane');
	await expect(way.getByRole('img', { name: /^Probability of 4 along the path/ })).toBeVisible();

	const step = panel(page, 'Nearest decision boundary');
	const found = async (kind: string) => {
		await step.getByRole('combobox', { name: 'Method' }).selectOption(kind);
		await step.getByRole('button', { name: 'Find nearest boundary' }).click();
		await expect(step.getByRole('button', { name: 'Find nearest boundary' })).toBeVisible();
		await expect(step).toContainText(/becomes \d at a distance\s+of/);
		return number(await step.getByTestId('distance').innerText());
	};
	await step.getByRole('checkbox', { name: 'Clip to valid range' }).uncheck();
	const line = await found('line');
	await expect(step.getByRole('img', { name: 'After' })).toBeVisible();
	const fool = await found('deepfool');
	// The gradient asked anew goes no further than the one asked once.
	expect(fool).toBeGreaterThan(0);
	expect(fool).toBeLessThanOrEqual(line * 1.001);

	const kind = page.getByRole('combobox', { name: 'Plane' });
	for (const [name, words] of [
		['random', 'New seed'],
		['gradient', 'New seed'],
		['adversarial', 'Second class'],
		['pca', 'explained variance']
	] as const) {
		await kind.selectOption(name);
		await settled(page);
		await expect(page.getByRole('group', { name: 'Plane settings' })).toContainText(words);
		await expect(panel(page, 'The plane').getByTestId('bound')).toContainText(/none|checked/);
	}
	await page.getByRole('checkbox', { name: 'Show on the slice' }).check();
	await expect(way).toContainText('The path is not in this plane');

	// Two times the same input is no plane, and the page says so.
	await page.goto('?model=digits&input=digit-4.png&view=slices&slices.inputs=digit-4.png,current,digit-7.png');
	await settled(page);
	await expect(page.getByRole('alert').filter({ hasText: 'are the same' })).toBeVisible();
});

test('a set of one’s own: unreadable files are named, its dots are what the model says of them, and it goes again', async ({
	page
}) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=slices&slices.plane=pca&slices.side=64');
	const form = page.getByRole('group', { name: 'Plane settings' });
	const plane = panel(page, 'The plane');
	await expect(form).toContainText(/Set: \d+ sample images/);
	await expect(plane.getByTestId('set')).toContainText(
		/inputs, mean L2 distance to the plane .* % lie in the decision region/
	);
	// Dots have the colours of classes, not one for all.
	const fills = page.locator('circle.member').evaluateAll((all) => all.map((dot) => dot.getAttribute('fill')));
	expect(new Set(await fills).size).toBeGreaterThan(2);

	const own = panel(page, 'Inputs of the plane');
	const digit = (k: number, name: string, mimeType: string) => ({
		name,
		mimeType,
		buffer: readFileSync(new URL(`../../static/samples/digit-${k}.png`, import.meta.url))
	});
	const broken = { name: 'broken.png', mimeType: 'image/png', buffer: Buffer.from([0x89, 0x50, 0x4e, 0x47, 1, 2, 3]) };
	await own
		.getByLabel('Images for planes')
		.setInputFiles([digit(1, 'one.png', 'image/png'), broken, digit(7, 'seven.png', ''), digit(9, 'nine', '')]);
	await expect(own.getByRole('alert')).toContainText('“broken.png”');
	await settled(page);
	await expect(form).toContainText('Set: 3 images of your own');
	await expect(plane.getByTestId('set')).toContainText(/^3 inputs/);
	await own.getByRole('button', { name: 'Remove my images' }).click();
	await settled(page);
	await expect(form).toContainText(/sample images/);
	await expect(own.getByRole('alert')).toHaveCount(0);
});

test('a classifier of measurements: features vary, the rest by sliders and rows; the boundary is where it must be', async ({
	page
}) => {
	await openLab(page, '?model=digits&view=slices');
	await drop(page, flowerFiles());
	await settled(page);
	await expect(page.getByRole('combobox', { name: 'Plane' })).toHaveValue('features');
	const row = panel(page, 'The row');
	const table = { name: 'flowers.csv', mimeType: 'text/csv', buffer: Buffer.from(FLOWER_CSV) };
	await row.getByLabel('Table of rows').setInputFiles(table);
	await expect(row).toContainText('6 rows of flowers.csv');
	await row.getByRole('spinbutton', { name: /^Row/ }).fill('3');
	await row.getByRole('spinbutton', { name: /^Row/ }).press('Enter');
	await page.getByRole('combobox', { name: 'x axis' }).selectOption({ label: 'petal length' });
	await page.getByRole('combobox', { name: 'y axis' }).selectOption({ label: 'petal width' });
	await settled(page);
	await expect(page).toHaveURL(/slices\.features=2%2C3/);
	await expect(panel(page, 'The plane').getByTestId('under')).toContainText(
		'petal length 4.3, petal width 1.3: class 1'
	);
	await expect(panel(page, 'The plane').getByRole('row')).toHaveCount(3);

	// softmax(x W + b): the boundary is margin / |w| away.
	const scores = scoresOf(FLOWERS, FLOWERS.row);
	const far = [0, 2].map((k) => (scores[1]! - scores[k]!) / Math.hypot(...FLOWERS.w.map((w) => w[1]! - w[k]!)));
	const step = panel(page, 'Nearest decision boundary');
	await step.getByRole('button', { name: 'Find nearest boundary' }).click();
	const distance = number(await step.getByTestId('distance').innerText());
	expect(Math.abs(distance / Math.min(...far) - 1)).toBeLessThan(0.005);

	// A slider moves the row, and with it the prediction and the plane.
	const before = await row.getByRole('img', { name: /^Probability of/ }).getAttribute('aria-label');
	const slider = row.getByRole('slider', { name: /^sepal width/ });
	await slider.focus();
	for (let i = 0; i < 5; i++) await page.keyboard.press('ArrowRight');
	await settled(page);
	await expect(row.getByRole('img', { name: /^Probability of/ })).not.toHaveAttribute('aria-label', before!);
	// It says that the row is not the table's any more, and goes back to it.
	await expect(row).toContainText('Row, 1 to 6, changed');
	await row.getByRole('button', { name: 'Reset row' }).click();
	await settled(page);
	await expect(row.getByRole('img', { name: /^Probability of/ })).toHaveAttribute('aria-label', before!);
	await expect(row).not.toContainText('changed');
	await expect(row.getByRole('button', { name: 'Reset row' })).toBeDisabled();

	// What is zoomed into stays while a slider moves, both ways, on either axis.
	const plane = panel(page, 'The plane');
	await plane.getByRole('button', { name: 'Zoom in' }).click();
	await settled(page);
	await expect(page).toHaveURL(/slices\.box=/);
	const zoomed = new URL(page.url()).searchParams.get('slices.box');
	await slider.focus();
	await page.keyboard.press('ArrowRight');
	await settled(page);
	await expect(row).toContainText('changed');
	await page.waitForTimeout(700);
	expect(new URL(page.url()).searchParams.get('slices.box')).toBe(zoomed);
	await expect(plane.getByRole('button', { name: 'Show all' })).toBeEnabled();
	await plane.getByRole('button', { name: 'Show all' }).click();
	await settled(page);

	await page.getByRole('combobox', { name: 'Plane' }).selectOption('three');
	await settled(page);
	await page.getByRole('combobox', { name: 'Input 2' }).selectOption({ label: 'Row 1' });
	await settled(page);
	const inputs = panel(page, 'Inputs of the plane');
	await expect(inputs.getByRole('listitem').nth(1)).toContainText(/class 0, 9\d\.\d %/);

	// Rows of a long table go by number; one row alone is enough for a slice.
	const [names, ...flowers] = FLOWER_CSV.trim().split('\n') as [string, ...string[]];
	const csv = (lines: readonly string[]) => ({ ...table, buffer: Buffer.from([names, ...lines].join('\n')) });
	await row.getByLabel('Table of rows').setInputFiles(csv(Array.from({ length: 400 }, (_, i) => flowers[i % 6]!)));
	await settled(page);
	await expect(row).toContainText('the mean over 100 of 400 rows, drawn at random');
	await inputs.getByRole('spinbutton', { name: /^Input 2/ }).fill('9');
	await inputs.getByRole('spinbutton', { name: /^Input 2/ }).press('Enter');
	await settled(page);
	await expect(page).toHaveURL(/row-8/);
	await expect(inputs.getByRole('listitem').nth(1)).toContainText(/class 1, /);
	await page.getByRole('combobox', { name: 'Plane' }).selectOption('features');
	await row.getByLabel('Table of rows').setInputFiles(csv(flowers.slice(2, 3)));
	await settled(page);
	await expect(row).toContainText('1 row of flowers.csv');
	await expect(panel(page, 'The plane').getByTestId('bound')).toContainText(/none|checked/);

	await expectAccessible(page, '[data-view="slices"]');
});
