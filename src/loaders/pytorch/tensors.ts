import { LabError } from '#contracts/errors.ts';
import { ELEMENTS, type Numbers } from '#loaders/bag/elements.ts';
import { checkedShape, shortened, type FileTensor } from '#loaders/bag/tensors.ts';
import type { TensorReference } from '#loaders/pytorch/values.ts';

/** Tensors of PyTorch: views of storages, by an offset and strides, anywhere within them and in any order. */

/** Where the numbers of a file lie. */
export interface Storages {
	path: string;
	/** Bytes of a storage; undefined where the file does not hold it. */
	bytes(key: string): Blob | undefined;
	/** The least byte of a number comes first. */
	little: boolean;
}

/** Numbers of a tensor whose storage is much smaller: more were made to fill the memory. */
const [MOST_REPEATED, REPEATS] = [1 << 24, 16];

/** @throws LabError for what lies outside of its storage */
export function fileTensor(name: string, tensor: TensorReference, storages: Storages): FileTensor {
	const { path, little } = storages;
	const { storage, offset, strides, type } = tensor;
	const wrong = (why: string, hint = 'Save it again with torch.save.') =>
		new LabError(`“${path}” is damaged: “${shortened(name)}” ${why}.`, hint);
	const shape = checkedShape(path, name, tensor.shape);
	const element = ELEMENTS.get(type === 'bytes' ? 'uint8' : type);
	const count = shape.reduce((n, m) => n * m, 1);
	const blob = storages.bytes(storage.key);
	if (!blob && count) throw wrong('has numbers that the file does not hold');
	if (!element || !blob) return { name, shape, stored: type, read: element ? nothing : null };
	const from = storage.start + offset;
	const span = count ? shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 1) : 0;
	const width = element.bits / 8;
	if (!((from + span) * width <= blob.size)) throw wrong('reaches beyond its storage');
	if (count > MOST_REPEATED && count > REPEATS * span) throw wrong(`repeats ${span} numbers ${count} times`);
	const read = async () => {
		const bytes = await blob.slice(from * width, (from + span) * width).arrayBuffer();
		return gathered(element.read(bytes, span, little), shape, strides);
	};
	return { name, shape, stored: element.name, read };
}

const nothing = () => Promise.resolve<Numbers>({ dtype: 'float32', values: new Float32Array(0) });

const contiguous = (shape: readonly number[], strides: readonly number[]) => {
	let expected = 1;
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		if (shape[axis] !== 1 && strides[axis] !== expected) return false;
		expected *= shape[axis]!;
	}
	return true;
};

/** In the order of the shape. */
function gathered({ dtype, values }: Numbers, shape: readonly number[], strides: readonly number[]): Numbers {
	if (!values.length || contiguous(shape, strides)) return { dtype, values };
	const count = shape.reduce((n, m) => n * m, 1);
	const Kind = values.constructor as new (length: number) => typeof values;
	const out = new Kind(count);
	const place = shape.map(() => 0);
	for (let k = 0, at = 0; k < count; k++) {
		out[k] = values[at]!;
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			at += strides[axis]!;
			if (++place[axis]! < shape[axis]!) break;
			at -= shape[axis]! * strides[axis]!;
			place[axis] = 0;
		}
	}
	return { dtype, values: out };
}
