import type { BoxesDrawing } from '#contracts/output.ts';
import * as tf from '#engine/tf.ts';
import { areShares, cornersOf, type BoxFormat } from '#maths/boxes.ts';
import type { Boxes, TableLayout } from '#methods/outputs/detector.ts';

/** The boxes of a detector with their best class: found where the numbers lie, so that six of each come back. */

export interface BoxOptions {
	layout?: TableLayout;
	format: BoxFormat;
	unit: 'auto' | 'pixels' | 'shares';
	activation: 'auto' | 'none' | 'sigmoid' | 'softmax';
	background: 'auto' | 'none' | 'first' | 'last';
}

/** Candidates that are kept: the page leaves out of these what overlaps. */
const MOST = 1000;
/** No threshold is lower. */
const LEAST = 0.01;
/** Of boxes whose corners change places, offsets to anchors have about a half; others none. */
const MAX_SWAPPED = 0.2;

/** Boxes, [N, 4]; scores per class, [N, C], or of the best, [N]; and what else there is of each. */
interface Parts {
	boxes: tf.Tensor2D;
	scores: tf.Tensor;
	objectness?: tf.Tensor1D;
	classes?: tf.Tensor1D;
}

const columns = (table: tf.Tensor2D, from: number, count: number) => tf.slice(table, [0, from], [-1, count]);
const column = (table: tf.Tensor2D, at: number) => tf.reshape(columns(table, at, 1), [-1]) as tf.Tensor1D;

function partsOf(values: readonly tf.Tensor[], of: Boxes, { layout }: BoxOptions): Parts {
	if (of.kind === 'group') {
		const [boxes, scores, classes] = values as [tf.Tensor, tf.Tensor, tf.Tensor?];
		const units = scores.size / of.count;
		return {
			boxes: tf.reshape(boxes, [-1, 4]),
			scores: units > 1 ? tf.reshape(scores, [-1, units]) : tf.reshape(scores, [-1]),
			...(classes ? { classes: tf.reshape(classes, [-1]) } : {})
		};
	}
	const flat = tf.reshape(values[0]!, of.turned ? [of.columns, of.count] : [of.count, of.columns]) as tf.Tensor2D;
	const table = of.turned ? (tf.transpose(flat) as tf.Tensor2D) : flat;
	const boxes = (at: number) => columns(table, at, 4);
	const named = (at: number) => columns(table, at, Math.min(of.classes ?? Infinity, of.columns - at));
	switch (layout ?? of.layout) {
		case 'objectness':
			return { boxes: boxes(0), objectness: column(table, 4), scores: named(5) };
		case 'classes':
			return { boxes: boxes(0), scores: named(4) };
		case 'scored':
			return { boxes: boxes(0), scores: column(table, 4), classes: column(table, 5) };
		case 'listed':
			return { boxes: boxes(3), scores: column(table, 2), classes: column(table, 1) };
	}
}

/** Whether numbers are probabilities already. */
async function areProbabilities(...tensors: tf.Tensor[]): Promise<boolean> {
	const ends = tf.tidy(() => tf.stack(tensors.flatMap((one) => [tf.min(one), tf.max(one)])));
	const numbers = await ends.data().finally(() => ends.dispose());
	return Array.from(numbers).every((n) => n >= -1e-3 && n <= 1.001);
}

/** Whether each row of scores sums to one. */
async function sumToOne(scores: tf.Tensor): Promise<boolean> {
	if (scores.rank < 2 || (scores.shape[1] ?? 0) < 2) return false;
	const most = tf.tidy(() => tf.max(tf.abs(tf.sub(tf.sum(scores, 1), 1))));
	const [difference = 1] = Array.from(await most.data().finally(() => most.dispose()));
	return difference < 1e-2;
}

/** Scores as probabilities, without that of nothing. */
function activated(
	scores: tf.Tensor,
	way: 'none' | 'sigmoid' | 'softmax',
	background: 'none' | 'first' | 'last'
): tf.Tensor {
	const all = way === 'sigmoid' ? tf.sigmoid(scores) : way === 'softmax' ? tf.softmax(scores) : scores;
	const units = scores.shape[1] ?? 1;
	if (background === 'none' || scores.rank < 2 || units < 2) return all;
	return tf.slice(all, [0, background === 'first' ? 1 : 0], [-1, units - 1]);
}

/**
 * @param values of the outputs that hold the boxes
 * @param picture the size of the model input, in pixels
 */
export async function candidates(
	values: readonly tf.Tensor[],
	of: Boxes,
	options: BoxOptions,
	picture: { height: number; width: number }
): Promise<BoxesDrawing> {
	const parts = tf.tidy(() => ({ ...partsOf(values, of, options) })) as unknown as Parts;
	const { boxes, scores, objectness, classes } = parts;
	try {
		const likely = ['first', 'last'].includes(options.background) && scores.rank > 1 ? 'softmax' : 'sigmoid';
		const probable =
			options.activation === 'auto' && (await areProbabilities(scores, ...(objectness ? [objectness] : [])));
		const way = options.activation === 'auto' ? (probable ? 'none' : likely) : options.activation;
		// What excludes each other and sums to one says what nothing is, too: first, as in SSD.
		const softmaxed = options.background === 'auto' && way === 'none' && (await sumToOne(scores));
		const background = options.background === 'auto' ? (softmaxed ? 'first' : 'none') : options.background;
		const rows = tf.tidy(() => {
			const all = activated(scores, way, background);
			const best = all.rank > 1 ? tf.max(all, 1) : all;
			const unit = classes ?? (all.rank > 1 ? tf.argMax(all, 1) : tf.zerosLike(best));
			const object = objectness && (way === 'none' ? objectness : tf.sigmoid(objectness));
			const score = object ? tf.mul(best, object) : best;
			return tf.concat([boxes, tf.stack([score, tf.cast(unit, 'float32')], 1)], 1);
		});
		const numbers = await rows.data().finally(() => rows.dispose());
		const units = scores.rank > 1 ? (scores.shape[1] as number) - (background === 'none' ? 0 : 1) : null;
		const found = chosen(numbers as Float32Array, options, picture);
		const final = of.kind === 'group' ? of.final : ['scored', 'listed'].includes(options.layout ?? of.layout);
		// TensorFlow's detection API counts from one.
		const first = of.kind === 'group' && of.classes !== null && of.format === 'yxyx' ? 1 : 0;
		return { kind: 'boxes', ...found, units, first, total: boxes.shape[0], final };
	} finally {
		tf.dispose(Object.values(parts));
	}
}

/** @param rows of six: a box, its score, its class */
function chosen(
	rows: Float32Array,
	{ format, unit }: BoxOptions,
	{ height, width }: { height: number; width: number }
) {
	const count = rows.length / 6;
	const order = Array.from({ length: count }, (_, i) => i)
		.filter((i) => rows[6 * i + 4]! >= LEAST && rows.subarray(6 * i, 6 * i + 6).every(Number.isFinite))
		.sort((a, b) => rows[6 * b + 4]! - rows[6 * a + 4]! || a - b)
		.slice(0, MOST);
	const boxes = Float32Array.from(order.flatMap((i) => Array.from(rows.subarray(6 * i, 6 * i + 4))));
	const shares = unit === 'auto' ? areShares(boxes) : unit === 'shares';
	const corners = cornersOf(boxes, format, shares ? [1, 1] : [1 / width, 1 / height]);
	const swapped = order.filter(
		(_, k) => corners[4 * k]! > corners[4 * k + 2]! || corners[4 * k + 1]! > corners[4 * k + 3]!
	);
	const note =
		swapped.length > MAX_SWAPPED * order.length
			? 'Many boxes have their corners the wrong way round: these may be offsets to anchors that the file does not hold, or another box format.'
			: '';
	return {
		corners,
		scores: Float32Array.from(order, (i) => rows[6 * i + 4]!),
		classes: Int32Array.from(order, (i) => rows[6 * i + 5]!),
		note
	};
}
