import { expect, test, type Page } from '@playwright/test';
import { openLab, settled } from './lab.ts';
import { hold, honest, release, results, slowable } from './slow.ts';
import { changesOf, TABLE } from './stale-table.ts';

/** With a slow engine nothing is shown beside what it was not computed from. */

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

test.describe.configure({ timeout: 75_000 });

for (const [view, row] of Object.entries(TABLE)) {
	const changes = changesOf(row);
	if (!changes.length) continue;
	test(`${view} with a slow engine`, async ({ page }) => {
		if (row.tall) await page.setViewportSize({ width: 1280, height: 3600 });
		await slowable(page);
		await openLab(page, row.query);
		for (const [facet, { first, act, ...change }] of changes)
			await test.step(facet, async () => {
				await first?.(page);
				await honest(page, {
					name: `${view}, another ${facet}`,
					selector: row.selector,
					change: () => act(page),
					...change
				});
			});
	});
}

test('a stopped map says where it was stopped, and an older map that was not replaced stays old', async ({ page }) => {
	await slowable(page);
	await openLab(page, '?model=digits&input=digit-4.png&method=integrated-gradients');
	const card = page.getByRole('figure');
	await expect(card.getByText('convergence gap')).toBeVisible();
	await expect(card.locator('canvas')).toBeVisible();
	await hold(page);
	await press(page, /^9 /);
	await press(page, 'Stop Integrated Gradients');
	await page.waitForTimeout(350);
	const [map] = await results(page, 'canvas[data-map]');
	expect(map?.said).toMatch(/another class/);
	expect(map?.said).not.toMatch(/computing/);
	await release(page);
});

test('who does not see it is told once what is dimmed and when it is ready', async ({ page }) => {
	await slowable(page);
	await openLab(page, '?model=digits&input=digit-4.png');
	const status = page.getByTestId('status');
	await expect(status).toHaveText(/^Ready: 4, [\d.]+ %\.$/);
	await hold(page);
	await press(page, 'A seven');
	await expect(status).toHaveText('Computing… What is dimmed is of the previous input.');
	await release(page);
	await expect(status).toHaveText(/^Ready: 7, [\d.]+ %\.$/);
	// One region for the whole page, whatever is in it.
	await expect(page.locator('[data-testid="status"][aria-live="polite"]')).toHaveCount(1);
});

test('a model that does not open, or is given up, leaves the open one under its own name', async ({ page }) => {
	await slowable(page);
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const shown = () => results(page, '[aria-label="Prediction"] li, canvas[data-map]');
	await expect.poll(async () => (await shown()).length).toBe(6);
	const before = await shown();
	const open = page.locator('[aria-label="Model"] dd strong');
	const variant = page.getByLabel('Weights', { exact: true });
	/** Title, card, link and all that is shown are of the model that is open, and clear. */
	const same = async () => {
		await expect(page).toHaveTitle('Digits – Vitrine');
		await expect(open).toHaveText('Digits');
		await expect(page.locator('[aria-label="Sample models"] [aria-pressed="true"]')).toHaveText(/^Digits/);
		await expect(variant).toHaveValue('');
		expect(new URL(page.url()).searchParams.get('model')).toBe('digits');
		expect(await shown()).toEqual(before);
	};
	// Its weights cannot be had.
	await page.route('**/*.bin', (route) => route.abort());
	await press(page, /^Photos/);
	await settled(page, 'error');
	await same();
	await variant.selectOption('untrained.json');
	await settled(page, 'error');
	await same();
	await page.unroute('**/*.bin');

	// It is given up when the engine has opened it already.
	await hold(page);
	await press(page, /^Photos/);
	await page.waitForTimeout(1500);
	await same();
	await press(page, 'Cancel');
	await same();
	await release(page);
	await settled(page);
	await same();
	// What is asked next is asked of the one that is shown.
	await press(page, 'A seven');
	await settled(page);
	await expect(page.locator('[aria-label="Prediction"] li').first()).toHaveText(/^7/);
	await expect(open).toHaveText('Digits');
});
