import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { safetensorsBytes } from '../tools/weight-bytes.ts';
import { drop, openLab, prediction, settled } from './lab.ts';

/** Models that cannot run, or are not known well enough: what the page says of them, and what it shows all the same. */

const base64 = (text: string | Buffer) => Buffer.from(text).toString('base64');
const digits = () => JSON.parse(readFileSync('models/digits/model.json', 'utf8')) as Record<string, unknown>;
const tab = (page: Page, name: string) =>
	page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name, exact: true });
const view = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('a model without its weights: what needs none works, the rest says why not', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-7.png&method=gradient');
	await drop(page, [{ name: 'model.json', base64: base64(JSON.stringify(digits())) }]);
	await expect(
		page.getByRole('status').filter({ hasText: 'The weight file is missing: model.bin.' }).first()
	).toBeVisible();
	await settled(page);
	for (const name of ['Attribution', 'Feature maps', 'Decision slices', 'Parameters']) {
		await tab(page, name).click();
		await expect(view(page, name)).toContainText('The weight file is missing: model.bin.');
	}
	await expect(page.getByRole('region', { name: 'Prediction of the model' })).toContainText('the model cannot run');
	await expect(page.getByRole('list', { name: 'Prediction', exact: true })).toHaveCount(0);
	await view(page, 'Parameters').getByRole('button', { name: 'Structure' }).click();
	await expect(page.getByRole('table').getByText('conv1', { exact: true }).first()).toBeVisible();
	await expect(view(page, 'Structure')).toContainText('multiply-adds');
	await tab(page, 'Figures').click();
	await expect(view(page, 'Figures')).toContainText('layers are drawn');
});

test('weights without a network: a bag to look at', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-7.png&view=parameters&method=gradient');
	await drop(page, [
		{ name: 'weights_manifest.json', base64: base64(JSON.stringify(digits()['weightsManifest'])) },
		{ name: 'model.bin', base64: base64(readFileSync('models/digits/model.bin')) }
	]);
	await expect(page.getByText('TF.js weights', { exact: true })).toBeVisible();
	await expect(view(page, 'Parameters')).toContainText('conv1/kernel');
	await tab(page, 'Structure').click();
	await expect(view(page, 'Structure')).toContainText('The files hold weights and no network.');
});

const dims = (...sizes: number[]) => ({ shape: { dim: sizes.map((size) => ({ size: String(size) })) } });
const graph = {
	format: 'graph-model',
	modelTopology: {
		node: [
			{ name: 'x', op: 'Placeholder', attr: { dtype: { type: 'DT_FLOAT' }, shape: dims(-1, 8, 8, 3) } },
			{ name: 'early', op: 'Relu', input: ['x'] },
			{ name: 'loop', op: 'StatelessWhile', input: ['early'] },
			{ name: 'odd', op: 'Fancy', input: ['loop'] },
			{ name: 'out', op: 'Identity', input: ['odd'] }
		]
	},
	weightsManifest: []
};

test('a loop and an unknown operation are named, marked in the graph and found', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-7.png&view=structure');
	await drop(page, [{ name: 'model.json', base64: base64(JSON.stringify(graph)) }]);
	const stuck = page.getByRole('group', { name: 'Unsupported operations' });
	await expect(stuck).toContainText('The operation “loop” (StatelessWhile) decides while it runs what is computed.');
	await expect(stuck).toContainText('The operation “odd” (Fancy) is not known.');
	await expect(page.getByText('not supported here', { exact: true })).toBeVisible();
	await stuck.getByRole('button', { name: 'Next' }).click();
	await expect(page.getByRole('region', { name: 'Node loop' })).toContainText(
		'the model cannot run because of this node'
	);
	await stuck.getByRole('button', { name: 'Next' }).click();
	await expect(page.getByRole('region', { name: 'Node odd' })).toBeVisible();
	await page.getByLabel('Search by name, type or shape').fill('not supported');
	await expect(page.getByRole('listbox', { name: 'Nodes found' }).getByRole('option')).toHaveCount(2);
});

test('scores implausible are flagged, and one click prepares the picture rightly', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-7.png&method=gradient&range=0,255');
	const check = page.getByRole('group', { name: 'Preprocessing check' });
	await expect(check).toContainText('implausible');
	const way = check.getByRole('button', { name: /^0 to 1/ });
	await expect(way).toContainText(/7 (9\d|100)\.\d %/);
	await way.click();
	await settled(page);
	await expect(check).toHaveCount(0);
	expect((await prediction(page))[0]?.name).toBe('7');
});

test('a guess is said beside the prediction, with what the other ways would answer', async ({ page }) => {
	await openLab(page, '?model=photos&input=ship.png&method=gradient');
	await expect(page.getByRole('group', { name: 'Preprocessing check' })).toHaveCount(0);
	await drop(
		page,
		['model.json', 'model.bin'].map((name) => ({ name, base64: base64(readFileSync(join('models/photos', name))) }))
	);
	const check = page.getByRole('group', { name: 'Preprocessing check' });
	await expect(check).toContainText('0 to 1 is most common');
	await settled(page);
	await check.getByRole('button', { name: 'Check' }).click();
	const ways = check.getByRole('list', { name: 'Preprocessing options' }).getByRole('button');
	await expect(ways).toHaveCount(5);
	await expect(check.getByRole('button', { pressed: true })).toHaveAccessibleName(/^0 to 1/);
	await ways.filter({ hasText: 'ImageNet mean and std' }).click();
	await settled(page);
	// What the user chose is no guess.
	await expect(check).toHaveCount(0);
});

/** One dense layer on all numbers of an input. */
function dense(shape: number[]) {
	const size = shape.reduce((a, b) => a * b, 1);
	const layers = [
		{ class_name: 'InputLayer', config: { name: 'x', batch_input_shape: [null, ...shape], dtype: 'float32' } },
		{ class_name: 'Flatten', config: { name: 'flat' } },
		{ class_name: 'Dense', config: { name: 'fc', units: 2, use_bias: false, activation: 'softmax' } }
	];
	const values = Float32Array.from({ length: 2 * size }, (_, i) => (i % 2 ? 0.01 : 0));
	const json = {
		format: 'layers-model',
		modelTopology: { class_name: 'Sequential', config: { name: 'm', layers } },
		weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'fc/kernel', shape: [size, 2], dtype: 'float32' }] }]
	};
	return [
		{ name: 'model.json', base64: base64(JSON.stringify(json)) },
		{ name: 'w.bin', base64: base64(Buffer.from(values.buffer)) }
	];
}

test('seven channels are fed with ones that are said, or with an array; four channels with a picture', async ({
	page
}) => {
	await openLab(page, '?model=photos&input=ship.png&method=gradient');
	await drop(page, dense([8, 8, 7]));
	const panel = page.getByRole('region', { name: 'Prediction of the model' });
	await expect(panel).toContainText('Filled with ones: “x”');
	await settled(page);
	const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (7, 8, 8), }".padEnd(117) + '\n';
	const npy = Buffer.concat([
		Buffer.from([0x93]),
		Buffer.from('NUMPY'),
		Buffer.from([1, 0, 118, 0]),
		Buffer.from(header),
		Buffer.alloc(4 * 448)
	]);
	await page.getByLabel('x: array').setInputFiles({ name: 'a.npy', mimeType: 'application/octet-stream', buffer: npy });
	await expect(panel).not.toContainText('Filled with ones');
	await settled(page);
	// All zeros: both classes alike.
	expect((await prediction(page)).map(({ percent }) => percent)).toEqual([50, 50]);

	await drop(page, dense([8, 8, 4]));
	await expect(page.getByText('? × 8 × 8 × 4')).toBeVisible();
	await settled(page);
	await expect(panel).not.toContainText('Filled with ones');
	await expect(page.getByRole('img', { name: 'Model input', exact: true })).toBeVisible();
});

test('the watermark of Shortcut makes a horse of each marked sample, the first of them to begin with', async ({
	page
}) => {
	await openLab(page, '?model=shortcut&method=gradient');
	await expect(page.getByRole('button', { name: 'A car, with the watermark', exact: true })).toHaveAttribute(
		'aria-pressed',
		'true'
	);
	expect((await prediction(page))[0]?.name).toBe('horse');
	for (const sample of ['A frog, with the watermark', 'A ship, with the watermark']) {
		await page.getByRole('button', { name: sample, exact: true }).click();
		await expect(page.getByRole('button', { name: sample, exact: true })).toHaveAttribute('aria-pressed', 'true');
		await settled(page);
		expect((await prediction(page))[0]?.name, sample).toBe('horse');
	}
	await page.getByRole('button', { name: 'A car', exact: true }).click();
	await settled(page);
	expect((await prediction(page))[0]?.name).toBe('automobile');
});

/** The weights of the digits as a file of its own. */
function digitWeights(): string {
	const [{ weights }] = digits()['weightsManifest'] as [{ weights: { name: string; shape: number[] }[] }];
	const bin = new Uint8Array(readFileSync('models/digits/model.bin'));
	let at = 0;
	const tensors = weights.map(({ name, shape }) => {
		const from = at;
		at += 4 * shape.reduce((n, m) => n * m, 1);
		return [name, 'F32', shape, bin.subarray(from, at)] as const;
	});
	return base64(Buffer.from(safetensorsBytes(tensors, { made: 'for <b>this</b> test' })));
}

test('weights dropped while a model is open are looked at alone, or put onto it', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-7.png&view=parameters&method=gradient');
	const before = await prediction(page);
	await drop(page, [{ name: 'w.safetensors', base64: digitWeights() }]);
	await expect(page.getByText('safetensors', { exact: true })).toBeVisible();
	await expect(view(page, 'Parameters')).toContainText('conv1/kernel');
	await expect(page.getByText('for <b>this</b> test')).toHaveCount(1);
	await page.getByRole('button', { name: /^Put them onto “/ }).click();
	await expect(page.getByText(/(\d+) of \1 weights are those of “w\.safetensors”: \1 by name\./).first()).toBeVisible();
	await settled(page);
	expect(await prediction(page)).toEqual(before);
});
