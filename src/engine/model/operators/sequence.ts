import type * as tf from '#engine/tf.ts';
import {
	flag,
	group,
	type Compute,
	type Kit,
	type OperatorContext,
	type Operators
} from '#engine/model/operators/operator.ts';
import { uncounted } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

/**
 * Recurrent layers as ONNX has them: x [batch, steps, inputs], kernels [directions, gates x units, inputs], biases of both
 * products side by side. They give all states [batch, steps, directions, units], then the last ones.
 */

type Cell = (products: tf.Tensor, states: readonly tf.Tensor[]) => tf.Tensor[];

const named = (tf: Kit, name: string | undefined): ((x: tf.Tensor) => tf.Tensor) =>
	name === 'Sigmoid' ? tf.sigmoid : name === 'Relu' ? tf.relu : tf.tanh;

/** One direction of a weight, [rows, columns]. */
function part(
	{ tf, weight, optional }: OperatorContext,
	role: string,
	k: number,
	needed = true
): tf.Tensor | undefined {
	const all = needed ? weight(role) : optional(role);
	return all && tf.reshape(tf.slice(all, k, 1), all.shape.slice(1));
}

/** @param cell of one direction @param states how many a cell hands on */
function sequence(
	x: tf.Tensor3D,
	context: OperatorContext,
	cell: (k: number, activations: readonly string[]) => Cell,
	roles: readonly string[]
): tf.Tensor[] {
	const { tf, node } = context;
	const [batch, steps] = x.shape;
	const units = Number(node.attributes['units']);
	const both = node.attributes['direction'] === 'bidirectional';
	const names = node.attributes['activations'] as string[];
	const directions = both ? [false, true] : [node.attributes['direction'] === 'reverse'];
	const each = names.length / directions.length;
	const found = directions.map((backwards, k) => {
		const step = cell(k, names.slice(k * each, (k + 1) * each));
		const kernel = part(context, 'kernel', k) as tf.Tensor2D;
		const flat = tf.matMul(tf.reshape(x, [batch * steps, -1]) as tf.Tensor2D, kernel, false, true);
		// TF.js keeps the list itself for the gradient: it must stay as it is.
		const given = tf.unstack(tf.reshape(flat, [batch, steps, -1]), 1);
		const products = backwards ? given.toReversed() : given;
		let states = roles.map((role) => part(context, role, k, false) ?? tf.zeros([batch, units]));
		const shown = products.map((product) => {
			states = step(product, states);
			return states[0] as tf.Tensor;
		});
		return { outputs: tf.stack(backwards ? shown.toReversed() : shown, 1), states };
	});
	const last = roles.map((_, i) =>
		tf.stack(
			found.map(({ states }) => states[i] as tf.Tensor),
			1
		)
	);
	return [
		tf.stack(
			found.map(({ outputs }) => outputs),
			2
		),
		...last
	];
}

/** Biases of both products, [2 x gates x units] -> two halves. */
function biases(context: OperatorContext, k: number): [tf.Tensor, tf.Tensor] | null {
	const both = part(context, 'bias', k, false);
	return both ? (context.tf.split(both, 2) as [tf.Tensor, tf.Tensor]) : null;
}

const added = (tf: Kit, x: tf.Tensor, bias: tf.Tensor | undefined) => (bias ? tf.add(x, bias) : x);

const lstm: Compute = ([x], context) => {
	const { tf } = context;
	return sequence(
		x as tf.Tensor3D,
		context,
		(k, [f, g, h]) => {
			const recurrent = part(context, 'recurrent', k) as tf.Tensor2D;
			const both = biases(context, k);
			const bias = both && tf.add(...both);
			const holes = part(context, 'peephole', k, false);
			const [pi, po, pf] = holes ? tf.split(holes, 3) : [];
			const see = (gate: tf.Tensor, cell: tf.Tensor, hole: tf.Tensor | undefined) =>
				hole ? tf.add(gate, tf.mul(hole, cell)) : gate;
			return (product, [state, memory]) => {
				const sums = added(
					tf,
					tf.add(product, tf.matMul(state as tf.Tensor2D, recurrent, false, true)),
					bias ?? undefined
				);
				const [i, o, forget, c] = tf.split(sums, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
				const old = memory as tf.Tensor;
				const kept = tf.mul(named(tf, f)(see(forget, old, pf)), old);
				const next = tf.add(kept, tf.mul(named(tf, f)(see(i, old, pi)), named(tf, g)(c)));
				return [tf.mul(named(tf, f)(see(o, next, po)), named(tf, h)(next)), next];
			};
		},
		['state', 'memory']
	);
};

const gru: Compute = ([x], context) => {
	const { tf, node } = context;
	const after = flag(node, 'resetAfter');
	return sequence(
		x as tf.Tensor3D,
		context,
		(k, [f, g]) => {
			const kernels = tf.split(part(context, 'recurrent', k) as tf.Tensor2D, 3) as [
				tf.Tensor2D,
				tf.Tensor2D,
				tf.Tensor2D
			];
			const both = biases(context, k);
			const [wz, wr, wh] = both ? tf.split(both[0], 3) : [];
			const [rz, rr, rh] = both ? tf.split(both[1], 3) : [];
			return (product, [state]) => {
				const old = state as tf.Tensor2D;
				const [z, r, h] = tf.split(product, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
				const times = (kernel: tf.Tensor2D, of: tf.Tensor2D) => tf.matMul(of, kernel, false, true);
				const gate = (sum: tf.Tensor, kernel: tf.Tensor2D, a?: tf.Tensor, b?: tf.Tensor) =>
					named(tf, f)(added(tf, added(tf, tf.add(sum, times(kernel, old)), a), b));
				const update = gate(z, kernels[0], wz, rz);
				const reset = gate(r, kernels[1], wr, rr);
				const inner = after
					? tf.mul(reset, added(tf, times(kernels[2], old), rh))
					: added(tf, times(kernels[2], tf.mul(reset, old)), rh);
				const hidden = named(tf, g)(added(tf, tf.add(h, inner), wh));
				return [tf.add(hidden, tf.mul(update, tf.sub(old, hidden)))];
			};
		},
		['state']
	);
};

const rnn: Compute = ([x], context) => {
	const { tf } = context;
	return sequence(
		x as tf.Tensor3D,
		context,
		(k, [f]) => {
			const recurrent = part(context, 'recurrent', k) as tf.Tensor2D;
			const both = biases(context, k);
			return (product, [state]) => {
				const sum = tf.add(product, tf.matMul(state as tf.Tensor2D, recurrent, false, true));
				return [named(tf, f)(both ? tf.add(sum, tf.add(...both)) : sum)];
			};
		},
		['state']
	);
};

const recurrent = group({ family: 'recurrent', figure: 'recurrent', positions: mixed, macs: uncounted });

const operators: Operators = {
	LSTMSequence: recurrent(
		'Reads a sequence step by step, with gates that decide what a memory keeps, forgets and shows.',
		{
			word: 'LSTM',
			compute: lstm
		}
	),
	GRUSequence: recurrent('Reads a sequence step by step, with gates that mix the old state with the new one.', {
		word: 'GRU',
		compute: gru
	}),
	RNNSequence: recurrent('Reads a sequence step by step: each state comes from the input and the state before.', {
		word: 'RNN',
		compute: rnn
	})
};

export default operators;
