import { expect, test } from '@playwright/test';
import { openLab } from './lab.ts';

test('menus and popovers, fetched when wanted: keys, Tab and Escape find their way, a second click closes', async ({
	page
}) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const button = page.getByRole('button', { name: /^Theme/ });
	const menu = page.getByRole('menu');
	const entry = (name: string) => page.getByRole('menuitem', { name });

	await button.focus();
	await page.keyboard.press('Enter');
	await expect(entry('System')).toBeFocused();
	await expect(button).toHaveAttribute('aria-expanded', 'true');
	await page.keyboard.press('ArrowDown');
	await expect(entry('Light')).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(menu).toBeHidden();
	await expect(button).toBeFocused();
	await expect(button).toHaveAttribute('aria-expanded', 'false');

	await page.keyboard.press('ArrowDown');
	await expect(entry('System')).toBeFocused();
	await page.keyboard.press('Tab');
	await expect(menu).toBeHidden();
	// The last of the strip: the views are next.
	await expect(page.getByRole('navigation', { name: 'Views' }).getByRole('button').first()).toBeFocused();

	await button.click();
	await expect(menu).toBeVisible();
	await button.click({ force: true });
	await expect(menu).toBeHidden();
	await button.click();
	await entry('Dark').click();
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

	const engine = page.getByRole('button', { name: /^Engine/ });
	const words = page.getByText('computes the model and its maps');
	await engine.click();
	await expect(words).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(words).toBeHidden();
	await expect(engine).toBeFocused();
	await engine.click();
	await expect(words).toBeVisible();
	await engine.click();
	await expect(words).toBeHidden();
});
