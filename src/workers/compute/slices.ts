import { throwIfAborted } from '#contracts/errors.ts';
import type { SentField } from '#contracts/field.ts';
import type {
	SliceField,
	SliceHead,
	SliceInput,
	SliceMark,
	SlicePlane,
	SlicePlaneRequest,
	SlicesApi
} from '#contracts/slices.ts';
import { breath } from '#engine/breath.ts';
import * as tf from '#engine/tf.ts';
import { coordinates, grainOf, isFine, pointOn, type Frame } from '#maths/slices/frame.ts';
import { areas, fragmentation } from '#maths/slices/labels.ts';
import { evaluate, sliceField, type FieldStep } from '#methods/boundary/slice-field.ts';
import { alongGradient, deepFool } from '#methods/boundary/nearest.ts';
import { PlanePoints } from '#methods/boundary/plane-points.ts';
import { Axes, Keeping } from '#workers/compute/slice-keeping.ts';
import { memberLabels, type Members } from '#workers/compute/slice-set.ts';
import { pictureOf, stretched } from '#workers/compute/slice-pictures.ts';
import { spanned } from '#workers/compute/slice-planes.ts';
import { classifierOf, inputValues, refusal, type InputValues } from '#workers/compute/slice-inputs.ts';
import type { Session } from '#workers/compute/session.ts';
import { Transferred, type Served } from '#workers/rpc.ts';

/** Slices through the open model, as the compute worker answers. */

interface Kept {
	handle: number;
	session: Session;
	frame: Frame;
	points: PlanePoints;
	/** Of a set's members, until they are evaluated. */
	members: Members;
}

export interface SlicingContext {
	/** The open model. @throws LabError without one */
	opened(): Session;
	/** Reads the session. */
	together<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T>;
	/** Puts a field on its way to the draw worker. */
	send(field: SentField, transfer: Transferable[]): void;
}

export interface Slicing {
	api: Served<SlicesApi>;
	/** Another model is open. */
	forget(): void;
}

/** Milliseconds of one evaluation from which on many at once are not tried only to know their pace. */
const SLOW = 20;

/** Milliseconds for an evaluation, when it is asked for again, and among many where that does not take long. */
async function paceOf(points: PlanePoints, batch: number, ask: (rows: tf.Tensor) => tf.Tensor2D): Promise<number> {
	const timed = async (rows: number) => {
		const began = performance.now();
		const table = tf.tidy(() => ask(points.at(Array.from({ length: rows }, () => [0, 0] as const))));
		await table.data().finally(() => table.dispose());
		return (performance.now() - began) / rows;
	};
	const alone = await timed(1);
	if (alone > SLOW) return alone;
	await timed(batch);
	return timed(batch);
}

/** Numbers of an input that are told to the page. */
const MAX_REPORTED_VALUES = 256;

export function slicing({ opened, together, send }: SlicingContext): Slicing {
	let kept: Kept | null = null;
	let handles = 1;
	const keeping = new Keeping();
	const axes = new Axes();

	function forget(): void {
		kept?.points.dispose();
		kept = null;
	}

	/** A late question is of a plane that is gone. */
	function current(handle: number): Kept {
		if (kept?.handle !== handle || kept.session !== opened())
			throw new DOMException('This plane is gone.', 'AbortError');
		return kept;
	}

	/** One batch at a time, so that a new input need not wait for a whole picture. */
	const turns =
		(signal: AbortSignal, still: () => unknown) =>
		async <T>(job: () => Promise<T>): Promise<T> => {
			const value = await together(signal, () => {
				still();
				return job();
			});
			await breath(signal);
			return value;
		};

	async function mark(session: Session, head: SliceHead, frame: Frame, input: InputValues): Promise<SliceMark> {
		const tensor = tf.tensor(Float32Array.from(input.values), [...input.shape]);
		const table = tf.tidy(() => classifierOf(session, head).probabilities(tensor));
		try {
			const values = await table.data();
			const label = values.indexOf(Math.max(...values));
			const picture = await pictureOf(session, input.values);
			return { ...coordinates(frame, input.values), picture, label, probability: values[label] as number };
		} finally {
			tf.dispose([tensor, table]);
		}
	}

	async function slicePlane(
		{ head, inputs, plane }: SlicePlaneRequest,
		signal: AbortSignal
	): Promise<Transferred<SlicePlane>> {
		const session = opened();
		refusal(session, head);
		const prepared = await Promise.all(inputs.map((input) => inputValues(session, input)));
		const set = plane.kind === 'pca' ? await allValues(session, plane.set) : [];
		const span = await spanned({ session, head, plane, inputs: prepared, set });
		const [first] = prepared as [InputValues];
		const points = new PlanePoints(span.frame, first.shape);
		const marks: SliceMark[] = [];
		let pace: number;
		try {
			for (const one of span.marked) marks.push(await mark(session, head, span.frame, one));
			pace = await paceOf(points, session.batch, (rows) => classifierOf(session, head).probabilities(rows));
			// A newer plane may have come meanwhile: it is the one that is kept.
			throwIfAborted(signal);
		} catch (error) {
			points.dispose();
			throw error;
		}
		forget();
		const members = { values: set.map(({ values }) => Float32Array.from(values)), shape: first.shape };
		kept = { handle: handles++, session, frame: span.frame, points, members };
		const { range, picture } = session.explained();
		const [low, high] = range;
		const slice: SlicePlane = {
			handle: kept.handle,
			marks,
			set: set.map(({ values }) => coordinates(span.frame, values)),
			axes: axes.numberOf(span.frame),
			box: span.box,
			grain: grainOf(span.frame),
			lengths: span.lengths,
			cosine: span.cosine,
			explained: span.explained,
			dimensions: first.values.length,
			levels: picture ? 255 / (high - low) : null,
			pace
		};
		return new Transferred(
			slice,
			marks.flatMap(({ picture }) => picture ?? [])
		);
	}

	function allValues(session: Session, set: readonly SliceInput[]): Promise<InputValues[]> {
		return Promise.all(set.map((input) => inputValues(session, input)));
	}

	/** Sends a picture, and says what it is like. */
	function sent(
		step: FieldStep,
		frame: Frame,
		key: string,
		request: Parameters<SlicesApi['sliceField']>[0],
		began: number
	): SliceField {
		const { classes, labels, evaluated, checked, wrong, bound, error, done } = step;
		const { box, width, height } = request;
		const [count, pixels] = [classes.length, width * height];
		const values = Float32Array.from(step.values);
		const picture = { frame, box, width, classes: labels.slice() };
		if (done === 1) keeping.finished(picture);
		send({ key, width, height: height * count, payload: { kind: 'array', values } }, [values.buffer]);
		return {
			key,
			width,
			height,
			count,
			box,
			classes,
			shares: areas(labels, classes).map((area) => area / pixels),
			pieces: fragmentation(labels, width),
			evaluated,
			checked,
			wrong,
			bound,
			error,
			fine: isFine(frame, box, width, height),
			agreement: keeping.agreement(picture),
			milliseconds: performance.now() - began,
			done
		};
	}

	const api: Served<SlicesApi> = {
		slicePlane: (request, { signal }) => together(signal, () => slicePlane(request, signal)),

		async sliceField(request, key, { signal, progress }) {
			const { session, frame, points } = current(request.plane);
			const began = performance.now();
			const context = {
				classifier: classifierOf(session, request.head),
				plane: points,
				batch: session.batch,
				signal,
				turn: turns(signal, () => current(request.plane))
			};
			let last: SliceField | null = null;
			for await (const step of sliceField(context, request)) {
				throwIfAborted(signal);
				last = sent(step, frame, key, request, began);
				if (step.done < 1) progress(last);
			}
			return last as SliceField;
		},

		async sliceSet(handle, head, { signal }) {
			const { session, frame, points, members } = current(handle);
			const turn = turns(signal, () => current(handle));
			const context = { classifier: classifierOf(session, head), plane: points, batch: session.batch, signal, turn };
			const labels = await memberLabels(context, frame, members);
			// It is asked once: many pictures need not stay.
			if (kept?.handle === handle) kept.members = { ...members, values: [] };
			return labels;
		},

		sliceKeep: (keep) => keeping.keep(keep),

		slicePoint: (handle, head, at, { signal }) =>
			together(signal, async () => {
				const { session, frame, points } = current(handle);
				const table = tf.tidy(() => classifierOf(session, head).probabilities(points.at([at])));
				try {
					const probabilities = Float32Array.from(await table.data());
					const values = pointOn(frame, at);
					const picture = await pictureOf(session, values);
					const label = probabilities.indexOf(Math.max(...probabilities));
					const reported = picture ? [] : Array.from(values.subarray(0, MAX_REPORTED_VALUES));
					return new Transferred({ at, picture, values: reported, probabilities, label }, picture ? [picture] : []);
				} finally {
					table.dispose();
				}
			}),

		slicePath: (handle, head, baseline, unit, steps, { signal }) =>
			together(signal, async () => {
				const { session, frame } = current(handle);
				const { tensor, baseline: make } = session.explained();
				const from = make(baseline);
				const [start, end] = (await Promise.all([from.data(), tensor.data()])) as [Float32Array, Float32Array];
				from.dispose();
				const way = Float64Array.from(end, (value, i) => value - (start[i] as number));
				const origin = Float64Array.from(start);
				const line = new PlanePoints({ origin, u: way, v: new Float64Array(way.length) }, tensor.shape);
				const classifier = classifierOf(session, head);
				const turn = <T>(job: () => Promise<T>) => job();
				try {
					const points = Array.from({ length: steps }, (_, i) => [i / (steps - 1), 0] as const);
					const context = { plane: line, batch: session.batch, signal, turn };
					const table = await evaluate(context, points, (rows) => classifier.probabilities(rows));
					const row = (i: number) => table.subarray(i * classifier.classes, (i + 1) * classifier.classes);
					const [foot, head] = [coordinates(frame, start), coordinates(frame, end)];
					return {
						from: foot.at,
						to: head.at,
						off: [foot.off, head.off] as const,
						probabilities: Float32Array.from(points, (_, i) => row(i)[unit] ?? NaN),
						labels: points.map((_, i) => row(i).indexOf(Math.max(...row(i)))),
						unit
					};
				} finally {
					line.dispose();
				}
			}),

		async sliceStep({ head, input, way, clip, plane }, { signal }) {
			const session = opened();
			refusal(session, head);
			const { values, shape } = await inputValues(session, input);
			const tensor = tf.tensor(Float32Array.from(values), [...shape]);
			const { range, picture } = session.explained();
			try {
				const nearest = await (way === 'line' ? alongGradient : deepFool)({
					classifier: classifierOf(session, head),
					input: tensor,
					batch: session.batch,
					signal,
					limits: clip && picture ? range : null,
					turn: turns(signal, () => {
						if (session !== opened()) throw new DOMException('The model is gone.', 'AbortError');
					})
				});
				const { start, end, ...figures } = nearest;
				const step = end.map((value, i) => value - (start[i] as number));
				const l2 = Math.sqrt(step.reduce((sum, value) => sum + value * value, 0));
				const slack = 1e-6 * (range[1] - range[0]);
				const left = end.reduce((n, value) => n + Number(value < range[0] - slack || value > range[1] + slack), 0);
				const frame = plane !== null && kept?.handle === plane ? kept.frame : null;
				const [original, changed, difference] = await Promise.all([
					pictureOf(session, start),
					pictureOf(session, end),
					pictureOf(session, stretched(step, range))
				]);
				return new Transferred(
					{
						...figures,
						way,
						l2,
						maxAbs: step.reduce((max, value) => Math.max(max, Math.abs(value)), 0),
						rms: l2 / Math.sqrt(step.length),
						outside: left / step.length,
						foot: frame ? coordinates(frame, end) : null,
						original,
						changed,
						difference,
						values: original ? [] : Array.from(step.subarray(0, MAX_REPORTED_VALUES))
					},
					[original, changed, difference].flatMap((picture) => picture ?? [])
				);
			} finally {
				tensor.dispose();
			}
		},

		async slicePartial({ head, feature, range, steps, rows }, { signal, progress }) {
			const session = opened();
			refusal(session, head);
			const own = await inputValues(session, { kind: 'current' });
			const classifier = classifierOf(session, head);
			const at = Array.from({ length: steps }, (_, i) => range[0] + (i / (steps - 1)) * (range[1] - range[0]));
			const turn = turns(signal, () => {
				if (session !== opened()) throw new DOMException('The model is gone.', 'AbortError');
			});
			const curves = async (row: ArrayLike<number>) => {
				const origin = Float64Array.from(row);
				origin[feature] = 0;
				const u = Float64Array.from({ length: origin.length }, (_, i) => Number(i === feature));
				const line = new PlanePoints({ origin, u, v: new Float64Array(origin.length) }, own.shape);
				try {
					const points = at.map((value) => [value, 0] as const);
					const context = { plane: line, batch: session.batch, signal, turn };
					const table = await evaluate(context, points, (some) => classifier.probabilities(some));
					return at.map((_, i) => table.slice(i * classifier.classes, (i + 1) * classifier.classes));
				} finally {
					line.dispose();
				}
			};
			const mean = at.map(() => new Float32Array(classifier.classes));
			for (const [n, row] of rows.entries()) {
				const { values } = await inputValues(session, { kind: 'values', values: row });
				(await curves(values)).forEach((one, i) =>
					one.forEach(
						(value, k) =>
							((mean[i] as Float32Array)[k] = ((mean[i] as Float32Array)[k] as number) + value / rows.length)
					)
				);
				progress(n / rows.length);
			}
			return { at, own: await curves(own.values), mean: rows.length ? mean : null };
		}
	};
	return { api, forget };
}
