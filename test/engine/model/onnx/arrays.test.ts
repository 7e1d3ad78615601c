import { expect, it } from 'vitest';
import { permuted, strides } from '#engine/model/onnx/arrays.ts';

it.each([
	[
		[3, 4],
		[1, 0]
	],
	[
		[70, 41],
		[1, 0]
	],
	[
		[5, 7, 3, 2],
		[2, 3, 1, 0]
	],
	[
		[5, 7, 3, 40],
		[0, 1, 3, 2]
	],
	[
		[2, 3, 4],
		[1, 0, 2]
	],
	[
		[1, 3, 1],
		[2, 1, 0]
	],
	[
		[0, 3],
		[1, 0]
	],
	[
		[33, 2, 35],
		[2, 0, 1]
	]
])('axes of [%j] in the order %j', (shape, order) => {
	const values = Float32Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => i);
	const turned = permuted({ constant: true, name: '', shape, kind: 'float', values }, order);
	expect(turned.shape).toEqual(order.map((axis) => shape[axis]));
	const [from, to] = [strides(shape), strides(turned.shape)];
	const expected = values.map((_, at) =>
		order.reduce((sum, axis, k) => sum + (Math.floor(at / to[k]!) % turned.shape[k]!) * from[axis]!, 0)
	);
	expect(turned.values).toEqual(expected);
});
