import { expect, test } from '@playwright/test';
import { expectAccessible, openLab, settled } from './lab.ts';

test('a data set is opened from its chip, and that is undone', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const chip = (name: string) => page.getByRole('button', { name: `Data: ${name}` });
	await chip('none').click();
	const panel = page.getByRole('region', { name: 'Data', exact: true });
	await expectAccessible(page);
	await panel.getByRole('button', { name: 'Two linked rings' }).click();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Embedding');
	await expect(chip('Two linked rings')).toBeVisible();

	await expect(page).toHaveURL(/embedding\.data=rings/);

	// What a person takes longer for than for one change, as of a slider that is drawn.
	await page.waitForTimeout(700);
	await chip('Two linked rings').click();
	await expect(panel.getByRole('definition').first()).toHaveText('Two linked rings');
	await panel.getByRole('button', { name: 'Swiss roll' }).click();
	await page.keyboard.press('Escape');
	await expect(chip('Swiss roll')).toBeVisible();
	await expect(page).toHaveURL(/embedding\.data=swiss-roll/);
	await settled(page);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(chip('Two linked rings')).toBeVisible();
	await settled(page);
	await page.getByRole('button', { name: 'Redo' }).click();
	await expect(chip('Swiss roll')).toBeVisible();
	// With the view it goes to the link, and stays open.
	await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Structure' }).click();
	await expect(page).not.toHaveURL(/embedding/);
	await expect(chip('Swiss roll')).toBeVisible();
});

test('what takes long is listed, and ended there', async ({ page }) => {
	await page.goto('./?model=photos&input=ship.png&method=smoothgrad&smoothgrad.samples=200');
	await page.getByRole('button', { name: /^Jobs: \d/ }).click();
	await page.getByRole('button', { name: 'Cancel: SmoothGrad' }).click();
	await expect(page.getByText('Nothing is being computed.')).toBeVisible();
	await expectAccessible(page);
	await page.keyboard.press('Escape');
	await expect(page.getByText(/^Stopped/)).toBeVisible();
	await page.getByRole('button', { name: 'Compute', exact: true }).click();
	await expect(page.getByText(/^Stopped/)).toBeHidden();
	await expect(page.getByRole('button', { name: 'Jobs: 1' })).toBeVisible();
});

test('a network that was opened from the playground gives the model back that it took the place of', async ({
	page
}) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=playground');
	const open = page.getByRole('button', { name: 'Open the network in another view' });
	await open.click();
	await page.getByRole('menuitem', { name: 'Structure' }).click();
	await expect(page.getByRole('button', { name: /^Model: playground/ })).toBeVisible();
	await settled(page);
	await page.getByRole('button', { name: 'Undo' }).click();
	await expect(open).toBeVisible();
	await settled(page);
	await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Structure' }).click();
	await expect(page.getByRole('button', { name: 'Model: Digits' })).toBeVisible();
	await expect(page.getByRole('button', { name: 'Input: A four' })).toBeVisible();
});
