import { expect, test, type Page } from '@playwright/test';
import { openLab, prediction, settled } from './lab.ts';

const quality = (page: Page) =>
	page.getByRole('region', { name: 'Projection quality: what can this map be trusted for?' });

test('an engine that dies in the middle of a map takes nothing with it: the map is made all the same', async ({
	page
}) => {
	// The thread of the engine, to be told what a crash does.
	await page.addInitScript(() => {
		const Plain = Worker;
		const threads: Worker[] = [];
		Object.assign(window, { threads });
		window.Worker = class extends Plain {
			constructor(address: string | URL, options?: WorkerOptions) {
				super(address, options);
				if (/compute/.test(String(address))) threads.push(this);
			}
		};
	});
	const lose = () =>
		page.evaluate(() => {
			const { threads } = window as unknown as { threads: Worker[] };
			threads.at(-1)!.postMessage({ type: 'call', id: 1e9, name: 'loseDevice', args: [] });
			return threads.length;
		});
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding&embedding.data=digits&embedding.method=pca');
	await expect(quality(page)).toContainText('2,000 rows of 784 values', { timeout: 60_000 });

	const layers = page.getByRole('combobox', { name: 'Embed', exact: true }).locator('optgroup option');
	await page
		.getByRole('combobox', { name: 'Embed', exact: true })
		.selectOption(await layers.last().getAttribute('value'));
	await page.getByRole('button', { name: 'Recompute' }).click();
	await expect(page.getByText('Running the model on the data').first()).toBeVisible();
	expect(await lose()).toBe(1);
	await expect(page.getByText(/^The GPU was lost/)).toHaveCount(1);
	// Nobody presses anything.
	await expect(quality(page)).toContainText('2,000 rows of 10 values', { timeout: 60_000 });
	await expect(quality(page).getByText('Trustworthiness')).toBeVisible({ timeout: 60_000 });
	expect(await page.evaluate(() => (window as unknown as { threads: Worker[] }).threads.length)).toBe(2);
	await expect(page.getByText('started anew')).toHaveCount(0);
	expect((await prediction(page))[0]?.name).toBe('4');

	// Rows that are held elsewhere do not notice: neighbours are still known.
	await lose();
	await page.getByRole('application', { name: /^Map of/ }).focus();
	await page.keyboard.press('ArrowRight');
	await expect(page.getByRole('list', { name: 'Nearest items' }).getByRole('listitem')).toHaveCount(12);
});

test('a tab that is closed in the middle of a map loses nothing of the data', async ({ page }) => {
	const lines = Array.from({ length: 3000 }, (_, i) => `${Math.sin(i)},${Math.cos(i * 7)},${i % 3},${'abc'[i % 3]}`);
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding&embedding.method=umap');
	const table = { name: 'animals.csv', mimeType: 'text/csv', buffer: Buffer.from(`x,y,z,kind\n${lines.join('\n')}`) };
	await page.getByLabel('Data files').setInputFiles([table]);
	await page.getByRole('button', { name: 'Compute map' }).click();
	await expect(page.getByRole('button', { name: /^Cancel/ })).toBeVisible();
	await page.reload();
	await settled(page);
	await page.getByRole('button', { name: 'Reopen “animals”' }).click();
	await expect(page.getByRole('heading', { name: 'animals' })).toBeVisible();
	await expect(page.getByText('3,000 rows of 3 values').first()).toBeVisible();
	await page.getByRole('button', { name: 'Compute map' }).click();
	await expect(quality(page)).toContainText('3,000 rows of 3 values', { timeout: 60_000 });

	// What is closed on purpose is not kept.
	await page.getByRole('button', { name: 'Change data set' }).click();
	await page.reload();
	await settled(page);
	await expect(page.getByText('Drop a data set here')).toBeVisible();
	await expect(page.getByRole('button', { name: /^Reopen/ })).toHaveCount(0);
});
