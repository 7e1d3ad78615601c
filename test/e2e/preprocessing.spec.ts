import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, expectSound, openLab, prediction, settled } from './lab.ts';
import { hold, honest, release, slowable } from './slow.ts';

/** Which preprocessing fits: the open image in all usual ways, one of which is set by a click. */

const input = (page: Page) => page.getByRole('region', { name: 'Input', exact: true });
const fits = (page: Page) => page.getByRole('group', { name: 'Which preprocessing fits' });
const options = (page: Page) => fits(page).getByRole('list', { name: 'Preprocessing options' }).getByRole('button');
const ask = (page: Page) => page.getByRole('button', { name: 'Which preprocessing fits?' }).click();
const inUse = (page: Page) => fits(page).getByRole('button', { pressed: true });

/** What an option says of the class that is meant, in percent. */
async function percentOf(page: Page, title: string, name: string): Promise<number> {
	const text = await options(page).filter({ hasText: title }).innerText();
	return Number(new RegExp(`${name}\\s+(\\d+\\.\\d+) %`).exec(text)?.[1] ?? NaN);
}

test('a wrong preprocessing is found out and set right, and Undo takes it back', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&method=gradient');
	await expect(input(page).getByText('Preprocessing: from the model’s card')).toBeVisible();
	const right = await prediction(page);
	expect(right[0]?.name).toBe('ship');

	// Wrong by hand: pixels of 0 to 255 for a network of standardised ones.
	await input(page)
		.getByText(/^Preprocessing/)
		.click();
	await input(page).getByRole('combobox', { name: 'Pixel range' }).selectOption({ label: '0 to 255' });
	await settled(page);
	const wrong = await prediction(page);
	expect(wrong).not.toEqual(right);

	await ask(page);
	await settled(page);
	await expect(options(page)).toHaveCount(6);
	await expect(inUse(page)).toHaveAccessibleName(/^0 to 255/);
	await expect(fits(page)).toContainText('a wrong preprocessing can be the most confident');
	await expect(options(page).filter({ hasText: 'Model default' })).toContainText('from the model’s card');
	// What the table says of the model’s own way and of the present one is what they predict.
	expect(await percentOf(page, 'Model default', 'ship')).toBe(right[0]?.percent);
	expect(await percentOf(page, '0 to 255', wrong[0]!.name)).toBe(wrong[0]?.percent);
	await expectAccessible(page);

	await options(page).filter({ hasText: 'Model default' }).click();
	await settled(page);
	expect(await prediction(page)).toEqual(right);
	// They are still those of this picture: none has to be computed anew.
	await expect(inUse(page)).toHaveAccessibleName(/^Model default/);
	await expect(options(page).first()).toBeEnabled();
	await expect(input(page).getByText('Preprocessing: from the model’s card')).toBeVisible();

	await page.getByRole('button', { name: 'Undo' }).click();
	await settled(page);
	expect(await prediction(page)).toEqual(wrong);
	await expect(inUse(page)).toHaveAccessibleName(/^0 to 255/);
	await expectSound(page);
});

test('a picture of another shape is also fitted in all ways', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png');
	await ask(page);
	await settled(page);
	// Grey and square: three ranges.
	await expect(options(page)).toHaveCount(3);
	await expect(inUse(page)).toContainText('model default');
	await page.evaluate(() => {
		const canvas = new OffscreenCanvas(60, 30);
		const drawing = canvas.getContext('2d')!;
		drawing.fillStyle = 'white';
		drawing.fillRect(28, 4, 4, 22);
		return canvas.convertToBlob().then((blob) => {
			const data = new DataTransfer();
			data.items.add(new File([blob], 'wide.png', { type: 'image/png' }));
			window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
		});
	});
	await expect(input(page).getByText('60 × 30')).toBeVisible();
	await settled(page);
	await expect(fits(page)).toContainText('of the previous input');
	await expect(options(page).first()).toBeDisabled();
	await ask(page);
	await settled(page);
	await expect(options(page)).toHaveCount(9);
	await fits(page)
		.getByRole('button', { name: /^0 to 1, stretched/ })
		.click();
	await settled(page);
	await expect(inUse(page)).toHaveAccessibleName(/^0 to 1, stretched/);
	await expect(page).toHaveURL(/fit=stretch/);
});

test('with a slow engine it says how far it is, can be cancelled, and is never of another image', async ({ page }) => {
	await slowable(page);
	await openLab(page, '?model=photos&input=ship.png&method=gradient');
	await hold(page);
	await ask(page);
	await expect(page.getByRole('progressbar', { name: 'Trying other preprocessing' })).toBeVisible();
	await fits(page).getByRole('button', { name: 'Cancel' }).click();
	await expect(page.getByRole('progressbar', { name: 'Trying other preprocessing' })).toHaveCount(0);
	await release(page);
	await settled(page);
	await expect(options(page)).toHaveCount(0);
	await ask(page);
	await settled(page);
	await expect(options(page)).toHaveCount(6);
	await honest(page, {
		name: 'another picture',
		selector: '[aria-label="Preprocessing options"] li',
		message: /previous input/,
		change: () => page.getByRole('button', { name: 'A cat', exact: true }).click(),
		stays: true
	});
});
