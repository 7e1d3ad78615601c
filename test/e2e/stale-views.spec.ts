import { expect, test, type Page } from '@playwright/test';
import { openLab, settled } from './lab.ts';
import { hold, release, results, slowable } from './slow.ts';

/** The views of structure, weights, training, data and comparison, with a slow engine. */

/** Changes of the input, and of how it is prepared. */
const INPUT = (page: Page) => page.getByRole('button', { name: 'A seven' }).click();
const PREPROCESSING = async (page: Page) => {
	await page.getByText(/^Preprocessing/).click();
	await page.getByLabel(/dark on light|Invert/i).click();
};

test.describe.configure({ timeout: 150_000 });

const map = 'canvas[data-map="scatter"]';

test('a map of a data set says when it is of other settings or of the model as it was', async ({ page }) => {
	await slowable(page);
	await openLab(
		page,
		'?model=digits&input=digit-4.png&view=embedding&embedding.data=digits&embedding.method=pca&embedding.of=digits'
	);
	const quality = page.getByRole('region', { name: 'Projection quality: what can this map be trusted for?' });
	await expect(quality.getByText('Trustworthiness')).toBeVisible();
	const messages = async () => (await results(page, map)).map((one) => one.message);
	await expect.poll(messages).toEqual([null]);
	await page.getByRole('button', { name: 'Run the model' }).click();
	const figures = '[aria-label="Model on these data"] dd';
	await expect(page.locator(figures).first()).toBeVisible();

	await page.getByLabel('Distance').selectOption('cosine');
	await expect.poll(messages).toEqual(['with other settings']);
	await page.getByLabel('Distance').selectOption('euclidean');
	await expect.poll(messages).toEqual([null]);

	await hold(page);
	await PREPROCESSING(page);
	await expect.poll(messages).toEqual(['with the previous preprocessing']);
	expect((await results(page, figures)).map((one) => one.message)).toEqual(
		Array(4).fill('with the previous preprocessing')
	);
	await release(page);
	await settled(page);
	// Nobody asked for newer ones: they stay what they are.
	await expect(page.getByRole('button', { name: 'Run the model again' })).toBeVisible();
	await expect(page.getByLabel('Colour', { exact: true }).getByRole('option', { name: 'Prediction' })).toHaveCount(0);
	await page.getByRole('button', { name: 'Recompute' }).click();
	await expect.poll(messages, { timeout: 60_000 }).toEqual([null]);
});

test('measured times say that they are of another input', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=structure');
	await page.getByLabel(/^Colour/).selectOption('time');
	const column = page.getByRole('columnheader', { name: /^Time/ });
	await expect(column).toHaveText(/^Time$/);
	await settled(page);
	await INPUT(page);
	await expect(column).toHaveText(/previous input/);
});

test('a step of training comes with its picture, and another data set with nothing of the last', async ({ page }) => {
	await slowable(page);
	await openLab(page, '?model=digits&view=playground');
	const step = page.getByTestId('step');
	await expect(step).toHaveText('0');
	await hold(page);
	await page.getByRole('button', { name: 'Epoch', exact: true }).click();
	await page.waitForTimeout(700);
	await expect(step).toHaveText('0');
	await release(page);
	await expect(step).not.toHaveText('0');
	await hold(page);
	await page.getByLabel('Data set').selectOption('xor');
	await expect(step).toHaveText('–');
	await release(page);
	await expect(step).toHaveText('0');
});
