import { stream } from '#maths/random.ts';
import type { Initialiser, LearningSpec, Loss, NetworkSpec, PlaygroundSpec, Points } from '#maths/playground/spec.ts';

/** Where a layer's numbers lie among all parameters. */
export interface LayerLayout {
	inputs: number;
	units: number;
	/** Of the weights, [units, inputs]. */
	weights: number;
	/** Of the biases, [units]; with batch normalisation its shift. */
	bias: number;
	/** Of batch normalisation's scale, [units]; -1 without. */
	scale: number;
	/** Of its running means, [units], among the running numbers; the variances follow. -1 without. */
	running: number;
	/** How many units the layers before have, inputs not counted. */
	before: number;
}

export interface NetworkLayout {
	inputs: number;
	layers: readonly LayerLayout[];
	outputs: number;
	parameters: number;
	running: number;
	/** Units of all layers. */
	units: number;
}

/** Outputs that a loss wants for data of so many classes (0: regression). */
export function outputsOf(loss: Loss, classes: number): number {
	if (loss === 'squared' || loss === 'logistic') return 1;
	return loss === 'squared-tanh' && classes === 2 ? 1 : classes;
}

export function networkLayout({ inputs, hidden, batchNorm }: NetworkSpec, outputs: number): NetworkLayout {
	const layers: LayerLayout[] = [];
	let [parameters, running, units] = [0, 0, 0];
	for (const [i, width] of [...hidden, outputs].entries()) {
		const below = i === 0 ? inputs.length : (hidden[i - 1] as number);
		const normed = batchNorm && i < hidden.length;
		const bias = parameters + width * below;
		layers.push({
			inputs: below,
			units: width,
			weights: parameters,
			bias,
			scale: normed ? bias + width : -1,
			running: normed ? running : -1,
			before: units
		});
		parameters = bias + width * (normed ? 2 : 1);
		if (normed) running += 2 * width;
		units += width;
	}
	return { inputs: inputs.length, layers, outputs, parameters, running, units };
}

/** Multiply-adds of a network at one point. */
export const productsOf = ({ network, outputs }: { network: NetworkSpec; outputs: number }): number =>
	networkLayout(network, outputs).layers.reduce((sum, { inputs, units }) => sum + inputs * units, 0);

const DRAWS: Readonly<Record<Initialiser, (fanIn: number, fanOut: number) => ['uniform' | 'normal', number]>> = {
	uniform: () => ['uniform', 0.5],
	'glorot-uniform': (fanIn, fanOut) => ['uniform', Math.sqrt(6 / (fanIn + fanOut))],
	'glorot-normal': (fanIn, fanOut) => ['normal', Math.sqrt(2 / (fanIn + fanOut))],
	'he-uniform': (fanIn) => ['uniform', Math.sqrt(6 / fanIn)],
	'he-normal': (fanIn) => ['normal', Math.sqrt(2 / fanIn)],
	'lecun-normal': (fanIn) => ['normal', Math.sqrt(1 / fanIn)],
	tiny: () => ['normal', 0.01],
	zeros: () => ['uniform', 0]
};

/** The first weights, by `networkLayout`: the same for the same seed. */
export function initialParameters(layout: NetworkLayout, initialiser: Initialiser, seed: number): Float32Array {
	const parameters = new Float32Array(layout.parameters);
	const random = stream(seed, 'weights');
	for (const { inputs, units, weights, bias, scale } of layout.layers) {
		const [kind, spread] = DRAWS[initialiser](inputs, units);
		for (let i = 0; i < inputs * units; i++)
			parameters[weights + i] = spread * (kind === 'normal' ? random.normal() : random.between(-1, 1));
		if (scale >= 0) parameters.fill(1, scale, scale + units);
		else if (initialiser === 'uniform') parameters.fill(0.1, bias, bias + units);
	}
	return parameters;
}

/** Means 0 and variances 1. */
export function initialRunning(layout: NetworkLayout): Float32Array {
	const running = new Float32Array(layout.running);
	for (const { running: at, units } of layout.layers) if (at >= 0) running.fill(1, at + units, at + 2 * units);
	return running;
}

/** Own points come from outside: whether their numbers are what they should be. */
function pointsProblem({ x1, x2, y, classes }: Points): string | null {
	if (x1.length !== x2.length || x1.length !== y.length) return 'Each point needs two coordinates and a label.';
	if (![x1, x2, y].every((values) => values.every(Number.isFinite))) return 'A point is no number.';
	const isClass = (label: number) => Number.isInteger(label) && label >= 0 && label < classes;
	return classes > 0 && !y.every(isClass) ? 'A point has a class that there is not.' : null;
}

function scheduleProblem({ schedule }: LearningSpec): string | null {
	const span = schedule.kind === 'constant' ? 1 : schedule.kind === 'cosine' ? schedule.over : schedule.every;
	return span > 0 ? null : 'A schedule needs a time above zero.';
}

/** One sentence, or null for a loss that data of so many classes can be trained with; 0 classes are values. */
export function lossProblem(loss: Loss, classes: number): string | null {
	if (classes === 0) return loss === 'squared' ? null : 'A regression is trained with the squared error.';
	if (loss === 'squared') return 'Classes need a loss for classes.';
	return loss === 'logistic' && classes !== 2 ? 'The logistic loss wants two classes.' : null;
}

/** One sentence, or null for a specification that can be trained. */
export function specProblem({ network, learning, data }: PlaygroundSpec, classes: number): string | null {
	const whole = (n: number) => Number.isInteger(n) && n >= 1;
	const share = (n: number) => n >= 0 && n < 1;
	if (!network.inputs.length) return 'The network needs an input.';
	if (!network.hidden.every(whole)) return 'A hidden layer needs at least one neuron.';
	if (!whole(learning.batch)) return 'A batch needs at least one sample.';
	if (!whole(data.size)) return 'There must be at least one point.';
	if (!share(network.dropout)) return 'Dropout must be at least 0 and below 1.';
	if (!(network.l1 >= 0 && network.l2 >= 0)) return 'Penalties must not be negative.';
	if (!Number.isFinite(learning.rate)) return 'The learning rate must be a number.';
	if (classes === 1) return 'There is only one class.';
	const problem = lossProblem(learning.loss, classes) ?? scheduleProblem(learning);
	return problem ?? (data.points ? pointsProblem(data.points) : null);
}
