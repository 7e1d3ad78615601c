import { beforeAll, describe, expect, it } from 'vitest';
import { FAMILIES } from '#contracts/operator.ts';
import type { GraphNode } from '#contracts/graph.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
import { operatorOf, operators, traitsOf } from '#engine/model/operators/index.ts';
import type { Operator } from '#engine/model/operators/operator.ts';
import * as tf from '#engine/tf.ts';
import { KINDS } from '#maths/figures/layer.ts';
import { receptiveFields, receptiveFieldOf } from '#methods/structure/receptive-field.ts';
import { expectClose } from '../../close.ts';
import { importsOf, sources } from '../../tools/architecture.ts';
import { useBackend } from '../../tools/backends.ts';
import { graph, node } from '../../tools/networks.ts';
import { EXAMPLES, examplesOf, type Example } from '../../tools/operator-examples.ts';
import { testInput } from '../../tools/conformance.ts';

/** What an entry lacks, in words; nothing for a whole one. */
function lacking(operator: Partial<Operator>): string[] {
	const { note = '', family, figure, sign, word, strip, compute, macs, positions, derive, result, head } = operator;
	const one = (name: string, value: unknown, of: readonly unknown[]) => (of.includes(value) ? [] : [name]);
	return [
		...(/^[A-Zexπ−\d].*[^.]\.$/.test(note) && note.length <= 160 ? [] : ['note']),
		...one('family', family, FAMILIES),
		...one('figure', figure, KINDS),
		...one('sign', sign, figure === 'merge' ? ['+', '×', ''] : ['']),
		...one('strip', strip, ['layer', 'finishes', 'hidden']),
		...one('result', result, ['identity', 'reshaped', 'moved', 'new']),
		...one('head', head, ['softmax', 'sigmoid', 'scores', 'choice', 'values']),
		...one('kernel', operator.kernel, ['inputs-outputs', 'outputs-inputs', 'depthwise', 'time']),
		...one('prepares', operator.prepares, ['surely', 'maybe', 'no']),
		...one('rectifies', operator.rectifies, [true, false]),
		...(operator.gates === 'inner' || Array.isArray(operator.gates) ? [] : ['gates']),
		...one('word', typeof word, ['string']),
		...one('macs', typeof macs, ['function']),
		...one('positions', typeof positions, ['function']),
		...(compute === null || typeof compute === 'function' ? [] : ['compute']),
		...(derive === null || typeof derive === 'function' ? [] : ['derive'])
	];
}

/** An example as a node behind its inputs, and how it is computed. */
function laidOut(type: string, { inputs, attributes = {}, weights = {}, indices = [] }: Example) {
	const stored = new Map(
		Object.entries(weights).map(([role, shape], k) => {
			const values = testInput(shape, k + 3);
			return [role, role === 'variance' ? tf.add(tf.abs(values), 0.2) : values];
		})
	);
	const roles = Object.fromEntries(Object.keys(weights).map((role) => [role, role]));
	const infos = Object.entries(weights).map(([name, shape]) => ({ name, shape, dtype: 'float32', role: name }));
	const names = inputs.map((_, k) => `x${k}`);
	const owner = node('y', type, names, { attributes, weights: infos });
	const step = operatorStep(owner, roles);
	const run = (xs: readonly tf.Tensor[]) => step.compute(xs, (name) => stored.get(name) as tf.Tensor)[0] as tf.Tensor;
	const xs = inputs.map((shape, k) =>
		type === 'Embedding'
			? tf.tensor([[0, 3, 8, 1, 2]], [1, 5], 'int32')
			: indices.includes(k)
				? tf
						.range(
							0,
							shape.reduce((n, m) => n * m, 1),
							1,
							'int32'
						)
						.mod(tf.scalar(2, 'int32'))
						.reshape([...shape])
				: given(type, shape, k)
	);
	const y = run(xs);
	const nodes: GraphNode[] = [
		...inputs.map((shape, k) => node(`x${k}`, 'Input', [], { shape: [null, ...shape.slice(1)] })),
		{ ...owner, shape: [null, ...y.shape.slice(1)] }
	];
	return { xs, y, run, owner: nodes.at(-1) as GraphNode, graph: graph(nodes), stored };
}

/** Logarithms and roots want positive numbers, quotients none near zero. */
function given(type: string, shape: readonly number[], k: number): tf.Tensor {
	const x = testInput(shape, k);
	if (/^(Asin|Acos|Atanh)$/.test(type)) return tf.mul(x, 0.5);
	if (/^(Acosh|Mod|FMod)$/.test(type)) return tf.add(x, 3);
	return /^(Log|Sqrt|Pow|Reciprocal)$/.test(type) || (type === 'Divide' && k) ? tf.add(tf.abs(x), 0.1) : x;
}

const computed = [...operators].filter(([, { compute }]) => compute).map(([type]) => type);
const cases = computed.flatMap((type) => examplesOf(type).map(([name, example]) => [name, type, example] as const));

beforeAll(() => useBackend('cpu'));

describe('every entry', () => {
	it.each([...operators])('%s is whole', (_type, operator) => {
		expect(lacking(operator)).toEqual([]);
	});

	it('that lacks a part is found', () => {
		const whole = operatorOf('Conv2D');
		for (const part of Object.keys(whole)) expect(lacking({ ...whole, [part]: undefined })).toContain(part);
		expect(lacking({ ...whole, note: 'no sentence' })).toEqual(['note']);
		expect(lacking({ ...whole, sign: '+' })).toEqual(['sign']);
	});

	it('that is computed has an example, and examples are of such', () => {
		const types = new Set(Object.keys(EXAMPLES).map((name) => name.split(' ')[0] as string));
		expect([...types].filter((type) => !computed.includes(type))).toEqual([]);
		expect(computed.length).toBeGreaterThan(60);
	});

	it('is read by threads without TF.js', () => {
		const files = sources().filter(({ path }) => /^src\/engine\/model\/(operators|rules)\//.test(path));
		expect(files.length).toBeGreaterThan(15);
		const wrong = files.filter((file) =>
			importsOf(file).some(({ target, types }) => /tf\.ts|kit\.ts|tensorflow/.test(target) && !types)
		);
		expect(wrong.map(({ path }) => path)).toEqual([]);
	});

	it('travels with the graph once per type, what the page needs of it', () => {
		const traits = traitsOf([{ type: 'Conv2D' }, { type: 'Conv2D' }, { type: 'toString' }]);
		expect([...traits.keys()]).toEqual(['Conv2D', 'toString']);
		expect(structuredClone(traits)).toEqual(traits);
		expect(traits.get('Conv2D')).toMatchObject({ family: 'weighted', figure: 'convolution', word: 'Convolution' });
	});
});

describe('what an entry says is what its numbers do:', () => {
	it.each(cases)('%s', async (_name, type, example) => {
		const { xs, y, run, owner, graph: whole, stored } = laidOut(type, example);
		const operator = operatorOf(type);
		const values = await y.data();
		expect(values.every(Number.isFinite)).toBe(true);
		const [x] = xs as [tf.Tensor];
		const before = await x.data();

		// What it hands on.
		if (operator.result === 'identity') expect([...values]).toEqual([...before]);
		if (operator.result === 'reshaped')
			expect(Float32Array.from(values).sort()).toEqual(Float32Array.from(before).sort());
		if (operator.strip === 'finishes') expect(y.shape).toEqual(x.shape);
		// What it means as an output.
		if (operator.head === 'softmax' && !example.attributes)
			expectClose({ data: await tf.sum(y, -1).data() }, { data: Array(30).fill(1) as number[] }, { rtol: 1e-5 });
		if (operator.head === 'sigmoid') expect(values.every((value) => value > 0 && value < 1)).toBe(true);
		if (operator.rectifies) {
			const low = run([tf.fill(x.shape, -2)]);
			expect([...(await tf.sub(low, run([tf.fill(x.shape, -1)])).data())].every((value) => value === 0)).toBe(true);
		}

		// How one number comes about.
		if (operator.derive) {
			const read = async (tensor: tf.Tensor, batched: boolean) => ({
				shape: batched ? tensor.shape.slice(1) : tensor.shape,
				data: Float32Array.from(await tensor.data())
			});
			const inputs = await Promise.all(xs.map((one) => read(one, true)));
			const weights = await Promise.all(
				[...stored].map(async ([role, one]) => [role, await read(one, false)] as const)
			);
			for (const share of [0, 0.34, 0.5, 1]) {
				const position = y.shape.slice(1).map((n) => Math.round((n - 1) * share));
				const { worked } = operator.derive({ node: owner, inputs, weights: Object.fromEntries(weights), position });
				const own = values[
					position.reduce((offset, i, axis) => offset * (y.shape[axis + 1] as number) + i, 0)
				] as number;
				expectClose({ data: [worked] }, { data: [own] }, { rtol: 1e-5, atol: 1e-6 });
			}
		}

		// Which part of a picture a cell sees: no other part changes it.
		const [, height, width] = x.shape as [number, number, number];
		const field = receptiveFields(whole).get('y');
		if (x.rank !== 4 || y.rank !== 4 || !field) return;
		const [, rows, columns] = y.shape as [number, number, number];
		for (let row = 0; row < height; row++)
			for (let column = 0; column < width; column++) {
				const one = tf.buffer([height, width]);
				one.set(3.7, row, column);
				const changed = tf.add(x, tf.reshape(one.toTensor(), [1, height, width, 1]));
				const moved = await tf.max(tf.abs(tf.sub(run([changed, ...xs.slice(1)]), y)), 3).data();
				moved.forEach((by, at) => {
					if (!(by > 1e-6)) return;
					const position = [Math.floor(at / columns), at % columns] as const;
					const receptiveField = receptiveFieldOf(field, position, [height, width]);
					const inside =
						row > receptiveField.y - 1 &&
						row < receptiveField.y + receptiveField.height &&
						column > receptiveField.x - 1 &&
						column < receptiveField.x + receptiveField.width;
					expect(inside, `${position.join()} of ${rows} × ${columns} changes with ${row},${column}`).toBe(true);
				});
			}
	});
});

/**
 * Where names of other houses are translated into the table, a pattern of layers is recognised, or a network is drawn: files
 * of figures that say only what their operators are called in code, and figures to begin with.
 */
const TRANSLATIONS =
	/^src\/(loaders\/(tflite|tensorflow)\/|engine\/model\/(operators|rules|layers|graph|onnx|tracing)\/|engine\/gradients\/|maths\/playground\/export\/|engine\/model\/guess\.ts|maths\/figures\/(document|edit)\.ts)/;

describe('the rest of the house', () => {
	it('holds no list of operators', () => {
		const names = [...operators.keys()].filter(
			(type) => /[a-z\d][A-Z\d]/.test(type) || /^(Relu|Softmax|Dense)$/.test(type)
		);
		const word = new RegExp(`\\b(${names.join('|')})\\b`, 'g');
		const code = (text: string) =>
			text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '').match(/'[^'\n]*'|\/\^?\(?[A-Z][^/\n]*\/|^\s*\w+(?=:)/gm) ?? [];
		const found = sources()
			.filter(({ path }) => path.startsWith('src/') && !TRANSLATIONS.test(path))
			.map(({ path, text }) => ({ path, names: [...new Set(code(text).join().match(word))] }))
			.filter(({ names: list }) => list.length > 1);
		expect(found).toEqual([]);
	});
});
