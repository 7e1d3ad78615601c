import { expect, test, type Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { unzipSync } from 'fflate';
import { drop, expectAccessible, openLab, prediction, settled } from './lab.ts';

/** Saves the open model in a format of the dialog. @returns the file, and what was said of it */
async function saved(page: Page, format: RegExp) {
	const dialog = page.getByRole('dialog', { name: 'Save model as' });
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		dialog.getByRole('button', { name: format }).click()
	]);
	await expect(dialog.getByRole('status')).toContainText(download.suggestedFilename());
	const said = await dialog.getByRole('status').innerText();
	return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()), said };
}

const asFile = ({ name, bytes }: { name: string; bytes: Buffer }) => ({ name, base64: bytes.toString('base64') });

test('a sample model is saved as Keras layers, and gives the same when it is dropped again', async ({ page }) => {
	await openLab(page, '?model=digits&view=attribution&method=gradient');
	const before = await prediction(page);
	await page.keyboard.press('Control+k');
	await page.getByPlaceholder('A view, model, sample, class, layer, action').fill('save model');
	await page.keyboard.press('Enter');
	await expect(page.getByRole('list', { name: 'Formats' }).getByRole('listitem')).toHaveCount(4);
	await expectAccessible(page);
	const file = await saved(page, /Save as TF\.js/);
	expect(file.said).toMatch(/Saved as Keras layers/);
	const files = unzipSync(new Uint8Array(file.bytes));
	expect(Object.keys(files)).toEqual(['model.json', 'group1-shard1of1.bin', 'labels.json']);
	const structure = await saved(page, /Save as Structure/);
	expect(JSON.parse(structure.bytes.toString('utf8'))).toMatchObject({ format: 'vitrine-graph', version: 1 });
	await page.keyboard.press('Escape');

	await drop(page, [asFile(file)]);
	await expect(page.getByText('TF.js layers model', { exact: true })).toBeVisible({ timeout: 30_000 });
	await settled(page);
	expect(await prediction(page)).toEqual(before);
	await expect(page.getByRole('alert')).toHaveCount(0);
});

test('an ONNX model is saved as a graph and as weights, which open again', async ({ page }) => {
	await openLab(page, '?model=photos&view=attribution&method=gradient');
	const onnx = readFileSync('test/loaders/onnx/exports/residual.onnx').toString('base64');
	await drop(page, [{ name: 'residual.onnx', base64: onnx }]);
	await expect(page.getByText('ONNX model', { exact: true })).toBeVisible({ timeout: 30_000 });
	await settled(page);
	const before = await prediction(page);
	const panel = page.getByRole('region', { name: 'Model', exact: true });
	await panel.getByRole('button', { name: 'Save model as…' }).click();
	const graph = await saved(page, /Save as TF\.js/);
	expect(graph.said).toMatch(/Saved as a graph of \d+ nodes/);
	const weights = await saved(page, /\.safetensors/);
	await page.keyboard.press('Escape');

	await drop(page, [asFile(graph)]);
	await expect(page.getByText('TF.js graph model', { exact: true })).toBeVisible({ timeout: 30_000 });
	await settled(page);
	expect(await prediction(page)).toEqual(before);

	// Weights alone: they can be saved again, and it is said why no network can.
	await drop(page, [asFile(weights)]);
	await expect(page.getByText(/safetensors/i).first()).toBeVisible({ timeout: 30_000 });
	await panel.getByRole('button', { name: 'Save model as…' }).click();
	await expect(page.getByRole('button', { name: /Save as TF\.js/ })).toBeDisabled();
	await expect(page.getByText(/The model does not run here/)).toBeVisible();
	await saved(page, /\.npz/);
});
