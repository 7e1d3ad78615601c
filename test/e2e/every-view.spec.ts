import { expect, test, type Page } from '@playwright/test';
import axe from 'axe-core';
import { openLab, settled } from './lab.ts';
import { TABLE } from './stale-table.ts';

/** Each view with something in it, at four sizes and in both themes: nothing for axe, nothing cut, all of it by keyboard. */

const SIZES = [
	[1920, 1080],
	[1440, 900],
	[1024, 768],
	[390, 844]
] as const;
/** What is to be seen there, where the model and its input are not all. */
const MORE: Record<string, string> = {
	compare: '&compare.model=digits/untrained.json',
	embedding: '&embedding.data=rings&embedding.method=pca',
	slices: '&slices.side=64'
};

/** Nothing computes, and nothing is drawn for the first time. */
async function rested(page: Page): Promise<void> {
	await settled(page);
	await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
}

/** As axe finds it; asked directly, as a page of its own for each answer would cost most of the time. */
const violations = (page: Page, rules?: string[]): Promise<string[]> =>
	page.evaluate(async (only) => {
		const { axe } = globalThis as unknown as { axe: typeof import('axe-core') };
		const found = await axe.run(document, {
			resultTypes: ['violations'],
			...(only && { runOnly: { type: 'rule', values: only } })
		});
		return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
	}, rules);

/** What of the strip, the rail and the view's own line of controls is beyond the window's edge, or shown in part. */
const cut = (page: Page): Promise<string[]> =>
	page.evaluate(() => {
		const bars = [...document.querySelectorAll('header, nav, .toolbar')].filter(
			(bar) => bar.closest('section')?.matches('[data-view]') ?? true
		);
		/** What is pushed aside by a finger is there all the same; only a phone has that. */
		const scrolls = (element: Element) => {
			const { overflowX } = getComputedStyle(element);
			return innerWidth <= 760 && overflowX === 'auto' && element.scrollWidth > element.clientWidth;
		};
		const held = (element: Element | null): boolean => !!element && (scrolls(element) || held(element.parentElement));
		const faults = bars.flatMap((bar) =>
			[...bar.querySelectorAll<HTMLElement>('button, select, input, h1, h2, .toolbar *')].flatMap((element) => {
				const { left, right, top, bottom, width } = element.getBoundingClientRect();
				const name = element.getAttribute('aria-label') ?? element.innerText;
				const inside = left >= 0 && top >= 0 && right <= innerWidth + 0.5 && bottom <= innerHeight + 0.5;
				if (width && !inside && !held(element)) return `${name} is outside`;
				const short = [element, ...element.children].some(
					(part) => getComputedStyle(part).textOverflow === 'ellipsis' && part.scrollWidth > part.clientWidth
				);
				return short ? `${name} is cut` : [];
			})
		);
		const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
		if (scrollWidth > clientWidth || scrollHeight > clientHeight) faults.push('the window scrolls');
		return faults;
	});

/** Whom Tab passes over on its way through the view, and who does not show that it has the focus. */
async function unreached(page: Page): Promise<string[]> {
	const pane = page.locator('section[data-view]');
	await pane.evaluate((section: HTMLElement) => {
		const found = new Map<Element, boolean>();
		const all = 'a[href], button, select, input, textarea, summary, [tabindex]';
		const requested = [...section.querySelectorAll<HTMLInputElement>(all)].filter(
			// Of buttons of which one is on, the keyboard stops at one.
			(element) =>
				element.checkVisibility({ visibilityProperty: true }) &&
				!element.disabled &&
				element.tabIndex >= 0 &&
				element.type !== 'radio'
		);
		document.addEventListener('focusin', ({ target }) => {
			const element = target as HTMLElement;
			const { outlineStyle, boxShadow } = getComputedStyle(element);
			found.set(element, outlineStyle !== 'none' || boxShadow !== 'none');
		});
		section.focus();
		Object.assign(globalThis, { found, requested });
	});
	const count = await page.evaluate(() => (globalThis as unknown as { requested: Element[] }).requested.length);
	for (let i = 0; i < count + 4; i++) await page.keyboard.press('Tab');
	return page.evaluate(() => {
		const { found, requested } = globalThis as unknown as { found: Map<Element, boolean>; requested: HTMLElement[] };
		if (!requested.length) return ['nothing takes the focus'];
		const there = requested.filter((element) => element.isConnected);
		return there.filter((element) => !found.get(element)).map((element) => element.outerHTML.slice(0, 160));
	});
}

for (const id of Object.keys(TABLE))
	test(`${id} is whole and clear at every size, in both themes and by keyboard`, async ({ page }) => {
		await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
		await page.setViewportSize({ width: 1440, height: 900 });
		await openLab(page, `?model=digits&input=digit-4.png&method=gradient&view=${id}${MORE[id] ?? ''}`);
		await rested(page);
		await page.evaluate(axe.source);
		expect.soft(await unreached(page)).toEqual([]);
		for (const [width, height] of SIZES) {
			await page.setViewportSize({ width, height });
			await page.emulateMedia({ colorScheme: 'light' });
			await page.locator('section[data-view]').evaluate((pane) => pane.scrollTo(0, 0));
			await rested(page);
			expect.soft(await cut(page), `at ${width}`).toEqual([]);
			expect(await violations(page)).toEqual([]);
			// Only colours are others.
			await page.emulateMedia({ colorScheme: 'dark' });
			await rested(page);
			expect(await violations(page, ['color-contrast'])).toEqual([]);
		}
	});
