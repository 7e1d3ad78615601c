import { FORMULAS, sigmoid } from '#maths/playground/activations.ts';
import { KEPT, VARIANCE_FLOOR } from '#maths/playground/batch-norm.ts';
import { dataset, derive } from '#maths/playground/data.ts';
import { dropoutSeed, dropoutThreshold, silent } from '#maths/playground/dropout.ts';
import { initialParameters, networkLayout, outputsOf, type NetworkLayout } from '#maths/playground/layout.ts';
import { epochOrder, rateAt, stepsPerEpoch } from '#maths/playground/schedule.ts';
import type { Dataset, PlaygroundSpec, Points, SetMetrics } from '#maths/playground/spec.ts';

/**
 * The playground in float64, slow and obvious: one list per neuron, formulas as printed. What the trainers are tested
 * against, and nothing else.
 */

interface Layer {
	w: number[][];
	b: number[];
	/** Batch normalisation; null without. */
	norm: { scale: number[]; mean: number[]; variance: number[] } | null;
}

interface Pass {
	/** What goes into each layer, [layer][sample][input]; the last is what comes out of the network. */
	fed: number[][][];
	/** Before the activation, [layer][sample][unit]. */
	z: number[][][];
	/** Normalised sums and 1 / std, for layers with batch normalisation. */
	normed: ({ x: number[][]; inverse: number[] } | null)[];
	/** What dropout multiplies by, [layer][sample][unit]. */
	masks: number[][][];
}

export type Gradient = { w: number[][]; b: number[]; scale: number[] | null }[];

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const at = <T>(values: readonly T[], i: number) => values[i] as T;

export class ReferenceNetwork {
	readonly layout: NetworkLayout;
	readonly data: Dataset;
	readonly layers: Layer[];
	step = 0;
	private readonly memory: Float64Array;

	constructor(readonly spec: PlaygroundSpec) {
		this.data = dataset(spec.data);
		this.layout = networkLayout(spec.network, outputsOf(spec.learning.loss, this.data.classes));
		const flat = initialParameters(this.layout, spec.network.initialiser, spec.seed);
		this.memory = new Float64Array(2 * this.layout.parameters);
		this.layers = this.layout.layers.map(({ inputs, units, weights, bias, scale }) => ({
			w: Array.from({ length: units }, (_, o) =>
				Array.from(flat.subarray(weights + o * inputs, weights + (o + 1) * inputs))
			),
			b: Array.from(flat.subarray(bias, bias + units)),
			norm:
				scale < 0
					? null
					: {
							scale: Array.from(flat.subarray(scale, scale + units)),
							mean: Array.from({ length: units }, () => 0),
							variance: Array.from({ length: units }, () => 1)
						}
		}));
	}

	/** All parameters by `networkLayout`. */
	parameters(): Float64Array {
		return Float64Array.from(this.layers.flatMap(({ w, b, norm }) => [...w.flat(), ...b, ...(norm ? norm.scale : [])]));
	}

	/** Running means and variances by `networkLayout`. */
	running(): Float64Array {
		return Float64Array.from(this.layers.flatMap(({ norm }) => (norm ? [...norm.mean, ...norm.variance] : [])));
	}

	inputs({ x1, x2 }: Points, indices: readonly number[]): number[][] {
		return indices.map((i) => this.spec.network.inputs.map((input) => derive(input, at2(x1, i), at2(x2, i))));
	}

	/** @param training with masks and the batch's own statistics, which then also move the running ones */
	forward(rows: readonly number[][], training: boolean): Pass {
		const { activation, dropout } = this.spec.network;
		const { value } = FORMULAS[activation];
		const seed = dropoutSeed(this.spec.seed);
		const pass: Pass = { fed: [rows as number[][]], z: [], normed: [], masks: [] };
		for (const [l, { w, b, norm }] of this.layers.entries()) {
			const input = at(pass.fed, l);
			const hidden = l < this.layers.length - 1;
			const sums = input.map((x) => w.map((row, o) => sum(row.map((v, i) => v * at(x, i))) + (norm ? 0 : at(b, o))));
			let z = sums;
			if (norm) {
				const columns = w.map((_, o) => sums.map((row) => at(row, o)));
				const mean = columns.map((c, o) => (training ? sum(c) / c.length : at(norm.mean, o)));
				const variance = columns.map((c, o) =>
					training ? sum(c.map((v) => (v - at(mean, o)) ** 2)) / c.length : at(norm.variance, o)
				);
				const inverse = variance.map((v) => 1 / Math.sqrt(v + VARIANCE_FLOOR));
				const x = sums.map((row) => row.map((v, o) => (v - at(mean, o)) * at(inverse, o)));
				z = x.map((row) => row.map((v, o) => at(norm.scale, o) * v + at(b, o)));
				pass.normed.push({ x, inverse });
				if (training) {
					norm.mean = norm.mean.map((m, o) => KEPT * m + (1 - KEPT) * at(mean, o));
					norm.variance = norm.variance.map((v, o) => KEPT * v + (1 - KEPT) * at(variance, o));
				}
			} else pass.normed.push(null);
			pass.z.push(z);
			const { before } = at(this.layout.layers, l);
			const mask = z.map((row, s) =>
				row.map((_, o) => {
					if (!training || !hidden || dropout === 0) return 1;
					return silent(seed, this.step, s, before + o, dropoutThreshold(dropout)) ? 0 : 1 / (1 - dropout);
				})
			);
			pass.masks.push(mask);
			pass.fed.push(hidden ? z.map((row, s) => row.map((v, o) => value(v) * at(at(mask, s), o))) : z);
		}
		return pass;
	}

	/** Loss of one sample, and its slope at the outputs before their activation. */
	loss(z: readonly number[], y: number): { loss: number; slope: number[]; right: boolean } {
		const best = z.indexOf(Math.max(...z));
		switch (this.spec.learning.loss) {
			case 'cross-entropy': {
				const top = Math.max(...z);
				const all = sum(z.map((v) => Math.exp(v - top)));
				const p = z.map((v) => Math.exp(v - top) / all);
				return {
					loss: Math.log(all) + top - at(z, y),
					slope: p.map((v, k) => v - (k === y ? 1 : 0)),
					right: best === y
				};
			}
			case 'logistic': {
				const v = at(z, 0);
				const loss = Math.max(v, 0) - v * y + Math.log1p(Math.exp(-Math.abs(v)));
				return { loss, slope: [sigmoid(v) - y], right: y === 1 ? v > 0 : v <= 0 };
			}
			case 'squared-tanh': {
				const target = (k: number) => (z.length === 1 ? 2 * y - 1 : k === y ? 1 : -1);
				const errors = z.map((v, k) => Math.tanh(v) - target(k));
				return {
					loss: 0.5 * sum(errors.map((e) => e * e)),
					slope: errors.map((e, k) => e * (1 - Math.tanh(at(z, k)) ** 2)),
					right: z.length === 1 ? (y === 1 ? at(z, 0) > 0 : at(z, 0) <= 0) : best === y
				};
			}
			case 'squared':
				return { loss: 0.5 * (at(z, 0) - y) ** 2, slope: [at(z, 0) - y], right: false };
		}
	}

	/** Mean loss of a training batch, without penalties, and its gradient. */
	gradient(rows: readonly number[][], ys: readonly number[]): { loss: number; gradient: Gradient } {
		const pass = this.forward(rows, true);
		const n = rows.length;
		const ends = at(pass.fed, this.layers.length).map((z, s) => this.loss(z, at(ys, s)));
		let delta = ends.map(({ slope }) => slope.map((v) => v / n));
		const gradient: Gradient = [];
		for (let l = this.layers.length - 1; l >= 0; l--) {
			const { w, norm } = at(this.layers, l);
			const shift = w.map((_, o) => sum(delta.map((d) => at(d, o))));
			let scale: number[] | null = null;
			const normed = at(pass.normed, l);
			if (norm && normed) {
				const { x, inverse } = normed;
				const own = w.map((_, o) => sum(delta.map((d, s) => at(d, o) * at(at(x, s), o))));
				scale = own;
				delta = delta.map((d, s) =>
					d.map(
						(v, o) => at(norm.scale, o) * at(inverse, o) * (v - at(shift, o) / n - (at(at(x, s), o) * at(own, o)) / n)
					)
				);
			}
			const fed = at(pass.fed, l);
			gradient.unshift({
				w: w.map((row, o) => row.map((_, i) => sum(delta.map((d, s) => at(d, o) * at(at(fed, s), i))))),
				b: shift,
				scale
			});
			if (l === 0) break;
			const { slope } = FORMULAS[this.spec.network.activation];
			delta = delta.map((d, s) =>
				at(fed, 0).map(
					(_, i) =>
						sum(d.map((v, o) => v * at(at(w, o), i))) *
						at(at(at(pass.masks, l - 1), s), i) *
						slope(at(at(at(pass.z, l - 1), s), i))
				)
			);
		}
		return { loss: sum(ends.map(({ loss }) => loss)) / n, gradient };
	}

	/** One update. */
	train(): void {
		const { learning, network, seed } = this.spec;
		const { train } = this.data;
		const perEpoch = stepsPerEpoch(train.y.length, learning.batch);
		const order = epochOrder(train.y.length, seed, Math.floor(this.step / perEpoch), learning.order);
		const first = (this.step % perEpoch) * learning.batch;
		const indices = Array.from(order.subarray(first, first + learning.batch));
		const { gradient } = this.gradient(
			this.inputs(train, indices),
			indices.map((i) => at2(train.y, i))
		);
		const rate = rateAt(learning, this.step / perEpoch);
		let index = 0;
		const moved = (value: number, slope: number, penalised: boolean) => {
			const next = this.moved(index++, value, slope + (penalised ? network.l2 * value : 0), rate, penalised);
			return penalised ? Math.sign(next) * Math.max(0, Math.abs(next) - rate * network.l1) : next;
		};
		for (const [l, layer] of this.layers.entries()) {
			const { w, b, scale } = at(gradient, l);
			layer.w = layer.w.map((row, o) => row.map((v, i) => moved(v, at(at(w, o), i), true)));
			layer.b = layer.b.map((v, o) => moved(v, at(b, o), false));
			if (layer.norm && scale) layer.norm.scale = layer.norm.scale.map((v, o) => moved(v, at(scale, o), false));
		}
		this.step++;
	}

	private moved(index: number, value: number, g: number, rate: number, isWeight: boolean): number {
		const { optimiser } = this.spec.learning;
		const { memory } = this;
		const [m, v] = [at2(memory, 2 * index), at2(memory, 2 * index + 1)];
		switch (optimiser.kind) {
			case 'sgd':
				return value - rate * g;
			case 'momentum':
				return value - rate * (memory[2 * index] = optimiser.momentum * m + g);
			case 'rmsprop': {
				const s = (memory[2 * index] = optimiser.decay * m + (1 - optimiser.decay) * g * g);
				return value - (rate * g) / (Math.sqrt(s) + optimiser.epsilon);
			}
			default: {
				const { beta1, beta2, epsilon } = optimiser;
				const t = this.step + 1;
				const mean = (memory[2 * index] = beta1 * m + (1 - beta1) * g) / (1 - beta1 ** t);
				const square = (memory[2 * index + 1] = beta2 * v + (1 - beta2) * g * g) / (1 - beta2 ** t);
				const decay = optimiser.kind === 'adamw' && isWeight ? rate * optimiser.weightDecay * value : 0;
				return value - decay - (rate * mean) / (Math.sqrt(square) + epsilon);
			}
		}
	}

	metrics(points: Points): SetMetrics {
		const indices = Array.from(points.y, (_, i) => i);
		const outputs = at(this.forward(this.inputs(points, indices), false).fed, this.layers.length);
		const ends = outputs.map((z, s) => this.loss(z, at2(points.y, s)));
		return {
			loss: sum(ends.map(({ loss }) => loss)) / ends.length,
			accuracy: points.classes ? ends.filter(({ right }) => right).length / ends.length : NaN
		};
	}
}

const at2 = (values: Float64Array, i: number) => values[i] as number;
