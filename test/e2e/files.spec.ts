import { expect, test } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { drop, openLab, prediction, settled } from './lab.ts';

const table = `a,b,species\n${Array.from({ length: 120 }, (_, i) => `${i},${i * 0.5 + (i % 7)},${i % 3 ? 'x' : 'y'}`).join('\n')}\n`;
const ten = 'nought\none\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine';

test('dropped files are told apart by content, said, and offered as what else they may be', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const region = page.getByRole('region', { name: 'Messages' });
	await drop(page, [
		{ name: 'labels.txt', base64: btoa(ten) },
		{ name: 'notes.docx', base64: btoa('PK\x03\x04') }
	]);
	await expect(region).toContainText('class names: 10 names');
	await expect(page.getByRole('list', { name: 'Prediction', exact: true })).toContainText('four');

	await drop(page, [{ name: 'three.txt', base64: btoa('cat\ndog\nbird') }]);
	await expect(region).toContainText('holds 3 names, and the open model predicts 10');
	await expect(page.getByRole('list', { name: 'Prediction', exact: true })).toContainText('four');
	await region.getByRole('button', { name: 'Use them all the same' }).click();
	await expect(page.getByRole('button', { name: 'Edit class names' }).locator('..')).toContainText('3 names');

	await drop(page, [{ name: 'model.h5', base64: btoa('\x89HDF\r\n\x1a\n00000000') }]);
	await expect(page.getByRole('alert')).toContainText('HDF5');
	expect((await prediction(page)).length).toBe(5);

	await drop(page, [{ name: 'penguins.csv', base64: btoa(table) }]);
	await expect(page.getByRole('region', { name: 'Embedding' })).toBeVisible();
	await expect(page.getByRole('region', { name: 'Embedding' })).toContainText('120');
});

test('what is open survives every refused file', async ({ page }) => {
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	const before = await prediction(page);
	// The graphs open all the same, as structure and weights.
	const folder = fileURLToPath(new URL('../cases/hostile/', import.meta.url));
	const hostile = readdirSync(folder)
		.filter((name) => !name.startsWith('graph-'))
		.map((name) => {
			const path = join(folder, name);
			const files = statSync(path).isDirectory() ? readdirSync(path).map((file) => join(path, file)) : [path];
			return files.map((file) => ({ name: basename(file), base64: readFileSync(file).toString('base64') }));
		});
	const zip = zipSync({ '../a.txt': strToU8('1') });
	hostile.push([{ name: 'a.zip', base64: Buffer.from(zip).toString('base64') }]);
	for (const files of hostile) {
		await drop(page, files);
		const names = files.map(({ name }) => name).join(', ');
		await expect(page.getByRole('alert'), names).toBeVisible({ timeout: 20_000 });
		await expect(page.getByRole('alert'), names).not.toContainText('defect of the lab');
		await page.getByRole('alert').getByRole('button', { name: 'Dismiss' }).first().click();
		expect(await prediction(page), names).toEqual(before);
	}
	await page.getByRole('button', { name: /^Photos/ }).click();
	await settled(page);
	expect(await prediction(page)).not.toEqual(before);
});
