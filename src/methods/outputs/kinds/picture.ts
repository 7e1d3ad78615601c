import { LabError } from '#contracts/errors.ts';
import type { OutputFacts, OutputKind, OutputMatch } from '#contracts/output.ts';
import type { ParameterSpec } from '#contracts/parameter.ts';
import { imageLayout } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';
import { gridOf, SMALLEST_GRID, timesAsLarge } from '#methods/outputs/facts.ts';
import { isReconstruction } from '#methods/outputs/pictures.ts';

const RANGES: ParameterSpec = {
	id: 'range',
	kind: 'choice',
	title: 'Pixel range',
	help: 'The numbers that are black and white.',
	default: 'auto',
	options: [
		{ id: 'auto', title: 'Automatic' },
		{ id: 'unit', title: '0 to 1' },
		{ id: 'signed', title: '−1 to 1' },
		{ id: 'bytes', title: '0 to 255' },
		{ id: 'ends', title: 'Minimum to maximum' }
	]
};

function match(facts: OutputFacts): OutputMatch | null {
	const { head, picture } = facts;
	const grid = gridOf(facts);
	if (!grid || ![1, 3, 4].includes(grid.channels)) return null;
	const parameters = [RANGES];
	const factor = picture && timesAsLarge([grid.height, grid.width], picture);
	const fits = factor !== null && factor >= SMALLEST_GRID && Number.isInteger(factor) && head.activation !== 'softmax';
	if (!fits) return { sure: 0.05, reason: 'yours', parameters };
	const size = factor === 1 ? 'as large as the input' : `${factor} times as large as the input`;
	if (grid.channels === 3) return { sure: 0.85, reason: `three channels, ${size}`, parameters };
	if (isReconstruction(facts))
		return { sure: 0.81, reason: `the shape of the input, without skip connections`, parameters };
	return { sure: 0.15, reason: size, parameters };
}

/** −1 to 1, 0 to 1 or 0 to 255, whichever the numbers fit. */
function rangeOf(choice: unknown, low: number, high: number): readonly [number, number] {
	if (choice === 'unit') return [0, 1];
	if (choice === 'signed') return [-1, 1];
	if (choice === 'bytes') return [0, 255];
	if (choice === 'ends') return high > low ? [low, high] : [low, low + 1];
	return high > 2 ? [0, 255] : low < -0.1 ? [-1, 1] : [0, 1];
}

/** [1, h, w, channels], whatever the layout. */
function channelsLast(values: tf.Tensor, first: boolean): tf.Tensor4D {
	if (first) return tf.transpose(values, [0, 2, 3, 1]) as tf.Tensor4D;
	return (values.rank === 3 ? tf.expandDims(values, 3) : tf.clone(values)) as tf.Tensor4D;
}

/** Output minus input, where both have one shape. */
function differenceOf(output: tf.Tensor4D, input: tf.Tensor | null): tf.Tensor | null {
	if (!input) return null;
	const given = channelsLast(input, imageLayout([null, ...input.shape.slice(1)]) === 'nchw');
	return given.shape.join() === output.shape.join() ? tf.sub(output, given) : null;
}

/** An image. */
const kind: OutputKind = {
	id: 'picture',
	title: 'Image',
	order: 7,
	match,
	read: {
		references: ({ head }) => [head.output],
		async draw([values], { facts, parameters, input }) {
			if (!values) throw new LabError('The output has no value.');
			const [rgb, ends, change, sums] = tf.tidy(() => {
				const all = channelsLast(values, facts.head.channelsFirst === true);
				const difference = differenceOf(all, input);
				const ends = tf.stack([tf.min(all), tf.max(all)]);
				if (!difference) return [all, ends];
				const change = tf.mean(tf.abs(difference), 3);
				return [all, ends, change, tf.stack([tf.mean(change), tf.sqrt(tf.mean(tf.square(difference)))])];
			}) as [tf.Tensor4D, tf.Tensor, tf.Tensor?, tf.Tensor?];
			try {
				const [low, high] = (await ends.data()) as unknown as [number, number];
				const range = rangeOf(parameters['range'], low, high);
				const [, height, width, channels] = rgb.shape;
				const bytes = tf.tidy(() => {
					const scaled = tf.mul(tf.div(tf.sub(rgb, range[0]), range[1] - range[0]), 255);
					return tf.round(tf.clipByValue(scaled, 0, 255));
				});
				const numbers = await bytes.data().finally(() => bytes.dispose());
				const pixels = new Uint8ClampedArray(4 * width * height).fill(255);
				for (let i = 0; i < width * height; i++)
					for (let k = 0; k < (channels === 4 ? 4 : 3); k++)
						pixels[4 * i + k] = numbers[i * channels + (channels === 1 ? 0 : k)]!;
				const [mean, rmse] = sums ? ((await sums.data()) as unknown as [number, number]) : [0, 0];
				const difference = change ? { values: Float32Array.from(await change.data()), mean, rmse } : null;
				return { kind: 'picture', width, height, pixels, range, difference };
			} finally {
				tf.dispose([rgb, ends, ...(change ? [change] : []), ...(sums ? [sums] : [])]);
			}
		}
	}
};

export default kind;
