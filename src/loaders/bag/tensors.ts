import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { enumerated } from '#maths/format.ts';
import type { TypedValues } from '#loaders/bag/elements.ts';
import { invalidWeights, type Weights } from '#loaders/tfjs/weights.ts';
import { product } from '#maths/product.ts';

/** Weights without their network, in whatever file: read as far as they fit, and made a bag. */

/** A tensor of a file, looked at and not yet read. */
export interface FileTensor {
	name: string;
	shape: readonly number[];
	/** How the file stores its numbers: float16, Q4_K. */
	stored: string;
	/** Its numbers; null for a type that is not read, which is shown by its name and shape. */
	read: (() => Promise<TypedValues>) | null;
}

interface Bag {
	tensors: readonly FileTensor[];
	/** The format in words, without the types of numbers. */
	format: string;
	metadata?: LoadedModel['metadata'];
	warnings?: readonly string[];
}

/** Tensors and axes that no network comes near; TF.js knows six axes. */
const [MAX_TENSORS, MAX_AXES] = [100_000, 6];
/** Bytes that are read between two words of progress. */
const STRIDE = 16 << 20;

/** @throws LabError for what is no shape, or one that nothing could hold */
export function checkedShape(file: string, name: string, shape: readonly unknown[]): number[] {
	const sizes = shape.map(Number);
	if (!sizes.every((n) => Number.isSafeInteger(n) && n >= 0) || !Number.isSafeInteger(8 * product(sizes)))
		throw new LabError(
			`“${file}” is damaged: “${shortened(name)}” has the shape ${shortened(shape.join(' × '))}.`,
			'Save or download it again.'
		);
	return sizes;
}

export const shortened = (text: string) => (text.length > 80 ? `${text.slice(0, 78)}…` : text);

const named = (names: readonly string[]) => {
	const shown = names.slice(0, 3).map((name) => `“${shortened(name)}”`);
	return enumerated(names.length > 3 ? [...shown, `${names.length - 3} more`] : shown);
};

/** Bytes on the device of which no more are read at once: of a larger file each weight is read when it is asked for. */
const AT_ONCE = 64 << 20;
/** A weight smaller than this is read at once all the same. */
const SMALL = 16 << 10;

/** Types whose numbers all are whole ones of 32 bits. */
const WHOLE = /^u?int(?:8|16)$|^int32$/;
const dtypeOf = ({ stored }: FileTensor): 'float32' | 'int32' | 'bool' =>
	WHOLE.test(stored) ? 'int32' : stored === 'bool' ? 'bool' : 'float32';

/** Read when it is asked for. */
function waiting(tensor: FileTensor, read: NonNullable<FileTensor['read']>): StoredWeight {
	const dtype = dtypeOf(tensor);
	return {
		shape: [...tensor.shape],
		dtype,
		values: null,
		later: async () => {
			const found = await read();
			return found.dtype === dtype ? found.values : Float32Array.from(found.values);
		}
	};
}

/** What the device holds, in the order of the file. @throws LabError where it holds none of them */
function fitting(tensors: readonly FileTensor[], later: boolean, { checkSize }: LoadContext): Set<FileTensor> {
	const fits = new Set<FileTensor>();
	let [sum, max] = [0, 0];
	let refusal: LabError | null = null;
	for (const tensor of tensors) {
		const bytes = 4 * product(tensor.shape);
		if (!tensor.read || tensor.shape.length > MAX_AXES) continue;
		try {
			// One at a time must fit where they are read one at a time.
			if (later) checkSize(bytes, bytes);
			else checkSize(sum + bytes, Math.max(max, bytes));
			[sum, max] = [sum + bytes, Math.max(max, bytes)];
			fits.add(tensor);
		} catch (error) {
			if (!(error instanceof LabError)) throw error;
			refusal ??= error;
		}
	}
	if (refusal && !fits.size) throw refusal;
	return fits;
}

/** @throws LabError */
export async function openBag(name: string, bag: Bag, context: LoadContext): Promise<LoadedModel> {
	const { tensors } = bag;
	if (!tensors.length) throw new LabError(`“${name}” holds no weights.`, 'Save the weights of a trained network.');
	if (tensors.length > MAX_TENSORS)
		throw new LabError(`“${name}” names ${tensors.length.toLocaleString('en')} tensors.`, 'Open a part of them.');
	const all = tensors.reduce((sum, { shape, read }) => sum + (read ? 4 * product(shape) : 0), 0);
	const later = context.later === true && all > AT_ONCE;
	const fits = fitting(tensors, later, context);
	const weights: (readonly [string, Weights[number][1]])[] = [];
	const total = [...fits].reduce((sum, { shape }) => sum + 4 * product(shape), 0);
	let [done, reported] = [0, 0];
	context.progress(0.1, 'Reading the weights');
	for (const tensor of tensors) {
		throwIfAborted(context.signal);
		const { shape, stored } = tensor;
		if (later && fits.has(tensor) && tensor.read && 4 * product(shape) > SMALL) {
			const weight = waiting(tensor, tensor.read);
			weights.push([tensor.name, { ...weight, ...(stored === weight.dtype ? {} : { stored }) }]);
			continue;
		}
		const read = fits.has(tensor) && tensor.read ? await tensor.read() : null;
		const dtype = read?.dtype ?? 'float32';
		weights.push([
			tensor.name,
			{ shape: [...shape], dtype, values: read?.values ?? null, ...(stored === dtype ? {} : { stored }) }
		]);
		if (read) done += 4 * product(shape);
		if (done - reported < STRIDE) continue;
		reported = done;
		context.progress(0.1 + (0.8 * done) / total, 'Reading the weights');
	}
	context.progress(0.9, 'Sorting the weights');
	throwIfAborted(context.signal);
	// Who only sorts files needs no engine.
	const { weightBag } = await import('#engine/model/bag.ts');
	throwIfAborted(context.signal);
	const types = [...new Set(weights.flatMap(([, { stored }]) => stored ?? []))];
	const invalid = invalidWeights(weights);
	return {
		model: weightBag(weights, {
			hint: 'Open the network that they belong to, too, to see its structure and to run it.'
		}),
		format: types.length ? `${bag.format}, ${enumerated(types.slice(0, 6))} weights` : bag.format,
		warnings: [...(bag.warnings ?? []), ...leftOut(tensors, fits), ...(invalid ? [invalid] : [])],
		...(bag.metadata?.length ? { metadata: bag.metadata } : {})
	};
}

/** What is shown by name and shape only, in a sentence for each reason. */
function leftOut(tensors: readonly FileTensor[], fits: ReadonlySet<FileTensor>): string[] {
	const rest = tensors.filter((tensor) => !fits.has(tensor));
	const types = new Map<string, string[]>();
	for (const { name, stored, read } of rest) if (!read) types.set(stored, [...(types.get(stored) ?? []), name]);
	const deep = rest.filter(({ read, shape }) => read && shape.length > MAX_AXES).map(({ name }) => name);
	const large = rest.filter(({ read, shape }) => read && shape.length <= MAX_AXES).map(({ name }) => name);
	const only = (names: readonly string[]) =>
		`${names.length === 1 ? 'is' : 'are'} shown by name and shape only: ${named(names)}`;
	return [
		...[...types].map(
			([type, names]) => `${amount(names)} stored as ${type}, which the lab does not read, ${only(names)}.`
		),
		...(deep.length ? [`${amount(deep)} of more than ${MAX_AXES} axes ${only(deep)}.`] : []),
		...(large.length ? [`${amount(large)} beyond what this device holds ${only(large)}.`] : [])
	];
}

const amount = ({ length }: readonly string[]) => (length === 1 ? 'One weight' : `${length} weights`);
