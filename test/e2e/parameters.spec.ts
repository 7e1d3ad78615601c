import { readFileSync } from 'node:fs';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { formatted } from '../../src/maths/format.ts';
import { recurrentModel } from '../tools/recurrent-model.ts';
import { drop, expectSound, openLab, settled } from './lab.ts';

/** What the page saves. */
async function saved(page: Page, menu: Locator, item: string): Promise<{ name: string; bytes: Buffer }> {
	await menu.click();
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		page.getByRole('menuitem', { name: item, exact: true }).click()
	]);
	return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** NumPy's format, read as its documentation says. */
function readNpy(bytes: Uint8Array): { shape: number[]; values: Float32Array } {
	expect(Buffer.from(bytes.subarray(0, 6)).toString('latin1')).toBe('\x93NUMPY');
	const length = bytes[8]! + 256 * bytes[9]!;
	expect((10 + length) % 64).toBe(0);
	const header = Buffer.from(bytes.subarray(10, 10 + length)).toString('latin1');
	expect(header).toContain("'descr': '<f4'");
	const shape = /'shape': \(([^)]*)\)/
		.exec(header)![1]!
		.split(',')
		.filter((n) => n.trim());
	return { shape: shape.map(Number), values: new Float32Array(new Uint8Array(bytes.subarray(10 + length)).buffer) };
}

/** The weights of a shipped model as its own files hold them. */
function shipped(name: string) {
	const json = JSON.parse(readFileSync(`models/${name}/model.json`, 'utf8')) as {
		weightsManifest: { weights: { name: string; shape: number[]; dtype: string; quantization?: unknown }[] }[];
	};
	const bin = readFileSync(`models/${name}/model.bin`);
	let offset = 0;
	return json.weightsManifest[0]!.weights.map(({ name: weight, shape, quantization }) => {
		expect(quantization).toBe(undefined);
		const size = shape.reduce((n, m) => n * m, 1);
		const values = new Float32Array(bin.buffer.slice(bin.byteOffset + offset, bin.byteOffset + offset + 4 * size));
		offset += 4 * size;
		return { name: weight, shape, values };
	});
}

test('the weights of a model are measured, looked at, compared and saved', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&view=parameters');
	const view = page.getByRole('region', { name: 'Parameters', exact: true });
	const table = view.getByRole('table').first();
	await expect(view.getByRole('heading', { name: /^37 weights/ })).toBeVisible();
	const weights = shipped('photos');
	expect(weights).toHaveLength(37);
	const all = weights.flatMap(({ values }) => Array.from(values));
	const mean = all.reduce((a, b) => a + b) / all.length;
	await expect(view.locator('dl[aria-label="The whole model"]')).toContainText(`mean ${formatted(mean)}`);

	// Sorted by its std, largest first; the row opens its weight and the link keeps both.
	await table.getByRole('button', { name: 'Std' }).click();
	await expect(table.getByRole('columnheader', { name: 'Std' })).toHaveAttribute('aria-sort', 'descending');
	const std = ({ values }: { values: Float32Array }) => {
		const m = values.reduce((a, b) => a + b, 0) / values.length;
		return Math.sqrt(values.reduce((sum, x) => sum + (x - m) ** 2, 0) / values.length);
	};
	const widest = [...weights].sort((a, b) => std(b) - std(a))[0]!;
	await expect(table.getByRole('rowheader').first()).toContainText(widest.name);
	await view.getByRole('searchbox', { name: 'Find a weight' }).fill('stage2_conv');
	await table.getByRole('button', { name: 'stage2_conv/kernel' }).click();
	await expect(page).toHaveURL(/parameters.weight=stage2_conv%2Fkernel/);
	await expect(page).toHaveURL(/layer=stage2_conv/);
	await settled(page);
	const kernel = weights.find(({ name }) => name === 'stage2_conv/kernel')!;
	const statistics = view.getByRole('region', { name: 'Statistics of stage2_conv/kernel' });
	await expect(statistics).toContainText(`max ${formatted(Math.max(...kernel.values))}`);
	await expect(statistics.getByRole('img', { name: /^Histogram of stage2_conv\/kernel/ })).toBeVisible();
	await expect.poll(() => statistics.locator('svg [aria-label="rect"] rect').count()).toBeGreaterThan(60);
	await statistics.getByRole('checkbox', { name: 'Log counts' }).check();
	await expect(page).toHaveURL(/parameters.counts=log/);
	await expect(statistics.locator('svg')).toContainText(['count, logarithmic']);

	// The numbers under the chosen kernel are those of the file, filter 5.
	const panel = view.getByRole('region', { name: 'Weight stage2_conv/kernel' });
	await panel.getByRole('combobox', { name: 'Filter' }).selectOption('5');
	await settled(page);
	const [h = 0, w = 0, inputs = 0, filters = 0] = kernel.shape;
	const numbers = panel.getByRole('table', { name: 'Values of filter 5, input 0' });
	for (let y = 0; y < h; y++)
		for (let x = 0; x < w; x++)
			await expect(numbers.getByRole('row').nth(y).getByRole('cell').nth(x)).toHaveText(
				formatted(kernel.values[(y * w + x) * inputs * filters + 5]!)
			);
	const drawn = await panel.locator('canvas[data-map="weight"]').screenshot();
	expect(new Set(drawn).size).toBeGreaterThan(100);
	await expect(view.getByRole('region', { name: 'Spectrum of stage2_conv/kernel' })).toContainText('effective rank');
	await expect(view.getByRole('region', { name: 'filters of stage2_conv/kernel' })).toContainText('strongest');

	// All layers on one axis, saved as a Plotly figure.
	const compared = view.getByRole('region', { name: 'Layers compared' });
	await expect.poll(() => compared.locator('svg [aria-label="area"] path').count()).toBe(8);
	const figure = await saved(
		page,
		compared.getByRole('button', { name: 'Save the chart “Weights of Photos, layer by layer”' }),
		'Plotly figure (JSON)'
	);
	const { data } = JSON.parse(figure.bytes.toString()) as { data: { name?: string; y: number[] }[] };
	expect(data.filter(({ name }) => name === 'stage2_conv/kernel')).toHaveLength(1);

	// Files: one weight, all of them twice, and the statistics.
	const one = await saved(page, panel.getByRole('button', { name: 'Save this weight' }), 'This weight (.npy)');
	expect(one.name).toBe('stage2_conv-kernel.npy');
	const npy = readNpy(one.bytes);
	expect(npy.shape).toEqual(kernel.shape);
	expect(npy.values).toEqual(kernel.values);
	const menu = view.getByRole('button', { name: 'Save', exact: true });
	const archive = unzipSync((await saved(page, menu, 'All weights (.npz)')).bytes);
	expect(Object.keys(archive)).toHaveLength(37);
	for (const { name, values, shape } of weights) {
		const member = readNpy(archive[`${name}.npy`]!);
		expect(member.shape).toEqual(shape);
		expect(member.values).toEqual(values);
	}
	const tensors = (await saved(page, menu, 'All weights (.safetensors)')).bytes;
	const length = Number(tensors.readBigUInt64LE(0));
	const header = JSON.parse(tensors.subarray(8, 8 + length).toString()) as Record<
		string,
		{ dtype: string; shape: number[]; data_offsets: [number, number] }
	>;
	for (const { name, values, shape } of weights) {
		const entry = header[name]!;
		expect([entry.dtype, entry.shape]).toEqual(['F32', shape]);
		const [from, to] = entry.data_offsets.map((n) => 8 + length + n) as [number, number];
		expect(new Float32Array(new Uint8Array(tensors.subarray(from, to)).buffer)).toEqual(values);
	}
	const lines = (await saved(page, menu, 'Statistics (CSV)')).bytes.toString().trim().split('\r\n');
	expect(lines).toHaveLength(38);
	expect(lines[1]).toMatch(/^stem_conv\/kernel,stem_conv,Conv2D,kernel,3 x 3 x 3 x 32,float32,,864,0,0,0,/);
});

test('words, gates, odd numbers and constants of own models', async ({ page }) => {
	const { json, bin, values } = recurrentModel();
	await openLab(page, '?model=digits&input=digit-4.png&view=parameters');
	await drop(page, [
		{ name: 'model.json', base64: Buffer.from(json).toString('base64') },
		{ name: 'model.bin', base64: Buffer.from(bin).toString('base64') }
	]);
	const view = page.getByRole('region', { name: 'Parameters', exact: true });
	await expect(view.getByRole('heading', { name: /^9 weights/ })).toBeVisible();
	const table = view.getByRole('table').first();
	await expect(table.getByRole('row').filter({ hasText: 'dense/bias' })).toContainText('1 NaN or Inf');
	await expect(table.getByRole('row').filter({ hasText: 'embedding' })).toContainText('1 dead of 40');

	// A matrix down to the printed number.
	await table.getByRole('button', { name: /^lstm\/lstm_cell\/kernel/ }).click();
	const panel = view.getByRole('region', { name: 'Weight lstm/lstm_cell/kernel' });
	const map = panel.getByRole('application');
	await map.focus();
	for (let i = 0; i < 12; i++) await page.keyboard.press('ArrowLeft');
	for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowUp');
	await page.keyboard.press('ArrowDown');
	await page.keyboard.press('ArrowRight');
	const number = values[160 + 12 + 1]!;
	await expect(map).toHaveAttribute('aria-label', new RegExp(`input 1, unit 1: ${formatted(number)}\\. Arrow`));
	for (let i = 0; i < 5; i++) await page.keyboard.press('+');
	await expect(map.getByText(formatted(number), { exact: true }).first()).toBeVisible();

	// One gate alone has statistics of its own.
	await panel.getByRole('combobox', { name: 'Gate' }).selectOption('forget');
	await expect(page).toHaveURL(/parameters.gate=forget/);
	const gate = Array.from({ length: 12 }, (_, i) => values[160 + Math.floor(i / 3) * 12 + 3 + (i % 3)]!);
	const mean = gate.reduce((a, b) => a + b) / 12;
	const statistics = view.getByRole('region', { name: 'Statistics of lstm/lstm_cell/kernel' });
	await expect(statistics.getByRole('heading')).toHaveText('Statistics of the forget gate');
	await expect(statistics).toContainText(`mean ${formatted(mean)}`);
	await expect(statistics.getByRole('combobox')).toContainText('Glorot uniform (from the file)');
	await expect(view.getByRole('region', { name: 'Spectrum of lstm/lstm_cell/kernel' })).toContainText('of 4 × 12');
});

test('axe finds nothing in Parameters: light and wide, dark and narrow', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=parameters');
	await expect(page.getByRole('region', { name: 'Layers compared' }).locator('svg').first()).toBeVisible();
	await expectSound(page);
});
