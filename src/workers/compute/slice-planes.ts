import { LabError } from '#contracts/errors.ts';
import type { PlaneKind, SliceHead } from '#contracts/slices.ts';
import * as tf from '#engine/tf.ts';
import {
	boxAround,
	coordinates,
	minus,
	planeAlong,
	planeOfFeatures,
	planeThrough,
	shapely,
	type Frame,
	type PlaneBox,
	type Spanned
} from '#maths/slices/frame.ts';
import { noise, principalDirections, scoreGradients, scoreOfClass } from '#methods/boundary/directions.ts';
import { classifierOf, type InputValues } from '#workers/compute/slice-inputs.ts';
import type { Session } from '#workers/compute/session.ts';

/** From what the page asks for to a plane with a frame. */

interface RegionsRequest {
	session: Session;
	head: SliceHead;
	plane: PlaneKind;
	inputs: readonly InputValues[];
	set: readonly InputValues[];
}

export interface Span extends Spanned {
	box: PlaneBox;
	/** What is marked on it. */
	marked: readonly InputValues[];
	explained: readonly [number, number] | null;
}

/** A plane along directions shows so much of what a pixel can be, in the root mean square: a visible change. */
const REACH = 0.25;

const flat = (message: string, hint: string) => new LabError(message, hint, { code: 'refused' });

export async function spanned({ session, head, plane, inputs, set }: RegionsRequest): Promise<Span> {
	const [input] = inputs;
	if (!input) throw flat('There is no input yet.', 'Choose one.');
	const { values } = input;
	const size = values.length;
	const { range, baseline } = session.explained();
	const reach = REACH * (range[1] - range[0]) * Math.sqrt(size);
	const around: PlaneBox = { x1: [-reach, reach], x2: [-reach, reach] };
	const classifier = classifierOf(session, head);
	const gradients = async (units: readonly number[]) => {
		const x = tf.tensor(Float32Array.from(values), [...input.shape]);
		try {
			return await scoreGradients(
				classifier,
				x,
				units.map((unit) => scoreOfClass(classifier.classes, unit))
			);
		} finally {
			x.dispose();
		}
	};
	const along = (first: Float64Array, second: Float64Array, sorry: string): Span => {
		const span = planeAlong(values, first, second);
		if (!span) throw flat(sorry, 'Choose others.');
		return { ...span, box: around, marked: [input], explained: null };
	};
	const zero = 'The gradient is zero here, or both are one: they span no plane.';

	switch (plane.kind) {
		case 'three': {
			const [x1, x2, x3] = inputs.map((one) => one.values);
			if (!x1 || !x2 || !x3) throw flat('A plane needs three inputs.', 'Choose three.');
			const span = planeThrough(x1, x2, x3);
			if (!span)
				throw flat('Two of the three inputs are the same, or all lie on one line.', 'Choose three different ones.');
			return { ...span, box: boxOf(span.frame, inputs), marked: inputs, explained: null };
		}
		case 'random':
			return along(noise(size, plane.seed, 0), noise(size, plane.seed, 1), 'The noise spans no plane.');
		case 'gradient': {
			const [gradient] = (await gradients([plane.unit])) as [Float64Array];
			return along(gradient, noise(size, plane.seed, 0), zero);
		}
		case 'adversarial': {
			const [first, second] = (await gradients(plane.units)) as [Float64Array, Float64Array];
			return along(first, second, zero);
		}
		case 'pca': {
			if (set.length < 3) throw flat('Principal directions need a set of at least three inputs.', 'Add some files.');
			const { directions, explained } = principalDirections(set.map((one) => one.values));
			if (!directions) throw flat('The set lies on one line: it has no two directions.', 'Add other files.');
			const span = along(directions[0], directions[1], 'The set spans no plane.');
			return { ...span, explained, box: boxOf(span.frame, [input, ...set]) };
		}
		case 'path': {
			const tensor = baseline(plane.baseline);
			const from = { values: Float64Array.from(await tensor.data()), shape: input.shape };
			tensor.dispose();
			const way = minus(from.values, values);
			const beside =
				plane.beside === 'gradient' ? ((await gradients([plane.unit]))[0] as Float64Array) : noise(size, plane.seed, 0);
			const span = along(way, beside, 'The input is its own baseline, or the gradient is zero: they span no plane.');
			const [length] = span.lengths;
			// The way lies in the middle, with as much beside it.
			const box: PlaneBox = { x1: [-0.1 * length, 1.1 * length], x2: [-0.6 * length, 0.6 * length] };
			return { ...span, box, marked: [input, from] };
		}
		case 'features': {
			const { first, second } = plane;
			if (first === second || ![first, second].every((i) => Number.isInteger(i) && i >= 0 && i < size))
				throw flat('Two different features are wanted.', 'Choose others.');
			const frame = planeOfFeatures(values, first, second);
			const [a, b] = coordinates(frame, values).at;
			const box: PlaneBox = { x1: [a - 1, a + 1], x2: [b - 1, b + 1] };
			return { frame, lengths: [1, 1], cosine: 0, box, marked: [input], explained: null };
		}
	}
}

function boxOf(frame: Frame, inputs: readonly InputValues[]): PlaneBox {
	return shapely(boxAround(inputs.map(({ values }) => coordinates(frame, values).at)));
}
