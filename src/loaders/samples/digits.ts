import { bmp } from '#maths/bmp.ts';
import { drawnDigits, SIDE } from '#maths/drawn-digits.ts';
import type { SampleMaker } from '#loaders/sample-registry.ts';

const COUNT = 2000;

/** Digits written by many hands, for a model that reads digits. */
const digits: SampleMaker = {
	id: 'digits',
	title: 'Written digits',
	summary:
		'Two thousand digits, each drawn a little differently. Open the digits model and see how its layers sort them.',
	order: 1,
	make(seed) {
		const drawn = drawnDigits(COUNT, seed);
		const values = new Float32Array(COUNT * SIDE * SIDE);
		drawn.forEach(({ pixels }, i) =>
			values.set(
				Float32Array.from(pixels, (v) => v / 255),
				i * SIDE * SIDE
			)
		);
		return {
			name: digits.title,
			count: COUNT,
			rows: { values, width: SIDE * SIDE, names: [] },
			images: drawn.map(({ pixels }) => new Blob([bmp(pixels, SIDE, SIDE, 1)], { type: 'image/bmp' })),
			columns: [
				{
					kind: 'category',
					name: 'digit',
					codes: Int32Array.from(drawn, ({ digit }) => digit),
					categories: Array.from({ length: 10 }, (_, k) => String(k))
				},
				{ kind: 'number', name: 'slant', values: Float32Array.from(drawn, ({ hand }) => hand.slant) },
				{ kind: 'number', name: 'width of the pen', values: Float32Array.from(drawn, ({ hand }) => hand.width) }
			],
			label: 'digit'
		};
	}
};

export default digits;
