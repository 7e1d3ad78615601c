import { beforeAll, describe, expect, it } from 'vitest';
import { clearField, create, toBinary } from '@bufbuild/protobuf';
import {
	AttributeProto_AttributeType as A,
	ModelProtoSchema,
	TensorProtoSchema,
	TensorProto_DataType as T,
	type ModelProto
} from 'onnx-buf';
import { LabError } from '#contracts/errors.ts';
import { holding } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import type { Constant, OnnxGraph, OnnxInput, OnnxNode } from '#engine/model/onnx/definition.ts';
import { Later, NumbersNeeded } from '#engine/model/onnx/later.ts';
import { settings } from '#engine/model/onnx/settings.ts';
import loader from '#loaders/formats/onnx.ts';
import { messageOf } from '#loaders/onnx/decode.ts';
import { sliced } from '#loaders/onnx/slices.ts';
import { openSource } from '#loaders/open-source.ts';
import { sorted } from '#loaders/sort.ts';
import { useBackend } from '../../tools/backends.ts';
import { CountingBlob } from '../../tools/counting-blob.ts';
import { loadContext } from '../../tools/files.ts';
import { largeOnnx, largeRow } from '../../tools/large-onnx.ts';
import { bytesOf, modelProto } from '../../tools/onnx-files.ts';

beforeAll(() => useBackend('wasm'));

const MB = 2 ** 20;
const never = new AbortController().signal;
const sourceOf = (blob: Blob, name = 'large.onnx') => ({ name: 'large', files: [{ path: name, blob }] });
const numbers = (n: number, seed = 1) => Float32Array.from({ length: n }, (_, i) => Math.sin(seed * i));
const raw = (values: Float32Array<ArrayBuffer>) => new Uint8Array(values.buffer);

/** What the message says with the numbers put back that were left in the file. */
async function restored(blob: Blob): Promise<ModelProto> {
	const { bytes, location } = await sliced(blob, 'a.onnx', never);
	const message = messageOf(bytes, 'a.onnx');
	const all = [
		...(message.graph?.initializer ?? []),
		...(message.graph?.node ?? []).flatMap(({ attribute }) =>
			attribute.flatMap(({ t, g }) => [...(t ? [t] : []), ...(g?.initializer ?? [])])
		)
	];
	for (const tensor of all) {
		const entry = (key: string) => tensor.externalData.find((one) => one.key === key)?.value;
		if (entry('location') !== location) continue;
		const [from, length] = [Number(entry('offset')), Number(entry('length'))];
		tensor.rawData = new Uint8Array(await blob.slice(from, from + length).arrayBuffer());
		tensor.externalData = [];
		clearField(tensor, TensorProtoSchema.field.dataLocation);
	}
	return message;
}

/** Large tensors in all places where they may lie. */
function everywhere(): ModelProto {
	const weight = (name: string, n: number) => ({
		name,
		dims: [BigInt(n)],
		dataType: T.FLOAT,
		rawData: raw(numbers(n))
	});
	return create(ModelProtoSchema, {
		irVersion: 8n,
		producerName: 'test',
		opsetImport: [{ domain: '', version: 17n }],
		metadataProps: [{ key: 'names', value: 'a,b' }],
		graph: {
			name: 'g',
			input: [{ name: 'x' }],
			output: [{ name: 'y' }],
			initializer: [weight('small', 3), weight('long', 5000), weight('longer', 70_000)],
			node: [
				{ opType: 'Add', name: 'n', input: ['x', 'long'], output: ['y'], domain: '', attribute: [] },
				{ opType: 'Constant', output: ['c'], attribute: [{ name: 'value', type: A.TENSOR, t: weight('c', 3000) }] },
				{
					opType: 'If',
					output: ['z'],
					attribute: [{ name: 'then_branch', type: A.GRAPH, g: { name: 'then', initializer: [weight('in', 4000)] } }]
				}
			]
		}
	});
}

describe('an ONNX file in slices', () => {
	it('says what the whole says, the numbers bit for bit', async () => {
		const message = everywhere();
		const bytes = toBinary(ModelProtoSchema, message);
		const blob = new CountingBlob(new Blob([bytes]));
		const { bytes: rest, location } = await sliced(blob, 'a.onnx', never);
		expect(rest.length).toBeLessThan(1500);
		expect(new TextDecoder().decode(rest).split(location)).toHaveLength(5);
		expect(Buffer.compare(toBinary(ModelProtoSchema, await restored(blob)), bytes)).toBe(0);
	});

	it('leaves small files, packed lists and what lies in another file as they are', async () => {
		const message = everywhere();
		const graph = message.graph!;
		const list = { name: 'list', dims: [5000n], dataType: T.FLOAT, floatData: Array.from(numbers(5000)) };
		const ints = Array.from({ length: 5000 }, (_, i) => BigInt(i - 9));
		const whole = { name: 'whole', dims: [5000n], dataType: T.INT64, int64Data: ints };
		graph.initializer = [list, whole].map((tensor) => create(TensorProtoSchema, tensor));
		const blob = new Blob([toBinary(ModelProtoSchema, message)]);
		const { initializer } = (await restored(blob)).graph!;
		expect(new Float32Array(initializer[0]!.rawData.slice().buffer)).toEqual(numbers(5000));
		expect(initializer[1]).toEqual(graph.initializer[1]);
	});

	it('reads a small share of a large file before its structure is there, and of its likeness and kind', async () => {
		const blob = new CountingBlob(largeOnnx({ layers: 24, width: 1024 }));
		expect(blob.size).toBeGreaterThan(96 * MB);
		const source = sourceOf(blob);
		const { readings } = await sorted(source, { units: null, data: false });
		expect(readings[0]?.kind).toBe('model');
		const { model } = await openSource(source, loadContext({ later: true }));
		expect(model.graph.nodes).toHaveLength(2 + 24 * 2);
		expect(model.obstacle?.kind).toBe('unread');
		expect(model.unread).toBe(24 * 4 * MB);
		expect(blob.read.bytes / blob.size).toBeLessThan(0.02);
		const read = blob.read.bytes;
		const values = await holding(model, 'layer3.weight', (weight) => weight.data());
		expect(blob.read.bytes - read).toBe(4 * MB);
		// transB: it lies turned on the device.
		const row = largeRow(1024);
		for (const [i, j] of [
			[0, 0],
			[5, 900],
			[1023, 63],
			[700, 1]
		] as const)
			expect(values[i * 1024 + j]).toBe(row[(j % 64) * 1024 + i]);
		model.dispose();
	});

	it('answers as ever once its weights are placed, and frees them', async () => {
		const before = tf.memory().numTensors;
		const { model } = await openSource(sourceOf(largeOnnx({ layers: 2, width: 128 })), loadContext());
		expect(model.obstacle).toBeNull();
		const x = tf.ones([1, 128]);
		const [y] = model.run({ x }, model.graph.outputs) as [tf.Tensor];
		let expected = new Float32Array(128).fill(1);
		const row = largeRow(128);
		for (let k = 0; k < 2; k++)
			expected = Float32Array.from({ length: 128 }, (_, j) =>
				Math.max(
					0,
					expected.reduce((sum, value, i) => sum + value * (row[(j % 64) * 128 + i] as number), 0)
				)
			);
		const all = expected.reduce((sum, value) => sum + Math.exp(value), 0);
		const values = await y.data();
		values.forEach((value, j) => expect(value).toBeCloseTo(Math.exp(expected[j] as number) / all, 6));
		tf.dispose([x, y]);
		model.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('stays as it was where reading the weights is cancelled, and runs when they are read again', async () => {
		const before = tf.memory().numTensors;
		const { model } = await loader.load(sourceOf(largeOnnx({ layers: 3, width: 256 })), loadContext());
		const controller = new AbortController();
		const progress = () => controller.abort();
		await expect(model.place?.({ signal: controller.signal, progress })).rejects.toThrow('cancelled');
		expect(model.obstacle?.kind).toBe('unread');
		// The biases, which are small, are there from the beginning.
		expect(tf.memory().numTensors - before).toBe(3);
		expect(() => model.weight('layer0.weight')).toThrow('has not been read yet');
		await model.place?.({ signal: never, progress: () => {} });
		expect(model.obstacle).toBeNull();
		model.dispose();
		expect(tf.memory().numTensors).toBe(before);
	});

	it('gives a weight that many ask for once, and gives up what was looked at before', async () => {
		const before = tf.memory().numTensors;
		const blob = new CountingBlob(largeOnnx({ layers: 40, width: 1024 }));
		const { model } = await openSource(sourceOf(blob), loadContext({ later: true }));
		const { reads } = blob.read;
		const read = (name: string) => holding(model, name, async (weight) => Promise.resolve(weight.size));
		await Promise.all([read('layer0.weight'), read('layer0.weight')]);
		expect(blob.read.reads - reads).toBe(1);
		for (let k = 0; k < 40; k++) await read(`layer${k}.weight`);
		await Promise.resolve();
		expect(tf.memory().numTensors - before - 40).toBeLessThanOrEqual(32);
		model.dispose();
		await new Promise((resolve) => setTimeout(resolve));
		expect(tf.memory().numTensors).toBe(before);
	});
});

describe('numbers that shapes and other numbers are worked out of', () => {
	const open = async (spec: Parameters<typeof modelProto>[0]) =>
		openSource(sourceOf(new Blob([bytesOf(modelProto(spec))])), loadContext());
	const matrix = { shape: [96, 96], values: Array.from(numbers(96 * 96, 0.3)) };

	it('are read where the graph cannot do without them', async () => {
		const { model } = await open({
			inputs: { x: { shape: [1, 96] } },
			outputs: ['y'],
			constants: { w: matrix, v: matrix },
			nodes: [
				{ op: 'Mul', inputs: ['w', 'v'], outputs: ['wv'] },
				{ op: 'MatMul', inputs: ['x', 'wv'], outputs: ['y'] }
			]
		});
		const x = tf.ones([1, 96]);
		const [y] = model.run({ x }, model.graph.outputs) as [tf.Tensor];
		const values = await y.data();
		const expected = Array.from({ length: 96 }, (_, j) =>
			matrix.values.reduce((sum, value, k) => (k % 96 === j ? sum + Math.fround(value) ** 2 : sum), 0)
		);
		expected.forEach((value, j) => expect(values[j]).toBeCloseTo(value, 3));
	});

	it('are one weight where two nodes turn it in the same way, and two where they scale it differently', async () => {
		const shared = async (alpha: number) => {
			const { model } = await open({
				inputs: { x: { shape: [1, 96] } },
				outputs: ['z'],
				constants: { w: matrix },
				nodes: [
					{ op: 'Gemm', inputs: ['x', 'w'], outputs: ['y'], attributes: { transB: 1 } },
					{ op: 'Gemm', inputs: ['y', 'w'], outputs: ['z'], attributes: { transB: 1, alpha: { float: alpha } } }
				]
			});
			return new Set(model.graph.nodes.flatMap(({ weights }) => weights.map(({ name }) => name))).size;
		};
		expect([await shared(1), await shared(2)]).toEqual([1, 2]);
	});
});

it('whole numbers that two nodes scale differently are two weights, read when they are asked for', async () => {
	const [rows, columns] = [1024, 1100];
	const values = Array.from({ length: rows * columns }, (_, i) => (i % 255) - 127);
	const spec = {
		inputs: { x: { shape: [1, rows] } },
		outputs: ['y', 'z'],
		constants: {
			w: { shape: [rows, columns], values, type: T.INT8 },
			one: { shape: [], values: [0.5] },
			two: { shape: [], values: [2] }
		},
		nodes: [
			{ op: 'DequantizeLinear', inputs: ['w', 'one'], outputs: ['a'] },
			{ op: 'DequantizeLinear', inputs: ['w', 'two'], outputs: ['b'] },
			{ op: 'MatMul', inputs: ['x', 'a'], outputs: ['y'] },
			{ op: 'MatMul', inputs: ['x', 'b'], outputs: ['z'] }
		]
	};
	const { model } = await openSource(sourceOf(new Blob([bytesOf(modelProto(spec))])), loadContext({ later: true }));
	expect(model.unread).toBe(2 * 4 * rows * columns);
	const names = model.graph.nodes.flatMap(({ weights }) => weights.map(({ name }) => name));
	const read = await Promise.all(names.map((name) => holding(model, name, (weight) => weight.data())));
	expect(read.map((one) => one[200])).toEqual([0.5 * 73, 2 * 73]);
	model.dispose();
});

it('a matrix of four bits is unpacked when it is asked for', async () => {
	const [K, N] = [2048, 1100];
	const packed = Array.from({ length: (K * N) / 2 }, (_, i) => (i * 7) % 256);
	const scales = Array.from({ length: (K * N) / 32 }, (_, i) => 1 + (i % 5));
	const spec = {
		inputs: { x: { shape: [1, K] } },
		outputs: ['y'],
		constants: {
			w: { shape: [N, K / 32, 16], values: packed, type: T.UINT8 },
			scale: { shape: [scales.length], values: scales }
		},
		nodes: [
			{
				op: 'MatMulNBits',
				domain: 'com.microsoft',
				inputs: ['x', 'w', 'scale'],
				outputs: ['y'],
				attributes: { K, N, bits: 4, block_size: 32 }
			}
		]
	};
	const { model } = await openSource(sourceOf(new Blob([bytesOf(modelProto(spec))])), loadContext({ later: true }));
	expect(model.unread).toBe(4 * K * N);
	const weight = model.graph.nodes.flatMap(({ weights }) => weights).find(({ name }) => name === 'w');
	expect(weight).toMatchObject({ shape: [K, N], stored: 'int4' });
	const values = await holding(model, 'w', (one) => one.data());
	for (const [k, n] of [
		[0, 0],
		[1, 0],
		[33, 7],
		[2047, 1099]
	] as const) {
		const nibble = ((packed[(n * K + k) >> 1] as number) >> (k % 2 ? 4 : 0)) & 15;
		expect(values[k * N + n]).toBe((nibble - 8) * (scales[(n * K + k) >> 5] as number));
	}
	model.dispose();
});

it('a number that a setting is compared with is read for it', async () => {
	const later = new Later(() => Promise.resolve(Float64Array.of(16000)));
	const rate: OnnxInput = { name: 'rate', shape: [], sizes: [], dtype: 'int32', other: '' };
	const constant: Constant = { constant: true, name: 'c', shape: [], kind: 'int', values: null, later };
	const node = (op: string, inputs: string[], outputs: string[]) =>
		({ op, domain: '', name: op, inputs, outputs, attributes: new Map() }) as OnnxNode;
	const nodes = [node('Equal', ['rate', 'c'], ['is']), node('If', ['is'], ['y'])];
	const graph: OnnxGraph = { nodes, inputs: [rate], outputs: ['y'], constants: new Map([['c', constant]]) };
	expect(() => settings(graph, [rate])).toThrow(NumbersNeeded);
	later.known = await later.read();
	expect([...(settings(graph, [rate]).get(rate)?.values ?? [])]).toEqual([16000]);
});

describe('a damaged or hostile file', () => {
	const refusal = async (blob: Blob) => {
		const error = await openSource(sourceOf(blob), loadContext({ later: true })).then(
			({ model }) => model.dispose(),
			(caught: unknown) => caught
		);
		if (error === undefined) return null;
		expect(error).toBeInstanceOf(LabError);
		return (error as LabError).message;
	};

	it('is said to be cut short, wherever it was', async () => {
		const whole = new Blob([toBinary(ModelProtoSchema, everywhere())]);
		for (const share of [0.2, 0.5, 0.9, 0.999]) {
			const cut = whole.slice(0, Math.floor(share * whole.size));
			await expect(sliced(cut, 'a.onnx', never)).rejects.toThrow(
				'“a.onnx” cannot be read as ONNX: it is damaged or was cut short.'
			);
		}
	});

	it.each([
		['a length beyond the file', [8, 8, 58, 0xff, 0xff, 0xff, 0xff, 0x7f, 1, 2, 3]],
		['a length beyond all numbers', [8, 8, 58, ...Array<number>(9).fill(0xff), 1]],
		['a number without an end', [8, 8, 8, ...Array<number>(12).fill(0xff)]],
		['groups, which ONNX has none of', [8, 8, 59, 60]],
		['nothing after a tag', [8, 8, 58]]
	])('%s', async (_, bytes) => {
		await expect(sliced(new Blob([Uint8Array.from(bytes)]), 'a.onnx', never)).rejects.toThrow(
			'damaged or was cut short'
		);
	});

	it('of a tensor that ends beyond its graph', async () => {
		const bytes = toBinary(ModelProtoSchema, everywhere());
		// The length of a raw_data that is 20,000 bytes long: 0xa0 0x9c 0x01.
		const at = bytes.findIndex(
			(byte, i) => byte === 0x4a && bytes[i + 1] === 0xa0 && bytes[i + 2] === 0x9c && bytes[i + 3] === 1
		);
		expect(at).toBeGreaterThan(0);
		bytes[at + 3] = 0x7f;
		await expect(sliced(new Blob([bytes]), 'a.onnx', never)).rejects.toThrow('damaged');
	});

	it('of a tensor with another number of bytes than its shape says, before its numbers are read', async () => {
		const message = everywhere();
		message.graph!.initializer[2]!.dims = [70_001n];
		expect(await refusal(new Blob([toBinary(ModelProtoSchema, message)]))).toBe(
			'The tensor "longer" of [70001] holds 280000 bytes, not 280004.'
		);
	});

	it('nested a thousand times ends soon', async () => {
		let inner = new Uint8Array(5000).fill(1);
		const length = (n: number) => [(n & 0x7f) | 0x80, ((n >> 7) & 0x7f) | 0x80, n >> 14];
		for (let k = 0; k < 1000; k++) {
			const field = k % 3 === 0 ? 0x32 : k % 3 === 1 ? 0x2a : 0x0a;
			inner = Uint8Array.from([field, ...length(inner.length), ...inner]);
		}
		const blob = new Blob([Uint8Array.from([8, 8, 58, ...length(inner.length), ...inner])]);
		const from = performance.now();
		await refusal(blob);
		expect(performance.now() - from).toBeLessThan(2000);
	});

	it('says that its file cannot be read any more when a weight is asked for', async () => {
		const { model } = await openSource(sourceOf(largeOnnx({ layers: 1, width: 256 })), loadContext({ later: true }));
		await expect(holding(model, 'no such', () => Promise.resolve())).rejects.toThrow('has no weight');
	});
});
