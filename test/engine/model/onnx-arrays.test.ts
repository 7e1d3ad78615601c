import { expect, it } from 'vitest';
import { permuted } from '#engine/model/onnx/arrays.ts';

it('permutes axes, also of rows that are longer than what is moved at once', () => {
	const shape = [150, 3, 2];
	const values = Float32Array.from({ length: 900 }, (_, i) => i);
	const turned = permuted({ constant: true, name: 'w', shape, kind: 'float', values }, [2, 1, 0]);
	expect(turned.shape).toEqual([2, 3, 150]);
	const expected = Array.from({ length: 900 }, (_, at) => {
		const [c, b, a] = [Math.floor(at / 450), Math.floor(at / 150) % 3, at % 150];
		return a * 6 + b * 2 + c;
	});
	expect([...turned.values!]).toEqual(expected);
});
