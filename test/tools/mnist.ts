import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Labelled } from './mixture.ts';

/** The first digits of MNIST's training set in 0..1. @param folder of its idx.gz files */
export function mnist(folder: string, count: number): Labelled {
	const images = gunzipSync(readFileSync(`${folder}/train-images-idx3-ubyte.gz`));
	const labels = gunzipSync(readFileSync(`${folder}/train-labels-idx1-ubyte.gz`));
	return {
		values: Float32Array.from(images.subarray(16, 16 + 784 * count), (pixel) => pixel / 255),
		count,
		width: 784,
		labels: Int32Array.from(labels.subarray(8, 8 + count))
	};
}
