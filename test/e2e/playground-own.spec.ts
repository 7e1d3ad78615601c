import { expect, test } from '@playwright/test';
import { openLab } from './lab.ts';
import { button, number, region } from './playground-page.ts';

test('own points: a table with its own numbers, and a brush', async ({ page }) => {
	await openLab(page, '?view=playground');
	const own = region(page).getByRole('region', { name: 'Your own points' });
	await own.getByText('Read a table (CSV)').click();
	const rows = Array.from({ length: 60 }, (_, i) => `${100 + i},${i % 7},${i < 30 ? '<b>low' : '=high'}`);
	await own.getByLabel(/Paste or drop/).fill(['width,height,kind', ...rows].join('\n'));
	await own.getByRole('button', { name: 'Read' }).click();
	await own.getByRole('button', { name: 'Use 60 rows' }).click();
	await expect(own).toContainText('60 points, pasted');
	await expect(region(page).getByText('<b>low').first()).toBeVisible();
	await expect(region(page).getByText('120', { exact: true }).first()).toBeVisible();
	await button(page, 'Train').click();
	await expect(async () => expect(await number(page, 'train-loss')).toBeLessThan(0.05)).toPass({ timeout: 60_000 });
	await button(page, 'Pause').click();

	// Fewer than there are is said.
	await region(page).getByRole('spinbutton', { name: 'Points' }).fill('30');
	await region(page).getByRole('spinbutton', { name: 'Points' }).press('Enter');
	await expect(region(page).getByText('30 of your 60 points are used')).toBeVisible();

	await button(page, 'Clear').click();
	await expect(region(page).getByText(/There are no points yet/)).toBeVisible();
	const map = page.getByRole('application', { name: /over the plane/ });
	const stroke = async (name: string, x: number) => {
		await button(page, name).click();
		// Not under the bar at the top.
		await map.evaluate((element) => element.scrollIntoView({ block: 'center' }));
		const box = (await map.boundingBox()) as { x: number; y: number; width: number; height: number };
		await page.mouse.move(box.x + x * box.width, box.y + 0.2 * box.height);
		await page.mouse.down();
		await page.mouse.move(box.x + x * box.width, box.y + 0.8 * box.height, { steps: 12 });
		await page.mouse.up();
	};
	await stroke('Draw class 0', 0.25);
	await stroke('Draw class 1', 0.75);
	await expect(own).toContainText(/\d\d points, drawn by hand/);
	await button(page, 'Train').click();
	await expect(async () => expect(await number(page, 'train-loss')).toBeLessThan(0.05)).toPass({ timeout: 60_000 });
});

test('own values: a long table is pasted at once, learned as values and read in its own numbers', async ({ page }) => {
	await openLab(page, '?view=playground&playground.size=100');
	const own = region(page).getByRole('region', { name: 'Your own points' });
	await own.getByText('Read a table (CSV)').click();
	const rows = Array.from({ length: 2000 }, (_, i) => {
		const [area, rooms] = [50 + ((37 * i) % 200), 1 + (i % 6)];
		return `${area},${rooms},${i % 3 ? 'old' : 'new'},${i === 7 ? '' : 1000 * area + 5000 * rooms}`;
	});
	const long = ['area,rooms,state,price', ...rows].join('\n');
	const box = own.getByLabel(/Paste or drop/);
	const untouched = await box.evaluate((element, text) => {
		const clipboardData = new DataTransfer();
		clipboardData.setData('text/plain', text);
		return element.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
	}, long);
	expect(untouched).toBe(false);
	expect((await box.inputValue()).split('\n')).toEqual(long.split('\n').slice(0, 20));
	await expect(page.getByTestId('long-text')).toContainText(
		`all of its ${long.length.toLocaleString('en')} characters`
	);
	await own.getByRole('button', { name: 'Read' }).click();
	// Few values are taken for classes, many numbers for values; either can be asked for.
	const taken = own.getByRole('combobox', { name: 'Task' });
	await expect(own.getByRole('combobox', { name: 'Label' })).toHaveValue('2');
	await expect(taken).toHaveCount(0);
	await own.getByRole('combobox', { name: 'Label' }).selectOption('price');
	await expect(taken).toHaveValue('values');
	await taken.selectOption('classes');
	await own.getByRole('combobox', { name: 'Label' }).selectOption('rooms');
	await expect(taken).toHaveValue('classes');
	await own.getByRole('combobox', { name: 'Label' }).selectOption('price');
	await own.getByRole('button', { name: 'Use 2000 rows' }).click();
	await expect(own).toContainText('1,999 points, pasted; 1 row left out: a number or the label is missing.');
	await expect(own).toContainText('The values of price, 55,000 to 279,000, are scaled to −1 … 1');
	await expect(box).toHaveValue('');
	await button(page, 'Train').click();
	await expect(async () => expect(await number(page, 'test-loss')).toBeLessThan(0.02)).toPass({ timeout: 60_000 });
	await button(page, 'Pause').click();
	await page.getByRole('application', { name: /over the plane/ }).hover();
	await expect(page.getByTestId('value')).toContainText(/: price \d{2,3},\d{3}/);
	await expect(region(page).getByRole('button', { name: /^Draw/ })).toHaveCount(0);

	// What generated data have is their affair.
	expect(page.url()).toContain('playground.size=100');
	await expect(region(page).getByRole('spinbutton', { name: 'Points' })).toHaveValue('5000');
	await region(page).getByRole('combobox', { name: 'Data set' }).selectOption('moons');
	await expect(region(page).getByRole('spinbutton', { name: 'Points' })).toHaveValue('100');
});

test('only what fits is offered: losses, brushes, and numbers in use', async ({ page }) => {
	await openLab(page, '?view=playground&playground.data=spirals&playground.loss=logistic');
	const loss = region(page).getByRole('combobox', { name: 'Loss' });
	await expect(loss).toHaveValue('cross-entropy');
	await expect(loss.getByRole('option')).toHaveText(['MSE (tanh)', 'Cross-entropy']);
	const rate = region(page).getByRole('spinbutton', { name: 'Learning rate' });
	for (const text of ['99', '500', '']) {
		await rate.fill(text);
		await rate.press('Enter');
		await rate.blur();
		await expect(rate).toHaveValue('10');
	}
	await button(page, 'Draw class 2').click();
	await expect(button(page, 'Draw class 2')).toHaveAttribute('aria-pressed', 'true');
	const map = page.getByRole('application', { name: /over the plane/ });
	await map.click();
	await button(page, 'Draw class 3').click();
	await map.click({ position: { x: 40, y: 40 } });
	await expect(button(page, 'Draw class 4')).toBeVisible();
	await region(page).getByRole('combobox', { name: 'Data set' }).selectOption('moons');
	await expect(button(page, 'Move')).toHaveAttribute('aria-pressed', 'true');
	await expect(loss.getByRole('option')).toHaveCount(3);
});
