import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { LabError } from '#contracts/errors.ts';
import { registerOwn } from '#engine/model/layers/registered.ts';
import * as tf from '#engine/tf.ts';

/** Layers along sequences and over named axes that TF.js lacks: here they get weights and shapes; operators compute. */

type Config = tf.serialization.ConfigDict;

abstract class Weighted extends layers.Layer {
	constructor(protected readonly settings: Config) {
		super(settings as ConstructorParameters<typeof layers.Layer>[0]);
	}

	override build(inputShape: Shape | Shape[]): void {
		this.weigh(inputShape as number[]);
		this.built = true;
	}

	protected abstract weigh(shape: readonly number[]): void;

	protected count(name: string, otherwise?: number): number {
		const [value] = [this.settings[name] ?? otherwise].flat();
		if (typeof value !== 'number') throw new LabError(`it lacks its ${name}`);
		return value;
	}

	override getConfig(): Config {
		return { ...this.settings, ...super.getConfig() };
	}
}

abstract class Along extends Weighted {
	protected abstract out(channels: number): number;

	protected bias(filters: number): void {
		if (this.settings['useBias'] !== false) this.addWeight('bias', [filters]);
	}

	/** Channels of what goes in. */
	protected channels(shape: Shape): number {
		if (shape.length !== 3 || shape[2] === null) throw new LabError('it wants sequences of rows');
		return shape[2] as number;
	}

	protected length(n: number): number {
		const [stride, size] = [this.count('strides', 1), this.count('kernelSize')];
		const reach = (size - 1) * this.count('dilationRate', 1) + 1;
		const valid = this.settings['padding'] !== 'same' && this.settings['padding'] !== 'causal';
		return Math.ceil((valid ? n - reach + 1 : n) / stride);
	}

	override computeOutputShape(inputShape: Shape | Shape[]): Shape {
		const shape = inputShape as Shape;
		const [batch = null, n = null] = shape;
		return [batch, n === null ? null : this.length(n), this.out(this.channels(shape))];
	}
}

class DepthwiseConv1D extends Along {
	static className = 'DepthwiseConv1D';

	protected out(channels: number): number {
		return channels * this.count('depthMultiplier', 1);
	}

	protected weigh(shape: readonly number[]): void {
		const channels = this.channels([...shape]);
		this.addWeight('depthwise_kernel', [this.count('kernelSize'), channels, this.count('depthMultiplier', 1)]);
		this.bias(this.out(channels));
	}
}

class SeparableConv1D extends Along {
	static className = 'SeparableConv1D';

	protected out(): number {
		return this.count('filters');
	}

	protected weigh(shape: readonly number[]): void {
		const [channels, times] = [this.channels([...shape]), this.count('depthMultiplier', 1)];
		this.addWeight('depthwise_kernel', [this.count('kernelSize'), channels, times]);
		this.addWeight('pointwise_kernel', [1, channels * times, this.out()]);
		this.bias(this.out());
	}
}

class Conv1DTranspose extends Along {
	static className = 'Conv1DTranspose';

	protected out(): number {
		return this.count('filters');
	}

	protected override length(n: number): number {
		const [stride, size] = [this.count('strides', 1), this.count('kernelSize')];
		return n * stride + (this.settings['padding'] === 'same' ? 0 : Math.max(size - stride, 0));
	}

	protected weigh(shape: readonly number[]): void {
		this.addWeight('kernel', [this.count('kernelSize'), this.out(), this.channels([...shape])]);
		this.bias(this.out());
	}
}

/** Sums over the axes that its equation names; those that it does not name are those of the batch. */
class EinsumDense extends Weighted {
	static className = 'EinsumDense';

	/** The letters of input, kernel and output, without dots. */
	#letters(rank: number): [input: string, kernel: string, output: string] {
		const match = /^([a-zA-Z.]+),([a-zA-Z]+)->([a-zA-Z.]+)$/.exec(String(this.settings['equation']).replace(/\s/g, ''));
		const [, own = '', kernel = '', out = ''] = match ?? [];
		const rest = own.replace('...', '');
		const free = [...'ZYXWVUTSRQPONM'].slice(0, Math.max(0, rank - rest.length)).join('');
		const [input, output] = [own.replace('...', free), out.replace('...', free)];
		const twice = (letters: string) => new Set(letters).size < letters.length;
		const known = [...output].every((letter) => (input + kernel).includes(letter));
		if (!kernel || input.length !== rank || !known || /\./.test(input + output) || [input, kernel, output].some(twice))
			throw new LabError('its equation does not fit what it is given');
		return [input, kernel, output];
	}

	/** The size of every letter: from the input, else from its own settings. */
	#sizes(shape: Shape): { letters: [string, string, string]; sizes: ReadonlyMap<string, number | null> } {
		const letters = this.#letters(shape.length);
		const [input, , output] = letters;
		const requested = [this.settings['outputShape'] ?? []].flat() as (number | null)[];
		const sizes = new Map([...input].map((letter, i) => [letter, shape[i] ?? null] as const));
		[...output].slice(-requested.length).forEach((letter, i) => {
			if (!sizes.has(letter)) sizes.set(letter, requested[i] ?? null);
		});
		return { letters, sizes };
	}

	protected weigh(shape: readonly number[]): void {
		const { letters, sizes } = this.#sizes([...shape]);
		const [input, kernel, output] = letters;
		const of = (names: string) => [...names].map((letter) => sizes.get(letter) ?? 0);
		this.addWeight('kernel', of(kernel));
		const axes = this.settings['biasAxes'];
		if (typeof axes === 'string' && axes) {
			const first = Math.min(...[...axes].map((letter) => output.indexOf(letter)));
			if (first < 0) throw new LabError('its bias has axes that the output lacks');
			this.addWeight(
				'bias',
				[...output].slice(first).map((letter) => (axes.includes(letter) ? (sizes.get(letter) ?? 0) : 1))
			);
		}
		this.settings['plainEquation'] = `${input},${kernel}->${output}`;
	}

	override computeOutputShape(inputShape: Shape | Shape[]): Shape {
		const { letters, sizes } = this.#sizes(inputShape as Shape);
		return [...letters[2]].map((letter) => sizes.get(letter) ?? null);
	}
}

for (const made of [DepthwiseConv1D, SeparableConv1D, Conv1DTranspose, EinsumDense]) registerOwn(made);
