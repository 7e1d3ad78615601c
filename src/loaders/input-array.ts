import { LabError } from '#contracts/errors.ts';
import type { Shape } from '#contracts/graph.ts';
import { unzipped } from '#loaders/archive/unzip.ts';
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

/** The numbers of a file for an input: one row of them, or several that it takes one at a time. */
export interface InputArray {
	values: Float32Array;
	/** Of one row, without the batch. */
	shape: number[];
	rows: number;
}

/** How a shape goes into another, or null: its sizes, and, where its axes are in another order, which way to turn them. */
function way(expected: Shape, given: readonly number[]): { shape: number[]; turn: 'no' | 'first' | 'last' } | null {
	if (fits(expected, given)) return { shape: [...given], turn: 'no' };
	const [a, b, c] = given;
	if (given.length === 3 && a !== undefined && b !== undefined && c !== undefined) {
		if (fits(expected, [b, c, a])) return { shape: [b, c, a], turn: 'first' };
		if (fits(expected, [c, a, b])) return { shape: [c, a, b], turn: 'last' };
	}
	// An axis of one is no other array: [H, W] as [H, W, 1], [T] as [T, 1].
	const known = expected.filter((n) => n !== null);
	const slim = (sizes: readonly number[]) => sizes.filter((n) => n !== 1).join();
	if (known.length === expected.length && slim(known) === slim(given)) return { shape: known, turn: 'no' };
	return null;
}

const shapeText = (sizes: Shape) => `[${sizes.map((n) => n ?? '?').join(', ')}]`;

/**
 * The numbers of a .npy file for an input of a model, in its layout: as they are, with the channels at the other end, or
 * flat; with or without a batch, of which each row is one input.
 * @param shape of the input, batch first
 * @throws LabError that names both shapes if they do not fit
 */
export async function arrayFor(file: Blob, shape: Shape): Promise<InputArray> {
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
	const [rows = 0, ...inner] = header.shape;
	const whole = way(expected, header.shape);
	const each = whole ? null : way(expected, inner);
	const found = whole ?? (rows > 0 ? each : null);
	if (found) {
		const size = product(found.shape);
		const turned = found.turn === 'no' ? values : new Float32Array(count);
		const sizes = (whole ? header.shape : inner) as unknown as [number, number, number];
		if (found.turn !== 'no')
			for (let at = 0; at < count; at += size)
				turned.set(moved(values.subarray(at, at + size), sizes, found.turn === 'last'), at);
		return { values: turned, shape: found.shape, rows: whole ? 1 : rows };
	}
	const known = expected.filter((n) => n !== null);
	if (known.length === expected.length && header.shape.length === 1 && product(known) === count)
		return { values, shape: known, rows: 1 };
	throw new LabError(
		`The file holds ${shapeText(header.shape)} numbers; the input takes ${shapeText(expected)}.`,
		'Save an array of that shape, or with its channels first, with numpy.save.'
	);
}

const ZIP = [0x50, 0x4b];

/**
 * The numbers of a .npy or .npz file for inputs of a model.
 * @param inputs ids and shapes; of an .npz, every input of an array's name gets it
 * @param wanted the input that it was given to, which gets the first array that fits where none has its name
 * @throws LabError in one sentence where the wanted one gets nothing
 */
export async function arraysFor(
	file: Blob,
	inputs: readonly { id: string; shape: Shape }[],
	wanted: string
): Promise<Record<string, InputArray>> {
	const own = inputs.find(({ id }) => id === wanted);
	if (!own) throw new LabError(`The model has no input “${wanted}”.`);
	const head = new Uint8Array(await file.slice(0, 2).arrayBuffer());
	if (!ZIP.every((byte, i) => head[i] === byte)) return { [wanted]: await arrayFor(file, own.shape) };
	const entries = await unzipped(file, 'The .npz file', (path) => !path.endsWith('.npy'));
	const arrays = new Map(entries.map(({ path, blob }) => [path.replace(/\.npy$/, ''), blob]));
	const found: Record<string, InputArray> = {};
	for (const { id, shape } of inputs) {
		const blob = arrays.get(id);
		if (blob) found[id] = await arrayFor(blob, shape);
	}
	if (found[wanted]) return found;
	let problem: unknown = new LabError('The .npz file holds no array.', 'Save arrays with numpy.savez.');
	for (const [name, blob] of arrays) {
		if (inputs.some(({ id }) => id === name)) continue;
		try {
			return { ...found, [wanted]: await arrayFor(blob, own.shape) };
		} catch (error) {
			problem = error;
		}
	}
	throw problem;
}
