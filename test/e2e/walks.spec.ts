import { expect, test, type Page } from '@playwright/test';
import { prediction, settled } from './lab.ts';

/** What people come for, from the start screen, found by what is written on the page and nothing else. */

const view = (page: Page, name: string) =>
	page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name, exact: true });

test('where in the image a class is decided, and in which layer', async ({ page }) => {
	await page.goto('./');
	await page.getByRole('link', { name: /^Shortcut/ }).click();
	await settled(page);
	const [predicted] = await prediction(page);
	expect(predicted?.name).toBe('horse');
	await expect(page.getByText('Why horse?')).toBeVisible();

	// Where: the map says so at the cursor, with which colour speaks for the class.
	const map = page.getByRole('figure').filter({ hasText: 'Grad-CAM' });
	await map.getByRole('application').focus();
	await page.keyboard.press('ArrowRight');
	await expect(map.getByRole('definition').first()).not.toHaveText('–');
	await expect(page.getByText('against', { exact: true }).first()).toBeVisible();

	// As an earlier layer sees it.
	const layer = map.getByText('layer', { exact: true }).locator('..');
	const before = await layer.innerText();
	await map.getByRole('button', { name: 'Settings of Grad-CAM' }).click();
	const choice = page.getByRole('combobox', { name: 'Layer' });
	await expect(choice).toBeVisible();
	const options = await choice.getByRole('option').allInnerTexts();
	expect(options.length).toBeGreaterThan(3);
	await choice.selectOption({ index: options.length - 1 });
	await page.keyboard.press('Escape');
	await settled(page);
	await expect(layer).not.toHaveText(before);

	// In which layer: without it the class falls.
	await view(page, 'Feature maps').click();
	const needs = page.getByRole('region', { name: 'Ablation effects' });
	await needs.getByRole('button', { name: 'Ablate each' }).click();
	await expect(needs.getByRole('listitem').first()).toContainText('−');
	await page.getByRole('button', { name: 'Ablate layer' }).click();
	await settled(page);
	await expect.poll(async () => (await prediction(page))[0]).not.toEqual(predicted);
});

test('why two models differ', async ({ page }) => {
	await page.goto('./');
	await page.getByRole('link', { name: /^Digits/ }).click();
	await settled(page);
	await view(page, 'Compare').click();
	await page.getByRole('combobox', { name: 'Compare with' }).selectOption({ label: 'Digits, after epoch 1' });
	await expect(page.getByText('Same architecture.')).toBeVisible();
	await settled(page);
	// How far apart their weights are, layer by layer, and what comes of it for this input.
	await expect(page.getByRole('img', { name: /^Weights: relative distance of \d+ layers/ })).toBeVisible();
	await expect(page.getByRole('img', { name: /^Outputs: relative distance of \d+ layers/ })).toBeVisible();
	await expect(page.getByRole('heading', { name: /^(The prediction changes|Same prediction)/ })).toBeVisible();
	const layers = page.getByRole('list', { name: 'Layers', exact: true });
	await layers.getByRole('button', { name: /conv1/ }).first().click();
	await expect(page.getByRole('table', { name: 'Distances of the weights' }).getByRole('row').nth(1)).toBeVisible();
});

test('how a data set lies in a layer, and where the model is wrong', async ({ page }) => {
	await page.goto('./');
	await page.getByRole('link', { name: /^Digits/ }).click();
	await settled(page);
	await page.getByRole('button', { name: 'Data: none' }).click();
	await page.getByRole('button', { name: 'Written digits' }).click();
	await page.keyboard.press('Escape');
	const quality = page.getByRole('region', { name: 'Projection quality: what can this map be trusted for?' });
	await expect(quality).toContainText('Trustworthiness', { timeout: 120_000 });
	const embed = page.getByRole('combobox', { name: 'Embed', exact: true });
	const layers = await embed.getByRole('option').allInnerTexts();
	await embed.selectOption({ index: layers.length - 1 });
	await page.getByRole('combobox', { name: 'Projection' }).selectOption('PCA');
	await page.getByRole('button', { name: 'Recompute' }).click();
	await expect(quality).toContainText('2,000 rows of 10 values', { timeout: 120_000 });
	await page.getByRole('button', { name: 'Run the model' }).click();
	const model = page.getByRole('region', { name: 'Model on these data' });
	await expect(model.getByText('accuracy', { exact: true })).toBeVisible({ timeout: 60_000 });
	await model
		.getByRole('button', { name: /^[1-9]\d* of \d predicted as \d$/ })
		.first()
		.click();
	await expect(page.getByText(/^[1-9][\d,]* selected$/)).toBeVisible();
});
