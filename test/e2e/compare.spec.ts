import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { expectSound, openLab, prediction, settled } from './lab.ts';

const rows = (page: Page) => page.getByRole('list', { name: 'Layers', exact: true }).getByRole('listitem');
const count = (page: Page, word: string) =>
	page.getByRole('group', { name: 'Show only' }).getByRole('button', { name: new RegExp(`^${word} \\d+$`) });
const parts = (model: string, name: string) =>
	[`${name}.json`, `${name}.bin`].map((file) => ({
		name: file,
		mimeType: 'application/octet-stream',
		buffer: readFileSync(join('models', model, file))
	}));
async function chooseFiles(page: Page, files: { name: string; mimeType: string; buffer: Buffer }[]): Promise<void> {
	await page.getByLabel("Second model's files").setInputFiles(files);
}

test('the untrained twin is built alike, its weights differ, and the answer flips', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=compare&compare.model=digits/untrained.json');
	await expect(count(page, 'Weights differ')).toHaveText(/4$/);
	await settled(page);
	await expect(count(page, 'Same')).toHaveText(/8$/);
	await expect(count(page, 'Added')).toHaveCount(0);
	await expect(page.getByText('Same architecture.')).toBeVisible();
	await expect(page.getByRole('heading', { name: /The prediction changes: 4 → / })).toBeVisible();
	const best = page.getByRole('list', { name: 'Prediction of the open model' }).getByRole('listitem').first();
	await expect(best).toContainText(/^\s*4/);

	// Each distance is the one of the files, told by the list and the table alike.
	await rows(page).getByRole('button', { name: /conv2/ }).first().click();
	await expect(page).toHaveURL(/layer=conv2/);
	const kernel = page.getByRole('table', { name: 'Distances of the weights' }).getByRole('row', { name: /^kernel/ });
	const shown = Number(await kernel.getByRole('cell').nth(1).getAttribute('title'));
	const floats = (name: string) => {
		const { buffer, byteOffset, byteLength } = readFileSync(join('models/digits', `${name}.bin`));
		return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
	};
	// conv1 has 3 x 3 x 1 x 16 + 16 numbers, and conv2's kernel the next 3 x 3 x 16 x 32.
	const [a, b] = [floats('model'), floats('untrained')].map((all) => all.subarray(160, 160 + 4608));
	const norm = (of: (i: number) => number) => Math.sqrt(a!.reduce((sum, _, i) => sum + of(i) ** 2, 0));
	expect(shown).toBeCloseTo(norm((i) => a![i]! - b![i]!) / norm((i) => a![i]!), 5);
	await expect(page.getByRole('img', { name: /^Weights: relative distance of 4 layers/ })).toBeVisible();
	await expect(page.getByRole('img', { name: /^Outputs: relative distance of 12 layers/ })).toBeVisible();

	// Both graphs mark the same layer, and one walks on from it.
	const graphs = page.getByRole('region', { name: 'Both graphs' }).getByRole('application');
	await expect(graphs).toHaveCount(2);
	await graphs.last().focus();
	await page.keyboard.press('ArrowDown');
	await expect(page).toHaveURL(/layer=(?!conv2(&|$))/);
	await graphs.last().press('ArrowUp');
	await expect(page).toHaveURL(/layer=conv2(&|$)/);

	// Another input is another answer; another open model is compared with the same second one.
	const before = await page.getByRole('region', { name: 'The chosen layer' }).innerText();
	await page.getByRole('button', { name: 'A seven' }).click();
	await expect(page.getByRole('heading', { name: /The prediction changes: 7 → / })).toBeVisible();
	await settled(page);
	await expect(page.getByRole('region', { name: 'The chosen layer' })).not.toHaveText(before);
	await page.getByRole('region', { name: 'Model', exact: true }).getByRole('combobox').selectOption('Untrained');
	await expect(page.getByText('All comparable weights are equal.')).toBeVisible();
	await expect(page.getByText('Same prediction')).toBeVisible();
	await expect(count(page, 'Same')).toHaveText(/12$/);

	// Runs of the same fold, but for those around the layer that is looked at; they fold and unfold by keyboard.
	await expect(rows(page)).toHaveCount(13);
	const fold = page.getByRole('button', { name: '12 same layers' });
	await fold.focus();
	await page.keyboard.press('Enter');
	await expect(rows(page)).toHaveCount(1);
	await page.keyboard.press('Enter');
	await expect(rows(page)).toHaveCount(13);
	await page.keyboard.press('ArrowDown');
	await expect(rows(page).nth(1).getByRole('button')).toBeFocused();

	await page.getByRole('button', { name: 'Stop comparing' }).click();
	await expect(page).not.toHaveURL(/compare\.model/);
	await expect(page.getByRole('region', { name: 'Layers side by side' })).toHaveCount(0);
});

test('another network: what was added and removed; bad files leave all as it was; own files take the second place', async ({
	page
}) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=compare');
	await page.getByLabel('Compare with').selectOption('Photos, trained');
	await expect(page).toHaveURL(/compare\.model=photos/);
	await settled(page);
	await expect(count(page, 'Added')).toHaveText(/\d\d$/);
	await expect(count(page, 'Removed')).toBeVisible();
	await count(page, 'Removed').click();
	await expect(page).toHaveURL(/compare\.show=removed/);
	await expect(rows(page).first()).toContainText('Removed');
	const removed = await rows(page).allInnerTexts();
	expect(removed.every((text) => text.includes('Removed'))).toBe(true);
	await page.getByRole('searchbox', { name: 'Search layers' }).fill('no such layer');
	await expect(page.getByText('No match.')).toBeVisible();
	await page.getByRole('searchbox', { name: 'Search layers' }).fill('');

	const state = await page.getByRole('region', { name: 'Both models' }).innerText();
	const [json] = parts('digits', 'epoch-01');
	for (const [files, message] of [
		[[{ ...json!, buffer: Buffer.from('{"modelTopology": ') }], /not valid JSON/],
		[[{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('zero\none') }], /no model in it/]
	] as const) {
		await chooseFiles(page, [...files]);
		await expect(page.getByRole('alert').filter({ hasText: message })).toBeVisible();
		expect(await page.getByRole('region', { name: 'Both models' }).innerText()).toBe(state);
		expect((await prediction(page))[0]?.name).toBe('4');
		await expect(page).toHaveURL(/compare\.model=photos/);
	}

	// Dropped on the box, not picked: the page's own drop target must not take them for the open model.
	await page.getByRole('group', { name: 'Second model' }).evaluate(
		(box, list) => {
			const data = new DataTransfer();
			for (const { name, base64 } of list)
				data.items.add(new File([Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))], name));
			box.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
		},
		parts('digits', 'epoch-01').map(({ name, buffer }) => ({ name, base64: buffer.toString('base64') }))
	);
	await expect(page.getByRole('region', { name: 'Both models' })).toContainText('epoch-01');
	await settled(page);
	await expect(page).not.toHaveURL(/compare\.model/);
	await expect(page.getByRole('alert')).toHaveCount(0);
	await expect(count(page, 'Weights differ')).toHaveText(/4$/);
	// The open model is still the open one.
	await expect(page.getByRole('button', { name: /^Digits/ })).toHaveAttribute('aria-pressed', 'true');
	await expect(page).toHaveURL(/model=digits/);

	// A fresh engine knows nothing: both are opened again.
	await page.getByRole('button', { name: /^Engine/ }).click();
	await page.getByRole('radio', { name: 'JavaScript' }).click();
	await page.keyboard.press('Escape');
	await expect(page.getByRole('button', { name: 'Engine: JavaScript' })).toBeVisible();
	await settled(page);
	await expect(count(page, 'Weights differ')).toHaveText(/4$/);
	await expect(page.getByRole('img', { name: /^Outputs: relative distance of 12 layers/ })).toBeVisible();
	await expect(page.getByRole('alert')).toHaveCount(0);
});

test('the report is a page without scripts, a table, and text', async ({ page, context }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=compare&compare.model=digits/epoch-01.json');
	await expect(count(page, 'Weights differ')).toHaveText(/4$/);
	await settled(page);
	const save = async (kind: string) => {
		await page.getByRole('button', { name: 'Save the comparison' }).click();
		const [download] = await Promise.all([
			page.waitForEvent('download'),
			page.getByRole('menuitem', { name: kind }).click()
		]);
		return { name: download.suggestedFilename(), text: readFileSync(await download.path(), 'utf8') };
	};
	const html = await save('Report (HTML)');
	expect(html.name).toMatch(/\.html$/);
	expect(html.text).not.toMatch(/<script|\son\w+=|https?:/);
	const report = await context.newPage();
	const requests: string[] = [];
	report.on('request', ({ url }) => requests.push(url()));
	await report.setContent(html.text);
	await expect(report.getByRole('heading', { name: 'Digits, trained and Digits, after epoch 1' })).toBeVisible();
	await expect(report.getByRole('row', { name: /≠ weights differ conv1/ })).toBeVisible();
	expect(requests).toEqual([]);
	const csv = await save('Table (CSV)');
	expect(csv.text.trim().split('\r\n')).toHaveLength(13);
	expect((await save('Report (Markdown)')).text).toContain('| ≠ weights differ | conv1 | conv1 | Conv2D |');
});

test('axe finds nothing in the comparison, nothing overflows', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&view=compare&compare.model=photos&layer=conv1');
	await expect(count(page, 'Added')).toBeVisible();
	await settled(page);
	await expectSound(page);
});
