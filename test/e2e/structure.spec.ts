import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { expectSound, openLab, settled } from './lab.ts';

const canvas = (page: Page) => page.getByRole('application', { name: /^Graph of/ });
const table = (page: Page) => page.getByRole('table', { name: 'Layers' });

async function download(page: Page, item: string): Promise<{ name: string; text: string; bytes: Buffer }> {
	const waiting = page.waitForEvent('download');
	await page.getByRole('menuitem', { name: item }).click();
	const file = await waiting;
	const bytes = readFileSync(await file.path());
	return { name: file.suggestedFilename(), text: bytes.toString('utf8'), bytes };
}

test('the graph is walked, unfolded and searched by keyboard, and the link brings it back', async ({
	page,
	context
}) => {
	await openLab(page, '?model=photos&input=ship.png&view=structure');
	await expect(page.getByRole('region', { name: 'Structure' })).toBeVisible();
	const graph = canvas(page);
	await expect(graph).toBeVisible();
	const picture = page.locator('canvas[data-map="graph"]');
	const before = (await picture.screenshot()).toString('base64');
	await graph.focus();
	await page.keyboard.press('ArrowDown');
	const live = page.locator('[aria-live="polite"]', { hasText: 'Input image' });
	await expect(live).toContainText('output 32 × 32 × 3');
	await page.keyboard.press('ArrowDown');
	await expect(page.getByRole('region', { name: 'Node stem_conv' })).toContainText('Slides filters over the picture');
	await expect(page).toHaveURL(/layer=stem_conv/);
	await expect.poll(async () => (await picture.screenshot()).toString('base64')).not.toBe(before);

	// On to the repeated block, and into it.
	for (let i = 0; i < 6 && !(await page.getByRole('region', { name: /^Group/ }).isVisible()); i++) {
		await page.keyboard.press('ArrowDown');
		await page.waitForTimeout(100);
	}
	await expect(page.getByRole('region', { name: /^Group/ })).toContainText('Block repeated 2 times');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('button', { name: 'Fold', exact: true })).toBeVisible();
	await settled(page);
	await expect(page).toHaveURL(/structure\.open=/);

	// Search by type and shape opens what hides it.
	await page.keyboard.press('/');
	await page.keyboard.type('conv2d 8 × 8');
	await expect(page.getByRole('listbox', { name: 'Nodes found' }).getByRole('option').first()).toBeVisible();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('region', { name: /^Node stage/ })).toBeVisible();
	const node = await page.getByRole('region', { name: /^Node/ }).getAttribute('aria-label');

	const second = await context.newPage();
	await second.goto(page.url());
	await settled(second);
	await expect(second.getByRole('region', { name: node as string })).toBeVisible();
	await second.close();
});

test('costs are summed, sorted, coloured and saved; time is measured', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=structure');
	const layers = table(page);
	await expect(layers).toBeVisible();
	await expect(page.getByRole('region', { name: 'Summary' })).toContainText('trainable');
	const first = layers.getByRole('rowheader').first();
	const natural = await first.innerText();
	await layers.getByRole('button', { name: 'Parameters' }).click();
	await expect(layers.getByRole('columnheader', { name: 'Parameters' })).toHaveAttribute('aria-sort', 'descending');
	const counts = (
		await layers.getByRole('row').evaluateAll((rows) => rows.slice(1).map((row) => row.children[3]?.textContent ?? ''))
	)
		.filter(Boolean)
		.map((text) => Number(text.replaceAll(',', '')));
	expect(counts).toEqual([...counts].sort((a, b) => b - a));
	expect(counts[0]).toBeGreaterThan(100);
	await layers.getByRole('button', { name: 'Parameters' }).click();
	await layers.getByRole('button', { name: 'Parameters' }).click();
	await expect(first).toHaveText(natural);

	await page.getByLabel('Colour by').selectOption('time');
	await expect(page).toHaveURL(/structure\.colour=time/);
	await expect(page.getByText(/median of 5 runs/)).toBeVisible({ timeout: 60_000 });
	await expect(layers.getByRole('columnheader', { name: 'Time' })).toBeVisible();
	const times = await layers.getByRole('cell', { name: / ms$/ }).allInnerTexts();
	expect(times.length).toBeGreaterThan(5);
	expect(times.some((text) => parseFloat(text) > 0)).toBe(true);

	const menu = page.getByRole('button', { name: 'Save the graph' });
	await menu.click();
	const svg = await download(page, 'SVG, current view');
	expect(svg.name).toMatch(/\.svg$/);
	expect(svg.text).toMatch(/<text [^>]*>Conv2D<\/text>/);
	await menu.click();
	const png = await download(page, 'PNG, current view');
	expect(png.bytes.subarray(1, 4).toString()).toBe('PNG');
	expect(png.bytes.readUInt32BE(20)).toBeGreaterThan(400);
	await menu.click();
	expect((await download(page, 'DOT, all nodes')).text).toContain('digraph');
	await menu.click();
	const json = JSON.parse((await download(page, 'JSON, all nodes')).text) as { nodes: { cost: object }[] };
	expect(json.nodes.every(({ cost }) => 'macs' in cost)).toBe(true);
	await page.getByRole('button', { name: 'Copy or save the table' }).click();
	const csv = await download(page, 'Save as CSV');
	expect(csv.text.split('\r\n')).toHaveLength(json.nodes.length + 2);
});

test('axe finds nothing, and the mouse finds its way', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&view=structure');
	const graph = canvas(page);
	for (const width of [1440, 390]) {
		await page.setViewportSize({ width, height: 900 });
		await graph.scrollIntoViewIfNeeded();
		const box = (await graph.boundingBox())!;
		// The input stands at the top, in the middle.
		await page.mouse.click(box.x + box.width / 2, box.y + 34);
		await expect(page.getByRole('region', { name: 'Node image' })).toBeVisible();
		await page.keyboard.press('Escape');
	}
	await page.getByRole('button', { name: 'Unfold all' }).click();
	await expect(page.getByRole('button', { name: 'Fold all' })).toBeVisible();
	await settled(page);
	await expectSound(page);
});
