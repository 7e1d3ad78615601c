import type { Ablation, ChannelEffects } from '#contracts/anatomy.ts';
import { holding, type Feeds, type Model, type RunOptions } from '#contracts/model.ts';
import { breath } from '#engine/breath.ts';
import * as tf from '#engine/tf.ts';

/** Channels switched off (Zeiler & Fergus 2014; Morcos et al. 2018): what the model does without them. */

/** What stands in the place of a channel: zero, or its mean over positions. */
function substitute(value: tf.Tensor, by: Ablation['by']): tf.Tensor {
	if (by === 'zero' || value.rank < 3) return tf.zerosLike(value);
	const axes = value.shape.map((_, axis) => axis).slice(1, -1);
	return tf.add(tf.zerosLike(value), tf.mean(value, axes, true));
}

/** 1 for channels that stay, 0 for those that go; along the last axis. */
function mask(channels: readonly number[], count: number): tf.Tensor1D {
	const kept = new Float32Array(count).fill(1);
	for (const channel of channels) kept[channel] = 0;
	return tf.tensor1d(kept);
}

function without(value: tf.Tensor, { channels, by }: Ablation): tf.Tensor {
	return tf.tidy(() => {
		const other = substitute(value, by);
		if (!channels) return other;
		const kept = mask(channels, value.shape.at(-1) as number);
		return tf.add(tf.mul(value, kept), tf.mul(other, tf.sub(1, kept)));
	});
}

/** A model in which channels can be switched off: every run of it goes without them, whoever asks. */
export class AblatableModel implements Model {
	ablations: readonly Ablation[] = [];
	readonly graph: Model['graph'];
	readonly bytes: number;
	readonly obstacle: Model['obstacle'];

	constructor(private readonly whole: Model) {
		this.obstacle = whole.obstacle;
		this.graph = whole.graph;
		this.bytes = whole.bytes;
	}

	run(feeds: Feeds, fetches: readonly string[], { replace = {} }: RunOptions = {}): tf.Tensor[] {
		const layers = new Set(this.ablations.map(({ layer }) => layer));
		const cut = [...layers].map((layer) => {
			const own = this.ablations.filter((one) => one.layer === layer);
			const change = (value: tf.Tensor) => {
				const rest = own.reduce((left, one) => without(left, one), value);
				return replace[layer]?.(rest) ?? rest;
			};
			return [layer, change] as const;
		});
		return this.whole.run(feeds, fetches, { replace: { ...replace, ...Object.fromEntries(cut) } });
	}

	get unread(): number {
		return this.whole.unread ?? 0;
	}

	/** As it was opened. */
	get intact(): Model {
		return this.whole;
	}

	weight(name: string): tf.Tensor {
		return this.whole.weight(name);
	}

	hold<T>(name: string, use: (weight: tf.Tensor) => Promise<T>): Promise<T> {
		return holding(this.whole, name, use);
	}

	dispose(): void {
		this.whole.dispose();
	}
}

export interface EffectContext {
	model: Model;
	/** Of a batch of one. */
	feeds: Feeds;
	/** The same inputs, repeated for n rows. */
	repeated(rows: number): Feeds;
	score(feeds: Feeds): tf.Tensor1D;
	batch: number;
	signal: AbortSignal;
}

/**
 * The score lost with each channel of a layer, one row of a batch per channel: the run starts at the layer. Yields what is
 * known so far.
 */
export async function* channelEffects(
	context: EffectContext,
	layer: string,
	by: Ablation['by']
): AsyncGenerator<ChannelEffects> {
	const { model, feeds, repeated, score, batch, signal } = context;
	const [activation] = model.run(feeds, [layer]) as [tf.Tensor];
	try {
		const count = activation.shape.at(-1) as number;
		const drops = new Float32Array(count).fill(NaN);
		const whole = tf.tidy(() => score({ ...feeds, [layer]: activation }));
		const [full] = (await whole.data().finally(() => whole.dispose())) as unknown as [number];
		for (let first = 0; first < count; first += batch) {
			const rows = Math.min(batch, count - first);
			const scores = tf.tidy(() => {
				const ones = activation.shape.map(() => 1);
				const gone = tf.oneHot(tf.range(first, first + rows, 1, 'int32'), count);
				const cut = tf.reshape(tf.cast(gone, 'float32'), [rows, ...ones.slice(2), count]);
				const other = substitute(activation, by);
				const value = tf.add(tf.mul(activation, tf.sub(1, cut)), tf.mul(other, cut));
				return score({ ...repeated(rows), [layer]: value });
			});
			const values = await scores.data().finally(() => scores.dispose());
			await breath(signal);
			values.forEach((value, i) => (drops[first + i] = full - value));
			yield { layer, score: full, drops: drops.slice(), done: Math.min(1, (first + rows) / count) };
		}
	} finally {
		activation.dispose();
	}
}

/** ∂s/∂A times A, summed over positions: what each channel adds to the score, to first order. Float32 [channels]. */
export async function channelGradients(
	{ model, feeds, score }: Pick<EffectContext, 'model' | 'feeds' | 'score'>,
	layer: string
): Promise<Float32Array> {
	const sums = tf.tidy(() => {
		const [activation] = model.run(feeds, [layer]) as [tf.Tensor];
		const gradient = tf.grad((a: tf.Tensor) => tf.sum(score({ ...feeds, [layer]: a })))(activation);
		return tf.sum(tf.reshape(tf.mul(gradient, activation), [-1, activation.shape.at(-1) as number]), 0);
	});
	return Float32Array.from(await sums.data().finally(() => sums.dispose()));
}
