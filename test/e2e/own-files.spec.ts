import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { drop, expectAccessible, openLab, prediction, settled } from './lab.ts';

const base64 = (path: string) => readFileSync(path).toString('base64');
const untrained = ['untrained.json', 'untrained.bin'].map((name) => ({
	name,
	base64: base64(`models/digits/${name}`)
}));

test('a reload opens the user’s own model and image again, with what was said of them', async ({ page, context }) => {
	await openLab(page, '?view=attribution&method=gradient');
	await drop(page, untrained);
	await expect(page.getByRole('button', { name: 'Model: untrained' })).toBeVisible();
	await settled(page);
	await drop(page, [{ name: 'nine.png', type: 'image/png', base64: base64('static/samples/digit-9.png') }]);
	await expect(page.getByRole('button', { name: 'Input: nine.png' })).toBeVisible();
	await settled(page);
	await drop(page, [{ name: 'names.txt', base64: Buffer.from([...'abcdefghij'].join('\n')).toString('base64') }]);
	await expect.poll(async () => (await prediction(page))[0]?.name).toMatch(/^[a-j]$/);
	await settled(page);
	const before = await prediction(page);
	await expect(page).toHaveURL(/model=own%2F[0-9a-f]{8}&input=own%2F[0-9a-f]{8}/);

	await page.reload();
	await settled(page);
	await expect(page.getByRole('button', { name: 'Model: untrained' })).toBeVisible();
	await expect(page.getByRole('button', { name: 'Input: nine.png' })).toBeVisible();
	expect(await prediction(page)).toEqual(before);

	// Another visit offers it, until it is forgotten.
	const link = page.url();
	await page.goto('./?model=digits');
	await settled(page);
	const panel = page.getByRole('region', { name: 'Model', exact: true });
	await panel.getByText('Your models in this browser').click();
	await expectAccessible(page);
	await panel.getByRole('button', { name: 'Open untrained' }).click();
	await expect(page.getByRole('button', { name: 'Model: untrained' })).toBeVisible();
	await settled(page);
	await panel.getByRole('button', { name: 'Forget untrained' }).click();
	await panel.getByRole('button', { name: 'Forget your images' }).click();
	await expect(panel.getByText('Your models in this browser')).toHaveCount(0);
	await expect(page).not.toHaveURL(/own/);
	await expect(page.getByRole('button', { name: 'Model: untrained' })).toBeVisible();

	// Who has the link alone is told what stands in.
	const other = await context.newPage();
	await other.goto(link);
	await settled(other);
	await expect(other.getByText(/The model of this link is a file of somebody’s own/)).toBeVisible();
	await expect(other.getByRole('button', { name: 'Model: untrained' })).toHaveCount(0);
});

test('a session is saved with the user’s own files, and goes on in another browser', async ({ page, browser }) => {
	await openLab(page, '?view=attribution&method=gradient');
	await drop(page, untrained);
	await expect(page.getByRole('button', { name: 'Model: untrained' })).toBeVisible();
	await settled(page);
	await drop(page, [{ name: 'nine.png', type: 'image/png', base64: base64('static/samples/digit-9.png') }]);
	await expect(page).toHaveURL(/input=own/);
	await settled(page);
	const before = await prediction(page);
	await page.getByRole('button', { name: 'Share' }).click();
	const sheet = page.getByRole('dialog', { name: 'Share' });
	await expect(sheet.getByRole('textbox', { name: 'Link' })).toHaveValue(page.url());
	await expect(sheet.getByText('Your model untrained: others get a sample instead')).toBeVisible();
	await expect(sheet.getByText('Your image nine.png: others get a sample instead')).toBeVisible();
	await expectAccessible(page);
	const [download] = await Promise.all([
		page.waitForEvent('download'),
		sheet.getByRole('button', { name: 'Save session (.zip)' }).click()
	]);
	expect(download.suggestedFilename()).toBe('untrained.vitrine.zip');
	const zip = base64(await download.path());

	const context = await browser.newContext({ serviceWorkers: 'block' });
	const other = await context.newPage();
	await openLab(
		other,
		page
			.url()
			.slice(page.url().indexOf('?'))
			.replace(/own%2F[0-9a-f]{8}/g, 'digits')
			.replace('input=digits', 'input=digit-4.png')
	);
	await drop(other, [{ name: 'untrained.vitrine.zip', type: 'application/zip', base64: zip }]);
	await expect(other.getByRole('button', { name: 'Model: untrained' })).toBeVisible();
	await expect(other.getByRole('button', { name: 'Input: nine.png' })).toBeVisible();
	await settled(other);
	expect(await prediction(other)).toEqual(before);
	await expect(other).toHaveURL(/model=own%2F[0-9a-f]{8}&input=own%2F[0-9a-f]{8}/);
	await other.goBack();
	await expect(other.getByRole('button', { name: 'Model: Digits' })).toBeVisible();
	await expect(other.getByRole('button', { name: 'Input: A four' })).toBeVisible();
	await settled(other);
	await context.close();
});
