import { expect, test, type Page } from '@playwright/test';
import { png } from '../tools/png.ts';
import { twoPictureFiles } from '../tools/two-picture-files.ts';
import { drop, openLab, prediction, settled } from './lab.ts';
import { honest, slowable } from './slow.ts';

/** A model of two pictures: each input has its own, and either can be explained. */

const slot = (page: Page, name: RegExp) =>
	page.getByRole('group', { name: 'Set the image of' }).getByRole('radio', { name });
const sample = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();

async function openTwo(page: Page, query = '?model=photos&input=ship.png&method=gradient'): Promise<void> {
	await openLab(page, query);
	await drop(page, twoPictureFiles());
	await expect(slot(page, /left/)).toBeVisible();
	await settled(page);
}

test('each input gets a picture, its own if one likes, and the other can be explained', async ({ page }) => {
	await openTwo(page);
	await expect(page.getByText('All inputs share one image')).toBeVisible();
	await expect(page.getByRole('img', { name: '“left” as model input' })).toBeVisible();
	await expect(page.getByText('16 × 16, colour')).toBeVisible();
	await expect(page.getByText('10 × 12, grey')).toBeVisible();
	const shared = await prediction(page);

	// One of its own for the right one, twice as wide as high, dropped on the page.
	await slot(page, /right/).check();
	const wide = png(
		Uint8Array.from({ length: 48 * 24 * 3 }, (_, i) => (i * 37) % 256),
		48,
		3
	);
	await drop(page, [{ name: 'wide.png', type: 'image/png', base64: Buffer.from(wide).toString('base64') }]);
	await expect(slot(page, /right.*wide\.png/)).toBeChecked();
	await settled(page);
	const apart = await prediction(page);
	expect(apart).not.toEqual(shared);
	await expect(slot(page, /left.*A ship/)).toBeVisible();
	await expect(page.getByText('The inputs have different images')).toBeVisible();

	// Its map lies over its picture, whose shape it has.
	const map = page.getByRole('application', { name: /Gradient/ });
	const shape = async () => {
		const box = (await map.boundingBox())!;
		return box.width / box.height;
	};
	expect(await shape()).toBeCloseTo(1, 1);
	await expect(page.getByText('pixels of “left”')).toBeVisible();
	await page.getByLabel('Explained input').selectOption('right');
	await expect(page.getByText('pixels of “right”')).toBeVisible();
	await settled(page);
	expect(await shape()).toBeCloseTo(2, 1);
	await expect(page.locator('[data-stale]')).toHaveCount(0);
	expect(await prediction(page)).toEqual(apart);
	await expect(page).toHaveURL(/explained=right/);

	// Samples go to the one that is chosen, and the link tells them apart.
	await sample(page, 'A frog');
	await expect(slot(page, /right.*A frog/)).toBeChecked();
	await settled(page);
	await expect(page).toHaveURL(/input=ship\.png&input2=frog\.png/);
	await page.getByRole('button', { name: 'Give the picture of right to all inputs' }).click();
	await expect(slot(page, /left.*A frog/)).toBeVisible();
	await settled(page);
	await expect(page).not.toHaveURL(/input2/);
});

test('with a slow engine nothing is shown beside another picture or explained input', async ({ page }) => {
	await slowable(page);
	await openTwo(page);
	await page.getByRole('button', { name: 'Check' }).click();
	await expect(page.getByRole('list', { name: 'Preprocessing options' }).getByRole('listitem')).toHaveCount(5);
	const beyond = () => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
	expect(await beyond()).toBe(0);
	const PREDICTION = '[aria-label="Prediction"] li, [aria-label="Preprocessing options"] li';
	await slot(page, /right/).check();
	await honest(page, {
		name: 'another picture on the right',
		selector: `${PREDICTION}, canvas[data-map], figure dd`,
		message: /previous input/,
		change: () => sample(page, 'A cat')
	});
	await honest(page, {
		name: 'another explained input',
		selector: 'canvas[data-map], figure dd, [aria-label="Preprocessing options"] li',
		message: /another input/,
		change: async () => void (await page.getByLabel('Explained input').selectOption('right'))
	});
	await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Decision slices' }).click();
	await settled(page);
	await expect(page.getByText('The plane is in “right”; “left” keeps its value from Input.')).toBeVisible();
	await honest(page, {
		name: 'another plane',
		selector: 'canvas[data-map="slice"]',
		message: /another input/,
		change: async () => void (await page.getByLabel('Explained input').selectOption('left'))
	});
});
