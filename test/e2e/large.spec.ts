import { expect, test, type Page } from '@playwright/test';
import { largeParts } from '../tools/large-onnx.ts';
import { expectAccessible, expectFits, openLab, prediction, settled } from './lab.ts';

/** Drops a file that is put together in the page: its parts are repeated there, and take no memory. */
async function dropLarge(page: Page, name: string, large: Parameters<typeof largeParts>[0]): Promise<void> {
	const pieces = new Map<Uint8Array, number>();
	const parts = largeParts(large).map(({ bytes, times }) => {
		if (!pieces.has(bytes)) pieces.set(bytes, pieces.size);
		return [pieces.get(bytes)!, times] as const;
	});
	const texts = [...pieces.keys()].map((bytes) => Buffer.from(bytes).toString('base64'));
	await page.evaluate(
		([title, encoded, order]) => {
			const blobs = encoded.map((text) => new Blob([Uint8Array.from(atob(text), (c) => c.charCodeAt(0))]));
			const data = new DataTransfer();
			data.items.add(
				new File(
					order.flatMap(([at, times]) => Array<Blob>(times).fill(blobs[at]!)),
					title
				)
			);
			window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
		},
		[name, texts, parts] as const
	);
}

const reading = (page: Page) => page.getByText('Opening the model: Reading the weights');
const side = (page: Page) => page.getByRole('region', { name: 'Model', exact: true });

test('a large model’s structure is there while its weights are read, and stays where that is cancelled', async ({
	page
}) => {
	await openLab(page, '?model=digits&view=structure');
	await dropLarge(page, 'large.onnx', { layers: 64, width: 2048 });
	await expect(page.getByText(/^130 nodes · 269 M parameters/)).toBeVisible({ timeout: 30_000 });
	await expect(reading(page)).toBeVisible();
	await expect(side(page).getByText('Its weights are being read.')).toBeVisible();
	await page.getByRole('button', { name: 'Cancel', exact: true }).click();
	await expect(side(page).getByText('Reading its weights was cancelled.')).toBeVisible();
	await expect(page.getByText(/^130 nodes/)).toBeVisible();
	await expectAccessible(page);

	// A weight is read for the view that shows it.
	await page
		.getByRole('navigation', { name: 'Views' })
		.getByRole('button', { name: 'Parameters', exact: true })
		.click();
	// Read by then, as what it was written from: a wave of this norm.
	await expect(page.getByRole('row', { name: /^layer3\.weight Dense · kernel .* 0\.707 / })).toBeVisible();
	await page
		.getByRole('navigation', { name: 'Views' })
		.getByRole('button', { name: 'Attribution', exact: true })
		.click();
	await expect(page.getByRole('status').getByText(/Reading its weights was cancelled/)).toBeVisible();
	await expectFits(page);
});

test('a large model runs when all its weights are there, and opens again after a reload', async ({ page }) => {
	await openLab(page, '?model=digits&view=structure');
	await dropLarge(page, 'large.onnx', { layers: 12, width: 1024 });
	await expect(page.getByRole('button', { name: 'Model: large.onnx' })).toBeVisible();
	await settled(page);
	await expect(side(page).getByText('Its weights are being read.')).toHaveCount(0);
	const before = await prediction(page);
	expect(before).toHaveLength(5);
	await expect(page).toHaveURL(/model=own%2F/);
	await page.reload();
	await settled(page);
	await expect(page.getByText(/^26 nodes · 12.6 M parameters/)).toBeVisible();
	expect(await prediction(page)).toEqual(before);
});

test('a model that does not fit the device is refused before it runs, with what works all the same', async ({
	page
}) => {
	await openLab(page, '?model=digits&view=structure');
	await dropLarge(page, 'huge.onnx', { layers: 120, width: 2048 });
	const refusal =
		/It does not fit this device: its weights take 2014\.2 MB, and 1610\.6 MB fit\. The first \d\d of its 120 layers/;
	await expect(side(page).getByText(refusal)).toBeVisible({ timeout: 30_000 });
	await settled(page);
	await expect(page.getByText(/^242 nodes/)).toBeVisible();
	await page
		.getByRole('navigation', { name: 'Views' })
		.getByRole('button', { name: 'Attribution', exact: true })
		.click();
	const status = page.getByRole('status');
	await expect(status.getByText(refusal)).toBeVisible();
	await status.getByRole('button', { name: 'Parameters' }).click();
	await expect(page.getByRole('row', { name: /^layer0\.weight Dense · kernel .* 0\.707 / })).toBeVisible();
});
