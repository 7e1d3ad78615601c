import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { unzipSync } from 'fflate';
import { expectSound, openLab, settled } from './lab.ts';

const panel = (page: Page) => page.getByRole('region', { name: 'Where they part' });
const run = (page: Page) => panel(page).getByRole('button', { name: 'Run both, layer by layer' }).click();

/** The digits model with one change: of its layers, or of one number of its weights. */
function changed(change: (layers: { config: Record<string, unknown> }[], weights: Float32Array) => void) {
	const read = (name: string) => readFileSync(join('models/digits', name));
	const json = JSON.parse(read('model.json').toString()) as {
		modelTopology: { model_config: { config: { layers: { config: Record<string, unknown> }[] } } };
	};
	const bytes = read('model.bin');
	const weights = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
	change(json.modelTopology.model_config.config.layers, weights);
	const file = (name: string, buffer: Buffer) => ({ name, mimeType: 'application/octet-stream', buffer });
	return [file('model.json', Buffer.from(JSON.stringify(json))), file('model.bin', Buffer.from(weights.buffer))];
}

test('the first layer that differs is named, with its cause, its values and its outputs to keep', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=compare');
	const second = page.getByLabel("Second model's files");
	// conv1 has 160 numbers; what comes behind them is the kernel of conv2.
	await second.setInputFiles(changed((_, weights) => weights.fill(0, 160, 160 + 500)));
	await settled(page);
	await run(page);
	await expect(
		panel(page).getByText(/^“conv2” is the first layer beyond the tolerance: relative difference/)
	).toBeVisible();
	const causes = panel(page).getByRole('list', { name: 'Likely causes' }).getByRole('listitem');
	await expect(causes.first()).toContainText('Its weights differ: kernel by');
	const values = panel(page).getByRole('region', { name: 'Values of conv2' });
	await expect(
		values.getByText(/^Largest difference at row \d+, column \d+, channel \d+: A .*, B .*, B − A /)
	).toBeVisible();
	for (const side of ['A', 'B', 'B − A'])
		await expect(values.getByRole('img', { name: new RegExp(`^${side}, conv2, channel \\d+$`) })).toBeVisible();
	await values.getByLabel('Channel, of 32').fill('3');
	await values.getByLabel('Channel, of 32').press('Enter');
	await expect(values.getByRole('img', { name: 'A, conv2, channel 3', exact: true })).toBeVisible();
	await expect(panel(page).getByRole('img', { name: /^Relative difference of 12 layers .* beyond the tolerance of 0\.001$/ })).toBeVisible(); // prettier-ignore

	// Of an activation that was changed the layer before it agrees.
	await second.setInputFiles(changed((layers) => void (layers.find(({ config }) => config['name'] === 'relu2')!.config['activation'] = 'elu'))); // prettier-ignore
	await expect(panel(page).getByText(/previous second model/)).toBeVisible();
	await settled(page);
	await run(page);
	await expect(panel(page).getByText(/^“relu2” is the first layer beyond/)).toBeVisible();
	await expect(causes.first()).toContainText('Values differ only where one of them is zero or negative');
	// A wide tolerance lets all pass, and stays in the link.
	await panel(page).getByRole('textbox', { name: 'Tolerance' }).fill('1000');
	await panel(page).getByRole('textbox', { name: 'Tolerance' }).press('Enter');
	await expect(panel(page).getByText(/^Nothing is beyond the tolerance: of 12 layers/)).toBeVisible();
	await expect(page).toHaveURL(/compare\.tolerance=1000/);
	await panel(page).getByRole('textbox', { name: 'Tolerance' }).fill('nonsense');
	await panel(page).getByRole('textbox', { name: 'Tolerance' }).press('Enter');
	await expect(panel(page).getByText(/^“relu2” is the first layer beyond/)).toBeVisible();
	await expect(page).not.toHaveURL(/compare\.tolerance/);

	// Any layer can be looked at, and is kept.
	await panel(page).getByRole('combobox', { name: 'Layer', exact: true }).selectOption('pool2');
	await expect(panel(page).getByRole('region', { name: 'Values of pool2' })).toBeVisible();
	await expect(causes).toHaveCount(0);
	const save = async (name: RegExp) => {
		await panel(page).getByRole('button', { name: 'Save outputs of layers' }).click();
		const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()]);
		return unzipSync(readFileSync(await download.path()));
	};
	const all = await save(/^All 12 layers/);
	expect(Object.keys(all)).toHaveLength(12);
	const one = await save(/^pool2 /);
	expect(Object.keys(one)).toEqual(['pool2.npy']);
	expect(one['pool2.npy']).toEqual(all['pool2.npy']);
	const { length } = one['pool2.npy']!;
	expect(Buffer.from(one['pool2.npy']!.slice(10, 128)).toString('latin1')).toContain("'shape': (1, 7, 7, 32)");
	expect(length).toBe(128 + 4 * 7 * 7 * 32);
	await panel(page).scrollIntoViewIfNeeded();
	await expectSound(page);
});

test('a model agrees with itself on another engine; another input makes the answer an old one', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=compare');
	await panel(page).getByRole('combobox', { name: /B is$/ }).selectOption('the same model on JavaScript');
	await run(page);
	await expect(panel(page).getByText(/^Nothing is beyond the tolerance: of 12 layers, the largest relative difference is/)).toBeVisible(); // prettier-ignore
	await settled(page);
	await panel(page).getByRole('combobox', { name: 'Layer', exact: true }).selectOption('conv2');
	await expect(panel(page).getByRole('region', { name: 'Values of conv2' })).toBeVisible();
	await page.getByRole('button', { name: 'A seven' }).click();
	await expect(panel(page).getByText(/of the previous input/)).toBeVisible();
	await settled(page);
	await run(page);
	await expect(panel(page).getByText(/of the previous input/)).toHaveCount(0);
	await expect(panel(page).getByText(/^Nothing is beyond the tolerance: of 12 layers/)).toBeVisible();
});
