import type { Linear } from './linear.ts';

/** A small classifier of measurements as files to drop: softmax(x W + b), so that its boundary has a closed form. */
export const FLOWERS: Linear & { row: readonly number[] } = {
	// Petals decide: short ones are class 0, long and wide ones class 2.
	w: [
		[0.4, 0.2, -0.6],
		[0.7, -0.3, -0.4],
		[-1.6, 0.1, 1.5],
		[-1.1, -0.2, 1.3]
	],
	b: [5, 1.2, -4.5],
	row: [5.9, 2.8, 4.3, 1.3]
};

/** Five rows, in the measure of the classic table of irises. */
export const FLOWER_CSV = `sepal length,sepal width,petal length,petal width,kind
5.1,3.5,1.4,0.2,a
4.9,3.0,1.3,0.2,a
5.9,2.8,4.3,1.3,b
6.1,2.9,4.7,1.4,b
6.9,3.1,5.8,2.2,c
7.2,3.2,6.0,1.8,c
`;

const base64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes));

/** In the browser's drop: names and contents. */
export function flowerFiles(): { name: string; type: string; base64: string }[] {
	const { w, b } = FLOWERS;
	const layers = [
		{ class_name: 'InputLayer', config: { name: 'row', batch_input_shape: [null, 4], dtype: 'float32' } },
		{ class_name: 'Dense', config: { name: 'kinds', units: 3, activation: 'softmax', use_bias: true } }
	];
	const model = {
		format: 'layers-model',
		modelTopology: {
			keras_version: '2.15.0',
			backend: 'tensorflow',
			model_config: { class_name: 'Sequential', config: { name: 'flowers', layers } }
		},
		weightsManifest: [
			{
				paths: ['flowers.bin'],
				weights: [
					{ name: 'kinds/kernel', shape: [4, 3], dtype: 'float32' },
					{ name: 'kinds/bias', shape: [3], dtype: 'float32' }
				]
			}
		]
	};
	const weights = new Uint8Array(Float32Array.from([...w.flat(), ...b]).buffer);
	return [
		{ name: 'model.json', type: 'application/json', base64: btoa(JSON.stringify(model)) },
		{ name: 'flowers.bin', type: 'application/octet-stream', base64: base64(weights) }
	];
}
