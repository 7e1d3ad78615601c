import type * as tf from '#engine/tf.ts';
import { flag, group, type Compute, type Kit, type Operators } from '#engine/model/operators/operator.ts';
import { interpolated } from '#engine/model/rules/macs.ts';
import { mixed } from '#engine/model/rules/positions.ts';

/** Pictures read at places that another part of the model works out (Jaderberg et al. 2015). */

/** Keys 1981, as PyTorch has it. */
const CUBIC = -0.75;

interface Grid {
	tf: Kit;
	length: number;
	border: string;
	aligned: boolean;
}

/** From -1..1 to cells. */
const unscaled = (x: tf.Tensor, { tf, length, aligned }: Grid) =>
	aligned ? tf.mul(tf.add(x, 1), (length - 1) / 2) : tf.sub(tf.mul(tf.add(x, 1), length / 2), 0.5);

/** Places beyond the border, brought back as it says; zeros are dealt with afterwards. */
function within(x: tf.Tensor, { tf, length, border, aligned }: Grid): tf.Tensor {
	if (border === 'border') return tf.clipByValue(x, 0, length - 1);
	if (border !== 'reflection') return x;
	const [low, high] = aligned ? [0, length - 1] : [-0.5, length - 0.5];
	const span = high - low;
	if (span <= 0) return tf.zerosLike(x);
	const away = tf.abs(tf.sub(x, low));
	const rest = tf.sub(away, tf.mul(tf.floor(tf.div(away, 2 * span)), 2 * span));
	const mirrored = tf.sub(span, tf.abs(tf.sub(rest, span)));
	return tf.clipByValue(tf.add(mirrored, low), 0, length - 1);
}

/** Cells along one axis and how much each counts. */
function taps(x: tf.Tensor, method: string, grid: Grid): { at: tf.Tensor; share: tf.Tensor | null }[] {
	const { tf } = grid;
	if (method === 'nearest') return [{ at: tf.round(within(x, grid)), share: null }];
	const place = method === 'cubic' ? x : within(x, grid);
	const first = tf.floor(place);
	const rest = tf.sub(place, first);
	if (method === 'linear')
		return [
			{ at: first, share: tf.sub(1, rest) },
			{ at: tf.add(first, 1), share: rest }
		];
	return [-1, 0, 1, 2].map((k) => {
		const d = tf.abs(tf.sub(rest, k));
		const [squared, cubed] = [tf.square(d), tf.mul(tf.square(d), d)];
		const near = tf.add(tf.sub(tf.mul(cubed, CUBIC + 2), tf.mul(squared, CUBIC + 3)), 1);
		const far = tf.add(tf.mul(tf.sub(cubed, tf.mul(squared, 5)), CUBIC), tf.mul(tf.sub(tf.mul(d, 8), 4), CUBIC));
		return { at: within(tf.add(first, k), grid), share: k === 0 || k === 1 ? near : far };
	});
}

/** [n, h, w, c] at [n, rows, columns, 2] of x and y. */
const gridSample: Compute = ([picture, places], { tf, node }) => {
	const x = picture as tf.Tensor4D;
	const [n, height, width, channels] = x.shape;
	const [, rows, columns] = (places as tf.Tensor4D).shape;
	const method = String(node.attributes['method']);
	const shared = { tf, border: String(node.attributes['border']), aligned: flag(node, 'aligned') };
	const axis = (k: number, length: number) => {
		const grid = { ...shared, length };
		const part = tf.reshape(tf.slice(places as tf.Tensor4D, [0, 0, 0, k], [n, rows, columns, 1]), [n, rows, columns]);
		return taps(unscaled(part, grid), method, grid);
	};
	const [across, down] = [axis(0, width), axis(1, height)];
	const flat = tf.reshape(x, [n * height * width, channels]);
	const starts = tf.tensor(
		Array.from({ length: n }, (_, i) => i * height * width),
		[n, 1, 1]
	);
	const inside = (at: tf.Tensor, length: number) =>
		tf.cast(tf.logicalAnd(tf.greaterEqual(at, 0), tf.lessEqual(at, length - 1)), 'float32');
	const parts = down.flatMap((v) =>
		across.map((h) => {
			const [row, column] = [tf.clipByValue(v.at, 0, height - 1), tf.clipByValue(h.at, 0, width - 1)];
			const index = tf.add(tf.add(tf.mul(row, width), column), starts);
			const values = tf.gatherND(flat, tf.reshape(tf.cast(index, 'int32'), [n, rows, columns, 1]));
			const mask = shared.border === 'zeros' ? [tf.mul(inside(v.at, height), inside(h.at, width))] : [];
			const shares = [...mask, v.share, h.share].filter((one) => one !== null);
			if (!shares.length) return values;
			const share = shares.reduce((a, b) => tf.mul(a, b));
			return tf.mul(values, tf.reshape(share, [n, rows, columns, 1]));
		})
	);
	return parts.reduce((a, b) => tf.add(a, b));
};

const sampling = group({ family: 'other', figure: 'other', macs: interpolated, positions: mixed });

const operators: Operators = {
	/** `method` nearest, linear or cubic; `border` zeros, border or reflection; `aligned`: -1 and 1 are middles of cells. */
	GridSample: sampling('Reads the picture at places that the second input says.', {
		result: 'moved',
		compute: gridSample
	})
};

export default operators;
