import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';

/**
 * What the lab costs before it can be used: every script that a browser without anything kept asks for, gzipped one by one.
 * Those of threads, which load beside the page, are told apart by their folder. The service worker is not among them: it
 * fetches the whole lab for work offline, after the page has loaded.
 */

/** Bytes of gzip. */
const FIRST_PAINT = 60_000;
const FIRST_VIEW = 120_000;
/** A network on which what was asked for before the first paint, and not needed for it, comes after it. */
const SLOW = { offline: false, latency: 150, downloadThroughput: 1_000_000, uploadThroughput: 1_000_000 };

interface Cost {
	/** Of the page itself: what had arrived at its first paint, and all that it asked for until it was ready. */
	painted: number;
	page: number;
	/** Of its threads until then. */
	threads: number;
}

/** @param ready state of the page, as <html> says it, up to which it is counted */
async function cost(page: Page, address: string, ready: string): Promise<Cost> {
	const sizes = new Map<string, Promise<number>>();
	page.on('response', (response) => {
		const { pathname } = new URL(response.url());
		if (pathname.endsWith('.js'))
			sizes.set(
				pathname,
				response.body().then((body) => gzipSync(body).length)
			);
	});
	const network = await page.context().newCDPSession(page);
	await network.send('Network.enable');
	await network.send('Network.emulateNetworkConditions', SLOW);
	// To the moment at which the page says it: a slow machine looks late, and by then what waits for rest is on its way.
	await page.addInitScript((state) => {
		new MutationObserver(() => {
			const reached = document.documentElement.dataset['lab'] === state;
			if (reached && !performance.getEntriesByName('there').length) performance.mark('there');
		}).observe(document, { subtree: true, attributeFilter: ['data-lab'] });
	}, ready);
	await page.goto(address);
	const there = await page.waitForFunction(() => performance.getEntriesByName('there')[0]?.startTime, null, {
		timeout: 60_000
	});
	const end = Number(await there.jsonValue());
	// What is on its way is in no list of timings yet: when it was asked for is known once it has come.
	await page.waitForLoadState('networkidle');
	const requested = await page.evaluate((end) => {
		const at = (name: string) => performance.getEntriesByName(name)[0]?.startTime ?? Infinity;
		const paint = at('first-contentful-paint');
		const timings = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
		const paths = (of: PerformanceResourceTiming[]) => of.map(({ name }) => new URL(name).pathname);
		return {
			painted: paths(timings.filter(({ responseEnd }) => responseEnd <= paint)),
			early: paths(timings.filter(({ startTime }) => startTime <= end))
		};
	}, end);
	const sum = async (of: (path: string) => boolean) =>
		(await Promise.all([...sizes].filter(([path]) => of(path)).map(([, size]) => size))).reduce((a, b) => a + b, 0);
	// What a thread loads is in its own list of timings: it is counted to the end.
	const thread = (path: string) => path.includes('/workers/');
	return {
		painted: await sum((path) => requested.painted.includes(path)),
		page: await sum((path) => !thread(path) && requested.early.includes(path)),
		threads: await sum(thread)
	};
}

/** `npm run bench` reads such lines. */
function row(what: string, bytes: number, limit = NaN): void {
	const against = limit ? [`the limit of ${limit / 1000} kB`, (bytes / limit).toFixed(2)] : ['–', '–'];
	console.log(`ROW|${[what, `${(bytes / 1000).toFixed(1)} kB`, ...against].join('|')}|END`);
}

test('a link: little is fetched before the first paint, and not much until its view is ready', async ({ page }) => {
	await page.setViewportSize({ width: 1440, height: 900 });
	const { painted, page: whole, threads } = await cost(page, './?model=photos', 'ready');
	// It has been seen: the page, its first view, and the engine.
	expect(painted).toBeGreaterThan(10_000);
	expect(whole).toBeGreaterThan(painted);
	expect(threads).toBeGreaterThan(100_000);
	row('JS of the page at the first paint, by a link, gzip', painted, FIRST_PAINT);
	row('JS of the page until its first view is ready, by a link, gzip', whole, FIRST_VIEW);
	row('JS of its threads until then, gzip', threads);
	expect(painted).toBeLessThanOrEqual(FIRST_PAINT);
	expect(whole).toBeLessThanOrEqual(FIRST_VIEW);
});

test('without a link: the start screen, and no engine', async ({ page }) => {
	const { painted, page: whole, threads } = await cost(page, './', 'start');
	expect(painted).toBeGreaterThan(10_000);
	row('JS of the page at the first paint, the start screen, gzip', painted, FIRST_PAINT);
	row('JS of the page until the start screen is ready, gzip', whole, FIRST_PAINT);
	expect(painted).toBeLessThanOrEqual(FIRST_PAINT);
	expect(whole).toBeLessThanOrEqual(FIRST_PAINT);
	expect(threads).toBe(0);
});
