import { LabError } from '#contracts/errors.ts';
import { ELEMENTS, type TypedValues } from '#loaders/bag/elements.ts';
import { gathered } from '#loaders/bag/strides.ts';
import { checkedShape, shortened, type FileTensor } from '#loaders/bag/tensors.ts';
import type { TensorReference } from '#loaders/pytorch/values.ts';
import { product } from '#maths/product.ts';

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
const [MAX_REPEATED_VALUES, REPEATS] = [1 << 24, 16];

/** @throws LabError for what lies outside of its storage */
export function fileTensor(name: string, tensor: TensorReference, storages: Storages): FileTensor {
	const { path, little } = storages;
	const { storage, offset, strides, type } = tensor;
	const wrong = (why: string, hint = 'Save it again with torch.save.') =>
		new LabError(`“${path}” is damaged: “${shortened(name)}” ${why}.`, hint);
	const shape = checkedShape(path, name, tensor.shape);
	const element = ELEMENTS.get(type === 'bytes' ? 'uint8' : type);
	const count = product(shape);
	const blob = storages.bytes(storage.key);
	if (!blob && count) throw wrong('has numbers that the file does not hold');
	if (!element || !blob) return { name, shape, stored: type, read: element ? nothing : null };
	const from = storage.start + offset;
	const span = count ? shape.reduce((sum, n, axis) => sum + (n - 1) * strides[axis]!, 1) : 0;
	const width = element.bits / 8;
	if (!((from + span) * width <= blob.size)) throw wrong('reaches beyond its storage');
	if (count > MAX_REPEATED_VALUES && count > REPEATS * span) throw wrong(`repeats ${span} numbers ${count} times`);
	const read = async () => {
		const bytes = await blob.slice(from * width, (from + span) * width).arrayBuffer();
		return gathered(element.read(bytes, span, little), shape, strides);
	};
	return { name, shape, stored: element.name, read };
}

const nothing = () => Promise.resolve<TypedValues>({ dtype: 'float32', values: new Float32Array(0) });
