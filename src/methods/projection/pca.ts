import type { ProjectionMethod } from '#methods/projector.ts';

const pca: ProjectionMethod = {
	id: 'pca',
	title: 'PCA',
	order: 3,
	summary:
		'Linear projection onto the directions of highest variance. Distances on the map are never longer than the true ones.',
	paper: {
		authors: 'Pearson',
		year: 1901,
		title: 'On lines and planes of closest fit to systems of points in space',
		url: 'https://doi.org/10.1080/14786440109462720'
	},
	equation: 'y = Wᵀ(x − x̄), W: leading eigenvectors of the covariance',
	parameters: [],
	neighbours: false,

	async run({ engine, rows, dimensions, seed, control }) {
		control.phase('layout', 1);
		const { axes, mean } = await engine.principal(rows, dimensions, seed, control);
		const positions = await engine.projected(rows, axes, dimensions, mean, control);
		return { positions, recall: 1 };
	}
};

export default pca;
