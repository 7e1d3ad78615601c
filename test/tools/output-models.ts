import { functional, input, layer, topology, type LayerFile } from './keras-files.ts';

/** Small models of every kind of output, as TF.js files: what they give can be said beforehand. */

export type OutputModel = Record<string, { topology: unknown; weights: readonly Weight[] }>;
type Weight = readonly [name: string, shape: readonly number[], values: readonly number[]];

const zeros = (count: number): number[] => Array.from({ length: count }, () => 0);
const SIDE = 32;

/** A table of constants, whatever goes in: its numbers are the bias of a layer that heeds nothing. */
function constant(name: string, shape: readonly number[], values: readonly number[], from: string) {
	return {
		layers: [
			layer('Dense', `${name}-numbers`, { units: values.length, activation: 'linear', use_bias: true }, from),
			layer('Reshape', name, { target_shape: [...shape] }, `${name}-numbers`)
		],
		weights: [
			[`${name}-numbers/kernel`, [3, values.length], zeros(3 * values.length)],
			[`${name}-numbers/bias`, [values.length], values]
		] satisfies Weight[]
	};
}

const trunk = [input('image', [SIDE, SIDE, 3]), layer('GlobalAveragePooling2D', 'mean', {}, 'image')];

/** [count, columns] with these rows first, all others zero, row by row or, turned, column by column. */
function boxTable(count: number, rows: readonly (readonly number[])[], turned = false): number[] {
	const columns = rows[0]!.length;
	const all = Array.from({ length: count }, (_, i) => rows[i] ?? zeros(columns));
	return turned ? Array.from({ length: columns }, (_, k) => all.map((row) => row[k]!)).flat() : all.flat();
}

/** In pixels of 32 x 32: two boxes of class 1 that overlap, one of class 0. */
export const CENTRED = [
	[8, 8, 8, 8, 0.1, 0.9],
	[9, 8, 8, 8, 0.05, 0.6],
	[24, 20, 10, 12, 0.8, 0.1]
] as const;
const withObjectness = CENTRED.map(([x, y, w, h, a, b]) => [x, y, w, h, 1, a, b]);
/** The same as corners, in shares of the image. */
export const CORNERS = CENTRED.map(([x, y, w, h]) => [x - w / 2, y - h / 2, x + w / 2, y + h / 2].map((n) => n / SIDE));
const scored = CENTRED.map(([x, y, w, h, a, b]) => [
	...[x - w / 2, y - h / 2, x + w / 2, y + h / 2],
	Math.max(a, b),
	b > a ? 1 : 0
]);

function of(name: string, outputs: readonly { layers: LayerFile[]; weights: readonly Weight[] }[], begin = trunk) {
	const ends = outputs.map(({ layers }) => layers.at(-1)!.name!);
	const layers = [...begin, ...outputs.flatMap(({ layers }) => layers)];
	return {
		topology: topology(functional(name, layers, [begin[0]!.name!], ends)),
		weights: outputs.flatMap(({ weights }) => weights)
	};
}
const picture = [input('image', [SIDE, SIDE, 3])];
const conv = (
	name: string,
	filters: number,
	activation: string,
	kernel: readonly number[],
	bias: readonly number[]
) => ({
	layers: [
		layer('Conv2D', name, { filters, kernel_size: [1, 1], padding: 'same', activation, use_bias: true }, 'image')
	],
	weights: [
		[`${name}/kernel`, [1, 1, 3, filters], kernel],
		[`${name}/bias`, [filters], bias]
	] satisfies Weight[]
});
const dense = (name: string, units: number, activation: string, from = 'mean') => ({
	layers: [layer('Dense', name, { units, activation, use_bias: true }, from)],
	weights: [
		[`${name}/kernel`, [3, units], Array.from({ length: 3 * units }, (_, i) => Math.sin(i + 1))],
		[`${name}/bias`, [units], zeros(units)]
	] satisfies Weight[]
});

/** By name; `boxes-*` all give the boxes of `CENTRED`. */
export const OUTPUT_MODELS: OutputModel = {
	// Bright positions are class 1.
	mask: of('mask', [conv('segment', 2, 'softmax', [-20, 20, -20, 20, -20, 20], [30, -30])], picture),
	'mask-binary': of('mask-binary', [conv('segment', 1, 'sigmoid', [20, 20, 20], [-30])], picture),
	picture: of('picture', [conv('decoded', 3, 'linear', [1, 0, 0, 0, 1, 0, 0, 0, 1], [0.25, 0, 0])], picture),
	map: of('map', [conv('depth', 1, 'linear', [1, 1, 1], [0])], picture),
	'boxes-v8': of('boxes-v8', [constant('detect', [6, 120], boxTable(120, CENTRED, true), 'mean')]),
	'boxes-v5': of('boxes-v5', [constant('detect', [120, 7], boxTable(120, withObjectness), 'mean')]),
	'boxes-scored': of('boxes-scored', [constant('detect', [120, 6], boxTable(120, scored), 'mean')]),
	'boxes-ssd': of('boxes-ssd', [
		constant('boxes', [20, 4], boxTable(20, CORNERS), 'mean'),
		constant(
			'scores',
			[20, 2],
			boxTable(
				20,
				CENTRED.map(([, , , , a, b]) => [a, b])
			),
			'mean'
		)
	]),
	'boxes-tensorflow': of('boxes-tensorflow', [
		constant(
			'detection_boxes',
			[20, 4],
			boxTable(
				20,
				CORNERS.map(([a, b, c, d]) => [b!, a!, d!, c!])
			),
			'mean'
		),
		constant(
			'detection_scores',
			[20],
			boxTable(
				20,
				scored.map(([, , , , score]) => [score!])
			),
			'mean'
		),
		constant(
			'detection_classes',
			[20],
			boxTable(
				20,
				scored.map(([, , , , , unit]) => [unit! + 1])
			),
			'mean'
		)
	]),
	// Logits whose softmax, with the last for nothing, has the score of the better class.
	'boxes-detr': of('boxes-detr', [
		constant(
			'pred_boxes',
			[20, 4],
			boxTable(
				20,
				CENTRED.map(([x, y, w, h]) => [x / SIDE, y / SIDE, w / SIDE, h / SIDE])
			),
			'mean'
		),
		constant(
			'logits',
			[20, 3],
			Array.from({ length: 20 }, (_, i) => {
				const row = CENTRED[i];
				const [a, b] = row ? [row[4], row[5]] : [0.001, 0.001];
				return [a, b, Math.max(0.001, 1 - a - b)].map(Math.log);
			}).flat(),
			'mean'
		)
	]),
	labels: of('labels', [dense('tags', 5, 'sigmoid')]),
	values: of('values', [dense('height', 1, 'linear')]),
	embedding: of('embedding', [dense('embedding', 64, 'linear')]),
	'embedding-rows': of('embedding-rows', [dense('embedding', 16, 'linear', 'row')], [input('row', [3])]),
	classes: of('classes', [dense('kinds', 4, 'softmax')]),
	sequence: of('sequence', [dense('next', 3, 'linear', 'signal')], [input('signal', [24, 3])])
};

/** As files to drop. */
export function outputFiles(name: string): { name: string; type: string; base64: string }[] {
	const { topology: modelTopology, weights } = OUTPUT_MODELS[name]!;
	const manifest = weights.map(([name, shape]) => ({ name, shape, dtype: 'float32' }));
	const model = {
		format: 'layers-model',
		modelTopology,
		weightsManifest: [{ paths: ['weights.bin'], weights: manifest }]
	};
	const bytes = new Uint8Array(Float32Array.from(weights.flatMap(([, , values]) => values)).buffer);
	const base64 = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
	return [
		{ name: 'model.json', type: 'application/json', base64: btoa(JSON.stringify(model)) },
		{ name: 'weights.bin', type: '', base64 }
	];
}
