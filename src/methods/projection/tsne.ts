import { drive } from '#engine/projection/drive.ts';
import type { Search } from '#engine/projection/engine.ts';
import type { ProjectionMethod } from '#methods/projector.ts';
import { layoutStart, SEARCH } from '#methods/starting.ts';
import { affinities, neighboursFor } from '#maths/projection/affinities.ts';
import { weightedMeans } from '#maths/projection/place.ts';
import { TSNE_REACH } from '#maths/projection/tsne-layout.ts';

/** Of `layoutStart`, whose coordinates reach 10. */
const SHRINK = TSNE_REACH / 5;

const tsne: ProjectionMethod = {
	id: 'tsne',
	title: 't-SNE',
	order: 2,
	summary: 'Preserves nearest neighbours. Trust neighbourhoods, not cluster sizes or the distances between clusters.',
	paper: {
		authors: 'van der Maaten & Hinton',
		year: 2008,
		title: 'Visualizing Data using t-SNE',
		url: 'https://jmlr.org/papers/v9/vandermaaten08a.html'
	},
	equation: 'min Σ p log(p / q), q ∝ 1 / (1 + d²)',
	neighbours: true,
	places: true,
	parameters: [
		{
			id: 'perplexity',
			title: 'Perplexity',
			kind: 'number',
			default: 30,
			min: 2,
			max: 100,
			step: 1,
			help: 'Effective number of neighbours. Low shows local detail, high the global structure.'
		},
		{
			id: 'iterations',
			title: 'Iterations',
			kind: 'number',
			default: 750,
			min: 50,
			max: 5000,
			step: 50,
			integer: true,
			help: 'Steps of gradient descent; early exaggeration holds for the first third, 250 at most.'
		},
		{
			id: 'exaggeration',
			title: 'Early exaggeration',
			kind: 'number',
			default: 12,
			min: 1,
			max: 50,
			step: 1,
			help: 'Factor on the attraction between neighbours at the start, so that clusters form.'
		},
		{
			id: 'theta',
			title: 'Approximation',
			kind: 'number',
			default: 0.5,
			min: 0,
			max: 1,
			step: 0.1,
			help: 'Barnes-Hut angle θ. 0 is exact; the GPU is always exact.'
		},
		{
			id: 'start',
			title: 'Initialisation',
			kind: 'choice',
			default: 'pca',
			options: [
				{ id: 'pca', title: 'PCA' },
				{ id: 'random', title: 'Random' }
			],
			help: 'Starting positions. PCA preserves the global structure best.'
		},
		SEARCH
	],

	async run(context) {
		const { engine, rows, dimensions, metric, parameters, control } = context;
		const { count } = rows;
		const perplexity = Math.min(parameters['perplexity'] as number, Math.max(1, (count - 1) / 3));
		const k = count > 1 ? neighboursFor(perplexity, count) : 0;
		control.phase('neighbours', 0.25);
		const { neighbours, recall } = await context.neighbours(k, parameters['search'] as Search);
		control.phase('graph', 0.3);
		const graph = await drive(affinities(neighbours, count, perplexity), control);
		control.phase('start', 0.32);
		const start =
			context.start ?? (await layoutStart(context, parameters['start'] as string)).map((value) => SHRINK * value);
		control.phase('layout', 1);
		const iterations = parameters['iterations'] as number;
		const positions = await engine.tsne(
			graph,
			start,
			{
				dimensions,
				iterations,
				// A map that goes on from another has found its groups.
				early: context.start ? 0 : Math.min(250, Math.floor(iterations / 3)),
				exaggeration: parameters['exaggeration'] as number,
				theta: parameters['theta'] as number
			},
			control
		);
		return {
			positions,
			recall,
			engine: engine.titleFor('tsne', graph),
			async place(values, placing) {
				const near = await engine.nearest(
					rows,
					values,
					Math.max(1, Math.min(count, Math.round(perplexity / 3))),
					metric,
					placing
				);
				const weights = Float64Array.from(near.distances, (distance) => 1 / (1e-9 + distance));
				return weightedMeans(near, weights, positions, dimensions);
			}
		};
	}
};

export default tsne;
