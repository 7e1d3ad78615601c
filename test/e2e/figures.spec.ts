import { readFileSync } from 'node:fs';
import { expect, test, type Page } from '@playwright/test';
import { expectSound, openLab, settled } from './lab.ts';

const figure = (page: Page) => page.getByRole('region', { name: 'Figures' }).getByRole('img');
const layers = (page: Page) => page.getByRole('list', { name: 'Layers of the figure' }).getByRole('listitem');

async function saved(page: Page, item: RegExp | string): Promise<{ bytes: Buffer; name: string }> {
	await page.getByRole('button', { name: 'Save the figure' }).click();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('menuitem', { name: item }).click()
	]);
	return { bytes: readFileSync(await download.path()), name: download.suggestedFilename() };
}

/** What a real XML parser finds in a file. */
function parsed(page: Page, svg: string) {
	return page.evaluate((text) => {
		const xml = new DOMParser().parseFromString(text, 'image/svg+xml');
		const all = [...xml.querySelectorAll('*')];
		return {
			error: xml.querySelector('parsererror')?.textContent ?? '',
			tags: [...new Set(all.map(({ tagName }) => tagName))].sort(),
			attributes: [...new Set(all.flatMap((element) => element.getAttributeNames()))].sort(),
			texts: all.filter(({ tagName }) => tagName === 'text').map(({ textContent }) => textContent ?? ''),
			width: Number(xml.documentElement.getAttribute('width')),
			height: Number(xml.documentElement.getAttribute('height'))
		};
	}, svg);
}

test('every style draws a sample model; what is seen is what is saved, as SVG and as PNG', async ({ page }) => {
	const errors: string[] = [];
	page.on('pageerror', (error) => errors.push(error.message));
	await openLab(page, '?model=photos&view=figures');
	for (const [networkStyle, words] of [
		['FCNN', ['classes', '10 units', '128 units', 'Softmax', '116 more']],
		['LeNet', ['64@16×16', 'stage1_conv', 'Convolution 3×3', 'Max-pooling 2×2']],
		['AlexNet', ['stage3_add_conv', '128', 'Global mean']],
		['plot_model', ['stage2_bn (BatchNormalization)', '(None, 8, 8, 96)', 'stage3_add (Add)']]
	] as const) {
		await page.getByRole('button', { name: networkStyle, exact: true }).click();
		await settled(page);
		await expect(figure(page)).toHaveAttribute('alt', new RegExp(`^Photos. ${networkStyle}: .*classes \\(10\\)\\.$`));
		const { bytes, name } = await saved(page, 'SVG');
		expect(name).toMatch(/\.svg$/);
		const text = bytes.toString();
		const source = (await figure(page).getAttribute('src')) as string;
		expect(await page.evaluate(async (address) => (await fetch(address)).text(), source)).toBe(text);
		const file = await parsed(page, text);
		expect(file.error).toBe('');
		expect(file.texts).toEqual(expect.arrayContaining([...words]));
		expect(file.tags.filter((tag) => !/^(svg|title|desc|g|rect|circle|path|text)$/.test(tag))).toEqual([]);
		expect(file.attributes.filter((name) => /^(class|style|on\w+|href)$/.test(name))).toEqual([]);
		// It was drawn, not only loaded.
		const natural = await figure(page).evaluate((image: HTMLImageElement) => [image.naturalWidth, image.naturalHeight]);
		expect(natural).toEqual([file.width, file.height]);
	}

	await page.getByRole('button', { name: 'AlexNet', exact: true }).click();
	const { width, height } = await parsed(page, (await saved(page, 'SVG')).bytes.toString());
	await page.getByLabel('PNG scale').fill('1.5');
	await page.getByLabel('PNG scale').press('Enter');
	const size = [Math.round(1.5 * width), Math.round(1.5 * height)] as const;
	const { bytes } = await saved(page, `PNG, ${size[0]} × ${size[1]}`);
	expect(bytes.subarray(1, 4).toString()).toBe('PNG');
	expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([...size]);
	const ink = await page.evaluate(async (data) => {
		const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
		const c = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d') as OffscreenCanvasRenderingContext2D;
		c.drawImage(bitmap, 0, 0);
		const { data: p } = c.getImageData(0, 0, bitmap.width, bitmap.height);
		let [dark, blue] = [0, 0];
		for (let i = 0; i < p.length; i += 4) {
			if (p[i]! + p[i + 1]! + p[i + 2]! < 200) dark++;
			if (p[i + 2]! > p[i]! + 60) blue++;
		}
		return { dark: dark / (p.length / 4), blue: blue / (p.length / 4) };
	}, bytes.toString('base64'));
	expect(ink.dark).toBeGreaterThan(0.005);
	expect(ink.blue).toBeGreaterThan(0.05);

	// The link opens the same figure.
	await page.getByRole('combobox', { name: 'Colours', exact: true }).selectOption('Black and white');
	await page.getByRole('combobox', { name: 'Projection', exact: true }).selectOption('Orthographic');
	await expect(page).toHaveURL(/figures\.manner=alexnet/);
	const before = (await saved(page, 'SVG')).bytes.toString();
	expect(before).not.toContain('#84a9f2');
	await page.reload();
	await settled(page);
	expect((await saved(page, 'SVG')).bytes.toString()).toBe(before);
	expect(errors).toEqual([]);
});

test('edges are the weights of the open model', async ({ page }) => {
	await openLab(page, '?model=digits&view=figures&figures.manner=fcnn&figures.fcnn-most=4');
	await expect(page.getByText('3 of 11 layers are drawn')).toBeVisible();
	const trained = (await saved(page, 'SVG')).bytes.toString();
	expect(trained).toContain('#2166ac');
	expect(trained).toContain('#b2182b');
	const strongest = /\|w\| ≤ [\d.]+/g;
	expect(trained.match(strongest)).toHaveLength(2);
	await page.getByRole('combobox', { name: 'Weights', exact: true }).selectOption('Untrained');
	await settled(page);
	const untrained = (await saved(page, 'SVG')).bytes.toString();
	expect(untrained.match(strongest)).toHaveLength(2);
	expect(untrained).not.toBe(trained);
	await page.getByLabel('Edges from the weights').uncheck();
	expect((await saved(page, 'SVG')).bytes.toString()).not.toContain('#2166ac');
});

test('a figure by hand: add, change, reorder, remove, undo; its list is saved and opened again', async ({ page }) => {
	const hostile = '<script>alert("&")</script>';
	await openLab(page, '?model=digits&view=figures');
	await page.getByRole('button', { name: 'By hand' }).click();
	await page.getByRole('menuitem', { name: 'LeNet-5' }).click();
	await expect(layers(page)).toHaveCount(8);
	await expect(figure(page)).toHaveAttribute('alt', /^LeNet-5\. .*C1 \(28 × 28 × 6\)/);

	await page.getByTitle('Change C5').click();
	await page.getByRole('combobox', { name: /^After C5/ }).selectOption('Dropout');
	await page.getByRole('button', { name: 'Add a layer' }).click();
	await expect(layers(page)).toHaveCount(9);
	await page.getByLabel('Name', { exact: true }).fill(hostile);
	await page.getByRole('combobox', { name: 'Layer type', exact: true }).selectOption('Dense');
	await page.getByLabel('Units').fill('333');
	await page.getByLabel('Units').press('Enter');
	await expect(figure(page)).toHaveAttribute('alt', /<script>.* \(333\)/);

	// By keys, one up; then by the pointer, to the top.
	const grip = page.getByRole('button', { name: `Move ${hostile}`, exact: true });
	await grip.focus();
	await page.keyboard.press('ArrowUp');
	await expect(layers(page).nth(5)).toContainText(hostile);
	await expect(grip).toBeFocused();
	await grip.dragTo(layers(page).nth(4), { targetPosition: { x: 20, y: 4 } });
	await expect(layers(page).nth(4)).toContainText(hostile);
	await page.getByLabel('Add input').selectOption('C1');
	await page.getByRole('button', { name: 'Remove S2' }).click();
	await expect(layers(page)).toHaveCount(8);
	await page.getByRole('region', { name: 'Figures' }).getByRole('button', { name: 'Undo' }).click();
	await expect(layers(page)).toHaveCount(9);
	await page.getByRole('checkbox', { name: 'Draw F6' }).uncheck();
	await expect(figure(page)).not.toHaveAttribute('alt', /F6/);

	const svg = (await saved(page, 'SVG')).bytes.toString();
	const file = await parsed(page, svg);
	expect(file.error).toBe('');
	expect(file.tags).not.toContain('script');
	expect(file.texts.some((text) => text.startsWith('<script>'))).toBe(true);
	const list = await saved(page, 'List of layers (JSON)');

	await page.getByRole('button', { name: 'From the model' }).click();
	await expect(figure(page)).toHaveAttribute('alt', /^Digits\./);
	const chooser = page.getByLabel('List of layers');
	await chooser.setInputFiles({ name: 'bad.json', mimeType: 'application/json', buffer: Buffer.from('{"format":1}') });
	await expect(page.getByRole('alert').filter({ hasText: '“bad.json” is not a list of layers' })).toBeVisible();
	await chooser.setInputFiles({ name: list.name, mimeType: 'application/json', buffer: list.bytes });
	await expect(layers(page)).toHaveCount(9);
	await expect(page.getByRole('alert')).toHaveCount(0);
	expect((await saved(page, 'SVG')).bytes.toString()).toBe(svg);
	expect(await page.evaluate(() => document.querySelectorAll('section script').length)).toBe(0);
});

test('axe finds nothing in the view, dark and narrow too', async ({ page }) => {
	await openLab(page, '?model=digits&view=figures&figures.look=own');
	await page.getByTitle('Change conv1').click();
	await expectSound(page);
});
