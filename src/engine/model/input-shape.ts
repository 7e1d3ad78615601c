import { LabError } from '#contracts/errors.ts';
import type { Shape } from '#contracts/graph.ts';

/** [null, null, null, 3] with the size that the user chose. */
export function filled(shape: Shape, inputShape?: readonly [number, number, number]): Shape {
	const open = shape.slice(1).some((size) => size === null || size < 0);
	if (!open || shape.length !== 4) return shape;
	if (!inputShape)
		throw new LabError(
			`The model takes images of any size: its input is [${shape.map((n) => n ?? '?').join(', ')}].`,
			'Say which height, width and number of channels to use.',
			{ code: 'shape-needed' }
		);
	return shape.map((size, i) => (i > 0 && (size === null || size < 0) ? (inputShape[i - 1] as number) : size));
}
