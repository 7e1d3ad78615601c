import { functional, input, layer, topology, values } from './keras-files.ts';

/** A classifier of two pictures, one in colour and one grey and smaller, as files to drop. */

const conv = (name: string, from: string) =>
	layer('Conv2D', name, { filters: 4, kernel_size: [3, 3], padding: 'same', activation: 'relu', use_bias: true }, from);

const WEIGHTS: readonly (readonly [name: string, shape: readonly number[]])[] = [
	['see-left/kernel', [3, 3, 3, 4]],
	['see-left/bias', [4]],
	['see-right/kernel', [3, 3, 1, 4]],
	['see-right/bias', [4]],
	['kinds/kernel', [8, 3]],
	['kinds/bias', [3]]
];

const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));

export function twoPictureFiles(): { name: string; type: string; base64: string }[] {
	const layers = [
		input('left', [16, 16, 3]),
		input('right', [12, 10, 1]),
		conv('see-left', 'left'),
		conv('see-right', 'right'),
		layer('GlobalAveragePooling2D', 'mean-left', {}, 'see-left'),
		layer('GlobalAveragePooling2D', 'mean-right', {}, 'see-right'),
		{
			...layer('Concatenate', 'both', { axis: -1 }),
			inbound_nodes: [
				[
					['mean-left', 0, 0, {}],
					['mean-right', 0, 0, {}]
				]
			]
		},
		layer('Dense', 'kinds', { units: 3, activation: 'softmax', use_bias: true }, 'both')
	];
	const model = {
		format: 'layers-model',
		modelTopology: topology(functional('two-pictures', layers, ['left', 'right'], ['kinds'])),
		weightsManifest: [
			{ paths: ['two.bin'], weights: WEIGHTS.map(([name, shape]) => ({ name, shape, dtype: 'float32' })) }
		]
	};
	const scaled = WEIGHTS.flatMap(([, shape], k) => [...values(shape, k + 1)].map((one) => 3 * one));
	return [
		{ name: 'model.json', type: 'application/json', base64: btoa(JSON.stringify(model)) },
		{ name: 'two.bin', type: '', base64: base64(new Uint8Array(Float32Array.from(scaled).buffer)) }
	];
}
