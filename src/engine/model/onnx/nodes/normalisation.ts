import { made, valuesOf } from '#engine/model/onnx/arrays.ts';
import { plain } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import { combined } from '#engine/model/onnx/combined.ts';
import { channelsLast, isConstant, natural, type Operand, type Value } from '#engine/model/onnx/value.ts';

const batchNorm: Handler = (call) => {
	if (call.int('training_mode', 0) || call.int('spatial', 1) === 0 || (call.opset < 7 && !call.int('is_test', 0)))
		throw call.fault('normalises by the batch that it is given, as in training, which is not computed here');
	const x = call.value(0);
	const order = channelsLast(x.shape.length);
	const [gamma, beta, mean, variance] = [1, 2, 3, 4].map((k) => call.operand(k));
	const channels = plain(x.shape[1]);
	if ([gamma, beta, mean, variance].some((one) => one?.shape.join() !== `${channels}`))
		throw call.fault(`has numbers for other than ${channels} channels`);
	return call.t.one(
		'BatchNormalization',
		[call.t.as(x, order)],
		{ shape: x.shape, order },
		{
			roles: { gamma, beta, mean, variance },
			attributes: { epsilon: call.float('epsilon', 1e-5) }
		}
	);
};

/** Each channel of each picture by itself. */
const instanceNorm: Handler = (call) => {
	const x = call.value(0);
	const order = channelsLast(x.shape.length);
	return call.t.one(
		'GroupNormalization',
		[call.t.as(x, order)],
		{ shape: x.shape, order },
		{
			roles: { gamma: call.operand(1), beta: call.operand(2) },
			attributes: { groups: plain(x.shape[1]), epsilon: call.float('epsilon', 1e-5) }
		}
	);
};

const repeated = (call: Call, operand: Operand, times: number): Operand => {
	if (times === 1) return operand;
	if (!isConstant(operand)) throw call.fault('has computed scales of groups, which is not known here');
	const values = Array.from(valuesOf(operand)).flatMap((n) => Array<number>(times).fill(n));
	return made([values.length], 'float', Float32Array.from(values), operand);
};

const groupNorm: Handler = (call) => {
	const x = call.value(0);
	const order = channelsLast(x.shape.length);
	const groups = call.int('num_groups', 1);
	const channels = plain(x.shape[1]);
	const parts = [1, 2].map((k) => {
		const operand = call.operand(k);
		return repeated(call, operand, channels / (operand.shape[0] as number));
	});
	return call.t.one(
		'GroupNormalization',
		[call.t.as(x, order)],
		{ shape: x.shape, order },
		{
			roles: { gamma: parts[0], beta: parts[1] },
			attributes: { groups, epsilon: call.float('epsilon', 1e-5) }
		}
	);
};

/** A scale or shift of the trailing axes, as it stretches over them in memory. */
function scaling(call: Call, operand: Operand | undefined, x: Value): Operand | undefined {
	if (!operand) return undefined;
	const rank = x.shape.length;
	const full = [...Array<number>(rank - operand.shape.length).fill(1), ...operand.shape];
	const last = x.order.at(-1) === rank - 1 && operand.shape.length === 1;
	if (last) return operand;
	if (!isConstant(operand)) return call.t.as(call.t.reshape(call.t.natural(operand), { shape: full }), x.order);
	return call.t.turned({ ...operand, shape: full }, x.order);
}

/** @param mean whether it is taken off */
function layerNorm(
	call: Call,
	type: string,
	x: Value,
	axes: readonly number[],
	scale: Operand | undefined,
	shift: Operand | undefined,
	epsilon: number
): Value[] {
	axes.forEach((axis) => plain(x.shape[axis]));
	const lying = axes.map((axis) => x.order.indexOf(axis)).sort((a, b) => a - b);
	const small = { shape: x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n)), order: x.order };
	const statistics = call.gives(1) || call.gives(2);
	return call.t.emit({
		type,
		inputs: [x],
		roles: { gamma: scaling(call, scale, x), beta: scaling(call, shift, x) },
		attributes: { axes: lying, epsilon, ...(statistics ? { statistics } : {}) },
		outputs: [{ shape: x.shape, order: x.order }, ...(statistics ? [small, small] : [])]
	});
}

const trailing = (call: Call, rank: number) => {
	const axis = call.axis(rank, -1);
	return natural(rank).slice(axis);
};

const lrn: Handler = (call) => {
	const x = call.value(0);
	if (x.shape.length !== 4) throw call.fault(`works on ${x.shape.length} axes, which is not computed here`);
	const order = channelsLast(4);
	const size = call.int('size', 1);
	if (!(size >= 1 && size <= 1024)) throw call.fault(`looks at ${size} neighbours, which is not computed here`);
	return call.t.one(
		'LRN',
		[call.t.as(x, order)],
		{ shape: x.shape, order },
		{
			attributes: {
				size,
				alpha: call.float('alpha', 1e-4),
				beta: call.float('beta', 0.75),
				bias: call.float('bias', 1)
			}
		}
	);
};

/** With what is added before (com.microsoft). */
const skipped =
	(type: string): Handler =>
	(call) => {
		const simplified = type === 'RMSNormalization';
		const [gamma, beta, bias] = simplified
			? [call.operands[2], undefined, call.operands[3]]
			: [call.operands[2], call.operands[3], call.operands[4]];
		const sum = combined(call.t, 'Add', [call.operand(0), call.operand(1)]);
		const x = bias ? combined(call.t, 'Add', [sum, bias]) : sum;
		const rank = x.shape.length;
		const [y] = layerNorm(call, type, x, [rank - 1], gamma, beta, call.float('epsilon', 1e-12)) as [Value];
		return call.gives(3) ? [y, y, y, x] : [y];
	};

const rms: Handler = (call) => {
	const x = call.value(0);
	return layerNorm(
		call,
		'RMSNormalization',
		x,
		trailing(call, x.shape.length),
		call.operands[1],
		undefined,
		call.float('epsilon', 1e-5)
	)[0] as Value;
};

const handlers: Handlers = {
	BatchNormalization: batchNorm,
	InstanceNormalization: instanceNorm,
	GroupNormalization: groupNorm,
	LayerNormalization(call) {
		const x = call.value(0);
		return layerNorm(
			call,
			'LayerNormalization',
			x,
			trailing(call, x.shape.length),
			call.operands[1],
			call.operands[2],
			call.float('epsilon', 1e-5)
		);
	},
	RMSNormalization: rms,
	SimplifiedLayerNormalization: rms,
	SkipLayerNormalization: skipped('LayerNormalization'),
	SkipSimplifiedLayerNormalization: skipped('RMSNormalization'),
	MeanVarianceNormalization(call) {
		const x = call.value(0);
		const axes = call.ints('axes') ?? [0, 2, 3];
		return layerNorm(
			call,
			'LayerNormalization',
			x,
			axes.map((axis) => call.checkedAxis(axis, x.shape.length)),
			undefined,
			undefined,
			1e-9
		)[0] as Value;
	},
	LRN: lrn
};

export default handlers;
