import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import type { Graph } from '#contracts/graph.ts';
import type { View } from '#contracts/view.ts';
import { DataSets } from '#state/data/data-set.svelte.ts';
import { shippedModels } from '#state/opening/shipped.ts';
import { views as registered } from '#views/index.ts';
import { samples, type Files } from '../loaders/samples.ts';
import { contentOf, hollow, labPage, listening, violations, type LabPage } from './lab-page.svelte.ts';

/** Every view of the registry with nothing, with every sample model, and with every small model of every format. */

const views = [...registered.values()];
const named = views.map((view) => [view.title, view] as const);
let lab: LabPage;
let heard: ReturnType<typeof listening>;
beforeAll(async () => {
	heard = listening();
	// There is no such model. Planes and maps are those that are made soonest.
	lab = await labPage('?model=nothing&slices.side=64&embedding.method=pca');
}, 60_000);
afterEach(() => expect(heard.messages()).toEqual([]));
afterAll(async () => {
	await lab.close();
	heard.end();
	expect(heard.messages()).toEqual([]);
});

/** Windows and themes: with each model a view is seen in another. */
type Dress = readonly [width: number, theme: 'light' | 'dark'];
const DRESSES = [1440, 390, 1920, 1024].flatMap((width): Dress[] => [
	[width, 'light'],
	[width, 'dark']
]);

/**
 * Opened, and closed again: between it is there by its name, says something, and has no flaw.
 * @param judged by axe, too: what another file of the same kind shows is no other page
 * @returns what it says instead of what it shows
 */
async function visit(view: View, turn = 0, judged = true): Promise<string[]> {
	await lab.dressed(...DRESSES[(turn + views.indexOf(view)) % DRESSES.length]!);
	await lab.show(view);
	await lab.settled(view);
	const region = page.getByRole('region', { name: view.title, exact: true });
	await expect.element(region.getByRole('heading', { level: 2, name: view.title, exact: true })).toBeVisible();
	const text = contentOf(view).map(({ innerText }) => innerText.trim());
	expect(text.join(' ').length).toBeGreaterThan(40);
	expect(hollow(view)).toEqual([]);
	if (judged) expect(await violations(view)).toEqual([]);
	const excuses = contentOf(view).flatMap((part) =>
		part.matches('.empty') ? part : [...part.querySelectorAll<HTMLElement>('.empty')]
	);
	const messages = excuses.map(({ innerText }) => innerText.replace(/\s+/g, ' '));
	await lab.hide();
	return messages;
}

describe('without a model', () => {
	it.each(named)('%s says what to do', async (_, view) => {
		expect(lab.lab.model).toBeNull();
		const messages = await visit(view);
		if (view.needs) expect(messages).toEqual([expect.stringContaining('Choose a sample model')]);
	});
});

interface Opened {
	name: string;
	judged: boolean;
	open: () => Promise<void>;
}
const files = (name: string, make: () => Files | Promise<Files>, judged: boolean): Opened => ({
	name,
	judged,
	open: async () => {
		const list = Object.entries(await make()).map(([path, part]) => ({ path, file: new Blob([part]) }));
		await lab.opened(() => lab.lab.openFiles(list, name));
	}
});
const ids = (files: object) => Object.keys(files).map((path) => /([\w-]+)\.ts$/.exec(path)![1]!);
const formats = ids(import.meta.glob('/src/loaders/formats/*.ts'));
/** Data sets that the lab makes itself. */
const made = ids(import.meta.glob('/src/loaders/samples/*.ts'));
/** Formats of several files, of which one can be opened alone. */
const parted = new Set(['tfjs-layers', 'tfjs-graph', 'tfjs-weights']);
const models: Opened[] = [
	...shippedModels.map(({ name }) => ({ name, judged: true, open: () => lab.opened(() => lab.lab.openShipped(name)) })),
	...formats.flatMap((format) => {
		// What a view is told is a network or a bag of weights, whatever the file: one of each format, and one in parts.
		const small = Object.entries(samples.get(format)!.files).slice(0, parted.has(format) ? 2 : 1);
		const [[, make] = []] = parted.has(format) ? small : [];
		const json = async () => ({ 'model.json': (await make!())['model.json']! });
		return [
			...small.map(([name, whole]) => files(`${format}: ${name}`, whole, parted.has(format))),
			...(make ? [files(`${format}, weights missing`, json, true)] : [])
		];
	})
];

const tokens = ({ nodes }: Graph) => nodes.some(({ type, dtype }) => type === 'Input' && dtype === 'int32');

describe.each(models.map((model, turn) => ({ ...model, turn })))('with $name', ({ open, turn, judged }) => {
	let before = 0;
	const kept: Record<string, number> = {};
	beforeAll(async () => {
		await lab.hide();
		await open();
		for (const { id } of lab.lab.notices) lab.lab.dismiss(id);
		before = await lab.tensors();
	});

	// One that has nothing to do with the open model is the same with each.
	const about = named.filter(([, { alone }]) => !alone || turn === 0);
	it.each(about)('%s', async (_, view) => {
		const { model } = lab.lab;
		const messages = await visit(view, turn, judged);
		kept[view.id] = (await lab.tensors()) - before;
		const able = !view.needs || model!.able[view.needs];
		if (!able) expect(messages).toEqual([expect.stringContaining(`${view.title} `)]);
		// Between two whole numbers there is nothing that a plane could show.
		else if (messages.length && tokens(model!.graph)) expect(messages).toEqual([expect.stringContaining('integers')]);
		else if (view.needs) expect(messages).toEqual([]);
		expect(lab.lab.notices.filter(({ tone }) => tone === 'error')).toEqual([]);
	});

	it('leaves no tensors', async () => {
		await lab.hide();
		await open();
		expect({ tensors: await lab.tensors(), kept }).toEqual({ tensors: before, kept });
	});
});

/** Options of a view that lead to what is not there at first. */
const FURTHER: Record<string, readonly Record<string, string>[]> = {
	compare: [{ model: 'digits/untrained.json' }],
	figures: ids(import.meta.glob('/src/views/figures/styles/*.ts')).map((style) => ({ manner: style })),
	playground: [{ mode: 'grid' }, { space: '3d' }, { data: 'plane' }],
	slices: [{ path: '1' }, { plane: 'gradient' }],
	structure: [{ colour: 'time', direction: 'right' }]
};

describe('with a small model', () => {
	const small = models.find(({ name }) => name === 'digits')!;
	let before = 0;
	beforeAll(async () => {
		await lab.hide();
		await small.open();
		before = await lab.tensors();
	});
	/** Each is in one of them. */
	const pairs = views.flatMap((left, i) =>
		i % 2 ? [] : [[left.title, views[(i + 1) % views.length]!.title, i] as const]
	);

	it.each(pairs)('%s beside %s', async (_, __, i) => {
		const pair = [views[i]!, views[(i + 1) % views.length]!];
		await lab.dressed(...DRESSES[i % DRESSES.length]!);
		lab.lab.panes.arrange(`h.${pair.map(({ id }) => id).join('.')}`);
		await lab.show(pair[0]!);
		const visible = pair.slice(0, document.documentElement.clientWidth > 760 ? 2 : 1);
		await lab.settled(...visible);
		for (const view of visible) expect(await violations(view)).toEqual([]);
		lab.lab.panes.close(pair[0]!.id);
		await lab.settled(pair[1]!);
		lab.lab.panes.only(pair[1]!.id);
	});

	const sets = named
		.filter(([, { opens }]) => opens && opens !== 'work')
		.flatMap(([title, view]) => made.map((set) => [title, set, view] as const));
	it.each(sets)('%s with the data set %s', async (_, set, view) => {
		const data = lab.lab.viewState(DataSets);
		data.close();
		lab.lab.setOption(`${view.id}.data`, set, '');
		await lab.show(view);
		await vi.waitFor(() => expect(data.sample).toBe(set), { timeout: 30_000 });
		await visit(view, made.indexOf(set));
		expect(data.data?.count).toBeGreaterThan(100);
	});

	const further = Object.entries(FURTHER).flatMap(([id, all]) => all.map((options) => [id, options] as const));
	it.each(further)('%s with %o', async (id, options) => {
		const all = Object.entries(options).map(([key, value]) => [`${id}.${key}`, value] as const);
		for (const [key, value] of all) lab.lab.setOption(key, value, '');
		await visit(registered.get(id)!);
		for (const [key] of all) lab.lab.setOption(key, '', '');
	});

	it('a view that is left as soon as it is there, or in the midst of its work, is heard of no more', async () => {
		const all = [...views, ...views.toReversed()];
		for (const view of all) {
			await lab.show(view);
			await lab.there(view);
		}
		for (const view of all) {
			await lab.show(view);
			await lab.there(view);
			// What is chiefly to be done there, and, when it is met again, mostly its end.
			for (const part of contentOf(view)) part.querySelector<HTMLElement>('.button.primary:not(:disabled)')?.click();
			await new Promise((resolve) => setTimeout(resolve, 150));
		}
		await lab.settled(views[0]!);
	});

	it('nothing of all that leaves tensors', async () => {
		lab.lab.viewState(DataSets).close();
		await lab.hide();
		await small.open();
		expect(await lab.tensors()).toBe(before);
	});
});
