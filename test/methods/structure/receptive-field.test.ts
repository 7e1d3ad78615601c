import { beforeAll, describe, expect, it } from 'vitest';
import type { GraphNode } from '#contracts/graph.ts';
import * as tf from '#engine/tf.ts';
import { receptiveFields, receptiveFieldOf } from '#methods/structure/receptive-field.ts';
import { useBackend } from '../../tools/backends.ts';
import { graph, node } from '../../tools/networks.ts';

/** One layer: as a node of the graph, and as what it computes. */
interface Layer {
	type: string;
	attributes: GraphNode['attributes'];
	kernel?: number;
	run: (x: tf.Tensor4D) => tf.Tensor4D;
}

const conv = (size: number, stride: number, padding: 'same' | 'valid', dilation = 1): Layer => ({
	type: 'Conv2D',
	kernel: size,
	attributes: { strides: [stride, stride], padding, dilations: [dilation, dilation] },
	run: (x) => tf.conv2d(x, tf.ones([size, size, 1, 1]), stride, padding, 'NHWC', dilation)
});
const pool = (size: number, stride: number, padding: 'same' | 'valid'): Layer => ({
	type: 'AveragePool2D',
	attributes: { size: [size, size], strides: [stride, stride], padding },
	run: (x) => tf.avgPool(x, size, stride, padding)
});
const pad = (...[top, bottom, left, right]: [number, number, number, number]): Layer => ({
	type: 'Pad',
	// prettier-ignore
	attributes: { paddings: [[0, 0], [top, bottom], [left, right], [0, 0]] },
	// prettier-ignore
	run: (x) => tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]])
});

const CASES: readonly (readonly [string, readonly Layer[]])[] = [
	['one convolution, padded', [conv(3, 1, 'same')]],
	['one convolution, not padded', [conv(3, 1, 'valid')]],
	['strides with padding: the odd cell is at the end', [conv(3, 2, 'same'), conv(3, 2, 'same')]],
	['strides without', [conv(3, 2, 'valid'), conv(2, 1, 'valid')]],
	['a wide kernel, then pooling', [conv(5, 2, 'same'), pool(3, 2, 'same'), conv(3, 1, 'same')]],
	['dilation', [conv(3, 1, 'valid', 2), conv(2, 1, 'valid', 3)]],
	['padding of its own', [pad(2, 1, 3, 0), conv(3, 2, 'valid')]]
];

beforeAll(() => useBackend('cpu'));

describe('what a cell sees is what its number depends on', () => {
	it.each(CASES)('%s', async (_, layers) => {
		const [height, width] = [13, 11];
		const nodes = [node('x', 'Input', [], { shape: [null, height, width, 1] })];
		let shape: number[] = [1, height, width, 1];
		for (const [k, { type, attributes, kernel, run }] of layers.entries()) {
			shape = tf.tidy(() => run(tf.zeros(shape as [number, number, number, number])).shape);
			const weights = kernel ? [{ name: `${k}`, shape: [kernel, kernel, 1, 1], dtype: 'float32', role: 'kernel' }] : [];
			nodes.push(node(`l${k}`, type, [nodes.at(-1)!.id], { shape: [null, ...shape.slice(1)], attributes, weights }));
		}
		const field = receptiveFields(graph(nodes)).get(nodes.at(-1)!.id)!;
		const [, rows, columns] = shape as [number, number, number, number];
		for (let row = 0; row < rows; row++)
			for (let column = 0; column < columns; column++) {
				const slope = tf.tidy(
					() =>
					tf.grad((x) => tf.sum(tf.slice(layers.reduce((y, { run }) => run(y), x as tf.Tensor4D), [0, row, column, 0], [1, 1, 1, 1])))(tf.ones([1, height, width, 1])) // prettier-ignore
				);
				const touched = [...(await slope.data()).entries()].flatMap(([at, value]) => (value ? [at] : []));
				slope.dispose();
				const ys = touched.map((at) => Math.floor(at / width));
				const xs = touched.map((at) => at % width);
				const { x, y, width: w, height: h } = receptiveFieldOf(field, [row, column], [height, width]);
				if (!touched.length) expect([w, h]).toContain(0);
				else expect([x, y, x + w - 1, y + h - 1]).toEqual([Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)]); // prettier-ignore
			}
	});
});

it('of a list is all of the input, from the first cell on', () => {
	const whole = graph([
		node('x', 'Input', [], { shape: [null, 13, 11, 1] }),
		node('list', 'Flatten', ['x'], { shape: [null, 143] }),
		node('y', 'Dense', ['list'], { shape: [null, 3] })
	]);
	const all = { size: [Infinity, Infinity], jump: [0, 0], start: [0, 0] };
	expect(receptiveFields(whole).get('list')).toEqual(all);
	expect(receptiveFields(whole).get('y')).toEqual(all);
	expect(receptiveFieldOf(receptiveFields(whole).get('y')!, [5, 6], [13, 11])).toEqual({
		x: 0,
		y: 0,
		width: 11,
		height: 13
	});
});

it('is of the input that is asked for, where a layer looks at several', () => {
	const receptiveField = (id: string, from: string, size: number) =>
		node(id, 'Conv2D', [from], {
			shape: [null, 13, 11, 1],
			attributes: { size: [size, size], strides: [1, 1], padding: 'same' },
			weights: [{ name: id, shape: [size, size, 1, 1], dtype: 'float32', role: 'kernel' }]
		});
	const inputs = ['x', 'y'].map((id) => node(id, 'Input', [], { shape: [null, 13, 11, 1] }));
	const both = graph([
		...inputs,
		receptiveField('a', 'x', 3),
		receptiveField('b', 'y', 5),
		node('sum', 'Add', ['a', 'b'], { shape: [null, 13, 11, 1] })
	]);
	const side = (layer: string, ...of: string[]) => receptiveFields(both, of).get(layer)?.size[0];
	expect([side('sum', 'x'), side('sum', 'y'), side('sum', 'x', 'y')]).toEqual([3, 5, 5]);
	expect([side('a', 'y'), side('b', 'y'), side('x', 'y')]).toEqual([undefined, 5, undefined]);
});
