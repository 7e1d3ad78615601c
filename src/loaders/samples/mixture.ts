import { stream } from '#maths/random.ts';
import type { SampleMaker } from '#loaders/sample-registry.ts';

const [COUNT, WIDTH, GROUPS, INNER] = [3000, 64, 10, 12];

/** Ten Gaussian clouds in a 12-dimensional part of 64 dimensions, with noise in all: clusters that are known to be there. */
const mixture: SampleMaker = {
	id: 'mixture',
	title: 'Ten clouds in 64 dimensions',
	summary: 'Ten Gaussian clusters of 300 points. A good map shows ten islands; how far apart they lie means little.',
	order: 2,
	make(seed) {
		const random = stream(seed, 'data', 1);
		const normals = (n: number, std: number) => Float64Array.from({ length: n }, () => std * random.normal());
		const basis = Array.from({ length: INNER }, () => normals(WIDTH, 1 / Math.sqrt(WIDTH)));
		const centres = Array.from({ length: GROUPS }, () => normals(INNER, 4));
		const spreads = Array.from({ length: GROUPS }, () => random.between(0.7, 1.4));
		const values = new Float32Array(COUNT * WIDTH);
		const codes = Int32Array.from({ length: COUNT }, (_, i) => i % GROUPS);
		codes.forEach((group, i) => {
			const inner = centres[group]!.map((c) => c + spreads[group]! * random.normal());
			for (let k = 0; k < WIDTH; k++) {
				let sum = 0.05 * random.normal();
				for (let d = 0; d < INNER; d++) sum += inner[d]! * basis[d]![k]!;
				values[i * WIDTH + k] = sum;
			}
		});
		const categories = Array.from({ length: GROUPS }, (_, k) => `cloud ${k + 1}`);
		return {
			name: mixture.title,
			count: COUNT,
			rows: { values, width: WIDTH, names: [] },
			images: null,
			columns: [
				{ kind: 'category', name: 'cloud', codes, categories },
				{ kind: 'number', name: 'spread of its cloud', values: Float32Array.from(codes, (group) => spreads[group]!) }
			],
			label: 'cloud'
		};
	}
};

export default mixture;
