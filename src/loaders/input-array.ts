import { LabError } from '#contracts/errors.ts';
import type { Shape } from '#contracts/graph.ts';
import { bytesPerItem, isNumeric, npyHeaderOf, readValues, transposed } from '#maths/read-npy.ts';
import { product } from '#maths/product.ts';

/** More numbers than any input of a model that a browser runs. */
const MAX_VALUES = 1 << 26;

const fits = (shape: Shape, given: readonly number[]) =>
	shape.length === given.length && shape.every((n, axis) => n === null || n === given[axis]);

/** Axes of [C, H, W] -> [H, W, C], or back. */
function moved(values: Float32Array, [a, b, c]: readonly [number, number, number], lastFirst: boolean): Float32Array {
	const out = new Float32Array(values.length);
	const [first, inner] = lastFirst ? [a * b, c] : [a, b * c];
	for (let i = 0; i < first; i++) for (let k = 0; k < inner; k++) out[k * first + i] = values[i * inner + k] as number;
	return out;
}

/**
 * The numbers of a .npy file for an input of a model, in its layout: as they are, with the channels at the other end, or
 * flat; with or without a batch of one.
 * @param shape of the input, batch first
 * @returns the shape without the batch
 * @throws LabError that names both shapes if they do not fit
 */
export async function arrayFor(file: Blob, shape: Shape): Promise<{ values: Float32Array; shape: number[] }> {
	const bytes = new Uint8Array(await file.arrayBuffer());
	const header = npyHeaderOf(bytes);
	if (typeof header === 'string')
		throw new LabError(`The file is no .npy file: ${header}.`, 'Save the array with numpy.save.');
	const count = product(header.shape);
	if (!isNumeric(header) || count > MAX_VALUES || bytes.length - header.start < count * bytesPerItem(header.type))
		throw new LabError(
			`The .npy file holds no array that can be read: ${isNumeric(header) ? 'it is cut short or too large' : `its numbers are of the type ${header.type}`}.`,
			'Save the array as float32 with numpy.save.'
		);
	let values: Float32Array = new Float32Array(count);
	const end = header.start + count * bytesPerItem(header.type);
	readValues(bytes.subarray(header.start, end), header.type, values, 0);
	if (header.fortran) values = transposed(values, header.shape);
	const expected = shape.slice(1);
	const given =
		header.shape.length === expected.length + 1 && header.shape[0] === 1 ? header.shape.slice(1) : header.shape;
	if (fits(expected, given)) return { values, shape: [...given] };
	const [a, b, c] = given;
	if (given.length === 3 && a !== undefined && b !== undefined && c !== undefined) {
		const sizes = [a, b, c] as const;
		if (fits(expected, [b, c, a])) return { values: moved(values, sizes, false), shape: [b, c, a] };
		if (fits(expected, [c, a, b])) return { values: moved(values, sizes, true), shape: [c, a, b] };
	}
	const known = expected.filter((n) => n !== null);
	if (known.length === expected.length && given.length === 1 && product(known) === count)
		return { values, shape: known };
	const text = (sizes: Shape) => `[${sizes.map((n) => n ?? '?').join(', ')}]`;
	throw new LabError(
		`The file holds ${text(header.shape)} numbers; the input takes ${text(expected)}.`,
		'Save an array of that shape, or with its channels first, with numpy.save.'
	);
}
