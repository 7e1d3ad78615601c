import type { Page } from '@playwright/test';

/** Brings a picture into sight: elsewhere it is not painted. */
export const bringIntoSight = (page: Page, name: string): Promise<void> =>
	page.locator(`canvas[data-map="${name}"]`).scrollIntoViewIfNeeded();

/** A canvas as it is seen: its size and a sum over its pixels, and how many of them are purple and orange. */
export function picture(page: Page, name: string) {
	return page.locator(`canvas[data-map="${name}"]`).evaluate((canvas: HTMLCanvasElement) => {
		const copy = new OffscreenCanvas(canvas.width, canvas.height);
		const context = copy.getContext('2d') as OffscreenCanvasRenderingContext2D;
		context.drawImage(canvas, 0, 0);
		const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
		let [sum, purple, orange] = [0, 0, 0];
		for (let i = 0; i < data.length; i += 4) {
			const [r, g, b] = [data[i] as number, data[i + 1] as number, data[i + 2] as number];
			sum += r * 3 + g * 5 + b * 7;
			if (b > g + 25 && b > r) purple++;
			if (r > b + 40) orange++;
		}
		const all = canvas.width * canvas.height;
		return { width: canvas.width, sum, purple: purple / all, orange: orange / all };
	});
}
