import { expect, test, type Page } from '@playwright/test';
import { strToU8, zipSync } from 'fflate';
import { openLab, prediction } from './lab.ts';

/** The page stays awake whatever is dropped on it: no task of it takes long. `FREEZE=1` takes larger files. */

const LARGE = Boolean(process.env['FREEZE']);
/** Milliseconds of the processor: what others of the machine take in between is not the page's. */
const LONGEST = 100;
/** What `pace` takes on a processor that the limit is meant for, in milliseconds; a slower one may take longer in proportion. */
const PACE = 10;

/** How long the page takes for a piece of work that is always the same: the best of several, as others only slow it. */
const pace = (page: Page): Promise<number> =>
	page.evaluate(() => {
		const rows = Array.from({ length: 20_000 }, (_, i) => ({ id: `row ${i}`, at: [i, i / 3, i % 7] }));
		const times = Array.from({ length: 9 }, () => {
			const start = performance.now();
			const copy = JSON.parse(JSON.stringify(rows)) as typeof rows;
			copy.sort((a, b) => (a.at[2] ?? 0) - (b.at[2] ?? 0) || (a.id < b.id ? -1 : 1));
			return performance.now() - start;
		});
		return Math.min(...times);
	});

declare global {
	interface Window {
		made: File[];
	}
}

/** Made on the page: to carry it there would take longer than to read it. */
type Make =
	| { name: string; head: string; unit: string; times: number; tail: string }
	| { name: string; base64: string; copies?: number };

const zip = () => {
	const names = Array.from({ length: 2000 }, (_, i) => [`folder/${i}.txt`, strToU8('x')] as const);
	return Buffer.from(zipSync(Object.fromEntries(names), { level: 0 })).toString('base64');
};
const node = (i: number) => ({
	name: `n${i}`,
	op: i ? 'Relu' : 'Placeholder',
	input: i ? [`n${i - 1}`] : [],
	attr: {}
});
const graph = JSON.stringify({
	format: 'graph-model',
	modelTopology: { node: Array.from({ length: 5000 }, (_, i) => node(i)), versions: { producer: 1 } },
	weightsManifest: []
});
const layer = (i: number) => ({ id: `l${i}`, kind: 'dense', shape: [null, 64], inputs: i ? [`l${i - 1}`] : [''] });
const figure = JSON.stringify({
	format: 'vitrine-figure',
	version: 1,
	layers: Array.from({ length: 2000 }, (_, i) => layer(i))
});
const text = (name: string, whole: string): Make => ({ name, head: whole, unit: '', times: 0, tail: '' });

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const FILES: Readonly<Record<string, Make>> = {
	'a figure of 2,000 layers': text('figure.json', figure),
	'a zip of 2,000 files': { name: 'many.zip', base64: zip() },
	'a table': {
		name: 'a.csv',
		head: 'a,b,label\n',
		unit: '1.25,-3.5,x\n2.5,7.25,y\n',
		times: LARGE ? 4_400_000 : 400_000,
		tail: ''
	},
	'names of classes': {
		name: 'labels.txt',
		head: '',
		unit: 'a name of a class\n',
		times: LARGE ? 200_000 : 100_000,
		tail: ''
	},
	'deep JSON': { name: 'deep.json', head: '', unit: '[', times: 2_000_000, tail: '' },
	'JSON of one long line': {
		name: 'a.json',
		head: '[',
		unit: '{"a":1,"b":[1,2,3]},',
		times: 200_000,
		tail: '{"a":1}]'
	},
	'a table of 10,000 columns': { name: 'wide.csv', head: '', unit: '1.5,', times: 10_000, tail: '1\n1\n' },
	...(LARGE && { 'a folder of 2,000 pictures': { name: 'pixel.png', base64: PIXEL, copies: 2000 } }),
	// It takes the place of the open model.
	'a graph of 5,000 nodes': text('model.json', graph)
};

async function made(page: Page, file: Make): Promise<void> {
	await page.evaluate((make) => {
		const parts: BlobPart[] = [];
		const copies = 'copies' in make ? (make.copies ?? 1) : 1;
		if ('base64' in make) parts.push(Uint8Array.from(atob(make.base64), (c) => c.charCodeAt(0)));
		else {
			const some = make.unit.repeat(Math.min(make.times, 10_000));
			for (let left = make.times; left > 0; left -= 10_000) parts.push(left >= 10_000 ? some : make.unit.repeat(left));
			parts.unshift(make.head);
			parts.push(make.tail);
		}
		window.made = Array.from(
			{ length: copies },
			(_, i) => new File(parts, copies > 1 ? `${i}-${make.name}` : make.name)
		);
	}, file);
}

/**
 * Until nothing is worked on. Looked at in the page itself: an assertion of a locator that has to wait reads the whole page
 * through for its report, which would be the longest task of all.
 */
async function idle(page: Page): Promise<void> {
	const rest = { polling: 100, timeout: 170_000 };
	await page.waitForFunction(() => !/busy|loading/.test(document.documentElement.dataset['lab'] ?? ''), null, rest);
	await page.waitForTimeout(300);
	await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'), null, rest);
}

interface TraceEvent {
	name: string;
	ph: string;
	pid: number;
	tid: number;
	/** Microseconds; `tdur` of the processor, which others have in between. */
	ts: number;
	dur?: number;
	tdur?: number;
	args?: { name?: string };
}

interface Longest {
	/** Milliseconds of the processor, and on the clock. */
	busy: number;
	clock: number;
}

/** The longest task of the page's own thread while `action` runs. */
async function longestTask(page: Page, action: () => Promise<void>): Promise<Longest> {
	const browser = page.context().browser()!;
	await browser.startTracing(page, { categories: ['toplevel', '__metadata'] });
	await action();
	const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
	// Workers have threads of other names.
	const mains = traceEvents.filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain');
	const main = new Set(mains.map(({ pid, tid }) => `${pid} ${tid}`));
	const tasks = traceEvents.filter(({ ph, pid, tid }) => ph === 'X' && main.has(`${pid} ${tid}`));
	const longest = (of: (event: TraceEvent) => number) =>
		tasks.reduce((max, event) => Math.max(max, of(event)), 0) / 1000;
	return { busy: Math.round(longest(({ tdur }) => tdur ?? 0)), clock: Math.round(longest(({ dur }) => dur ?? 0)) };
}

test('no file keeps the page from drawing', async ({ page }) => {
	test.setTimeout(LARGE ? 900_000 : 500_000);
	await openLab(page, '?model=digits&input=digit-4.png&method=gradient');
	// What measures would notice a page that is not awake.
	const asleep = await longestTask(page, () =>
		page.evaluate(() => {
			const end = performance.now() + 1500;
			while (performance.now() < end);
		})
	);
	expect(asleep.busy).toBeGreaterThan(LONGEST);
	expect(asleep.clock).toBeGreaterThanOrEqual(1500);

	const slow = Math.max(1, (await pace(page)) / PACE);
	console.log(`a processor that is ${slow.toFixed(1)} times as slow as the one that the limit is meant for`);

	const shown = await prediction(page);
	const found: Record<string, Longest> = {};
	for (const [what, file] of Object.entries(FILES)) {
		await made(page, file);
		found[what] = await longestTask(page, async () => {
			await page.evaluate(() => {
				const data = new DataTransfer();
				for (const one of window.made) data.items.add(one);
				window.dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));
			});
			await page.waitForTimeout(300);
			await idle(page);
		});
		console.log(`${what}: longest task ${found[what].busy} ms, ${found[what].clock} ms on the clock`);
		if (what !== 'a graph of 5,000 nodes') expect((await prediction(page)).length, what).toBe(shown.length);
	}
	for (const [what, { busy }] of Object.entries(found)) expect(busy / slow, what).toBeLessThan(LONGEST);
});
