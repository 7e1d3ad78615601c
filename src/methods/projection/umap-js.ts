import { LabError } from '#contracts/errors.ts';
import { number } from '#contracts/parameter.ts';
import { breath } from '#engine/breath.ts';
import umap from '#methods/projection/umap.ts';
import type { ProjectionMethod } from '#methods/projector.ts';
import { fastStream } from '#maths/random.ts';
import { between, comparable, finished } from '#maths/projection/rows.ts';

/** Its graph is made of strings in a map and is not interruptible: above, it would hold the thread for long. */
const MAX_ROWS = 10_000;

const umapJs: ProjectionMethod = {
	id: 'umap-js',
	title: 'UMAP by umap-js',
	order: 9,
	summary: 'The library umap-js on the CPU, as a reference. Slower, random initialisation, up to 10,000 rows.',
	paper: umap.paper,
	equation: umap.equation,
	neighbours: true,
	parameters: [
		...umap.parameters.filter(({ id }) => id === 'neighbours' || id === 'min-distance'),
		number('epochs', 'Epochs', 'How often each edge is sampled at most.', 500, {
			min: 10,
			max: 2000,
			step: 10,
			integer: true
		})
	],

	async run({ rows, dimensions, metric, seed, labels, parameters, control }) {
		const { count, width } = rows;
		const neighbours = Math.min(parameters['neighbours'] as number, count - 1);
		if (count > MAX_ROWS || neighbours < 2)
			throw new LabError(`umap-js takes 3 to ${MAX_ROWS} rows here; there are ${count}.`, 'Choose UMAP instead.', {
				code: count > MAX_ROWS ? 'too-large' : 'refused'
			});
		control.phase('neighbours', 0.5);
		const { UMAP } = await import('umap-js');
		const { uniform } = fastStream(seed, 'layout');
		const all = comparable({ values: await rows.values(), count, width }, metric);
		const pair = (a: number[], b: number[]) => {
			const [one, other] = [a, b].map((row) => ({ ...all, values: row as unknown as Float32Array, count: 1 }));
			return finished(metric, between(one as typeof all, 0, other as typeof all, 0));
		};
		const listed = ({ values, width }: { values: Float32Array; width: number }) =>
			Array.from({ length: values.length / width }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width)));
		const own = new UMAP({
			nComponents: dimensions,
			nNeighbors: neighbours,
			minDist: parameters['min-distance'] as number,
			nEpochs: parameters['epochs'] as number,
			random: uniform,
			distanceFn: pair
		});
		if (labels) own.setSupervisedProjection(Array.from(labels));
		await breath(control.signal);
		const epochs = own.initializeFit(listed(all));
		control.phase('layout', 1);
		for (let epoch = 1; epoch <= epochs; epoch++) {
			own.step();
			await breath(control.signal);
			const frame = control.wantsFrame ? { positions: Float32Array.from(own.getEmbedding().flat()) } : {};
			control.step({ done: epoch / epochs, ...frame });
		}
		return { positions: Float32Array.from(own.getEmbedding().flat()), recall: 1, engine: 'umap-js' };
	}
};

export default umapJs;
