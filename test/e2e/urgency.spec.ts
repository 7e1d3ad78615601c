import { expect, test, type Page } from '@playwright/test';
import { openLab, settled } from './lab.ts';

/** What is looked at is computed first, and what nobody sees neither computed nor drawn. */

declare global {
	interface Window {
		/** What was asked of the threads, and what they answered, in this order. */
		calls: { type: 'asked' | 'answered'; thread: string; name: string; id: number }[];
	}
}

/** Before the page is opened. */
async function overhear(page: Page): Promise<void> {
	await page.addInitScript(() => {
		window.calls = [];
		const Plain = window.Worker;
		window.Worker = class extends Plain {
			readonly #thread: string;
			constructor(url: string | URL, options?: WorkerOptions) {
				super(url, options);
				this.#thread = /(\w+)\.worker/.exec(String(url))?.[1] ?? '';
				this.addEventListener('message', ({ data }: MessageEvent<{ type: string; id: number }>) => {
					// What was asked before the calls were forgotten is forgotten, too.
					const asked = window.calls.find(({ id, thread }) => id === data.id && thread === this.#thread);
					if (data.type === 'done' && asked) window.calls.push({ ...asked, type: 'answered' });
				});
			}
			override postMessage(message: { type: string; id: number; name: string }, rest?: unknown): void {
				if (message.type === 'call') {
					window.calls.push({ type: 'asked', thread: this.#thread, name: message.name, id: message.id });
				}
				super.postMessage(message, rest as Transferable[]);
			}
		};
	});
}

const calls = (page: Page) => page.evaluate(() => window.calls);
const forget = (page: Page) => page.evaluate(() => void (window.calls = []));
const anotherInput = async (page: Page) => {
	await forget(page);
	await page.getByRole('button', { name: 'A seven' }).click();
	await expect(page).toHaveURL(/digit-7/);
	await settled(page);
};

const HEAVY = 'explain';
const LIGHT = 'activations';
const PANES =
	'?model=digits&input=digit-4.png&method=smoothgrad,integrated-gradients&panes=h.attribution.feature-maps&layer=relu1';

for (const [view, first, second] of [
	['attribution', HEAVY, LIGHT],
	['feature-maps', LIGHT, HEAVY]
] as const)
	test(`of two panes the focused one is answered first: ${view}`, async ({ page }) => {
		await page.setViewportSize({ width: 1440, height: 900 });
		await overhear(page);
		await openLab(page, `${PANES}&view=${view}`);
		await anotherInput(page);
		await expect
			.poll(async () => (await calls(page)).filter(({ type, name }) => type === 'answered' && name === second).length)
			.toBeGreaterThan(0);
		const all = await calls(page);
		const firstAt = (type: string, name: string) => all.findIndex((call) => call.type === type && call.name === name);
		const count = (end: number, type: string) =>
			all.slice(0, end).filter((call) => call.type === type && call.name === first).length;
		// All that the focused one asks for at once; what it asks for later, as of a size that changed, has its own turn.
		const asked = count(firstAt('answered', first), 'asked');
		expect(asked).toBeGreaterThan(0);
		expect(count(firstAt('answered', second), 'answered')).toBeGreaterThanOrEqual(asked);
	});

test('a view that is not seen asks for nothing and draws nothing, until it is seen', async ({ page }) => {
	await overhear(page);
	await openLab(page, PANES.replace('&panes=h.attribution.feature-maps', ''));
	const views = page.getByRole('navigation', { name: 'Views' });
	await views.getByRole('button', { name: 'Feature maps' }).click();
	await expect(page.getByRole('region', { name: 'Layer relu1' })).toBeVisible();
	await settled(page);
	await views.getByRole('button', { name: 'Figures' }).click();
	await expect(page.getByRole('region', { name: 'Figures', exact: true })).toBeVisible();
	await settled(page);
	await anotherInput(page);
	const asked = async (of: string) =>
		(await calls(page)).filter(({ type, thread }) => type === 'asked' && thread === of).map(({ name }) => name);
	expect(await asked('compute')).toEqual(['feed', 'predict']);
	// The picture itself, and an end to what was drawn of the one before.
	expect(new Set(await asked('draw'))).toEqual(new Set(['putImage', 'drop']));
	await forget(page);
	await views.getByRole('button', { name: 'Attribution' }).click();
	await expect
		.poll(async () => (await calls(page)).map(({ type, name }) => `${type} ${name}`))
		.toEqual(expect.arrayContaining(['asked explain', 'answered explain', 'answered heatmap']));
	expect((await calls(page)).map(({ name }) => name)).not.toContain('activations');
});
