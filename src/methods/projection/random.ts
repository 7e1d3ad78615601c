import type { ProjectionMethod } from '#methods/projector.ts';
import { randomAxes } from '#maths/projection/random-axes.ts';

const random: ProjectionMethod = {
	id: 'random',
	title: 'Random projection',
	order: 4,
	summary: 'Linear projection onto random axes: a reference for what the other methods add.',
	paper: {
		authors: 'Johnson & Lindenstrauss',
		year: 1984,
		title: 'Extensions of Lipschitz mappings into a Hilbert space',
		url: 'https://doi.org/10.1090/conm/026/737400'
	},
	equation: 'y = Rᵀx, Rᵢⱼ ~ N(0, 1/d)',
	parameters: [],
	neighbours: false,

	async run({ engine, rows, dimensions, seed, control }) {
		control.phase('layout', 1);
		const axes = randomAxes(rows.width, dimensions, seed);
		return { positions: await engine.projected(rows, axes, dimensions, undefined, control), recall: 1 };
	}
};

export default random;
