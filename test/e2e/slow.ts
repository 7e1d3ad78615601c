import { expect, type Page } from '@playwright/test';

/** A slow engine: what the workers answer reaches the page when the test lets it. Pictures are drawn as fast as ever. */

declare global {
	interface Window {
		/** Settles when answers are heard again; undefined while they are heard at once. */
		held?: { until: Promise<void>; release: () => void; pass: number } | undefined;
	}
}

/** Before the page is opened. */
export async function slowable(page: Page): Promise<void> {
	await page.addInitScript(() => {
		const late = new WeakSet<Worker>();
		const Fast = window.Worker;
		window.Worker = class extends Fast {
			constructor(url: string | URL, options?: WorkerOptions) {
				super(url, options);
				if (!/draw/.test(String(url))) late.add(this);
			}
		};
		const add = Reflect.get(Fast.prototype, 'addEventListener') as (...args: unknown[]) => void;
		// One queue for each listener: what comes later is never heard sooner.
		window.Worker.prototype.addEventListener = function (this: Worker, type: string, listener: unknown) {
			if (type !== 'message' || !late.has(this) || typeof listener !== 'function')
				return add.call(this, type, listener);
			let queue = Promise.resolve();
			add.call(this, type, (event: Event) => {
				const done = (event as MessageEvent<{ type?: string }>).data.type === 'done';
				const free = !window.held || window.held.pass > 0;
				if (done && window.held) window.held.pass--;
				queue = queue
					.then(() => (free ? undefined : window.held?.until))
					.then(() => void Reflect.apply(listener, this, [event]));
			});
		};
	});
}

/** From now on answers wait, after `pass` of them. */
export const hold = (page: Page, pass = 0) =>
	page.evaluate((answers) => {
		let release = () => {};
		const until = new Promise<void>((resolve) => (release = resolve));
		window.held = { until, release, pass: answers };
	}, pass);

/** What waited is heard, in its order. */
export const release = (page: Page) =>
	page.evaluate(() => {
		window.held?.release();
		window.held = undefined;
	});

interface Shown {
	what: string;
	/** All that dims it, multiplied. */
	opacity: number;
	/** What is said of it, or null where nothing is. */
	message: string | null;
	/** The very pixels, of a canvas. */
	pixels: string | null;
}

/** Every visible result: those that the selectors find. */
export function results(page: Page, selector: string): Promise<Shown[]> {
	return page.evaluate((css) => {
		const visible = (element: Element) => element.checkVisibility({ visibilityProperty: true });
		return [...document.querySelectorAll(css)].filter(visible).map((element) => {
			let opacity = 1;
			let message: string | null = null;
			for (let at: Element | null = element; at; at = at.parentElement) {
				opacity *= Number(getComputedStyle(at).opacity);
				const words = at.matches('[data-stale]') ? at.querySelector(':scope > p') : null;
				if (words && visible(words)) message ??= (words as HTMLElement).innerText;
			}
			const pixels = element instanceof HTMLCanvasElement ? element.toDataURL() : null;
			const name = element.getAttribute('data-map') ?? element.textContent?.trim().slice(0, 40) ?? '';
			return { what: `${element.tagName} ${name}`, opacity, message, pixels };
		});
	}, selector);
}

/** What is shown when nothing moves any more: pictures come a little after their numbers. */
async function still(page: Page, selector: string): Promise<Shown[]> {
	await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
	let last = await results(page, selector);
	for (let [same, tries] = [0, 0]; same < 3 && tries < 60; tries++) {
		await page.waitForTimeout(150);
		const now = await results(page, selector);
		same = now.length && JSON.stringify(now) === JSON.stringify(last) ? same + 1 : 0;
		last = now;
	}
	return last;
}

/** So long after a change the page is looked at: what is replaced sooner need not be dimmed. Frames are slow here. */
const SETTLED = 350;
const PATIENCE = 3000;

/**
 * Makes a change while the engine is slow. Until the answer comes, whatever the selectors find is dimmed and said to be
 * old, or gone; a picture that is there still is, pixel by pixel, the one from before. Afterwards nothing is.
 */
export async function honest(
	page: Page,
	{
		name,
		selector,
		change,
		message,
		pass = 0,
		stays = false
	}: { name: string; selector: string; change: () => Promise<void>; message?: RegExp; pass?: number; stays?: boolean }
): Promise<void> {
	const before = new Map((await still(page, selector)).map(({ what, pixels }) => [what, pixels]));
	expect(before.size, `${name}: something is shown to begin with`).toBeGreaterThan(0);
	await hold(page, pass);
	await change();
	let during: Shown[] = [];
	for (let waited = 0; waited < PATIENCE; waited += SETTLED) {
		await page.waitForTimeout(SETTLED);
		during = await results(page, selector);
		if (during.every(({ opacity, message }) => opacity < 1 && message)) break;
	}
	await release(page);
	for (const one of during) {
		expect(one.opacity, `${name}: ${one.what} is dimmed`).toBeLessThan(0.7);
		expect(one.message, `${name}: ${one.what} is said to be old`).toMatch(message ?? /\S/);
		// One that comes into sight only now has no picture from before to be held against.
		if (one.pixels && before.has(one.what))
			expect(one.pixels === before.get(one.what), `${name}: ${one.what} is the old picture, not a mixture`).toBe(true);
	}
	await expect(page.locator('html')).toHaveAttribute('data-lab', 'ready');
	if (stays) return;
	await expect(page.locator('[data-stale]'), `${name}: all is new in the end`).toHaveCount(0);
	for (const one of await results(page, selector)) expect(one.opacity, `${name}: ${one.what} is clear`).toBe(1);
}
