import type { PlaygroundSpec } from '#contracts/playground.ts';
import { dataset } from '#maths/playground/data.ts';
import { specProblem } from '#maths/playground/layout.ts';

/** A sentence on why a network cannot be trained, or empty. */
export function trainingProblem(spec: PlaygroundSpec): string {
	if (spec.data.kind === 'points' && !spec.data.points) return 'There are no points yet: draw some, or open a table.';
	const { train, classes } = dataset(spec.data);
	return train.y.length ? (specProblem(spec, classes) ?? '') : 'There are no points to train on.';
}
