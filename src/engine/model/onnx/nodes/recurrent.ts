import { plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { isConstant, type Operand } from '#engine/model/onnx/value.ts';

/** Layers that read a sequence step by step: [steps, batch, inputs], or the batch first. */

const GATES = { LSTM: 4, GRU: 3, RNN: 1 } as const;

const MAX_STEPS = 4096;
const KNOWN = new Set(['Sigmoid', 'Tanh', 'Relu']);

/** Activations of all gates in all directions. */
function activations(call: Call, usual: readonly string[], directions: number): string[] {
	const given = call.node.attributes.get('activations');
	const list = Array.isArray(given) && given.length ? (given as string[]) : [];
	const all = list.length ? list : Array.from({ length: directions }, () => usual).flat();
	if (all.length !== usual.length * directions || !all.every((name) => KNOWN.has(name)))
		throw call.fault(`has the activations ${all.join(', ')}, which are not all known here`);
	if (call.ints('activation_alpha') ?? call.ints('activation_beta')) return all;
	return all;
}

const recurrent =
	(op: keyof typeof GATES, usual: readonly string[]): Handler =>
	(call) => {
		const { t } = call;
		const batchFirst = call.int('layout', 0) !== 0;
		const x = call.value(0);
		const lying = t.as(x, batchFirst ? [0, 1, 2] : [1, 0, 2]);
		const [batch, steps] = batchFirst ? [x.shape[0], x.shape[1]] : [x.shape[1], x.shape[0]];
		if (plain(steps) > MAX_STEPS) throw call.fault(`reads ${steps} steps, more than are computed here`);
		const direction = call.text('direction', 'forward');
		const directions = direction === 'bidirectional' ? 2 : 1;
		const size = plain(call.operand(2).shape[2]);
		if (call.operand(1).shape.join() !== `${directions},${GATES[op] * size},${plain(x.shape[2])}`)
			throw call.fault('has matrices that do not fit its input');
		if (call.has(4)) call.constant(4, 'lengths of sequences');
		if (call.list(4, 'lengths')?.some((n) => n !== steps))
			throw call.fault('reads sequences of different lengths, which is not computed here');
		if (call.float('clip', 0)) throw call.fault('cuts its gates off (clip), which is not computed here');
		if (call.int('input_forget', 0))
			throw call.fault('couples two of its gates (input_forget), which is not computed here');
		/** States lie as [directions, batch, size] here. */
		const state = (k: number): Operand | undefined => {
			const operand = call.operands[k];
			if (!operand) return undefined;
			if (!batchFirst) return isConstant(operand) ? operand : t.natural(operand);
			return isConstant(operand) ? t.turned(operand, [1, 0, 2]) : t.as(operand, [1, 0, 2]);
		};
		const [n, s] = [batch as number, steps as number];
		const shape = batchFirst ? [n, s, directions, size] : [s, directions, n, size];
		const order = batchFirst ? [0, 1, 2, 3] : [2, 0, 1, 3];
		const last = batchFirst
			? { shape: [n, directions, size], order: [0, 1, 2] }
			: { shape: [directions, n, size], order: [1, 0, 2] };
		return t.emit({
			type: `${op}Sequence`,
			inputs: [lying],
			roles: {
				kernel: call.operand(1),
				recurrent: call.operand(2),
				bias: call.operands[3],
				state: state(5),
				...(op === 'LSTM' ? { memory: state(6), peephole: call.operands[7] } : {})
			},
			attributes: {
				...{ direction, units: size, activations: activations(call, usual, directions) },
				...(op === 'GRU' ? { resetAfter: call.int('linear_before_reset', 0) !== 0 } : {})
			},
			outputs: [{ shape, order }, last, ...(op === 'LSTM' ? [last] : [])]
		});
	};

const handlers: Handlers = {
	LSTM: recurrent('LSTM', ['Sigmoid', 'Tanh', 'Tanh']),
	GRU: recurrent('GRU', ['Sigmoid', 'Tanh']),
	RNN: recurrent('RNN', ['Tanh'])
};

export default handlers;
