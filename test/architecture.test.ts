import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
	begunByEffects,
	importTable,
	importsOf,
	namedProjections,
	namedViews,
	projectionIds,
	sources,
	viewIds,
	violations
} from './tools/architecture.ts';

const table = importTable(readFileSync('README.md', 'utf8'));

describe('the house', () => {
	it('has its table of imports in the README', () => {
		expect(table['engine']).toEqual(['contracts', 'maths']);
		expect(table['maths']).toEqual([]);
	});

	it('keeps its folders apart', () => {
		const files = sources();
		expect(files.length).toBeGreaterThan(80);
		expect(violations(files, table)).toEqual([]);
	});

	it.each([
		['src/maths/a.ts', "import { x } from '#engine/field.ts';", 'maths may not'],
		['src/views/a.ts', "const x = await import('#engine/field.ts');", 'views may not'],
		['src/state/a.ts', "import { Session } from '#workers/compute/session.ts';", 'state may not'],
		['src/methods/a.ts', "import * as tf from '@tensorflow/tfjs-core';", 'only engine may'],
		['src/engine/Wrong.ts', '', 'kebab-case'],
		['src/state/a.svelte.ts', 'export const a = 1;', 'no runes'],
		['src/draw/long.ts', 'x\n'.repeat(401), '400 are the limit']
	])('would see a breach in %s: %s', (path, text, message) => {
		expect(violations([{ path, text }], table).join()).toContain(message);
	});

	it('lets types cross where the table says so', () => {
		const path = 'src/contracts/a.ts';
		expect(violations([{ path, text: "import type { Tensor } from '#engine/tf.ts';" }], table)).toEqual([]);
		expect(violations([{ path, text: "import { Tensor } from '#engine/tf.ts';" }], table)).toHaveLength(1);
		expect(importsOf({ path, text: "export * from './b.ts';" })).toEqual([{ target: './b.ts', types: false }]);
	});
});

describe('what is shared', () => {
	const files = sources();
	const ids = viewIds(files);

	it('knows no view by name, and no state of a single view', () => {
		expect(ids.length).toBeGreaterThan(7);
		expect(namedViews(files, ids)).toEqual([]);
	});

	it.each([
		['src/state/lab/a.ts', "this.setView('embedding');", 'names the view embedding'],
		['src/state/data/a.ts', 'option(`embedding.${key}`)', 'names the view embedding'],
		['src/state/slices/a.ts', "option('feature-maps.order', '')", 'names the view feature-maps'],
		[
			'src/state/lab/a.ts',
			"import { Maps } from '#state/attribution/maps.svelte.ts';",
			'knows the state of attribution'
		]
	])('would be seen to in %s: %s', (path, text, message) => {
		expect(namedViews([{ path, text }], ids).join()).toContain(message);
	});

	it('lets a view state name its own view, whatever its folder is called', () => {
		const own = [
			{ path: 'src/state/slices/a.ts', text: "option('slices.box', '')" },
			{ path: 'src/state/comparison/a.ts', text: "option('compare.model', '')" }
		];
		expect(namedViews(own, ids)).toEqual([]);
	});

	it('has one way to let the newest request win', () => {
		const kept = files.filter(({ path, text }) => path !== NEWEST && /AbortController( \| null)?( =|;)/.test(text));
		expect(kept.map(({ path }) => path).filter((path) => /^src\/(state|views|widgets)\//.test(path))).toEqual([]);
	});
});

describe('the engine', () => {
	const files = sources('src', /\.(ts|svelte|wgsl)$/);
	const ids = projectionIds(files);

	it('knows no projection: each brings its kernels', () => {
		expect(ids.sort()).toEqual(expect.arrayContaining(['pca', 'random', 'tsne', 'umap', 'umap-js']));
		expect(namedProjections(files, ids)).toEqual([]);
	});

	it.each([
		['src/engine/projection/gpu-umap.ts', '', 'names the projection umap'],
		['src/engine/projection/a.ts', 'const here = { gpuTsne };', 'names the projection tsne'],
		['src/engine/projection/a.wgsl', '// of UMAP', 'names the projection umap'],
		['src/engine/a.ts', "import { tsneLayout } from '#maths/projection/tsne-layout.ts';", 'names the projection tsne'],
		['src/engine/a.ts', "if (id === 'random') return;", 'names the projection random']
	])('would be seen to in %s: %s', (path, text, message) => {
		expect(namedProjections([{ path, text }], ids).join()).toContain(message);
	});

	it('may draw at random', () => {
		const text = "import { sample } from '#maths/random.ts';\nconst random = sample(9, 3, 1);";
		expect(namedProjections([{ path: 'src/engine/a.ts', text }], ids)).toEqual([]);
	});
});

const NEWEST = 'src/contracts/newest.ts';

/**
 * What components still begin when something changes, where their state should (`ViewState.watch`): no entry is to come, and one
 * that is gone is taken out. The reading of numbers that only the component shows stays there.
 */
const STILL_BEGUN = [
	'attribution/MapCard.svelte: attribution.valuesOf',
	'embedding/EmbeddingView.svelte: openAddress',
	'embedding/EmbeddingView.svelte: openSample',
	'embedding/map/MapPanel.svelte: embedding.placements',
	'embedding/map/regions.svelte.ts: viewState.moveTo',
	'feature-maps/ChannelKernel.svelte: features.kernel',
	'feature-maps/ChannelPanel.svelte: features.receptiveField',
	'feature-maps/ChannelPanel.svelte: features.values',
	'feature-maps/DerivationPanel.svelte: features.derive',
	'feature-maps/LayerPanel.svelte: features.weigh',
	'feature-maps/LiveInput.svelte: createImageBitmap',
	'figures/FiguresView.svelte: figures.fetch',
	'parameters/ColourKernels.svelte: parameters.values',
	'parameters/KernelValues.svelte: parameters.values',
	'parameters/MatrixMap.svelte: parameters.values',
	'parameters/RidgePanel.svelte: parameters.compare',
	'parameters/SpectrumPanel.svelte: parameters.decompose',
	'parameters/WeightPanel.svelte: parameters.loadPicture',
	'parameters/WeightPanel.svelte: parameters.split',
	'slices/PartialPlot.svelte: slices.vary',
	'slices/SlicesView.svelte: slices.follow',
	'slices/SlicesView.svelte: slices.show'
];

describe('jobs', () => {
	it('are begun by view states, not by effects of components', () => {
		expect(begunByEffects(sources()).sort()).toEqual([...STILL_BEGUN].sort());
	});

	it.each([
		['$effect(() => {\n\tif (p.ready) untrack(() => void viewState.train(spec(p.a)));\n});', 'viewState.train'],
		['$effect(() => {\n\tviewState.values(key).then((got) => (values = got));\n});', 'viewState.values'],
		['$effect.pre(() => void viewState.ask());', 'viewState.ask']
	])('would be seen in %s', (text, job) => {
		expect(begunByEffects([{ path: 'src/views/a/A.svelte', text }])).toEqual([`a/A.svelte: ${job}`]);
	});

	it('may be begun by what somebody does, and an effect may load a library', () => {
		const text = 'const go = () => void viewState.train();\n$effect(() => void import("x").then((m) => (plot = m)));';
		expect(begunByEffects([{ path: 'src/views/a/A.svelte', text }])).toEqual([]);
	});
});
