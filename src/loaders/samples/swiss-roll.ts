import { stream } from '#maths/random.ts';
import { categorical } from '#loaders/categories.ts';
import type { SampleMaker } from '#loaders/sample-registry.ts';

const COUNT = 3000;

/** A sheet rolled up in space (Tenenbaum 1998, as scikit-learn makes it): can a map unroll it? */
const roll: SampleMaker = {
	id: 'swiss-roll',
	title: 'Swiss roll',
	summary:
		'A flat sheet rolled up in three dimensions. PCA only presses it flat; a map that follows neighbours can unroll it.',
	order: 3,
	make(seed) {
		const random = stream(seed, 'data', 2);
		const values = new Float32Array(COUNT * 3);
		const turn = new Float32Array(COUNT);
		const height = new Float32Array(COUNT);
		for (let i = 0; i < COUNT; i++) {
			const t = 1.5 * Math.PI * (1 + 2 * random.uniform());
			const y = 21 * random.uniform();
			const noise = () => 0.25 * random.normal();
			values.set([t * Math.cos(t) + noise(), y + noise(), t * Math.sin(t) + noise()], 3 * i);
			[turn[i], height[i]] = [t, y];
		}
		const part = Array.from(
			turn,
			(t) => `part ${1 + Math.min(5, Math.floor((6 * (t - 1.5 * Math.PI)) / (3 * Math.PI)))}`
		);
		return {
			name: roll.title,
			count: COUNT,
			rows: { values, width: 3, names: ['x', 'y', 'z'] },
			images: null,
			columns: [
				{ kind: 'number', name: 'place along the roll', values: turn },
				{ kind: 'number', name: 'place across the roll', values: height },
				categorical('part of the roll', part)
			],
			label: 'part of the roll'
		};
	}
};

export default roll;
