import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, expectFits, openLab, prediction, settled } from './lab.ts';

const pane = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const focused = (page: Page) => page.locator('section[aria-current="true"]');
const views = (page: Page) => page.getByRole('navigation', { name: 'Views' });

/** By the palette, as fast hands do. */
async function command(page: Page, query: string, name: string): Promise<void> {
	await page.keyboard.press('Control+k');
	const search = page.getByRole('combobox', { name: 'Search and commands' });
	await expect(search).toBeFocused();
	await page.keyboard.type(query);
	await expect(page.getByRole('dialog').getByRole('option').first()).toContainText(name);
	await page.keyboard.press('Enter');
	await expect(search).toBeHidden();
}

/** Left and right edge of a pane. */
async function edges(page: Page, name: string): Promise<[left: number, right: number]> {
	const box = (await pane(page, name).boundingBox())!;
	return [box.x, box.x + box.width];
}

/** Device pixels of the first picture there, and those of the place that it fills. */
async function pictureFits(page: Page, name: string): Promise<void> {
	const picture = pane(page, name).locator('canvas[data-map]').first();
	await expect
		.poll(async () => {
			const [drawn, shown] = await picture.evaluate((canvas: HTMLCanvasElement) => [canvas.width, canvas.clientWidth]);
			return Math.abs((drawn ?? 0) - (shown ?? 0) * (await page.evaluate(() => devicePixelRatio)));
		})
		.toBeLessThanOrEqual(1);
}

test('two panes are opened, filled, gone between, resized and closed by the keyboard', async ({ page }) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const before = page.url();
	await pane(page, 'Attribution').getByRole('button', { name: 'Pane: Attribution' }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('menuitem', { name: 'Split right' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(pane(page, 'Structure')).toBeFocused();
	await expect(focused(page)).toHaveAccessibleName('Structure');
	await expect(page).toHaveURL(/view=structure&panes=h\.attribution\.structure/);

	// Another view there, by its own menu.
	await pane(page, 'Structure').getByRole('button', { name: 'View: Structure' }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('menuitem').first()).toBeFocused();
	await page.keyboard.type('Feat');
	await expect(page.getByRole('menuitem', { name: 'Feature maps' })).toBeFocused();
	await page.keyboard.press('Enter');
	await expect(pane(page, 'Feature maps')).toBeFocused();
	await expect(pane(page, 'Structure')).toBeHidden();

	// From pane to pane, and the rail is for the focused one.
	await page.keyboard.press('F6');
	await expect(pane(page, 'Attribution')).toBeFocused();
	await expect(views(page).getByRole('button', { name: 'Attribution' })).toHaveAttribute('aria-current', 'page');
	await page.keyboard.press('Shift+F6');
	await expect(focused(page)).toHaveAccessibleName('Feature maps');
	await settled(page);
	await pictureFits(page, 'Attribution');

	// Wider, and what is drawn follows; the link has it when the hands rest.
	const [, edge] = await edges(page, 'Attribution');
	const divider = page.getByRole('separator', { name: 'Between Attribution and Feature maps' });
	await divider.focus();
	await page.keyboard.press('ArrowRight');
	await page.keyboard.press('ArrowRight');
	await expect(divider).toHaveAttribute('aria-valuenow', '60');
	await expect(page).toHaveURL(/panes=h60\.attribution\.feature-maps/);
	expect((await edges(page, 'Attribution'))[1]).toBeGreaterThan(edge + 60);
	expect((await edges(page, 'Feature maps'))[0]).toBeCloseTo((await edges(page, 'Attribution'))[1], 0);
	await pictureFits(page, 'Attribution');
	await pictureFits(page, 'Feature maps');

	await command(page, 'close pane', 'Close this pane');
	await expect(pane(page, 'Feature maps')).toBeHidden();
	await expect(pane(page, 'Attribution')).toBeFocused();
	await expect(page).not.toHaveURL(/panes=/);
	await expect(divider).toBeHidden();
	await page.goBack();
	await expect(pane(page, 'Feature maps')).toBeVisible();
	await expect(page).toHaveURL(/panes=h60/);
	await expect(divider).toHaveAttribute('aria-valuenow', '60');
	await page.goBack();
	await expect(pane(page, 'Structure')).toBeVisible();
	await page.goBack();
	await expect(page).toHaveURL(before);
	await page.goForward();
	await page.goForward();
	await expect(pane(page, 'Feature maps')).toBeVisible();
});

test('G and a letter go to a view, and nowhere while one types', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	await page.keyboard.press('s');
	await expect(pane(page, 'Attribution')).toBeVisible();
	await page.keyboard.press('g');
	await expect(views(page).locator('kbd')).toHaveCount(10);
	await page.keyboard.press('s');
	await expect(pane(page, 'Structure')).toBeVisible();
	await expect(views(page).locator('kbd')).toHaveCount(0);
	const search = page.getByLabel('Search by name, type or shape');
	await search.focus();
	await page.keyboard.type('ga');
	await expect(search).toHaveValue('ga');
	await expect(pane(page, 'Structure')).toBeVisible();
});

test('what is chosen in one is seen in both, and a reload brings them back', async ({ page }) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient&panes=h.attribution.feature-maps');
	await expect(focused(page)).toHaveAccessibleName('Attribution');
	const [maps, why] = [pane(page, 'Feature maps'), pane(page, 'Attribution')];
	await expect(why.getByText('Why 4?')).toBeVisible();
	await expect(maps.getByRole('button', { name: /^relu1/ }).first()).toBeVisible();
	// The class, by the panel of both.
	await page.getByRole('list', { name: 'Prediction', exact: true }).getByRole('button', { name: /^7/ }).click();
	await expect(why.getByText('Why 7?')).toBeVisible();
	// The layer and its channel, in one of them; what a hand is in is the focused one.
	await maps
		.getByRole('button', { name: /^relu2/ })
		.first()
		.click();
	await expect(focused(page)).toHaveAccessibleName('Feature maps');
	await expect(page).toHaveURL(/layer=relu2/);
	// The input: each of them is of the new one when all is settled.
	await page.getByRole('button', { name: 'A seven' }).click();
	await expect(page).toHaveURL(/digit-7/);
	await settled(page);
	expect((await prediction(page))[0]?.name).toBe('7');
	await expect(page.getByText(/of the previous input/)).toHaveCount(0);
	const link = page.url();
	await page.reload();
	await settled(page);
	await expect(page).toHaveURL(link);
	await expect(focused(page)).toHaveAccessibleName('Feature maps');
	await expect(why.getByText('Why 7?')).toBeVisible();
	await expect(maps.getByRole('region', { name: 'Layer relu2' })).toBeVisible();
});

test('a view stands in one pane: chosen in another, the two change places', async ({ page }) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient&panes=h.attribution.structure');
	await settled(page);
	const [left] = await edges(page, 'Attribution');
	// A view that changes its place is the same: what was scrolled and unfolded there stays so.
	await pane(page, 'Attribution').evaluate((element) => element.setAttribute('data-test', 'the same'));
	await views(page).getByRole('button', { name: 'Structure' }).click();
	await expect(page).toHaveURL(/panes=h\.structure\.attribution/);
	await expect.poll(async () => (await edges(page, 'Structure'))[0]).toBeCloseTo(left, 0);
	await expect(pane(page, 'Attribution')).toHaveAttribute('data-test', 'the same');
	await expect(page.getByRole('region', { name: 'Attribution', exact: true })).toHaveCount(1);
	await expect(focused(page)).toHaveAccessibleName('Structure');
	// A link between views goes to the pane that shows it.
	await command(page, 'view attribution', 'Attribution');
	await expect(page).toHaveURL(/panes=h\.structure\.attribution/);
	await expect(focused(page)).toHaveAccessibleName('Attribution');
});

test('ready layouts are in the menu and the palette; each pane scrolls by itself, a phone shows one', async ({
	page
}) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	await page.getByRole('button', { name: 'Layout' }).click();
	await page.getByRole('menuitem', { name: /^A against B/ }).click();
	await expect(pane(page, 'Attribution')).toBeVisible();
	await expect(pane(page, 'Attribution: B')).toBeVisible();
	await settled(page);
	await command(page, 'layout why', 'Layout: Why');
	await expect(pane(page, 'Attribution: B')).toBeHidden();
	await expect(pane(page, 'Feature maps')).toBeVisible();
	await settled(page);
	const scrolled = (name: string) => pane(page, name).evaluate((element) => element.scrollTop);
	// It can be scrolled so far once its layers are there.
	await expect(async () => {
		await pane(page, 'Feature maps').evaluate((element) => element.scrollTo(0, 300));
		expect(await scrolled('Feature maps')).toBe(300);
	}).toPass();
	expect(await scrolled('Attribution')).toBe(0);
	await command(page, 'split below', 'Split below');
	await expect(focused(page)).toHaveAccessibleName('Structure');
	expect(await scrolled('Feature maps')).toBe(300);
	await expect(pane(page, 'Structure').getByRole('button', { name: 'Close Structure' })).toBeVisible();
	await pane(page, 'Structure').getByRole('button', { name: 'Close Structure' }).click();
	await expect(pane(page, 'Structure')).toBeHidden();
	expect(await scrolled('Feature maps')).toBe(300);

	await page.setViewportSize({ width: 390, height: 844 });
	await expect(page.locator('section[data-view]')).toHaveCount(1);
	await expect(page.getByRole('separator')).toHaveCount(0);
	await expect(page.getByRole('button', { name: 'Layout' })).toBeHidden();
	await page.setViewportSize({ width: 1440, height: 900 });
	await expect(page.locator('section[data-view]')).toHaveCount(2);
});

test('a link of panes may be anything', async ({ page }) => {
	await openLab(
		page,
		'?model=digits&input=digit-4.png&method=gradient&view=figures&panes=h99.figures.v.figures.no-such'
	);
	await expect(page.locator('section[data-view]')).toHaveCount(1);
	await expect(pane(page, 'Figures')).toBeVisible();
	await expect(page).not.toHaveURL(/panes=/);
	await expect(page).toHaveURL(/view=figures/);
});

test('axe finds nothing in two panes at any width, and nothing is said on the console', async ({ page }) => {
	const messages: string[] = [];
	page.on('console', (message) => {
		// The tests' own setting.
		const blocked = message.text() === 'Service Worker registration blocked by Playwright';
		if (/warning|error/.test(message.type()) && !blocked) messages.push(message.text());
	});
	page.on('pageerror', (error) => messages.push(error.message));
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient&panes=h.attribution.structure');
	const titles = await views(page).getByRole('button').allInnerTexts();
	expect(titles.length).toBeGreaterThan(7);
	const dresses = [1440, 390, 1920, 1024].flatMap((width) => [
		{ width, colorScheme: 'light' as const },
		{ width, colorScheme: 'dark' as const }
	]);
	await page.emulateMedia({ reducedMotion: 'reduce' });
	// With each view that takes the focused pane, another width or theme.
	for (const [i, text] of titles.entries()) {
		const title = text.trim();
		const { width, colorScheme } = dresses[i % dresses.length]!;
		await page.setViewportSize({ width: 1440, height: 900 });
		await views(page).getByRole('button', { name: title, exact: true }).click();
		await page.setViewportSize({ width, height: 900 });
		await page.emulateMedia({ colorScheme });
		await settled(page);
		await expect(pane(page, title)).toBeVisible();
		await expect(page.locator('section[data-view]')).toHaveCount(width > 760 ? 2 : 1);
		await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
		await expectFits(page);
		await expectAccessible(page);
	}
	expect(messages).toEqual([]);
});
