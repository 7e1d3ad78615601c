import * as ort from 'onnxruntime-web/wasm';
import type { LoadedModel } from '#contracts/loader.ts';
import { parseReference } from '#contracts/graph.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../close.ts';
import { testInput } from './conformance.ts';

/** onnxruntime says what a file computes: on each row by itself, and in the file's own order of axes. */

ort.env.wasm.numThreads = 1;

const turned = (x: tf.Tensor, axes: readonly number[] | undefined) => (axes ? tf.transpose(x, [...axes]) : x);

/** @throws where an output differs by more than a thousandth of its size, or a node's shape is not what it says */
export async function judged(loaded: LoadedModel, bytes: Uint8Array, rows = 2): Promise<void> {
	tf.engine().startScope();
	try {
		await compared(loaded, bytes, rows);
	} finally {
		tf.engine().endScope();
	}
}

async function compared({ model }: LoadedModel, bytes: Uint8Array, rows: number): Promise<void> {
	const nodes = new Map(model.graph.nodes.map((node) => [node.id, node]));
	const session = await ort.InferenceSession.create(bytes);
	const open = model.graph.inputs.every((id) => nodes.get(id)?.shape[0] === null);
	const feeds: Record<string, tf.Tensor> = {};
	const asked = Array.from({ length: open ? rows : 1 }, (): Record<string, ort.Tensor> => ({}));
	for (const [k, id] of model.graph.inputs.entries()) {
		const { shape, axes, dtype } = nodes.get(id)!;
		const sizes = shape.map((n) => n ?? rows);
		const whole = dtype === 'int32';
		const x = tf.tidy(() =>
			whole ? tf.cast(tf.add(tf.mul(testInput(sizes, k), 2), 4), 'int32') : testInput(sizes, k)
		);
		feeds[id] = x;
		const full = turned(x, axes);
		for (const [row, feed] of asked.entries()) {
			const own = open ? tf.slice(full, row, 1) : full;
			const data = await own.data();
			const name = session.inputNames[k]!;
			feed[name] = whole
				? new ort.Tensor('int64', BigInt64Array.from(data, BigInt), own.shape)
				: new ort.Tensor('float32', data as Float32Array, own.shape);
		}
	}
	const answers: ort.InferenceSession.OnnxValueMapType[] = [];
	for (const feed of asked) answers.push(await session.run(feed));
	await session.release();
	const ids = model.graph.nodes.filter(({ type }) => type !== 'Input').map(({ id }) => id);
	const results = model.run(feeds, [...model.graph.outputs, ...ids]);
	for (const [k, output] of model.graph.outputs.entries()) {
		const [id, port] = parseReference(output);
		const y = turned(results[k]!, port ? undefined : nodes.get(id)!.axes);
		const expected = answers.map((answer) => answer[session.outputNames[k]!]!);
		const data = expected.flatMap((one) => Array.from(one.data as Float32Array, Number));
		const shape = [...expected[0]!.dims];
		if (open) shape[0] = rows * shape[0]!;
		const size = Math.max(...data.map(Math.abs));
		expectClose({ shape: y.shape, data: await y.data() }, { shape, data }, { rtol: 1e-3, atol: 1e-5 + 1e-4 * size });
	}
	for (const [k, id] of ids.entries()) {
		const { shape } = results[k + model.graph.outputs.length]!;
		const declared = nodes.get(id)!.shape.map((n, axis) => n ?? shape[axis]);
		if (declared.join() !== shape.join())
			throw new Error(`"${id}" says [${declared.join()}] and gives [${shape.join()}].`);
	}
}
