import { expect, test, type Page } from '@playwright/test';
import { drop, expectSound, prediction, settled } from './lab.ts';

const lead = (page: Page) => page.getByRole('heading', { name: 'See inside a neural network' });
const sample = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(`^${name}`) });
const view = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a stranger sees what it is and what samples teach; one opens the view that teaches it; Back and the wordmark come back', async ({
	page
}) => {
	await page.goto('./');
	await expect(lead(page)).toBeVisible();
	await expect(page.locator('html')).toHaveAttribute('data-lab', 'start');
	await expect(page.getByRole('list').first().getByRole('link')).toHaveCount(3);

	await sample(page, 'Shortcut').click();
	await settled(page);
	await expect(view(page, 'Attribution')).toBeVisible();
	expect((await prediction(page))[0]?.name).toBe('horse');
	expect(new URL(page.url()).search).toContain('model=shortcut');

	await page.goBack();
	await expect(lead(page)).toBeVisible();
	expect(new URL(page.url()).search).toBe('');
	// The lab was not closed behind it.
	await page.goForward();
	await settled(page);
	await expect(page.getByRole('button', { name: /^Model: Shortcut/ })).toBeVisible();
	await expect(page.getByRole('listitem').filter({ hasText: 'horse' }).first()).toBeVisible();

	// By the keyboard, another sample in another view.
	await page.getByRole('link', { name: 'Vitrine' }).press('Enter');
	await expect(lead(page)).toBeVisible();
	await expect(page.getByRole('button', { name: 'Back to the lab' })).toBeVisible();
	await sample(page, 'Digits').press('Enter');
	await settled(page);
	await expect(view(page, 'Feature maps')).toBeVisible();
	await expect(page.getByRole('button', { name: /^Model: Digits/ })).toBeVisible();
	expect(new URL(page.url()).search).toContain('view=feature-maps');
	expect((await prediction(page))[0]?.name).toBe('3');
	await page.goBack();
	await expect(lead(page)).toBeVisible();
});

test('the palette leads to it, and back to the lab as it was', async ({ page }) => {
	await page.goto('./?model=digits&input=digit-4.png&method=gradient');
	await settled(page);
	const address = page.url();
	await page.keyboard.press('Control+k');
	await page.getByPlaceholder('A view, model').fill('start: samples');
	await page.keyboard.press('Enter');
	await expect(lead(page)).toBeVisible();
	await page.getByRole('button', { name: 'Back to the lab' }).click();
	await expect(page.locator('html')).toHaveAttribute('data-lab', 'ready');
	await expect.poll(() => page.url()).toBe(address);
	expect((await prediction(page))[0]?.name).toBe('4');
});

test('what is dropped on it is opened, kept, and a later visit begins in the lab', async ({ page }) => {
	await page.goto('./');
	await expect(lead(page)).toBeVisible();
	const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * i) % 11},${'ab'[i % 2]}`);
	const csv = ['x,y,kind', ...rows].join('\n');
	await drop(page, [{ name: 'table.csv', base64: Buffer.from(csv).toString('base64') }]);
	await expect(view(page, 'Embedding')).toBeVisible({ timeout: 60_000 });
	await expect(view(page, 'Embedding')).toContainText('table');
	await page.goto('about:blank');
	await page.goto('./');
	await settled(page);
	await expect(lead(page)).toBeHidden();
});

test('more samples begin in the views that have them', async ({ page }) => {
	for (const [name, title, key] of [
		['Between three digits', 'Decision slices', 'model'],
		['Two spirals', 'Playground', 'playground.data'],
		['A map of digits', 'Embedding', 'embedding.data'],
		['What training changed', 'Compare', 'compare.model']
	] as const) {
		await page.goto('./');
		await sample(page, name).click();
		await expect(view(page, title)).toBeVisible();
		expect(new URL(page.url()).searchParams.get(key)).not.toBeNull();
		await expect(page.getByRole('alert')).toHaveCount(0);
	}
});

test('a link with state never shows it', async ({ page }) => {
	await page.goto('./?view=structure');
	await settled(page);
	await expect(lead(page)).toBeHidden();
	await expect(view(page, 'Structure')).toBeVisible();
});

test('axe finds nothing on it, and nothing is scrolled sideways', async ({ page }) => {
	await page.goto('./');
	await expect(lead(page)).toBeVisible();
	await expectSound(page);
});
