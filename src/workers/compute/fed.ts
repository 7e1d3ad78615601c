import type { InputSpec } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import { isWhole } from '#contracts/inputs.ts';
import type { BaselineKind } from '#contracts/method.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import { baselineOf, imagePixels } from '#engine/image.ts';
import { imageLayout } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';

/** One input of the model as it was fed. */
export interface Fed {
	spec: InputSpec;
	tensor: tf.Tensor;
	baseline(kind: BaselineKind): tf.Tensor;
	range: readonly [low: number, high: number];
	/** Of a picture: what the model sees of it, and how it was prepared. */
	picture?: { pixels: ImageData; preprocessing: Preprocessing };
}

/** @param given the shape without the batch, for inputs of open size */
export function fedValues(spec: InputSpec, values: readonly number[], given?: readonly number[]): Fed {
	const shape = spec.shape.map((n, axis) => n ?? (axis === 0 ? 1 : (given?.[axis - 1] ?? -1)));
	const open = shape.filter((n) => n === -1).length;
	const expected = shape.reduce((product, n) => product * Math.abs(n), 1);
	if (open > 1 || (open ? values.length % expected !== 0 : values.length !== expected))
		throw new LabError(
			`The input “${spec.id}” takes ${expected} ${expected === 1 ? 'number' : 'numbers'}; there are ${values.length}.`,
			`Its shape is [${spec.shape.map((n) => n ?? '?').join(', ')}].`
		);
	const bad = values.findIndex((value) => !Number.isFinite(value));
	if (bad >= 0) throw new LabError(`Number ${bad + 1} of the input “${spec.id}” is not a number.`);
	const dtype = isWhole(spec) ? 'int32' : 'float32';
	const tensor = tf.tensor([...values], shape.includes(-1) ? resolved(shape, values.length) : shape, dtype);
	const ends = [Math.min(0, ...values), Math.max(1, ...values)] as const;
	return { spec, tensor, baseline: () => tf.zerosLike(tensor), range: ends };
}

/**
 * Numbers that were given in the place of a picture go in as they are. They are shown, and explained against baselines, as a
 * picture whose black and white are the least and the greatest of them.
 */
export function fedPicture(fed: Fed, values: readonly number[], p: Preprocessing): Fed {
	const { spec, tensor } = fed;
	const [, a, b, c] = tensor.shape as [number, number, number, number?];
	const [height, width] = imageLayout(spec.shape) === 'nchw' ? [b, c ?? 1] : [a, b];
	const low = values.reduce((least, one) => Math.min(least, one), Infinity);
	const high = Math.max(
		low + Number.EPSILON,
		values.reduce((most, one) => Math.max(most, one), -Infinity)
	);
	const preprocessing = { ...p, width, height, invert: false, normalisation: { kind: 'range', low, high } } as const;
	const pixels = imagePixels(values, preprocessing, spec.shape);
	const baseline = (kind: BaselineKind) => baselineOf(kind, pixels, preprocessing, spec.shape);
	return { spec, tensor, baseline, range: [low, high], picture: { pixels, preprocessing } };
}

const resolved = (shape: readonly number[], length: number) => {
	const rest = shape.reduce((product, n) => product * (n === -1 ? 1 : n), 1);
	return shape.map((n) => (n === -1 ? length / rest : n));
};
