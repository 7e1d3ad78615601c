import { stream } from '#maths/random.ts';
import type { SampleMaker } from '#loaders/sample-registry.ts';

const COUNT = 1500;

/** Two rings through one another: no flat map keeps them whole and apart at once. */
const rings: SampleMaker = {
	id: 'rings',
	title: 'Two linked rings',
	summary:
		'Two rings through one another, in space. Flat, something has to give: see where, by the colour of distortion.',
	order: 4,
	make(seed) {
		const random = stream(seed, 'data', 3);
		const values = new Float32Array(COUNT * 3);
		const angle = new Float32Array(COUNT);
		const codes = Int32Array.from({ length: COUNT }, (_, i) => i % 2);
		codes.forEach((ring, i) => {
			const a = 2 * Math.PI * random.uniform();
			const noise = () => 0.05 * random.normal();
			const [x, y] = [Math.cos(a), Math.sin(a)];
			values.set(ring ? [x + 1 + noise(), noise(), y + noise()] : [x + noise(), y + noise(), noise()], 3 * i);
			angle[i] = a;
		});
		return {
			name: rings.title,
			count: COUNT,
			rows: { values, width: 3, names: ['x', 'y', 'z'] },
			images: null,
			columns: [
				{ kind: 'category', name: 'ring', codes, categories: ['first ring', 'second ring'] },
				{ kind: 'number', name: 'angle', values: angle }
			],
			label: 'ring'
		};
	}
};

export default rings;
