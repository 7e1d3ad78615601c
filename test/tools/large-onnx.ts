/** ONNX files of any size without their numbers in memory: a Blob of parts that are repeated. */

type Bytes = Uint8Array<ArrayBuffer>;

const text = new TextEncoder();

function varint(value: number): number[] {
	const bytes: number[] = [];
	for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) + 0x80);
	return [...bytes, value];
}

/** Bytes that are repeated. */
interface Part {
	bytes: Bytes;
	times: number;
}

/** Parts of a message, and how long they are together. */
class Message {
	readonly parts: Part[] = [];
	length = 0;

	#add(bytes: readonly number[] | Bytes): void {
		this.parts.push({ bytes: Uint8Array.from(bytes), times: 1 });
		this.length += bytes.length;
	}
	number(field: number, value: number): this {
		this.#add([...varint(field * 8), ...varint(value)]);
		return this;
	}
	string(field: number, value: string): this {
		const bytes = text.encode(value);
		this.#add([...varint(field * 8 + 2), ...varint(bytes.length), ...bytes]);
		return this;
	}
	within(field: number, message: Message): this {
		this.#add([...varint(field * 8 + 2), ...varint(message.length)]);
		this.parts.push(...message.parts);
		this.length += message.length;
		return this;
	}
	/** @param bytes repeated */
	data(field: number, bytes: Bytes, times: number): this {
		this.#add([...varint(field * 8 + 2), ...varint(bytes.length * times)]);
		this.parts.push({ bytes, times });
		this.length += bytes.length * times;
		return this;
	}
}

const INT = 2;

const node = (op: string, inputs: readonly string[], output: string, ints: Readonly<Record<string, number>> = {}) => {
	const message = new Message();
	for (const input of inputs) message.string(1, input);
	message.string(2, output).string(3, output).string(4, op);
	for (const [name, value] of Object.entries(ints))
		message.within(5, new Message().string(1, name).number(3, value).number(20, INT));
	return message;
};

const valueInfo = (name: string, sizes: readonly number[]) => {
	const shape = new Message();
	for (const size of sizes) shape.within(1, new Message().number(1, size));
	const tensor = new Message().number(1, 1).within(2, shape);
	return new Message().string(1, name).within(2, new Message().within(1, tensor));
};

const FLOAT = 1;
/** Rows of a weight that are one part of the file. */
const ROWS = 64;

interface Large {
	/** Dense layers, of `width` × `width` numbers each. */
	layers: number;
	width: number;
	/** Nodes without weights after each of them. */
	between?: number;
}

/** Numbers of a formula that repeats: near 0, so that what comes out stays near what goes in. */
export const largeRow = (width: number): Float32Array<ArrayBuffer> =>
	Float32Array.from({ length: ROWS * width }, (_, i) => Math.sin(1.7 * i) / width);

/** A network of dense layers on a row of numbers. Its graph comes first, as exporters write it. */
export function largeParts({ layers, width, between = 1 }: Large): Part[] {
	const part = new Uint8Array(largeRow(width).buffer);
	const graph = new Message();
	let last = 'x';
	for (let k = 0; k < layers; k++) {
		graph.within(1, node('Gemm', [last, `layer${k}.weight`, `layer${k}.bias`], (last = `gemm${k}`), { transB: 1 }));
		for (let j = 0; j < between; j++) graph.within(1, node('Relu', [last], (last = `relu${k}_${j}`)));
	}
	graph.within(1, node('Softmax', [last], 'probabilities'));
	graph.string(2, 'large');
	for (let k = 0; k < layers; k++) {
		const weight = new Message().number(1, width).number(1, width).number(2, FLOAT).string(8, `layer${k}.weight`);
		graph.within(5, weight.data(9, part, width / ROWS));
		const bias = new Message().number(1, width).number(2, FLOAT).string(8, `layer${k}.bias`);
		graph.within(5, bias.data(9, new Uint8Array(4 * width), 1));
	}
	graph.within(11, valueInfo('x', [1, width])).within(12, valueInfo('probabilities', [1, width]));
	const model = new Message().number(1, 8).string(2, 'bench').within(7, graph);
	model.within(8, new Message().string(1, '').number(2, 17));
	return model.parts;
}

export function largeOnnx(large: Large): Blob {
	const blobs = new Map<Bytes, Blob>();
	const blobOf = (bytes: Bytes) => {
		const blob = blobs.get(bytes) ?? new Blob([bytes]);
		blobs.set(bytes, blob);
		return blob;
	};
	const parts = largeParts(large).flatMap(({ bytes, times }): BlobPart[] =>
		times > 1 ? Array<Blob>(times).fill(blobOf(bytes)) : [bytes]
	);
	return new Blob(parts);
}
