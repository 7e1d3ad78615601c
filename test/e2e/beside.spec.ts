import { expect, test, type Page } from '@playwright/test';
import { expectAccessible, expectFits, openLab, prediction, settled } from './lab.ts';

/** Panes of A, of B and of what is pinned, by the names that all of them have. */
const first = (page: Page) => page.getByRole('region', { name: 'Attribution', exact: true });
const second = (page: Page) => page.getByRole('region', { name: /^Attribution: / });
const subject = (page: Page) => second(page).getByRole('button', { name: /^Of this pane: / });

const PAIR = '?model=digits&input=digit-4.png&method=gradient&panes=h.attribution.b-attribution';
const UNTRAINED = '&beside.model=digits&beside.variant=untrained.json';

/** Threads that compute: one for each lab that is there. */
const engines = (page: Page) => page.workers().filter((worker) => /compute\.worker/.test(worker.url())).length;

/** The picture of the map there, as numbers, once it is drawn. */
async function mapOf(page: Page, of: 'first' | 'second'): Promise<string> {
	const canvas = (of === 'first' ? first(page) : second(page)).locator('canvas[data-map]').first();
	await expect(canvas).toBeVisible();
	await expect(page.locator('[data-stale]')).toHaveCount(0);
	return (await canvas.screenshot()).toString('base64');
}
const openSubject = async (page: Page) => {
	await subject(page).click();
	return page.getByRole('dialog', { name: /^Of this pane: / });
};
const input = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

test('A against B: both follow the input, a pin keeps one, a reload keeps it, and its threads end with it', async ({
	page
}) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	expect(engines(page)).toBe(1);
	const alone = page.workers().length;

	// The ready layout asks for B.
	await page.getByRole('button', { name: 'Layout' }).click();
	await page.getByRole('menuitem', { name: /^A against B/ }).click();
	await expect(second(page).getByText('Choose model B')).toBeVisible();
	await settled(page);
	await second(page).getByLabel('Model B').selectOption('Digits, untrained');
	await expect(second(page)).toHaveAccessibleName('Attribution: B · Digits, untrained');
	await expect(page).toHaveURL(/beside\.model=digits&beside\.variant=untrained\.json/);
	await settled(page);
	expect(engines(page)).toBe(2);

	// Another answer and another map of the same input and class, each under its own label.
	await expect(first(page).getByText('A · Digits, trained')).toBeVisible();
	await expect(first(page).getByTitle('Prediction')).toHaveText('4, 100.0 %');
	await expect(second(page).getByTitle('Prediction')).toHaveText(/^\d, (?!100\.0)\d+\.\d %$/);
	for (const pane of [first(page), second(page)]) await expect(pane.getByText('Why 4?')).toBeVisible();
	const [a4, b4] = [await mapOf(page, 'first'), await mapOf(page, 'second')];
	expect(a4).not.toBe(b4);
	const ours = await prediction(page);
	const popover = await openSubject(page);
	const predicted = await popover.getByRole('list', { name: 'Prediction' }).getByRole('listitem').first().innerText();
	expect(predicted).not.toContain(`${ours[0]?.percent}`);
	await expectAccessible(page);
	await page.keyboard.press('Escape');

	// The input, and the class that is explained: both follow.
	await input(page, 'A seven').click();
	for (const pane of [first(page), second(page)]) await expect(pane.getByText('Why 7?')).toBeVisible();
	await settled(page);
	const [a7, b7] = [await mapOf(page, 'first'), await mapOf(page, 'second')];
	expect([a7 === a4, b7 === b4]).toEqual([false, false]);

	// Pinned, it stays as it is while A goes on.
	await (await openSubject(page)).getByRole('button', { name: 'Pin input, class and layer' }).click();
	await expect(second(page)).toHaveAccessibleName('Attribution: Pinned · Digits, untrained · A seven · class 7');
	await page.keyboard.press('Escape');
	await input(page, 'A one').click();
	await expect(first(page).getByText('Why 1?')).toBeVisible();
	await settled(page);
	await expect(second(page).getByText('Why 7?')).toBeVisible();
	expect(await mapOf(page, 'first')).not.toBe(a7);
	expect(await mapOf(page, 'second')).toBe(b7);

	// All of it is in the link.
	const link = page.url();
	await page.reload();
	await settled(page);
	await expect(page).toHaveURL(link);
	await expect(second(page)).toHaveAccessibleName('Attribution: Pinned · Digits, untrained · A seven · class 7');
	await expect(first(page).getByText('Why 1?')).toBeVisible();
	await expect(second(page).getByText('Why 7?')).toBeVisible();
	expect(await mapOf(page, 'second')).toBe(b7);

	// With its last pane its threads end.
	await second(page)
		.getByRole('button', { name: /^Close Attribution: / })
		.click();
	await expect(second(page)).toHaveCount(0);
	await expect(page).not.toHaveURL(/beside/);
	await expect.poll(() => engines(page)).toBe(1);
	await expect.poll(() => page.workers().length).toBe(alone);
	await settled(page);
	await page.keyboard.press('Control+z');
	await expect(second(page)).toHaveAccessibleName('Attribution: Pinned · Digits, untrained · A seven · class 7');
	await settled(page);
	expect(await mapOf(page, 'second')).toBe(b7);
});

test('by the keyboard alone: a copy is pinned, let go, and given another model; Undo takes each back', async ({
	page
}) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const command = async (query: string, name: string | RegExp) => {
		await page.keyboard.press('Control+k');
		await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeFocused();
		await page.keyboard.type(query);
		await expect(page.getByRole('dialog').getByRole('option').first()).toContainText(name);
		await page.keyboard.press('Enter');
		await expect(page.getByRole('combobox', { name: 'Search and commands' })).toBeHidden();
	};
	await command('pin a copy', 'Pin a copy beside');
	await expect(second(page)).toHaveAccessibleName('Attribution: Pinned · A four · class 4');
	await expect(second(page)).toBeFocused();
	await settled(page);
	await input(page, 'A seven').click();
	await settled(page);
	await expect(first(page).getByText('Why 7?')).toBeVisible();
	await expect(second(page).getByText('Why 4?')).toBeVisible();

	await second(page).focus();
	await page.keyboard.press('Tab');
	await command('follow the', 'Follow the selection');
	await expect(second(page)).toHaveAccessibleName('Attribution: B · Digits, trained');
	await expect(second(page).getByText('Why 7?')).toBeVisible();
	await settled(page);
	await command('b: digits untrained', 'B: Digits, untrained');
	await expect(second(page)).toHaveAccessibleName('Attribution: B · Digits, untrained');
	await settled(page);
	await page.keyboard.press('Control+z');
	await expect(second(page)).toHaveAccessibleName('Attribution: B · Digits, trained');
	await settled(page);
	await page.keyboard.press('Control+z');
	await expect(second(page)).toHaveAccessibleName('Attribution: Pinned · A four · class 4');
	await settled(page);
	await expect(second(page).getByText('Why 4?')).toBeVisible();
});

test('where the classes of B are others it says so, and explains its own; another view takes the pane', async ({
	page
}) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await openLab(page, `${PAIR}&beside.model=photos`);
	await expect(second(page).getByRole('note')).toHaveText(/^“4” is not among the classes of B/);
	await expect(second(page).getByText(/^Why (?!4)/)).toBeVisible();
	await second(page)
		.getByRole('button', { name: /^View: / })
		.click();
	await page.getByRole('menuitem', { name: 'Feature maps' }).click();
	await expect(page).toHaveURL(/panes=h\.attribution\.b-feature-maps/);
	const maps = page.getByRole('region', { name: 'Feature maps: B · Photos' });
	await expect(maps.getByText('32 × 32').first()).toBeVisible();
	await settled(page);
	await expect(page.getByRole('region', { name: 'Attribution', exact: true })).toHaveCount(1);
});

test('what cannot be opened as B is said once, and another can be chosen', async ({ page }) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	await page.goto(`./${PAIR}&beside.model=no-such-model`);
	await expect(page.getByRole('alert')).toContainText('B: ');
	await expect(second(page).getByText('Choose model B')).toBeVisible();
	await second(page).getByLabel('Model B').selectOption('Digits, after epoch 1');
	await expect(second(page)).toHaveAccessibleName('Attribution: B · Digits, after epoch 1');
	await settled(page);
	await expect(page.getByRole('alert')).toHaveCount(0);
});

/** What is said on the console, but for the tests' own setting. */
function listening(page: Page): string[] {
	const messages: string[] = [];
	page.on('console', (message) => {
		const blocked = message.text() === 'Service Worker registration blocked by Playwright';
		if (/warning|error/.test(message.type()) && !blocked) messages.push(message.text());
	});
	page.on('pageerror', (error) => messages.push(error.message));
	return messages;
}

for (const view of ['structure', 'parameters', 'feature-maps', 'slices', 'attribution'])
	test(`axe finds nothing in ${view} of A beside that of B, and nothing is said on the console`, async ({ page }) => {
		const messages = listening(page);
		await page.setViewportSize({ width: 1440, height: 900 });
		await openLab(page, `?model=digits&input=digit-4.png&method=gradient&panes=h.${view}.b-${view}${UNTRAINED}`);
		await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
		await expectAccessible(page);
		expect(messages).toEqual([]);
	});

test('a phone shows the focused pane, which says what it is of, and is left for A', async ({ page }) => {
	const messages = listening(page);
	await page.setViewportSize({ width: 390, height: 844 });
	await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
	await openLab(page, `${PAIR}&view=b-attribution${UNTRAINED}`);
	await expect(second(page)).toBeVisible();
	await expectFits(page);
	await expectAccessible(page);
	await (await openSubject(page)).getByRole('button', { name: 'Model A here' }).click();
	await expect(first(page)).toBeVisible();
	expect(messages).toEqual([]);
});
