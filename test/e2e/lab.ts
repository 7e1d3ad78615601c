import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Waits until the lab has answered. */
export async function settled(page: Page, state: 'ready' | 'error' = 'ready'): Promise<void> {
	await expect(page.locator('html')).toHaveAttribute('data-lab', state, { timeout: 120_000 });
}

/** Without a word more, with the first sample. */
export async function openLab(page: Page, query = '?model=photos'): Promise<void> {
	await page.goto(`./${query}`);
	await settled(page);
}

/** The prediction as it reads, best first. */
export async function prediction(page: Page): Promise<{ name: string; percent: number }[]> {
	const texts = await page.getByRole('list', { name: 'Prediction', exact: true }).getByRole('listitem').allInnerTexts();
	return texts.map((text) => {
		const match = /^([\s\S]*?)\s+(\d+\.\d+) %/.exec(text);
		return { name: (match?.[1] ?? text).trim(), percent: Number(match?.[2]) };
	});
}

/** Drops files on the page, as from a folder. */
export async function drop(
	page: Page,
	files: readonly { name: string; type?: string; base64: string }[]
): Promise<void> {
	await page.evaluate((list) => {
		const data = new DataTransfer();
		for (const { name, type, base64 } of list) {
			const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
			data.items.add(new File([bytes], name, { type: type ?? '' }));
		}
		window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
	}, files);
}

/** As axe finds it now; `within` it looks only there. */
export async function expectAccessible(page: Page, within?: string): Promise<void> {
	const axe = new AxeBuilder({ page });
	const { violations } = await (within ? axe.include(within) : axe).analyze();
	expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
}

/** Nothing has to be scrolled sideways. */
export async function expectFits(page: Page): Promise<void> {
	await expect
		.poll(() => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth))
		.toBe(0);
}

/** Wide and light, then narrow and dark: nothing for axe, and nothing that has to be scrolled sideways. */
export async function expectSound(page: Page): Promise<void> {
	for (const [colorScheme, width] of [
		['light', 1440],
		['dark', 390]
	] as const) {
		// A colour on its way from one theme to the other is of neither.
		await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
		await page.setViewportSize({ width, height: 900 });
		await expectFits(page);
		await expectAccessible(page);
	}
}
