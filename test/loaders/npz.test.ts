import { zipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import { npyHeader } from '#maths/npy.ts';
import { openSource } from '#loaders/open-source.ts';
import { sorted } from '#loaders/sort.ts';
import { useBackend } from '../tools/backends.ts';
import { joined } from '../tools/bytes.ts';
import { loadContext } from '../tools/files.ts';

type Bytes = Uint8Array<ArrayBuffer>;
const array = (...values: number[]) =>
	joined(npyHeader([values.length], 'float32'), new Uint8Array(Float32Array.from(values).buffer));
/** Any type and order. */
function typed(descr: string, fortran: boolean, shape: string, bytes: Uint8Array): Bytes {
	const text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${shape}, }\n`;
	const magic = Uint8Array.of(0x93, ...[...'NUMPY'].map((c) => c.charCodeAt(0)), 1, 0, text.length, 0);
	return joined(magic, new TextEncoder().encode(text), bytes);
}
const npz = (arrays: Readonly<Record<string, Bytes>>) => ({
	name: 'a.npz',
	files: [{ path: 'a.npz', blob: new Blob([zipSync(Object.fromEntries(Object.entries(arrays).map(([k, v]) => [`${k}.npy`, v]))) as Bytes]) }] // prettier-ignore
});
const readings = async (...names: string[]) => {
	const source = npz(Object.fromEntries(names.map((name) => [name, array(1, 2)])));
	return (await sorted(source, { units: null, data: false })).readings.map(({ kind, what }) => [kind, what]);
};

beforeAll(() => useBackend('cpu'));

describe('an .npz', () => {
	it('is weights where its arrays are called so, and may be a data set all the same', async () => {
		const [weights, data] = [['model', 'weights of a network'], ['data', 'a data set: NumPy (.npy, .npz), 2 files']]; // prettier-ignore
		for (const names of [
			['dense/kernel', 'dense/bias'],
			['fc.weight', 'fc.bias'],
			['W1', 'b1'],
			['layers/dense/vars/0', 'layers/dense/vars/1'],
			['conv2d/kernel:0', 'conv2d/bias:0']
		])
			// prettier-ignore
			expect(await readings(...names), names.join()).toEqual([weights, data]);
		for (const names of [
			['x_train', 'y_train'],
			['images', 'labels'],
			['arr_0', 'arr_1']
		])
			expect(await readings(...names), names.join()).toEqual([data]);
		expect(await readings('weight', 'height')).toEqual([data, weights]);
	});

	it('gives arrays of every type and order under their own names', async () => {
		const { model, format, warnings } = await openSource(
			npz({
				'a/kernel': typed('<f8', true, '(2, 3)', new Uint8Array(Float64Array.of(1, 4, 2, 5, 3, 6).buffer)),
				'a/bias': typed('>i2', false, '(2,)', Uint8Array.of(0, 7, 0xff, 0xff)),
				'b/kernel': typed('|b1', false, '(2,)', Uint8Array.of(1, 0)),
				'c/bias': typed('<c8', false, '(1,)', new Uint8Array(8))
			}),
			loadContext()
		);
		expect(format).toBe('NumPy arrays, float64, int16 and complex numbers weights');
		expect(warnings).toEqual(['One weight stored as complex numbers, which the lab does not read, is shown by name and shape only: “c/bias”.']); // prettier-ignore
		const values = await Promise.all(['a/kernel', 'a/bias', 'b/kernel'].map(async (name) => [model.weight(name).dtype, ...(await model.weight(name).data())])); // prettier-ignore
		expect(values).toEqual([['float32', 1, 2, 3, 4, 5, 6], ['int32', 7, -1], ['bool', 1, 0]]); // prettier-ignore
		expect(model.graph.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
		model.dispose();
	});
});
