import type { Alternative, AlternativesRequest, HeadSpec, InputData, InputSpec } from '#contracts/compute.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import { breath } from '#engine/breath.ts';
import { suitableBatch } from '#engine/device.ts';
import { fitted, normalised, normalisedTensor, toned } from '#engine/image.ts';
import { beyondReason, peakBytes } from '#engine/model/inspect.ts';
import * as tf from '#engine/tf.ts';
import { entropy } from '#maths/entropy.ts';
import { fedValues } from '#workers/compute/fed.ts';
import type { Session } from '#workers/compute/session.ts';

/**
 * What a head answers to the same inputs in several ways of preprocessing. Pictures are drawn once for each fit and
 * normalised on the device; where the batch is free, all ways are rows of one, as far as the device holds them.
 */
export async function alternatives(
	session: Session,
	{ output, inputs, ways }: AlternativesRequest,
	{ signal, progress }: { signal: AbortSignal; progress(done: number): void }
): Promise<Alternative[]> {
	const head = session.head(output);
	const sources = session.inputs.map((spec) => source(spec, inputs[spec.id]));
	const free = session.inputs.every(({ shape }) => shape[0] === null);
	const rows = free ? suitableBatch(peakBytes(session.model.graph)) : 1;
	const found: Alternative[] = [];
	try {
		for (let first = 0; first < ways.length; first += rows) {
			throwIfAborted(signal);
			const chunk = ways.slice(first, first + rows);
			const tables = tf.tidy(() => {
				const feeds = sources.map(({ id, row }) => [id, tf.concat(chunk.map((way) => row(way.get(id))))] as const);
				return session.tables(head, Object.fromEntries(feeds));
			});
			try {
				const [scores, probabilities] = await Promise.all(tables.map((table) => table.data()));
				const of = (all: ArrayLike<number>, k: number) =>
					Float32Array.from({ length: head.units }, (_, unit) => all[k * head.units + unit] as number);
				chunk.forEach((_, k) => found.push(alternative(head, of(scores!, k), of(probabilities!, k))));
			} finally {
				tf.dispose(tables);
			}
			progress(found.length / ways.length);
			await breath(signal);
		}
		return found;
	} finally {
		sources.forEach(({ dispose }) => dispose());
	}
}

interface SourceOfRows {
	id: string;
	/** A batch of one; the caller disposes. */
	row(preprocessing: Preprocessing | undefined): tf.Tensor;
	dispose(): void;
}

function source(spec: InputSpec, data: InputData | undefined): SourceOfRows {
	const { id, shape } = spec;
	if (!data) throw new LabError(`The input “${id}” has no value yet.`, 'Give the model all its inputs.');
	if (data.kind === 'values') {
		const { tensor } = fedValues(spec, data.values, data.shape);
		return { id, row: () => tf.clone(tensor), dispose: () => tensor.dispose() };
	}
	const drawn = new Map<string, tf.Tensor4D>();
	const pixels = (p: Preprocessing) => {
		const { width, height, channels, fit, invert } = p;
		const key = [width, height, channels, fit, invert].join();
		const known = drawn.get(key);
		if (known) return known;
		const plain = { ...p, order: 'rgb', normalisation: { kind: 'range', low: 0, high: 1 } } as const;
		const values = normalised(toned(fitted(data.bitmap, p), p), plain);
		const made = tf.keep(tf.tensor4d(values, [1, height, width, channels]));
		drawn.set(key, made);
		return made;
	};
	return {
		id,
		row(p) {
			if (!p) throw new LabError(`The preprocessing of images is unknown for “${id}”.`);
			return normalisedTensor(pixels(p), p, shape);
		},
		dispose() {
			drawn.forEach((tensor) => tensor.dispose());
			data.bitmap.close();
		}
	};
}

/** In bits; null where no distribution is predicted. */
function entropyOf({ kind }: HeadSpec, probabilities: Float32Array): number | null {
	if (kind === 'classes') return entropy(probabilities);
	const [yes = NaN] = probabilities;
	return kind === 'binary' ? entropy([yes, 1 - yes]) : null;
}

function alternative(head: HeadSpec, scores: Float32Array, probabilities: Float32Array): Alternative {
	const unit = scores.reduce((best, score, k) => (score > (scores[best] as number) ? k : best), 0);
	return {
		unit,
		score: scores[unit] ?? NaN,
		probability: probabilities[unit] ?? NaN,
		entropy: entropyOf(head, probabilities),
		beyond: beyondReason(head, scores)
	};
}
