import { expect, test } from '@playwright/test';
import { openLab, prediction, settled } from './lab.ts';

test('a strip of all layers, one layer as an atlas, one number taken apart', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=feature-maps');
	const strip = page.getByRole('region', { name: 'Activation strip' });
	const rows = strip.getByRole('listitem');
	await expect(rows.first()).toContainText('28 × 28');
	await expect(rows.last()).toContainText('10');
	await rows.nth(1).getByRole('button').click();
	await expect(page).toHaveURL(/layer=/);
	const layer = page.getByRole('region', { name: /^Layer / });
	await expect(layer).toContainText('channels');

	// The atlas is driven by keys, and what is chosen is what is taken apart.
	const atlas = layer.getByRole('application');
	await atlas.focus();
	await page.keyboard.press('ArrowRight');
	await expect(page.getByRole('region', { name: 'channel 1', exact: true })).toBeVisible();
	await expect(page.getByRole('img', { name: /^Kernel of channel 1: from / })).toBeVisible();
	const made = page.getByRole('region', { name: 'How this value is computed' });
	await expect(made).toContainText('tensor: ');
	const steps = made.getByRole('group', { name: 'Steps of the layer' }).getByRole('button');
	for (let i = 0; i < (await steps.count()); i++) {
		await steps.nth(i).click();
		await expect(steps.nth(i)).toHaveAttribute('aria-pressed', 'true');
		await expect(made).toContainText('recomputed: ');
		const text = /tensor: (\S+), recomputed: (\S+)/.exec(await made.innerText());
		const [held = NaN, worked = NaN] = (text ?? []).slice(1).map((number) => Number(number.replace('−', '-')));
		expect(Math.abs(held - worked)).toBeLessThan(1e-4 + 1e-4 * Math.abs(held));
	}
});

test('what is ablated is missed: channels, whole layers, and each in turn', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=feature-maps');
	const [before] = await prediction(page);
	// Percentages may be full; the score itself always moves.
	const score = page.getByRole('list', { name: 'Prediction', exact: true }).getByRole('listitem').first();
	const sure = await score.innerText();
	await page.getByRole('button', { name: 'Ablate layer' }).click();
	await settled(page);
	await expect.poll(async () => (await prediction(page))[0]?.percent).not.toBe(before?.percent);
	await page.getByRole('button', { name: 'Restore all channels' }).click();
	await settled(page);
	await expect.poll(async () => (await prediction(page))[0]).toEqual(before);

	const needs = page.getByRole('region', { name: 'Ablation effects' });
	await needs.getByRole('button', { name: 'Ablate each' }).click();
	const first = needs.getByRole('listitem').first();
	await expect(first).toBeVisible();
	await expect(needs.getByRole('button', { name: 'Ablate each' })).toBeVisible();
	// Ablating what helps most lowers the score of the class.
	await first.getByRole('button').last().click();
	await settled(page);
	await expect.poll(() => score.innerText()).not.toBe(sure);
});

test('a visualised feature rises above noise, and samples are searched for parts that excite', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&view=feature-maps&layer=stage1_relu&channel=2');
	const visualisation = page.getByRole('region', { name: 'Feature visualisation' });
	await visualisation.getByRole('button', { name: 'Visualise feature' }).click();
	await expect(visualisation.getByRole('button', { name: 'Visualise feature' })).toBeVisible();
	const figure = async (name: string) =>
		Number((await visualisation.locator(`dt:text-is("${name}") + dd`).innerText()).replace('−', '-'));
	expect(await figure('activation')).toBeGreaterThan(5 * Math.abs(await figure('initial (noise)')));
	await visualisation.getByRole('button', { name: 'Search the samples' }).click();
	await expect(visualisation.getByLabel(/^Patch of image/).nth(2)).toBeVisible();
});

test('while a digit is drawn, strip and prediction follow', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=feature-maps');
	await page.getByRole('button', { name: 'Draw live' }).click();
	const pad = page.getByLabel('Drawing pad');
	const box = (await pad.boundingBox())!;
	const before = await page.getByRole('list', { name: 'Prediction', exact: true }).innerText();
	await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
	await page.mouse.down();
	for (let i = 1; i <= 12; i++) await page.mouse.move(box.x + box.width / 2, box.y + box.height * (0.2 + 0.05 * i));
	await page.mouse.up();
	await expect
		.poll(async () => page.getByRole('list', { name: 'Prediction', exact: true }).innerText())
		.not.toBe(before);
	await expect.poll(async () => (await prediction(page))[0]?.name).toBe('1');
});
