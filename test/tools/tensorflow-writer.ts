import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { joined } from './bytes.ts';

/** Writes graphs, SavedModels and checkpoints as TensorFlow does, by the numbers of their fields. */

type Bytes = Uint8Array<ArrayBuffer>;
type Part = (w: BinaryWriter) => void;

const message = (...parts: readonly Part[]): Bytes => {
	const w = new BinaryWriter();
	for (const part of parts) part(w);
	return w.finish();
};
const bytes =
	(field: number, value: Uint8Array): Part =>
	(w) =>
		w.tag(field, WireType.LengthDelimited).bytes(value);
const text = (field: number, value: string): Part => bytes(field, new TextEncoder().encode(value));
const whole =
	(field: number, value: number): Part =>
	(w) =>
		w.tag(field, WireType.Varint).int64(value);
const float =
	(field: number, value: number): Part =>
	(w) =>
		w.tag(field, WireType.Bit32).float(value);
const entry = (field: number, key: string, value: Uint8Array) => bytes(field, message(text(1, key), bytes(2, value)));

export const DT = { float: 1, int32: 3, string: 7, bool: 10, half: 19, resource: 20 } as const;

const shape = (sizes: readonly number[]) => message(...sizes.map((n) => bytes(2, message(whole(1, n)))));

/** Attribute values. */
export const attr = {
	type: (type: number) => message(whole(6, type)),
	text: (value: string) => message(text(2, value)),
	bool: (value: boolean) => message(whole(5, Number(value))),
	int: (value: number) => message(whole(3, value)),
	float: (value: number) => message(float(4, value)),
	ints: (values: readonly number[]) => message(bytes(1, message(...values.map((n) => whole(3, n))))),
	shape: (sizes: readonly number[]) => message(bytes(7, shape(sizes))),
	tensor: (value: Uint8Array) => message(bytes(8, value)),
	func: (name: string) => message(bytes(10, message(text(1, name)))),
	placeholder: (name: string) => message(text(9, name))
};

/** Numbers packed. */
export const floats = (sizes: readonly number[], values: ArrayLike<number>) =>
	message(whole(1, DT.float), bytes(2, shape(sizes)), bytes(4, new Uint8Array(Float32Array.from(values).buffer)));
/** Numbers listed; the last stands for all that follow. */
export const listedFloats = (sizes: readonly number[], values: readonly number[]) =>
	message(whole(1, DT.float), bytes(2, shape(sizes)), ...values.map((value) => float(5, value)));
export const wholes = (sizes: readonly number[], values: readonly number[]) =>
	message(whole(1, DT.int32), bytes(2, shape(sizes)), bytes(4, new Uint8Array(Int32Array.from(values).buffer)));
export const words = (values: readonly string[]) =>
	message(whole(1, DT.string), bytes(2, shape([values.length])), ...values.map((word) => text(8, word)));

export interface Node {
	name: string;
	op: string;
	inputs?: readonly string[];
	attr?: Readonly<Record<string, Bytes>>;
}

const node = ({ name, op, inputs = [], attr: own = {} }: Node) =>
	message(
		text(1, name),
		text(2, op),
		...inputs.map((input) => text(3, input)),
		...Object.entries(own).map(([key, value]) => entry(5, key, value))
	);

export const constant = (name: string, tensor: Bytes, type: number = DT.float): Node => ({
	...{ name, op: 'Const' },
	attr: { dtype: attr.type(type), value: attr.tensor(tensor) }
});

export interface FunctionSpec {
	name: string;
	inputs: readonly string[];
	nodes: readonly Node[];
	/** What its outputs read, by their names. */
	returns: Readonly<Record<string, string>>;
}

const functionDef = ({ name, inputs, nodes, returns }: FunctionSpec) => {
	const argument = (word: string) => message(text(1, word), whole(3, DT.float));
	return message(
		bytes(
			1,
			message(
				text(1, name),
				...inputs.map((input) => bytes(2, argument(input))),
				...Object.keys(returns).map((output) => bytes(3, argument(output)))
			)
		),
		...nodes.map((one) => bytes(3, node(one))),
		...Object.entries(returns).map(([output, from]) => entry(4, output, new TextEncoder().encode(from)))
	);
};

export const graph = (nodes: readonly Node[], functions: readonly FunctionSpec[] = []): Bytes =>
	message(
		...nodes.map((one) => bytes(1, node(one))),
		...(functions.length ? [bytes(2, message(...functions.map((one) => bytes(1, functionDef(one)))))] : []),
		bytes(4, message(whole(1, 1882)))
	);

interface Info {
	name: string;
	shape: readonly number[];
}
type Infos = Readonly<Record<string, Info>>;

/** saved_model.pb with one graph. */
export function savedModel(
	graphDef: Uint8Array,
	signatures: Readonly<Record<string, { inputs: Infos; outputs: Infos }>>
): Bytes {
	const info = ({ name, shape: sizes }: Info) => message(text(1, name), whole(2, DT.float), bytes(3, shape(sizes)));
	const infos = (field: number, own: Infos) => Object.entries(own).map(([key, one]) => entry(field, key, info(one)));
	const signature = ({ inputs, outputs }: { inputs: Infos; outputs: Infos }) =>
		message(...infos(1, inputs), ...infos(2, outputs), text(3, 'tensorflow/serving/predict'));
	const meta = message(
		bytes(1, message(text(4, 'serve'), text(5, '2.15.0'))),
		bytes(2, graphDef),
		...Object.entries(signatures).map(([key, one]) => entry(5, key, signature(one)))
	);
	return message(whole(1, 1), bytes(2, meta));
}

/** variables.index and variables.data-00000-of-00001; names share their beginnings, as the table packs them. */
export function checkpoint(variables: Readonly<Record<string, { shape: readonly number[]; values: Float32Array }>>) {
	let offset = 0;
	const names = Object.keys(variables).sort();
	const entries = names.map((name): [string, Bytes] => {
		const { shape: sizes, values } = variables[name]!;
		const packed = message(
			whole(1, DT.float),
			bytes(2, shape(sizes)),
			...(offset ? [whole(4, offset)] : []),
			whole(5, values.byteLength)
		);
		offset += values.byteLength;
		return [name, packed];
	});
	const header: [string, Bytes] = ['', message(whole(1, 1), bytes(3, message(whole(1, 1))))];
	const data = block([header, ...entries]);
	const index = block([[`${names.at(-1)}~`, handle(0, data.length)]]);
	const empty = block([]);
	const file = joined(data, trailer, empty, trailer, index, trailer);
	const at = data.length + 5;
	const footer = new Uint8Array(48);
	const handles = joined(handle(at, empty.length), handle(at + empty.length + 5, index.length));
	footer.set(handles);
	footer.set([0x57, 0xfb, 0x80, 0x8b, 0x24, 0x75, 0x47, 0xdb], 40);
	const stored = joined(...names.map((name) => new Uint8Array(variables[name]!.values.slice().buffer)));
	return { 'variables/variables.index': joined(file, footer), 'variables/variables.data-00000-of-00001': stored };
}

/** No compression, and a checksum that nobody reads. */
const trailer = new Uint8Array(5);

const varints = (...values: readonly number[]) => {
	const w = new BinaryWriter();
	for (const value of values) w.uint32(value);
	return w.finish();
};
const handle = (offset: number, size: number) => varints(offset, size);

function block(entries: readonly (readonly [string, Bytes])[]): Bytes {
	let before = '';
	const parts = entries.map(([key, value]) => {
		let shared = 0;
		while (shared < Math.min(key.length, before.length) && key[shared] === before[shared]) shared++;
		before = key;
		const rest = new TextEncoder().encode(key.slice(shared));
		return joined(varints(shared, rest.length, value.length), rest, value);
	});
	return joined(...parts, new Uint8Array(Uint32Array.of(0, 1).buffer));
}
