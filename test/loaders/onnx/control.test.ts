import { TensorProto_DataType as T } from 'onnx-buf';
import { beforeAll, describe, expect, it } from 'vitest';
import type { LoadedModel } from '#contracts/loader.ts';
import * as tf from '#engine/tf.ts';
import { useBackend } from '../../tools/backends.ts';
import { judged } from '../../tools/onnx-judge.ts';
import { onnxFile, parsed, type GraphSpec, type ModelSpec, type TensorValues } from '../../tools/onnx-files.ts';
import { open } from '../../tools/onnx-node.ts';

/** Conditions, loops, sequences and what cannot be computed, judged by onnxruntime where it can say. */

beforeAll(() => useBackend('wasm'));

const one = (value: number, type = T.FLOAT): TensorValues => ({ shape: [], values: [value], type });
const whole = (...values: number[]): TensorValues => ({ shape: [values.length], values, type: T.INT64 });
const weight = (...shape: number[]): TensorValues => ({
	shape,
	values: Array.from({ length: shape.reduce((n, m) => n * m, 1) }, (_, i) => Math.sin(1.3 * i + 1) / 2 + 0.1)
});
const opened = (spec: ModelSpec): Promise<LoadedModel> => open(parsed(onnxFile(spec)));

async function right(spec: ModelSpec): Promise<LoadedModel> {
	const loaded = await opened(spec);
	expect(loaded.model.obstacle).toBeNull();
	await judged(loaded, onnxFile(spec));
	loaded.model.dispose();
	return loaded;
}

const within = (graph: Omit<GraphSpec, 'inputs'> & Partial<Pick<GraphSpec, 'inputs'>>) => ({
	graph: { inputs: {}, ...graph }
});

describe('a condition', () => {
	const branches = {
		then_branch: within({ nodes: [{ op: 'Relu', inputs: ['x'], outputs: ['a'] }], outputs: ['a'] }),
		else_branch: within({ nodes: [{ op: 'Neg', inputs: ['x'], outputs: ['b'] }], outputs: ['b'] })
	};

	it('that is computed chooses for each row by itself', async () => {
		const spec = {
			inputs: { x: { shape: [1, 4] } },
			constants: { zero: one(0), axes: whole(1) },
			nodes: [
				{ op: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['sum'] },
				{ op: 'Greater', inputs: ['sum', 'zero'], outputs: ['c'] },
				{ op: 'If', inputs: ['c'], attributes: branches }
			],
			outputs: ['y']
		};
		const loaded = await opened(spec);
		const x = tf.tensor2d([
			[-1, 2, 3, 4],
			[1, -2, -3, -4]
		]);
		const [y] = loaded.model.run({ x }, loaded.model.graph.outputs);
		expect(Array.from(await y!.data())).toEqual([0, 2, 3, 4, -1, 2, 3, 4]);
		loaded.model.dispose();
	});

	it('whose branches differ in shape is refused by name', async () => {
		const flat = within({
			nodes: [{ op: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['b'], attributes: { keepdims: 0 } }],
			outputs: ['b']
		});
		const { model } = await opened({
			inputs: { x: { shape: [1, 4] } },
			constants: { zero: one(0), axes: whole(1) },
			nodes: [
				{ op: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['sum'] },
				{ op: 'Greater', inputs: ['sum', 'zero'], outputs: ['c'] },
				{ op: 'If', inputs: ['c'], attributes: { ...branches, else_branch: flat } }
			],
			outputs: ['y']
		});
		expect(model.obstacle?.message).toMatch(/\(If\) decides while it runs/);
		model.dispose();
	});

	it.each([
		[T.INT64, 'Equal', 16000, /“sr” decides what the network computes: it is opened for 16000/],
		[T.BOOL, 'Not', 1, /“sr” decides what the network computes: it is opened for true/]
	] as const)('on a setting is settled, and said (%i)', async (type, op, value, note) => {
		const loaded = await opened({
			inputs: { x: { shape: ['batch', 4] }, sr: { shape: [], type } },
			constants: { rate: one(value, type) },
			nodes: [
				{ op, inputs: op === 'Equal' ? ['sr', 'rate'] : ['sr'], outputs: ['c'] },
				{ op: 'If', inputs: ['c'], attributes: branches }
			],
			outputs: ['y']
		});
		expect(loaded.warnings).toEqual([expect.stringMatching(note)]);
		expect(loaded.model.graph.inputs).toEqual(['x']);
		const [y] = loaded.model.run({ x: tf.tensor2d([[-1, 2, -3, 4]]) }, loaded.model.graph.outputs);
		expect(Array.from(await y!.data())).toEqual(op === 'Equal' ? [0, 2, 0, 4] : [1, -2, 3, -4]);
		loaded.model.dispose();
	});
});

describe('a loop', () => {
	const body = {
		inputs: { i: { shape: [], type: T.INT64 }, go: { shape: [], type: T.BOOL }, v: { shape: [4] } },
		nodes: [
			{ op: 'Cast', inputs: ['i'], outputs: ['r'], attributes: { to: T.FLOAT } },
			{ op: 'Add', inputs: ['v', 'r'], outputs: ['s'] },
			{ op: 'Tanh', inputs: ['s'], outputs: ['w'] },
			{ op: 'Identity', inputs: ['go'], outputs: ['on'] },
			{ op: 'Identity', inputs: ['w'], outputs: ['kept'] }
		],
		outputs: ['on', 'w', 'kept'],
		outputTypes: { on: T.BOOL }
	};

	it('of rounds that are counted becomes their steps', async () => {
		const loaded = await right({
			inputs: { x: { shape: [4] } },
			constants: { rounds: one(3, T.INT64), yes: one(1, T.BOOL) },
			nodes: [
				{ op: 'Loop', inputs: ['rounds', 'yes', 'x'], outputs: ['y', 'all'], attributes: { body: { graph: body } } }
			],
			outputs: ['y', 'all']
		});
		expect(loaded.model.graph.nodes.filter(({ type }) => type === 'Tanh')).toHaveLength(3);
	});

	it('that would be too long is refused by name', async () => {
		const { model } = await opened({
			inputs: { x: { shape: [1, 4] } },
			constants: { rounds: one(1e6, T.INT64), yes: one(1, T.BOOL) },
			nodes: [
				{ op: 'Loop', inputs: ['rounds', 'yes', 'x'], outputs: ['y', 'all'], attributes: { body: { graph: body } } }
			],
			outputs: ['y', 'all']
		});
		expect(model.obstacle?.message).toMatch(/\(Loop\) decides while it runs/);
		model.dispose();
	});

	it.each([0, 1])('over the steps of a sequence becomes steps, forwards and backwards (%i)', async (direction) => {
		await right({
			inputs: { x: { shape: [3, 4] } },
			constants: { start: weight(4) },
			nodes: [
				{
					op: 'Scan',
					inputs: ['start', 'x'],
					outputs: ['end', 'all'],
					attributes: {
						num_scan_inputs: 1,
						scan_input_directions: [direction],
						scan_output_directions: [direction],
						body: within({
							inputs: { state: { shape: [4] }, row: { shape: [4] } },
							nodes: [
								{ op: 'Mul', inputs: ['state', 'row'], outputs: ['p'] },
								{ op: 'Add', inputs: ['p', 'row'], outputs: ['q'] },
								{ op: 'Identity', inputs: ['q'], outputs: ['shown'] }
							],
							outputs: ['q', 'shown']
						})
					}
				}
			],
			outputs: ['end', 'all']
		});
	});
});

it('sequences are put together and taken apart', async () => {
	await right({
		inputs: { x: { shape: ['batch', 6] } },
		constants: { two: one(2, T.INT64), last: one(-1, T.INT64), first: one(0, T.INT64) },
		nodes: [
			{ op: 'SplitToSequence', inputs: ['x', 'two'], outputs: ['parts'], attributes: { axis: 1 } },
			{ op: 'SequenceAt', inputs: ['parts', 'last'], outputs: ['a'] },
			{ op: 'SequenceInsert', inputs: ['parts', 'a', 'first'], outputs: ['more'] },
			{ op: 'SequenceErase', inputs: ['more', 'two'], outputs: ['fewer'] },
			{ op: 'ConcatFromSequence', inputs: ['fewer'], attributes: { axis: 1 } }
		],
		outputs: ['y']
	});
});

it('random numbers are drawn once, in the middle of what they are asked to be', async () => {
	const { model, warnings } = await opened({
		inputs: { x: { shape: ['batch', 4000] } },
		nodes: [
			{
				op: 'RandomNormalLike',
				inputs: ['x'],
				outputs: ['n'],
				attributes: { mean: { float: 2 }, scale: { float: 0.5 } }
			},
			{ op: 'Mul', inputs: ['x', 'n'] }
		],
		outputs: ['y']
	});
	expect(warnings).toEqual([expect.stringMatching(/drawn once/)]);
	const x = tf.ones([2, 4000]);
	const [a, b] = [0, 1].map(() => model.run({ x }, model.graph.outputs)[0]!.arraySync() as number[][]) as [
		number[][],
		number[][]
	];
	expect(a).toEqual(b);
	expect(a[0]).toEqual(a[1]);
	const mean = a[0]!.reduce((sum, n) => sum + n, 0) / 4000;
	const deviation = Math.sqrt(a[0]!.reduce((sum, n) => sum + (n - mean) ** 2, 0) / 4000);
	expect(mean).toBeCloseTo(2, 1);
	expect(deviation).toBeCloseTo(0.5, 1);
	model.dispose();
});

describe('what cannot be computed at the end of a network', () => {
	const boxes = (constants: ModelSpec['constants'], nodes: ModelSpec['nodes'] = []): ModelSpec => ({
		inputs: { x: { shape: ['batch', 3, 8, 8] } },
		constants: { kernel: weight(4, 3, 3, 3), shape: whole(0, 64, 4), two: one(2, T.INT64), ...constants },
		nodes: [
			{ op: 'Conv', inputs: ['x', 'kernel'], outputs: ['maps'], attributes: { pads: [1, 1, 1, 1] } },
			{ op: 'Reshape', inputs: ['maps', 'shape'], outputs: ['boxes'] },
			{ op: 'Sigmoid', inputs: ['boxes'], outputs: ['sure'] },
			{ op: 'Transpose', inputs: ['sure'], outputs: ['scores'], attributes: { perm: [0, 2, 1] } },
			{ op: 'NonMaxSuppression', inputs: ['boxes', 'scores', 'two'], outputs: ['found'], name: 'select' },
			...nodes
		],
		outputs: nodes.length ? ['y'] : ['found']
	});

	it('is left out: what goes into it comes out, and it is said', async () => {
		const loaded = await opened(boxes({}));
		const { model, warnings } = loaded;
		expect(model.obstacle).toBeNull();
		expect(warnings).toEqual([
			'The operation “select” (NonMaxSuppression) decides while it runs what is computed. ' +
				'4 of its 5 nodes are known. The model is opened up to there.'
		]);
		expect(model.graph.nodes.map(({ type }) => type)).not.toContain('NonMaxSuppression');
		const x = tf.randomUniform([2, 8, 8, 3]);
		const [y] = model.run({ [model.graph.inputs[0]!]: x }, model.graph.outputs) as [tf.Tensor];
		expect(y.shape).toEqual([2, 4, 64]);
		model.dispose();
	});

	it('is an obstacle where most of the network lies behind it', async () => {
		const { model } = await opened(
			boxes({ large: weight(3, 200) }, [
				{ op: 'Cast', inputs: ['found'], outputs: ['real'], attributes: { to: T.FLOAT } },
				{ op: 'MatMul', inputs: ['real', 'large'] }
			])
		);
		expect(model.obstacle?.message).toMatch(/\(NonMaxSuppression\) decides while it runs/);
		model.dispose();
	});
});
