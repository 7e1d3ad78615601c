import { drive } from '#engine/projection/drive.ts';
import type { Search } from '#engine/projection/engine.ts';
import type { ProjectionContext, ProjectionMethod } from '#methods/projector.ts';
import { layoutStart, SEARCH } from '#methods/starting.ts';
import { curveTable, fitCurve } from '#maths/projection/curve.ts';
import { fuzzyGraph, labelDistances, supervised, type Graph } from '#maths/projection/fuzzy-graph.ts';
import { placed } from '#maths/projection/place.ts';
import { spectralCoordinates } from '#maths/projection/spectral.ts';
import { scaledStart } from '#maths/projection/start.ts';

/** umap-learn's rule. */
const epochsFor = (count: number) => (count <= 10_000 ? 500 : 200);

async function begin(context: ProjectionContext, graph: Graph): Promise<Float32Array> {
	const { dimensions, seed, control, parameters } = context;
	if (context.start) return context.start;
	const kind = parameters['start'] as string;
	const start = await layoutStart(context, kind);
	if (kind !== 'spectral') return start;
	return scaledStart(await drive(spectralCoordinates(graph, dimensions, start, seed), control), dimensions, seed);
}

const umap: ProjectionMethod = {
	id: 'umap',
	title: 'UMAP',
	order: 1,
	summary:
		'Rows that are near each other stay together; groups part. Believe the neighbourhoods, not the sizes of groups nor the distances between them.',
	paper: {
		authors: 'McInnes, Healy & Melville',
		year: 2018,
		title: 'UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction',
		url: 'https://arxiv.org/abs/1802.03426'
	},
	equation: 'min Σ w log(w / v) + (1 − w) log((1 − w) / (1 − v)), v = 1 / (1 + a d²ᵇ)',
	neighbours: true,
	places: true,
	parameters: [
		{
			id: 'neighbours',
			title: 'Neighbours',
			kind: 'number',
			default: 15,
			min: 2,
			max: 200,
			step: 1,
			integer: true,
			help: 'How many rows count as near, the row itself included. Few show fine detail, many the large shape.'
		},
		{
			id: 'min-distance',
			title: 'Least distance',
			kind: 'number',
			default: 0.1,
			min: 0,
			max: 1,
			step: 0.01,
			help: 'How close together points may lie in the map.'
		},
		{
			id: 'spread',
			title: 'Spread',
			kind: 'number',
			default: 1,
			min: 0.1,
			max: 5,
			step: 0.1,
			help: 'The scale of the map, against the least distance.'
		},
		{
			id: 'epochs',
			title: 'Epochs',
			kind: 'number',
			default: 0,
			min: 0,
			max: 5000,
			step: 10,
			integer: true,
			help: 'How often every edge is drawn at most; 0: 500 up to 10,000 rows, else 200.'
		},
		{
			id: 'negatives',
			title: 'Negative samples',
			kind: 'number',
			default: 5,
			min: 1,
			max: 50,
			step: 1,
			integer: true,
			help: 'Random rows that push, for each edge that pulls.'
		},
		{
			id: 'start',
			title: 'Start',
			kind: 'choice',
			default: 'pca',
			options: [
				{ id: 'pca', title: 'PCA' },
				{ id: 'spectral', title: 'Spectral' },
				{ id: 'random', title: 'Random' }
			],
			help: 'Where the layout begins. PCA keeps the large shape best.'
		},
		{
			id: 'label-weight',
			title: 'Weight of labels',
			kind: 'number',
			default: 0.5,
			min: 0,
			max: 1,
			step: 0.05,
			help: 'For a supervised map: 0 looks at the data alone, 1 at the labels alone.'
		},
		SEARCH
	],

	async run(context) {
		const { engine, rows, dimensions, metric, seed, labels, parameters, control } = context;
		const { count } = rows;
		const k = Math.max(0, Math.min((parameters['neighbours'] as number) - 1, count - 1));
		control.phase('neighbours', 0.35);
		const { neighbours, recall } = await context.neighbours(k, parameters['search'] as Search);
		control.phase('graph', 0.4);
		let graph = await drive(fuzzyGraph(neighbours, count), control);
		if (labels)
			graph = await drive(supervised(graph, labels, labelDistances(parameters['label-weight'] as number)), control);
		control.phase('start', 0.45);
		const start = await begin(context, graph);
		control.phase('layout', 1);
		const minDist = Math.min(parameters['min-distance'] as number, parameters['spread'] as number);
		const options = {
			dimensions,
			epochs: (parameters['epochs'] as number) || epochsFor(count),
			negatives: parameters['negatives'] as number,
			rate: 1,
			seed,
			table: curveTable(fitCurve(minDist, parameters['spread'] as number))
		};
		const positions = await engine.umap(graph, start, options, control);
		return {
			positions,
			recall,
			engine: engine.titleFor('umap', graph),
			async place(values, placing) {
				const near = await engine.nearest(rows, values, Math.max(1, k), metric, placing);
				const epochs = Math.max(1, Math.round(options.epochs / 3));
				return drive(placed(near, positions, { ...options, epochs }), placing);
			}
		};
	}
};

export default umap;
