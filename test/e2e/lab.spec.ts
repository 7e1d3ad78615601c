import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { drop, expectAccessible, openLab, prediction, settled } from './lab.ts';

const base64 = (path: string) => readFileSync(path).toString('base64');
const modelFiles = (name: string, json = 'model.json') => [
	{ name: json, base64: base64(join('models', name, json)) },
	{ name: json.replace('.json', '.bin'), base64: base64(join('models', name, json.replace('.json', '.bin'))) }
];

/** Mean colour distance from the neutral grey axis: what a heatmap has and a grey image has not. */
async function colourfulness(page: Page, method: string): Promise<number> {
	const canvas = page.locator(`canvas[data-map="${method}"]`);
	await canvas.scrollIntoViewIfNeeded();
	const png = await canvas.screenshot();
	return page.evaluate(async (data) => {
		const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${data}`)).blob());
		const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext(
			'2d'
		) as OffscreenCanvasRenderingContext2D;
		context.drawImage(bitmap, 0, 0);
		const pixels = context.getImageData(0, 0, bitmap.width, bitmap.height).data;
		let sum = 0;
		for (let i = 0; i < pixels.length; i += 4)
			sum +=
				Math.max(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!) - Math.min(pixels[i]!, pixels[i + 1]!, pixels[i + 2]!);
		return sum / (pixels.length / 4);
	}, png.toString('base64'));
}

test('a sample is predicted and explained by four maps', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png');
	const [best] = await prediction(page);
	expect(best?.name).toBe('ship');
	expect(best?.percent).toBeGreaterThan(50);
	for (const method of ['gradient', 'smoothgrad', 'integrated-gradients', 'grad-cam'])
		expect(await colourfulness(page, method), method).toBeGreaterThan(4);
	await expect(page.getByText('convergence gap')).toBeVisible();
	await expect(page.getByRole('region', { name: 'Attribution' })).toBeVisible();
	await expect(page.getByRole('slider', { name: 'Opacity' })).toHaveValue('0.85');
	// Two by two of them fill the first screen of a laptop.
	await page.setViewportSize({ width: 1440, height: 900 });
	const maps = page.getByRole('region', { name: 'Attribution' }).getByRole('application');
	await expect.poll(async () => (await maps.last().boundingBox())?.width).toBeGreaterThanOrEqual(328);
	const { y = 900, height = 0 } = (await maps.last().boundingBox()) ?? {};
	expect(y + height).toBeLessThanOrEqual(900);
	// What the colours mean stands beside the map, and how far its values go beyond them.
	const card = (name: string) =>
		page.locator('figure').filter({ has: page.getByRole('heading', { name, exact: true }) });
	for (const word of ['against', 'for']) await expect(card('Gradient').getByText(word, { exact: true })).toBeVisible();
	const range = await card('Gradient').locator('dt:text-is("range") + dd').innerText();
	await expect(card('Gradient')).toContainText(`Beyond, to ${range.replace(' … ', ' and to ')}: the end colours.`);
	await expect(card('Grad-CAM').getByText('much', { exact: true })).toBeVisible();
});

test('the class to explain is chosen by its bar, and the link opens the same picture', async ({ page, context }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const before = await page.locator('figure dl').innerText();
	await page.getByRole('button', { name: /^9 / }).click();
	await expect(page).toHaveURL(/target=9/);
	await settled(page);
	await expect(page.locator('figure dl')).not.toHaveText(before);
	const after = await page.locator('figure dl').innerText();
	const second = await context.newPage();
	await second.goto(page.url());
	await settled(second);
	expect(await second.locator('figure dl').innerText()).toBe(after);
});

test('the whole flow works by keyboard', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&method=grad-cam');
	await page.getByRole('button', { name: /^Digits/ }).focus();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/model=digits/);
	await settled(page);
	await page.getByRole('button', { name: 'A seven' }).focus();
	await page.keyboard.press('Space');
	await expect(page).toHaveURL(/digit-7/);
	await settled(page);
	expect((await prediction(page))[0]?.name).toBe('7');
	const map = page.getByRole('application');
	await map.focus();
	await page.keyboard.press('ArrowRight');
	await expect(page.locator('figure dl div').first()).not.toContainText('–');
	await page.keyboard.press('+');
	await expect(page).toHaveURL(/zoom=/);
	await page.keyboard.press('0');
	await expect(page).not.toHaveURL(/zoom=/);
	await page.getByRole('button', { name: /^Engine/ }).focus();
	await page.keyboard.press('Enter');
	await expect(page.getByRole('radio', { name: 'JavaScript' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('radio', { name: 'JavaScript' })).toBeHidden();
});

test('Back, Forward, Undo and Redo go through views, models, inputs, scores and settings', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const views = page.getByRole('navigation', { name: 'Views' });
	const heading = page.getByRole('heading', { level: 2 }).first();
	const open = (chip: string) => expect(page.getByRole('button', { name: chip })).toBeVisible();
	const predicted = async () => (await prediction(page))[0]?.name;
	await views.getByRole('button', { name: 'Structure' }).click();
	await page.getByRole('button', { name: 'A seven' }).click();
	await open('Input: A seven');
	await page.getByRole('list', { name: 'Prediction', exact: true }).getByRole('button', { name: /^2/ }).click();
	await open('Explain: 2');
	const models = page.getByRole('list', { name: 'Sample models' });
	await models.getByRole('button', { name: /^Photos/ }).click();
	await open('Model: Photos');
	await settled(page);
	await expect(page).toHaveURL(/model=photos/);

	await page.goBack();
	await open('Model: Digits');
	await open('Explain: 2');
	await settled(page);
	expect(await predicted()).toBe('7');
	await page.goBack();
	await open('Explain: 7');
	await page.goBack();
	await open('Input: A four');
	await settled(page);
	expect(await predicted()).toBe('4');
	await expect(page).toHaveURL(/digit-4.*view=structure/);
	await page.goBack();
	await expect(heading).toHaveText('Attribution');
	// Faster than anything opens: what counts is where one stops.
	for (let i = 0; i < 4; i++) await page.goForward();
	await open('Model: Photos');
	await settled(page);
	await expect(page).toHaveURL(/model=photos.*view=structure/);

	const direction = page.getByRole('button', { name: 'Left to right' });
	await direction.click();
	await expect(page).toHaveURL(/structure\.direction=right/);
	await page.keyboard.press('Control+z');
	await expect(page).not.toHaveURL(/direction/);
	await page.getByRole('button', { name: 'Undo' }).click();
	await open('Model: Digits');
	await settled(page);
	await expect(page).toHaveURL(/model=digits.*digit-7.*target=2/);
	await page.keyboard.press('Control+Shift+z');
	await open('Model: Photos');
	await page.getByRole('button', { name: 'Redo' }).click();
	await expect(page).toHaveURL(/structure\.direction=right/);
	await expect(page.getByRole('button', { name: 'Redo' })).toBeDisabled();
	await settled(page);

	// A link says of views what is seen; the tab remembers the rest.
	await views.getByRole('button', { name: 'Parameters' }).click();
	await expect(page).not.toHaveURL(/direction|method/);
	await page.reload();
	await settled(page);
	await views.getByRole('button', { name: 'Structure' }).click();
	await expect(page).toHaveURL(/structure\.direction=right/);
});

test('a view that is gone to while an input is fetched is a step of its own, and so is the input', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	let release = () => undefined as void;
	const held = new Promise<void>((done) => (release = done));
	await page.route(/digit-7\.png/, async (route) => {
		await held;
		await route.continue();
	});
	const views = page.getByRole('navigation', { name: 'Views' });
	await page.getByRole('button', { name: 'A seven' }).click();
	await views.getByRole('button', { name: 'Structure' }).click();
	await expect(page).toHaveURL(/digit-4.*view=structure/);
	await views.getByRole('button', { name: 'Parameters' }).click();
	await expect(page).toHaveURL(/digit-4.*view=parameters/);
	release();
	await expect(page).toHaveURL(/digit-7.*view=parameters/);
	await settled(page);
	await page.goBack();
	await expect(page).toHaveURL(/digit-4.*view=parameters/);
	await page.goBack();
	await expect(page).toHaveURL(/digit-4.*view=structure/);
	await page.goBack();
	await expect(page).toHaveURL(/digit-4.*method=gradient/);
	await settled(page);
	expect((await prediction(page))[0]?.name).toBe('4');
});

test('the panels are beside the view, or open from their chips', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const input = page.getByRole('region', { name: 'Input', exact: true });
	await expect(input).toBeVisible();
	await page.getByRole('button', { name: 'Panels beside the view' }).click();
	await expect(input).toBeHidden();
	await page.getByRole('button', { name: 'Input: A four' }).click();
	await input.getByRole('button', { name: 'A seven' }).click();
	await expect(page.getByRole('button', { name: 'Input: A seven' })).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(input).toBeHidden();
	await page.reload();
	await settled(page);
	await expect(input).toBeHidden();
	await page.setViewportSize({ width: 390, height: 844 });
	await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Model' }).click();
	await page.getByRole('menuitem', { name: 'Figures' }).click();
	await expect(page.getByRole('heading', { level: 2 }).first()).toHaveText('Figures');
});

test('views, models, samples, classes and layers are found by their names', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const search = page.getByRole('combobox', { name: 'Search and commands' });
	const choose = async (query: string, name: RegExp) => {
		await page.keyboard.press('Control+k');
		await expect(search).toBeFocused();
		await page.keyboard.type(query);
		await expect(page.getByRole('dialog').getByRole('option').first()).toHaveText(name);
		await page.keyboard.press('Enter');
		await expect(search).toBeHidden();
	};
	await choose('a seven', /A seven/);
	await expect(page).toHaveURL(/digit-7/);
	await settled(page);
	await choose('explain 3', /3/);
	await expect(page).toHaveURL(/target=3/);
	await choose('conv2', /conv2/);
	await expect(page.getByRole('region', { name: 'Node conv2' })).toBeVisible();
	await page.keyboard.press('Control+k');
	await expectAccessible(page);
	await search.fill('nothing like it');
	await expect(page.getByRole('dialog').getByText('No match.')).toBeVisible();
	await page.keyboard.press('Escape');
	await choose('theme dark', /dark/);
	await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('own files open, and bad ones leave what was open', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&method=gradient');
	await drop(page, modelFiles('digits'));
	const input = page.getByRole('region', { name: 'Input', exact: true });
	await expect(input.getByText('guessed: small grey images')).toBeVisible();
	await settled(page);

	const [json, weights] = modelFiles('digits') as [{ name: string; base64: string }, { name: string; base64: string }];
	const cases: [string, { name: string; base64: string; type?: string }[], RegExp][] = [
		[
			'truncated weights',
			[json, { ...weights, base64: weights.base64.slice(0, 4000) }],
			/hold \d+ bytes; the model describes/
		],
		['wrong JSON', [{ name: 'model.json', base64: btoa('{"modelTopology": ') }], /not valid JSON/],
		['not an image', [{ name: 'cat.png', type: 'image/png', base64: btoa('no image') }], /cat\.png.* not an image/],
		['weights alone', [weights], /without their model\.json/]
	];
	for (const [name, files, message] of cases) {
		await drop(page, files);
		await expect(page.getByRole('alert').filter({ hasText: message }), name).toBeVisible();
		expect((await prediction(page)).length, name).toBe(5);
	}
	await drop(page, [
		{ name: 'labels.txt', base64: btoa('nought\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine') }
	]);
	await expect(page.getByRole('button', { name: 'Edit class names' }).locator('..')).toContainText('10 names');
});

test('a map is saved as PNG, .npy and JSON', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=grad-cam');
	const contents: Record<string, Buffer> = {};
	for (const kind of ['Image (PNG)', 'Array (.npy)', 'Values (JSON)']) {
		await page.getByRole('button', { name: 'Save Grad-CAM' }).click();
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('menuitem', { name: kind }).click()
		]);
		contents[kind] = readFileSync(await download.path());
	}
	expect(contents['Image (PNG)']?.subarray(1, 4).toString()).toBe('PNG');
	const npy = contents['Array (.npy)'] as Buffer;
	const start = 10 + npy.readUInt16LE(8);
	expect(npy.subarray(0, start).toString('latin1')).toContain("'shape': (14, 14)");
	const json = JSON.parse(contents['Values (JSON)']?.toString() ?? '') as {
		values: number[];
		width: number;
		method: string;
	};
	expect(json.method).toBe('grad-cam');
	expect(json.values).toHaveLength(14 * 14);
	json.values.forEach((value, i) => expect(npy.readFloatLE(start + 4 * i)).toBe(Math.fround(value)));
});

test('another engine gives the same prediction', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const before = await prediction(page);
	await page.getByRole('button', { name: /^Engine/ }).click();
	await page.getByRole('radio', { name: 'WebGPU' }).click();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('button', { name: 'Engine: WebGPU' })).toBeVisible({ timeout: 120_000 });
	await settled(page);
	const after = await prediction(page);
	expect(after.map(({ name }) => name).slice(0, 1)).toEqual(before.map(({ name }) => name).slice(0, 1));
	expect(Math.abs((after[0]?.percent ?? 0) - (before[0]?.percent ?? 0))).toBeLessThan(0.2);
});

test('a model of open size asks for it, and an image of 50 megapixels is no trouble', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&method=gradient');
	const [json, weights] = modelFiles('photos') as [{ name: string; base64: string }, { name: string; base64: string }];
	const open = btoa(
		atob(json.base64).replace('"batch_input_shape": [null, 32, 32, 3]', '"batch_input_shape": [null, null, null, 3]')
	);
	await drop(page, [{ ...json, base64: open }, weights]);
	const dialog = page.getByRole('dialog', { name: 'Which input size?' });
	await expect(dialog.getByLabel('Channels')).toBeDisabled();
	await dialog.getByLabel('Height').fill('48');
	await dialog.getByLabel('Width').fill('40');
	await dialog.getByRole('button', { name: 'Open with this size' }).click();
	await expect(page.getByText('? × 48 × 40 × 3')).toBeVisible();
	await settled(page);

	await page.evaluate(async () => {
		const canvas = new OffscreenCanvas(8192, 6144);
		const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
		context.fillStyle = 'teal';
		context.fillRect(2000, 1000, 4000, 4000);
		const file = new File([await canvas.convertToBlob({ type: 'image/jpeg' })], 'large.jpg', { type: 'image/jpeg' });
		const data = new DataTransfer();
		data.items.add(file);
		window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
	});
	await expect(page.getByText('8192 × 6144')).toBeVisible();
	await settled(page);
	expect(await colourfulness(page, 'gradient')).toBeGreaterThan(1);
});
