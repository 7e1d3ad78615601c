import { expect, test, type Page } from '@playwright/test';
import { openLab } from './lab.ts';
import { hold, honest, release, results, slowable } from './slow.ts';

/** With a slow engine nothing is shown beside what it was not computed from. */

const PREDICTION = '[aria-label="Prediction"] li, img[alt="As the model sees it"]';

interface Change {
	name: string;
	/** What is said of the old results, where they stay. */
	said?: RegExp;
	/** What shows results that depend on it, where these are not all of the view. */
	selector?: string;
	/** It is made anew only when somebody asks. */
	stays?: boolean;
	/** What makes a result to begin with. */
	first?: (page: Page) => Promise<void>;
	act: (page: Page) => Promise<void>;
}

const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first().click();

/** Changes that every view of the open model's answers must bear. */
const INPUT: Change = { name: 'input', said: /previous input/, act: (page) => press(page, 'A seven') };
const PREPARATION: Change = {
	name: 'preparation',
	said: /prepared as before/,
	act: async (page) => {
		await page.getByText(/^Preparation/).click();
		await page.getByLabel(/dark on light|Invert/i).click();
	}
};

const VIEWS: { view: string; query: string; selector: string; changes: Change[] }[] = [
	{
		view: 'Attribution',
		query: '?model=digits&input=digit-4.png&method=smoothgrad,grad-cam',
		selector: `${PREDICTION}, canvas[data-map], figure dd`,
		changes: [
			INPUT,
			PREPARATION,
			{
				name: 'target',
				said: /another class/,
				selector: 'canvas[data-map], figure dd',
				act: (page) => page.locator('[aria-label="Prediction"] li:nth-child(2) button').click()
			},
			{
				name: 'parameter',
				said: /other settings/,
				selector: 'canvas[data-map="smoothgrad"]',
				act: async (page) => {
					await press(page, 'Settings of SmoothGrad');
					await page.getByLabel(/Samples/).fill('40');
					await page.keyboard.press('Enter');
					await page.keyboard.press('Escape');
				}
			},
			{
				name: 'seed',
				said: /another seed/,
				selector: 'canvas[data-map], figure dd',
				act: async (page) => {
					await press(page, /^Seed/);
					await page.getByLabel(/Seed of the noise/).fill('7');
					await page.keyboard.press('Enter');
					await page.keyboard.press('Escape');
				}
			}
		]
	},
	{
		view: 'Feature maps',
		query: '?model=digits&input=digit-4.png&view=feature-maps',
		selector: `${PREDICTION}, canvas[data-map], [aria-label^="channel"] dd`,
		changes: [
			INPUT,
			PREPARATION,
			{
				name: 'layer',
				said: /another layer/,
				selector: '[aria-label^="Layer"] canvas, [aria-label^="channel"] dd',
				act: (page) => page.locator('[aria-label="Film strip"] li:nth-child(3) button').click()
			},
			{
				name: 'target',
				stays: true,
				said: /another class/,
				selector: '[aria-label="What the class needs"] li',
				first: async (page) => {
					await press(page, 'Try each');
					await expect(page.locator('[aria-label="What the class needs"] li').first()).toBeVisible();
				},
				act: (page) => page.locator('[aria-label="Prediction"] li:nth-child(2) button').click()
			},
			{ name: 'weights', stays: true, said: /weights as they were/, act: (page) => press(page, 'Switch the layer off') }
		]
	},
	{
		view: 'Decision slices',
		query: '?model=digits&input=digit-4.png&view=slices&slices.plane=random&slices.side=64',
		selector: `${PREDICTION}, canvas[data-map="slice"], [aria-label="Figures of the picture"] dd, [aria-label="What the model says of it"] li`,
		changes: [INPUT, PREPARATION]
	}
];

test.describe.configure({ timeout: 120_000 });

for (const { view, query, selector, changes } of VIEWS)
	test(`${view} with a slow engine`, async ({ page }) => {
		await slowable(page);
		await openLab(page, query);
		for (const change of changes)
			await test.step(change.name, async () => {
				await change.first?.(page);
				await honest(page, {
					name: `${view}, another ${change.name}`,
					selector: change.selector ?? selector,
					change: () => change.act(page),
					...(change.stays ? { stays: true } : {}),
					...(change.said ? { said: change.said } : {})
				});
			});
	});

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
