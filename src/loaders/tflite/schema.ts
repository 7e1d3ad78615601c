import { LabError } from '#contracts/errors.ts';
import { FlatTable } from '#loaders/tflite/flatbuffer.ts';
import { product } from '#maths/product.ts';

/** What a .tflite file says (tensorflow/compiler/mlir/lite/schema/schema.fbs, version 3), by the numbers of its fields. */

export interface TfliteTensor {
	name: string;
	shape: readonly number[];
	/** With -1 where a size is free; empty where the file says nothing of that. */
	signature: readonly number[];
	/** A number of the schema's TensorType. */
	type: number;
	/** Empty for what is computed. */
	data: Uint8Array<ArrayBuffer>;
	/** Real value = (stored - zero) * scale, for all or along `axis`; empty where it is not quantised. */
	scale: readonly number[];
	zero: readonly number[];
	axis: number;
}

export interface TfliteOperator {
	/** A number of the schema's BuiltinOperator. */
	code: number;
	/** Of an operator that the format does not have itself. */
	custom: string;
	/** Indices in the list of tensors; -1 for one that is left out. */
	inputs: readonly number[];
	outputs: readonly number[];
	options: FlatTable | null;
	customOptions: Uint8Array<ArrayBuffer>;
}

export interface TfliteModel {
	tensors: readonly TfliteTensor[];
	operators: readonly TfliteOperator[];
	inputs: readonly number[];
	outputs: readonly number[];
	/** What `TFLITE_METADATA` holds, if the file has it. */
	metadata: Uint8Array<ArrayBuffer> | null;
}

export const damaged = (name: string, what: string, cause?: unknown) =>
	new LabError(`“${name}” is damaged: ${what}.`, 'Download or convert it again.', { cause });

/** The delegates' and control flow's other graphs are not read. */
export function parseTflite(bytes: Uint8Array<ArrayBuffer>, name: string): TfliteModel {
	try {
		return parsed(bytes, name);
	} catch (error) {
		if (error instanceof RangeError) throw damaged(name, 'it ends before all that it speaks of', error);
		throw error;
	}
}

function parsed(bytes: Uint8Array<ArrayBuffer>, name: string): TfliteModel {
	const model = FlatTable.root(bytes);
	const [graph] = model.tables(2);
	if (!graph) throw damaged(name, 'it has no graph in it');
	const codes = model.tables(1).map((code) => ({
		// Old files have a byte for it, new ones both: the larger one counts.
		code: Math.max(code.int8(0), code.int32(3)),
		custom: code.string(1)
	}));
	const buffers = model.tables(4);
	const buffer = (index: number): Uint8Array<ArrayBuffer> => {
		const table = buffers[index];
		if (!table) throw damaged(name, `it has no buffer ${index}`);
		const [offset, size] = [table.uint64(1), table.uint64(2)];
		if (offset <= 1) return table.bytes(0);
		if (offset + size > bytes.byteLength) throw damaged(name, 'weights lie beyond its end');
		return bytes.subarray(offset, offset + size);
	};
	const tensors = graph.tables(0).map((tensor): TfliteTensor => {
		const shape = tensor.ints(0);
		const size = product(shape);
		if (shape.length > 8 || shape.some((n) => n < -1) || !(Math.abs(size) < 2 ** 31))
			throw damaged(name, `“${tensor.string(3)}” has the shape [${shape.slice(0, 8).join(', ')}], which cannot be`);
		const quantization = tensor.table(4);
		const index = tensor.uint32(2);
		return {
			name: tensor.string(3),
			shape,
			signature: tensor.ints(7),
			type: tensor.int8(1),
			data: index ? buffer(index) : new Uint8Array(),
			scale: quantization?.floats(2) ?? [],
			zero: quantization?.longs(3) ?? [],
			axis: quantization?.int32(6) ?? 0
		};
	});
	const indices = (list: readonly number[], min: number) => {
		const wrong = list.find((index) => index < min || index >= tensors.length);
		if (wrong !== undefined) throw damaged(name, `it speaks of a tensor ${wrong}, which is not in it`);
		return list;
	};
	const operators = graph.tables(3).map((operator): TfliteOperator => {
		const code = codes[operator.uint32(0)];
		if (!code) throw damaged(name, 'an operator has no code');
		return {
			...code,
			inputs: indices(operator.ints(1), -1),
			outputs: indices(operator.ints(2), 0),
			options: operator.table(4),
			customOptions: operator.bytes(5)
		};
	});
	const metadata = model.tables(6).find((entry) => entry.string(0) === 'TFLITE_METADATA');
	return {
		tensors,
		operators,
		inputs: indices(graph.ints(1), 0),
		outputs: indices(graph.ints(2), 0),
		metadata: metadata ? buffer(metadata.uint32(1)) : null
	};
}
