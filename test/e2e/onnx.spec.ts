import { expect, test } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { drop, openLab, prediction, settled } from './lab.ts';

test('a dropped ONNX file answers, and is explained', async ({ page }) => {
	await openLab(page, '?model=photos&method=grad-cam');
	const before = await prediction(page);
	const file = readFileSync('test/loaders/onnx/exports/residual.onnx').toString('base64');
	await drop(page, [{ name: 'residual.onnx', base64: file }]);
	await expect(page.getByText('ONNX model', { exact: true })).toBeVisible({ timeout: 30_000 });
	await settled(page);
	const after = await prediction(page);
	expect(after).not.toEqual(before);
	expect(after).toHaveLength(5);
	expect(after.reduce((sum, { percent }) => sum + percent, 0)).toBeCloseTo(100, 0);
	// Channels first, as the file has it.
	await expect(page.getByText('? × 3 × 32 × 32')).toBeVisible();
	await expect(page.getByRole('application', { name: /^Grad-CAM for / })).toBeVisible({ timeout: 30_000 });
	await expect(page.getByRole('alert')).toHaveCount(0);
});
