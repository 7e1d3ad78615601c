import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drop, openLab, prediction, settled } from './lab.ts';

/** Threads that a file brings to a standstill: they are ended, and what was open is there again. */

/** A thread that never comes back from a call which names `never`; a model that is called so never answers. */
const NEVER = `
addEventListener('message', ({ data }) => {
	if (data.type !== 'call' || !['sort', 'open', 'table', 'predict'].includes(data.name)) return;
	const paths = (data.args[0]?.files ?? []).map(({ path }) => path).join();
	if (data.name === 'open') self.silent = paths.includes('silent');
	if (!paths.includes('never') && !(data.name === 'predict' && self.silent)) return;
	postMessage({ type: 'progress', id: data.id, value: { done: 0, note: 'Looking' } });
	for (;;);
});
`;

async function brittle(page: Page, thread: 'data' | 'compute'): Promise<void> {
	await page.route(new RegExp(`${thread}\\.worker`), async (route) => {
		const response = await route.fetch();
		await route.fulfill({ response, body: NEVER + (await response.text()) });
	});
}

// A thread in the place of the ended one may still be on its way when the test is done.
test.afterEach(({ page }) => page.unrouteAll({ behavior: 'ignoreErrors' }));

const digits = (file: string) =>
	readFileSync(fileURLToPath(new URL(`../../models/digits/${file}`, import.meta.url))).toString('base64');
const model = (name: string) => [
	{ name, base64: digits('model.json') },
	{ name: 'model.bin', base64: digits('model.bin') }
];
const ended = /came to a standstill and was ended after 10 seconds/;

test('the thread that reads is replaced, and its successor knows the map and the data', async ({ page }) => {
	await brittle(page, 'data');
	await openLab(page, '?model=digits&input=digit-4.png&view=embedding&embedding.method=pca');
	await page.getByRole('button', { name: /Two linked rings/ }).click();
	const map = page.getByRole('application', { name: /^Map of/ });
	await expect(map).toBeVisible();
	await settled(page);
	const search = page.getByRole('searchbox', { name: 'Search items' });
	const count = page.getByText(/^[\d,]+ selected$/);
	const lasso = async () => {
		await page.getByRole('button', { name: /^Lasso/ }).click();
		await map.scrollIntoViewIfNeeded();
		const box = (await map.boundingBox())!;
		await page.mouse.move(box.x + 5, box.y + 5);
		await page.mouse.down();
		for (const [x, y] of [
			[0.5, 0.01],
			[0.5, 0.98],
			[0.01, 0.98]
		] as const)
			await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: 4 });
		await page.mouse.up();
	};
	await search.fill('ring:first');
	await expect(count).toHaveText('750 selected');
	await search.fill('');
	await lasso();
	await expect(count).toBeVisible();
	const caught = await count.innerText();

	await drop(page, [{ name: 'never.csv', base64: btoa('a,b\n1,2\n') }]);
	await expect(page.getByRole('alert')).toContainText(ended, { timeout: 30_000 });
	await expect(map).toBeVisible();
	await search.fill('ring:first');
	await expect(count).toHaveText('750 selected');
	await search.fill('');
	await lasso();
	await expect(count).toHaveText(caught);
	// It reads again, too.
	await drop(page, [
		{ name: 'names.txt', base64: btoa('nought\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine') }
	]);
	await expect(page.getByRole('region', { name: 'Messages' })).toContainText('class names: 10 names');
});

test('after a model that brings the engine to a standstill the open one is there again, in its view', async ({
	page
}) => {
	await brittle(page, 'compute');
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const before = await prediction(page);
	const link = page.url();
	await drop(page, model('never.json'));
	await expect(page.getByRole('alert')).toContainText(ended, { timeout: 30_000 });
	await expect(page.getByRole('region', { name: 'Messages' })).toContainText('no longer answered and was ended');
	await expect(page.locator('html')).not.toHaveAttribute('data-lab', 'busy');
	expect(await prediction(page)).toEqual(before);
	expect(page.url()).toBe(link);
	await expect(page.locator('[data-map="gradient"]').first()).toBeVisible();
	await expect(page.locator('[data-stale]')).toHaveCount(0);
	// The fresh engine computes.
	await page.getByRole('button', { name: /^Photos/ }).click();
	await settled(page);
	expect(await prediction(page)).not.toEqual(before);
});

test('a model that is cancelled while it comes is gone within seconds', async ({ page }) => {
	await brittle(page, 'compute');
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const before = await prediction(page);
	await drop(page, model('never.json'));
	const region = page.getByRole('region', { name: 'Messages' });
	await expect(region).toContainText('Opening the model: Looking');
	await region.getByRole('button', { name: 'Cancel' }).click();
	await expect(region).toContainText('no longer answered and was ended', { timeout: 6000 });
	await settled(page);
	expect(await prediction(page)).toEqual(before);
});

test('a prediction that never ends is cancelled, and its model stays open', async ({ page }) => {
	await brittle(page, 'compute');
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	await drop(page, model('silent.json'));
	const region = page.getByRole('region', { name: 'Messages' });
	await expect(region).toContainText('Computing the prediction');
	await region.getByRole('button', { name: 'Cancel' }).click();
	await expect(region).toContainText('The prediction was stopped.');
	await expect(region).toContainText('no longer answered and was ended', { timeout: 6000 });
	await settled(page);
	await expect(page.getByRole('button', { name: 'Cancel' })).toHaveCount(0);
	// What needs no computation works, and so does any other model.
	const views = page.getByRole('navigation', { name: 'Views' });
	await views.getByRole('button', { name: 'Structure' }).click();
	await expect(page.getByRole('table', { name: 'Layers' })).toContainText(/conv/i);
	await views.getByRole('button', { name: 'Attribution' }).click();
	await page.getByRole('button', { name: /^Photos/ }).click();
	await settled(page);
	expect((await prediction(page)).length).toBeGreaterThan(1);
});
