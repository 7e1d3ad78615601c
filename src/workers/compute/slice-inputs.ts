import { LabError } from '#contracts/errors.ts';
import type { SliceHead, SliceInput } from '#contracts/slices.ts';
import { prepareImage } from '#engine/image.ts';
import * as tf from '#engine/tf.ts';
import { yesOrNo, type Classifier } from '#methods/boundary/classifier.ts';
import type { Session } from '#workers/compute/session.ts';

/** An input as its numbers, in the order in which the model takes them. */
export interface InputValues {
	values: Float64Array;
	/** With a batch of one. */
	shape: readonly number[];
}

const refused = (message: string, hint: string) => new LabError(message, hint, { code: 'refused' });

/** @throws LabError `refused` where there is no boundary to look at */
export function refusal(session: Session, { output, unit }: SliceHead): void {
	const { kind, units } = session.head(output);
	if (kind === 'value') throw refused('This output is a value, not a class: it has no boundary.', 'Open a classifier.');
	if (kind === 'grid')
		throw refused('This output is a score per position, not one class for the whole input.', 'Choose another output.');
	if (kind === 'classes' && units < 2)
		throw refused('This output has one class only: there is no boundary.', 'Choose another output.');
	if (kind === 'labels' && !(unit >= 0 && unit < units)) throw refused('This label does not exist.', 'Choose another.');
	const { tensor } = session.explained();
	if (tensor.dtype !== 'float32')
		throw refused(
			'The input holds integers, such as token ids: there is nothing between two of them.',
			'Open a model that takes images or measurements.'
		);
	if (tensor.shape[0] !== 1)
		throw refused('The model takes several inputs at once.', 'Export it with an open batch size.');
	if (tensor.size < 2)
		throw refused('The input is a single number: it has no plane.', 'Open a model with more inputs.');
}

/** The numbers of an input for the one that is explained. @throws LabError for another size */
export async function inputValues(session: Session, input: SliceInput): Promise<InputValues> {
	const { tensor, spec, picture } = session.explained();
	const { shape } = tensor;
	if (input.kind === 'current') return { values: Float64Array.from(await tensor.data()), shape };
	if (input.kind === 'values') {
		if (input.values.length !== tensor.size || !input.values.every(Number.isFinite))
			throw refused(
				`A row for this model has ${tensor.size} numbers; there are ${input.values.filter(Number.isFinite).length}.`,
				'Choose other columns.'
			);
		return { values: Float64Array.from(input.values, Math.fround), shape };
	}
	if (!picture) throw refused('The model takes no image.', 'Give it rows of numbers.');
	const prepared = prepareImage(input.bitmap, picture.preprocessing, spec.shape);
	try {
		return { values: Float64Array.from(await prepared.tensor.data()), shape };
	} finally {
		prepared.tensor.dispose();
		input.bitmap.close();
	}
}

/** The chosen head as a classifier of the explained input; the other inputs stay as they are. */
export function classifierOf(session: Session, { output, unit }: SliceHead): Classifier {
	const { kind, units } = session.head(output);
	const ask = (what: 'logit' | 'probability') => (batch: tf.Tensor) =>
		tf.tidy(() => session.units(output, what, session.feeds(batch)));
	if (kind === 'classes') return { classes: units, scores: ask('logit'), probabilities: ask('probability') };
	const one = (what: 'logit' | 'probability') => (batch: tf.Tensor) =>
		tf.tidy(() => tf.slice(ask(what)(batch), [0, kind === 'binary' ? 0 : unit], [-1, 1]) as tf.Tensor2D);
	return yesOrNo(one('logit'), one('probability'));
}
