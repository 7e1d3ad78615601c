import type { SliceSet } from '#contracts/slices.ts';
import * as tf from '#engine/tf.ts';
import { coordinates, type Frame } from '#maths/slices/frame.ts';
import { winnersOf } from '#methods/boundary/classifier.ts';
import { evaluate, type FieldContext } from '#methods/boundary/slice-field.ts';

/** The members of a set that a plane was taken from, as the model takes them. */
export interface Members {
	values: readonly Float32Array[];
	/** Of one member, with a batch of one. */
	shape: readonly number[];
}

/** Asks the model of each member, and of its foot in the plane, some at a time. */
export async function memberLabels(context: FieldContext, frame: Frame, { values, shape }: Members): Promise<SliceSet> {
	const { classifier, batch, turn } = context;
	const labels: number[] = [];
	for (let first = 0; first < values.length; first += batch) {
		const some = values.slice(first, first + batch);
		const winners = await turn(async () => {
			const table = tf.tidy(() => {
				const flat = new Float32Array(some.length * (some[0] as Float32Array).length);
				some.forEach((one, i) => flat.set(one, i * one.length));
				return winnersOf(classifier.probabilities(tf.tensor(flat, [some.length, ...shape.slice(1)])));
			});
			return table.data().finally(() => table.dispose());
		});
		labels.push(...winners);
	}
	const feet = values.map((one) => coordinates(frame, one).at);
	const planeLabels = await evaluate(context, feet, (rows) => tf.tidy(() => winnersOf(classifier.probabilities(rows))));
	return { labels, planeLabels: Array.from(planeLabels) };
}
