import { beforeAll, describe, expect, it } from 'vitest';
import { ExecutableModel } from '#engine/model/executor.ts';
import { graphModel } from '#engine/model/graph/model.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
import { operators } from '#engine/model/operators/index.ts';
import { writtenGraph } from '#engine/model/tracing/graph.ts';
import * as tf from '#engine/tf.ts';
import { expectClose } from '../../../close.ts';
import { useBackend } from '../../../tools/backends.ts';
import { testInput } from '../../../tools/conformance.ts';
import { node } from '../../../tools/networks.ts';
import { writtenWeights } from '../../../tools/written.ts';
import { examplesOf, type Example } from '../../../tools/operator-examples.ts';

/** Whatever the operator table computes can be written as a graph, and says the same there. */

const computed = [...operators].filter(([type, { compute }]) => compute && type !== 'Const').map(([type]) => type);
const cases = computed.flatMap((type) => examplesOf(type).map(([name, example]) => [name, type, example] as const));

/** One node behind its inputs. */
function laidOut(type: string, { inputs, attributes = {}, weights = {}, indices = [] }: Example) {
	const whole = (k: number) => indices.includes(k) || (type === 'Embedding' && k === 0);
	const stored = new Map(
		Object.entries(weights).map(([role, shape], k) => {
			const values = testInput(shape, k + 3);
			return [`layer/${role}`, role === 'variance' ? tf.add(tf.abs(values), 0.2) : values] as const;
		})
	);
	const infos = Object.entries(weights).map(([role, shape]) => ({ name: `layer/${role}`, shape, dtype: 'float32' }));
	const names = inputs.map((_, k) => `x${k}`);
	const places = inputs.map((shape, k) => {
		const own = { shape, dtype: whole(k) ? 'int32' : 'float32' };
		return { node: node(`x${k}`, 'Input', [], own), compute: () => [] };
	});
	const roles = Object.fromEntries(Object.keys(weights).map((role) => [role, `layer/${role}`]));
	const step = operatorStep(node('y', type, names, { attributes, weights: infos }), roles);
	const model = new ExecutableModel({
		...{ steps: [...places, step], inputs: names, outputs: ['y'], weights: stored },
		dispose: () => tf.dispose([...stored.values()])
	});
	const feeds = Object.fromEntries(
		inputs.map((shape, k) => {
			const x = testInput(shape, k);
			const even = () =>
				tf.tensor(
					Array.from({ length: x.size }, (_, i) => i % 2),
					[...shape],
					'int32'
				);
			const given = whole(k) ? even() : tf.add(tf.mul(tf.abs(x), 0.5), 0.1);
			return [`x${k}`, given];
		})
	);
	return { model, feeds };
}

beforeAll(() => useBackend('cpu'));

describe('what the table computes, as a graph:', () => {
	it.each(cases)('%s', async (_name, type, example) => {
		const { model, feeds } = laidOut(type, example);
		const written = await writtenGraph(model, new Map(), new AbortController().signal);
		const weights = await writtenWeights(model, written);
		const again = graphModel({ ...written, weights });
		expect(again.obstacle).toBeNull();
		const [[expected], [found]] = [model.run(feeds, ['y']), again.run(feeds, again.graph.outputs)];
		expect(found!.shape).toEqual(expected!.shape);
		expectClose({ data: await found!.data() }, { data: await expected!.data() }, { rtol: 1e-6, atol: 1e-6 });
		model.dispose();
		again.dispose();
	});
});
