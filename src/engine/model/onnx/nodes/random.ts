import { made, product, room } from '#engine/model/onnx/arrays.ts';
import { BATCH, batched, BatchMixed } from '#engine/model/onnx/batch.ts';
import type { Call, Handler, Handlers } from '#engine/model/onnx/call.ts';
import type { Constant } from '#engine/model/onnx/definition.ts';
import { fastStream, type Random } from '#maths/random.ts';

const NOTE = 'The model draws random numbers: they are drawn once, when it is opened, and stay the same.';

/** Rows of a batch get the same numbers. */
function drawn(call: Call, shape: readonly number[], draw: (random: Random) => number): Constant {
	call.t.notes.add(NOTE);
	const small = shape.map((n, axis) => (n === BATCH && axis === 0 ? 1 : n));
	if (small.some(batched)) throw new BatchMixed();
	const values = room('float', product(small));
	const random = fastStream(call.t.drafts.length, 'sample');
	for (let i = 0; i < values.length; i++) values[i] = draw(random);
	// It is no weight of the file, and too long to be written into a node.
	return { ...made(small, 'float', values), name: `${call.t.id}/drawn` };
}

const asked = (call: Call): readonly number[] => call.ints('shape') ?? [];
const like = (call: Call): readonly number[] => call.operand(0).shape;

const normal =
	(shapeOf: (call: Call) => readonly number[]): Handler =>
	(call) => {
		const [mean, scale] = [call.float('mean', 0), call.float('scale', 1)];
		return drawn(call, shapeOf(call), (random) => mean + scale * random.normal());
	};
const uniform =
	(shapeOf: (call: Call) => readonly number[]): Handler =>
	(call) => {
		const [low, high] = [call.float('low', 0), call.float('high', 1)];
		return drawn(call, shapeOf(call), (random) => random.between(low, high));
	};

const handlers: Handlers = {
	RandomNormal: normal(asked),
	RandomNormalLike: normal(like),
	RandomUniform: uniform(asked),
	RandomUniformLike: uniform(like)
};

export default handlers;
