import { expect, test, type Page } from '@playwright/test';
import { openLab } from './lab.ts';
import { hold, honest, release, results, slowable } from './slow.ts';
import { changesOf, TABLE } from './stale-table.ts';

/** With a slow engine nothing is shown beside what it was not computed from. */

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

test.describe.configure({ timeout: 150_000 });

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
	expect(map?.message).toMatch(/another class/);
	expect(map?.message).not.toMatch(/computing/);
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
