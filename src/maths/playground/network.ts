import { activate, slope } from '#maths/playground/activations.ts';
import { KEPT, VARIANCE_FLOOR } from '#maths/playground/batch-norm.ts';
import { dropoutSeed, dropoutThreshold, silent } from '#maths/playground/dropout.ts';
import type { LayerLayout, NetworkLayout } from '#maths/playground/layout.ts';
import type { NetworkSpec } from '#maths/playground/spec.ts';

/** What a layer needs for a batch, [rows, units] each; made once. */
interface Scratch {
	z: Float64Array;
	/** After activation; what silent neurons would say is needed for slopes. */
	a: Float64Array;
	/** What goes on: `a` itself without dropout. */
	fed: Float64Array;
	/** Slope of the loss at z. */
	d: Float64Array;
	/** Batch normalisation: normalised sums, and 1 / std per unit. */
	normed: Float64Array;
	inverse: Float64Array;
}

/**
 * A network on flat arrays: parameters in float32, a batch's numbers in float64, nothing allocated per step. Equal to
 * `ReferenceNetwork` to float32 (test/maths/playground).
 */
export class TypedNetwork {
	readonly gradient: Float64Array;
	private readonly rows: Float64Array;
	private readonly scratch: readonly Scratch[];
	private readonly seed: number;

	/** @param capacity rows that a batch has at most */
	constructor(
		private readonly spec: Pick<NetworkSpec, 'activation' | 'dropout'>,
		readonly layout: NetworkLayout,
		readonly parameters: Float32Array,
		readonly running: Float32Array,
		readonly capacity: number,
		seed: number
	) {
		this.gradient = new Float64Array(layout.parameters);
		this.rows = new Float64Array(capacity * layout.inputs);
		this.seed = dropoutSeed(seed);
		this.scratch = layout.layers.map(({ units, scale }, l) => {
			const values = () => new Float64Array(capacity * units);
			const hidden = l < layout.layers.length - 1;
			const a = hidden ? values() : new Float64Array(0);
			return {
				z: values(),
				a,
				fed: hidden && spec.dropout > 0 ? values() : a,
				d: values(),
				normed: scale < 0 ? new Float64Array(0) : values(),
				inverse: new Float64Array(scale < 0 ? 0 : units)
			};
		});
	}

	/** The outputs of the last `forward`, [rows, outputs], before their activation. */
	get outputs(): Float64Array {
		return (this.scratch.at(-1) as Scratch).z;
	}

	/** Where `backward` expects the slopes at the outputs. */
	get gradients(): Float64Array {
		return (this.scratch.at(-1) as Scratch).d;
	}

	/** A layer's weighted sums after the last `forward`, normalised where it normalises, [rows, units]. */
	sums(layer: number): Float64Array {
		return (this.scratch[layer] as Scratch).z;
	}

	/** A hidden layer's activations after the last `forward`, [rows, units]. */
	activations(layer: number): Float64Array {
		return (this.scratch[layer] as Scratch).a;
	}

	/** Row `row` of the next batch is row `index` of the features. */
	feed(row: number, features: Float32Array, index: number): void {
		const { inputs } = this.layout;
		for (let k = 0; k < inputs; k++) this.rows[row * inputs + k] = features[index * inputs + k] as number;
	}

	/** @param step of a training pass, for dropout; null for looking only */
	forward(count: number, step: number | null): void {
		const { layers } = this.layout;
		let x = this.rows;
		for (let l = 0; l < layers.length; l++) {
			const layer = layers[l] as LayerLayout;
			const own = this.scratch[l] as Scratch;
			this.add(layer, x, own.z, count);
			if (layer.scale >= 0) this.normalise(layer, own, count, step !== null);
			if (l === layers.length - 1) return;
			const n = count * layer.units;
			activate(this.spec.activation, own.z, own.a, n);
			if (own.fed !== own.a) {
				if (step === null) own.fed.set(own.a.subarray(0, n));
				else this.silence(layer, own.a, own.fed, count, step);
			}
			x = own.fed;
		}
	}

	/** After a training `forward` and with `slopes` set: fills `gradient`. */
	backward(count: number, step: number): void {
		const { layers } = this.layout;
		this.gradient.fill(0);
		for (let l = layers.length - 1; l >= 0; l--) {
			const layer = layers[l] as LayerLayout;
			const own = this.scratch[l] as Scratch;
			if (layer.scale >= 0) this.unnormalise(layer, own, count);
			else this.biases(layer, own.d, count);
			if (l === 0) return this.weightGradients(layer, this.rows, own.d, count);
			const below = this.scratch[l - 1] as Scratch;
			this.gradientsBelow(layer, below.fed, own.d, below.d, count);
			const n = count * layer.inputs;
			if (below.fed !== below.a) this.silence(layers[l - 1] as LayerLayout, below.d, below.d, count, step);
			slope(this.spec.activation, below.z, below.a, below.d, n);
		}
	}

	private add({ inputs, units, weights, bias, scale }: LayerLayout, x: Float64Array, z: Float64Array, count: number) {
		const p = this.parameters;
		for (let s = 0; s < count; s++) {
			const row = s * inputs;
			for (let o = 0, w = weights; o < units; o++) {
				let total = scale < 0 ? (p[bias + o] as number) : 0;
				for (let i = row; i < row + inputs; i++) total += (p[w++] as number) * (x[i] as number);
				z[s * units + o] = total;
			}
		}
	}

	private normalise({ units, bias, scale, running }: LayerLayout, own: Scratch, count: number, training: boolean) {
		const { z, normed, inverse } = own;
		const [p, r] = [this.parameters, this.running];
		for (let o = 0; o < units; o++) {
			let mean = r[running + o] as number;
			let variance = r[running + units + o] as number;
			if (training) {
				[mean, variance] = [0, 0];
				for (let s = o; s < count * units; s += units) mean += z[s] as number;
				mean /= count;
				for (let s = o; s < count * units; s += units) variance += ((z[s] as number) - mean) ** 2;
				variance /= count;
				r[running + o] = KEPT * (r[running + o] as number) + (1 - KEPT) * mean;
				r[running + units + o] = KEPT * (r[running + units + o] as number) + (1 - KEPT) * variance;
			}
			const inverted = (inverse[o] = 1 / Math.sqrt(variance + VARIANCE_FLOOR));
			for (let s = o; s < count * units; s += units) {
				const x = (normed[s] = ((z[s] as number) - mean) * inverted);
				z[s] = (p[scale + o] as number) * x + (p[bias + o] as number);
			}
		}
	}

	private unnormalise({ units, bias, scale }: LayerLayout, { d, normed, inverse }: Scratch, count: number) {
		for (let o = 0; o < units; o++) {
			let [shift, own] = [0, 0];
			for (let s = o; s < count * units; s += units) {
				shift += d[s] as number;
				own += (d[s] as number) * (normed[s] as number);
			}
			this.gradient[bias + o] = shift;
			this.gradient[scale + o] = own;
			const factor = (this.parameters[scale + o] as number) * (inverse[o] as number);
			for (let s = o; s < count * units; s += units)
				d[s] = factor * ((d[s] as number) - shift / count - ((normed[s] as number) * own) / count);
		}
	}

	private silence({ units, before }: LayerLayout, from: Float64Array, to: Float64Array, count: number, step: number) {
		const threshold = dropoutThreshold(this.spec.dropout);
		const louder = 1 / (1 - this.spec.dropout);
		for (let s = 0; s < count; s++)
			for (let o = 0; o < units; o++)
				to[s * units + o] = silent(this.seed, step, s, before + o, threshold)
					? 0
					: louder * (from[s * units + o] as number);
	}

	private biases({ units, bias }: LayerLayout, d: Float64Array, count: number) {
		const g = this.gradient;
		for (let s = 0, i = 0; s < count; s++)
			for (let o = bias; o < bias + units; o++) g[o] = (g[o] as number) + (d[i++] as number);
	}

	private weightGradients({ inputs, units, weights }: LayerLayout, x: Float64Array, d: Float64Array, count: number) {
		const g = this.gradient;
		for (let s = 0; s < count; s++)
			for (let o = 0, w = weights; o < units; o++) {
				const slope = d[s * units + o] as number;
				for (let i = s * inputs; i < (s + 1) * inputs; i++, w++) g[w] = (g[w] as number) + slope * (x[i] as number);
			}
	}

	/** The weights' slopes, and those at the layer's inputs, in one go. */
	private gradientsBelow(layer: LayerLayout, x: Float64Array, d: Float64Array, below: Float64Array, count: number) {
		const { inputs, units, weights } = layer;
		const [g, p] = [this.gradient, this.parameters];
		below.fill(0, 0, count * inputs);
		for (let s = 0; s < count; s++)
			for (let o = 0, w = weights; o < units; o++) {
				const slope = d[s * units + o] as number;
				for (let i = s * inputs; i < (s + 1) * inputs; i++, w++) {
					g[w] = (g[w] as number) + slope * (x[i] as number);
					below[i] = (below[i] as number) + slope * (p[w] as number);
				}
			}
	}
}
