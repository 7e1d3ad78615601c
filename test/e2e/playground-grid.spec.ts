import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { drop, expectAccessible, openLab, prediction, settled } from './lab.ts';
import { button, region } from './playground-page.ts';
import { picture } from './playground-picture.ts';

const link = (settings: Record<string, string>) =>
	`?view=playground${Object.entries(settings)
		.map(([key, value]) => `&playground.${key}=${value}`)
		.join('')}`;

async function saved(page: Page, click: () => Promise<void>): Promise<{ name: string; path: string }> {
	const [download] = await Promise.all([page.waitForEvent('download'), click()]);
	return { name: download.suggestedFilename(), path: await download.path() };
}

test('a grid is trained, paused, compared over its seeds, saved, and a cell opened as it is', async ({ page }) => {
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(error.message));
	const epochs = '150';
	await openLab(page, link({ mode: 'grid', 'grid-x-values': '0.003,0.03', 'grid-y-values': '2,8', 'grid-seeds': '2' }));
	await expect(region(page).getByText(/^8 networks, 480 parameters/)).toBeVisible();
	const train = async (much: string) => {
		await region(page).getByRole('spinbutton', { name: 'Epochs' }).fill(much);
		await region(page).getByRole('spinbutton', { name: 'Epochs' }).press('Enter');
		await button(page, 'Train 8 networks').click();
	};

	// What cannot be is said before anything starts.
	const values = region(page).getByRole('textbox', { name: 'Values of learning rate' });
	await values.fill('0.003, 0.03, fast');
	await values.press('Enter');
	await expect(region(page).getByRole('alert')).toHaveText('Not a value of learning rate: fast.');
	const seeds = region(page).getByRole('spinbutton', { name: 'Seeds per cell' });
	await seeds.fill('20');
	await seeds.press('Enter');
	await expect(region(page).getByText(/are 80 networks: 64 can be trained at once/)).toBeVisible();
	await expect(button(page, 'Train 80 networks')).toBeDisabled();
	await seeds.fill('2');
	await seeds.press('Enter');
	await values.fill('0.003,0.03');
	await values.press('Enter');

	// More than can be done before it is paused.
	await train('50000');
	await button(page, 'Pause').click();
	await button(page, 'Continue').click();
	await button(page, 'Pause').click();
	await expect(button(page, 'Continue')).toBeVisible();
	await button(page, 'Reset').click();
	await train(epochs);
	await expect(button(page, `Train ${epochs} epochs more`)).toBeVisible({ timeout: 60_000 });
	await expect(page.getByTestId('grid-state')).toContainText('3,750 of 3,750 updates');
	await expect(page.getByTestId('grid-trainer')).toHaveText('CPU worker');
	await expect(page.locator('html')).toHaveAttribute('data-lab', 'ready');

	// Eight neurons learn the circle, two do not; the ranking knows, and so does the star.
	const best = page.getByTestId('grid-ranking').getByRole('row').nth(1);
	await expect(best).toContainText('★ Learning rate 0.03, Width 8 neurons');
	const cell = button(page, /^Learning rate 0\.03, Width 8 neurons: test loss 0\.0\d+.*, the best\. Open it/);
	await expect(cell).toBeVisible();
	await expect(async () => {
		const { purple, orange } = await picture(page, 'grid');
		expect(orange).toBeGreaterThan(0.15);
		expect(purple).toBeGreaterThan(0.03);
	}).toPass({ timeout: 30_000 });

	// Another seed is another picture of the same cells.
	const before = await picture(page, 'grid');
	await button(page, 'Next seed').click();
	await expect(page.getByTestId('grid-seed')).toHaveText('seed 2, 2 of 2');
	await expect(async () => expect((await picture(page, 'grid')).sum).not.toBe(before.sum)).toPass();

	const file = await saved(page, () => button(page, 'CSV').click());
	expect(file.name).toBe('playground-grid.csv');
	const lines = readFileSync(file.path, 'utf8').trim().split('\r\n');
	expect(lines[0]).toBe(
		'Learning rate,Width,Seed,Updates,Epochs,Test loss,Test accuracy,Train loss,Train accuracy,Trainer'
	);
	expect(lines).toHaveLength(9);
	const last = lines.find((line) => line.startsWith('0.03,8,2,')) as string;
	expect(last.split(',').slice(3, 5)).toEqual(['3750', '150']);
	await region(page).getByRole('combobox', { name: 'Metric' }).selectOption('test-accuracy');
	await expect(page.getByTestId('grid-heat').getByRole('cell').last()).toContainText(/^★ (9\d|100)\.\d %/);

	await expectAccessible(page);

	// By the arrows to the last cell, and into the playground: its set-up, its seed, its weights.
	await button(page, /^Learning rate 0\.003, Width 2 neurons:/).focus();
	for (const key of ['ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
	await expect(cell).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(page.getByTestId('step')).toHaveText('3,750');
	await expect(page.getByTestId('test-loss')).toHaveText(Number(last.split(',')[5]).toFixed(4));
	await expect(page).toHaveURL(/playground\.seed=2/);
	await expect(page).toHaveURL(/playground\.hidden=8%2C8/);
	// The same seed replays what the grid trained.
	await button(page, 'Reset').click();
	await expect(page.getByTestId('step')).toHaveText('0');
	for (let i = 1; i <= 3; i++) await button(page, 'Epoch').click();
	await expect(page.getByTestId('step')).toHaveText('75');
	expect(errors).toEqual([]);
});

test('what a grid cannot or need not vary is said', async ({ page }) => {
	const values = { 'grid-x-values': '0,0.9', 'grid-y-values': '0,0.1' };
	await openLab(page, link({ mode: 'grid', 'grid-x': 'momentum', 'grid-y': 'decay', ...values }));
	await expect(
		region(page).getByText(/Momentum changes nothing here: only the optimiser “Momentum” uses it/)
	).toBeVisible();
	const momentum = region(page).getByRole('textbox', { name: 'Momentum', exact: true });
	await expect(momentum).toHaveValue('varied in the grid');
	await expect(momentum).toBeDisabled();
	await expect(region(page).getByText(/picture above/)).toHaveCount(0);

	const hidden = region(page).getByRole('textbox', { name: 'Hidden layers' });
	await hidden.fill('abc');
	await hidden.press('Enter');
	await expect(hidden).toHaveValue('4-2');
	await expect(region(page).getByRole('alert')).toContainText('No hidden layers: abc.');
	expect(page.url()).not.toContain('abc');
	await hidden.fill('3 3');
	await hidden.press('Enter');
	await expect(hidden).toHaveValue('3-3');
	await expect(region(page).getByRole('alert')).toHaveCount(0);

	await region(page).getByRole('combobox', { name: 'Rows' }).selectOption('loss');
	await region(page).getByRole('combobox', { name: 'Data set' }).selectOption('spirals');
	await expect(region(page).getByText('The logistic loss wants two classes.')).toBeVisible();
	await expect(button(page, /^Train \d+ networks/)).toBeDisabled();
	const losses = region(page).getByRole('textbox', { name: 'Values of loss' });
	await losses.fill('squared-tanh, cross-entropy');
	await losses.press('Enter');
	await region(page).getByRole('spinbutton', { name: 'Epochs' }).fill('2');
	await region(page).getByRole('spinbutton', { name: 'Epochs' }).press('Enter');
	await button(page, /^Train \d+ networks/).click();
	await expect(page.getByTestId('unlike')).toContainText('accuracy ranks the cells', { timeout: 60_000 });
	await expect(region(page).getByRole('combobox', { name: 'Metric' })).toHaveValue('test-accuracy');
	await region(page).getByRole('combobox', { name: 'Metric' }).selectOption('test-loss');
	await expect(page.getByTestId('unlike')).toContainText('nothing is ranked by them');
	await expect(page.getByTestId('grid-ranking').getByText('★')).toHaveCount(0);
});

test('the WebGPU trainer trains a grid and a network from the view; without it the lab says so', async ({ page }) => {
	await openLab(page, link({ trainer: 'webgpu' }));
	await expect(region(page).getByText(/WebGPU is not the engine now/)).toBeVisible();
	await page.getByRole('button', { name: /^Engine/ }).click();
	await page.getByRole('radio', { name: 'WebGPU' }).click();
	await expect(page.getByTestId('trainer')).toHaveText('WebGPU', { timeout: 120_000 });
	await page.keyboard.press('Escape');
	await settled(page);
	await button(page, 'Epoch').click();
	await expect(page.getByTestId('step')).toHaveText('25');
	const loss = await page.getByTestId('test-loss').innerText();
	await region(page).getByRole('combobox', { name: 'Trainer' }).selectOption('typed-arrays');
	await expect(page.getByTestId('trainer')).toHaveText('CPU worker');
	// The weights go with it from one trainer to the other.
	await expect(page.getByTestId('step')).toHaveText('25');
	await expect(page.getByTestId('test-loss')).toHaveText(loss);
	await region(page).getByRole('combobox', { name: 'Trainer' }).selectOption('webgpu');
	await expect(page.getByTestId('trainer')).toHaveText('WebGPU');

	await button(page, 'A grid of networks').click();
	for (const [name, value] of [
		['Values of learning rate', '0.03'],
		['Values of width', '4,8']
	] as const) {
		await region(page).getByRole('textbox', { name }).fill(value);
		await region(page).getByRole('textbox', { name }).press('Enter');
	}
	await region(page).getByRole('spinbutton', { name: 'Epochs' }).fill('40');
	await region(page).getByRole('spinbutton', { name: 'Epochs' }).press('Enter');
	await button(page, 'Train 6 networks').click();
	await expect(button(page, 'Train 40 epochs more')).toBeVisible({ timeout: 90_000 });
	await expect(page.getByTestId('grid-trainer')).toHaveText('WebGPU');
	await expect(async () => {
		const { purple, orange } = await picture(page, 'grid');
		expect(orange).toBeGreaterThan(0.1);
		expect(purple).toBeGreaterThan(0.01);
	}).toPass({ timeout: 60_000 });
});

test('a trained network is opened as a model, and its files open again', async ({ page }) => {
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(error.message));
	await openLab(page, link({ inputs: 'x1,x2,x1-x2,x1-squared', loss: 'logistic', data: 'moons' }));
	for (let i = 0; i < 4; i++) await button(page, 'Epoch').click();
	await expect(page.getByTestId('step')).toHaveText('100');
	const map = page.getByRole('application', { name: /over the plane/ });
	await map.hover({ position: { x: 60, y: 110 } });
	const words = await page
		.getByRole('list', { name: 'Class probabilities' })
		.getByText(/^class 1/)
		.locator('..')
		.innerText();
	const value = Number(/([\d.]+)\s*%/.exec(words)?.[1]) / 100;
	const file = await saved(page, () => button(page, 'TF.js files').click());
	expect(file.name).toMatch(/^playground-moons-4-2\.zip$/);

	await button(page, 'Open the network in another view').click();
	await page.getByRole('menuitem', { name: 'Structure' }).click();
	await settled(page);
	const structure = page.getByRole('region', { name: 'Structure', exact: true });
	await expect(structure.getByRole('button', { name: 'x1_x2' }).first()).toBeVisible();
	// What the playground said under the cursor, to the digits that it shows; the point is kept to a thousandth.
	const [first] = await prediction(page);
	expect(first?.name).toBe('class 1');
	expect(Math.abs((first?.percent as number) / 100 - value)).toBeLessThan(0.004);
	const input = page.getByRole('region', { name: 'Input' }).getByRole('spinbutton');
	const point = [await input.first().inputValue(), await input.last().inputValue()];

	// The files, in a page that knows nothing of them: at the same point the same prediction, whose class they do not name.
	await page.goto('./?view=structure');
	await settled(page);
	await drop(page, [{ name: file.name, type: 'application/zip', base64: readFileSync(file.path).toString('base64') }]);
	await expect(structure.getByText('x1_x2').first()).toBeVisible();
	for (const [i, value] of point.entries()) {
		await input.nth(i).fill(value);
		await input.nth(i).press('Enter');
	}
	await expect(async () => expect((await prediction(page))[0]?.percent).toBe(first?.percent)).toPass({
		timeout: 20_000
	});
	expect(errors).toEqual([]);
});

test('a table of more columns is reduced by PCA, and what that keeps is said', async ({ page }) => {
	await openLab(page, '?view=playground');
	const own = region(page).getByRole('region', { name: 'Your own points' });
	await own.getByText('Read a table (CSV)').click();
	// Length and width go together, weight is their sum; a fourth column never changes.
	const rows = Array.from({ length: 60 }, (_, i) => {
		const [a, b] = [Math.sin(i), Math.cos(1.7 * i)];
		return [a + 10, 100 * b, 3 * a + 0.03 * b, 7, i < 30 ? 'small' : 'large'].join(',');
	});
	await own.getByLabel(/Paste or drop/).fill(['length,width,weight,legs,kind', ...rows].join('\n'));
	await own.getByRole('button', { name: 'Read' }).click();
	await own.getByRole('radio', { name: /All 4 columns of numbers, reduced by PCA/ }).check();
	await expect(own.getByRole('combobox', { name: 'x axis' })).toHaveCount(0);
	await own.getByRole('button', { name: 'Use 60 rows' }).click();
	await expect(own).toContainText('60 points, pasted by PCA');
	await expect(page.getByTestId('principal')).toContainText(
		/explain (9\d\.\d|100\.0) % of the variance of 4 standardised columns/
	);
	await expect(page.getByTestId('principal')).toContainText('Constant, left out: legs.');
	await page.getByRole('application', { name: /over the plane/ }).hover();
	await expect(page.getByTestId('value')).toContainText(/component 1 \(\d+\.\d %\)/);
});
