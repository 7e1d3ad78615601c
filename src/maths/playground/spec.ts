/** What a playground consists of, as plain data: points in the plane, a network over them, and how it learns. */

export const DATA_KINDS = [
	'circle',
	'xor',
	'gauss',
	'spiral',
	'moons',
	'spirals',
	'checkerboard',
	'plane',
	'gaussians',
	'points'
] as const;
export type DataKind = (typeof DATA_KINDS)[number];

/** Points in the plane and what belongs to them. */
export interface Points {
	x1: Float64Array;
	x2: Float64Array;
	/** The class, counted from 0, or the value of a regression. */
	y: Float64Array;
	/** Number of classes; 0 for a regression. */
	classes: number;
	/** Of a regression on the user's own values: what they are called and how they were scaled, own = scale · y + shift. */
	value?: { name: string; scale: number; shift: number };
}

export interface DataSpec {
	kind: DataKind;
	/** Points altogether; of own points, how many are used at most. */
	size: number;
	/** 0 to 0.5, as in TensorFlow Playground, where it is shown as a percentage. Not used for own points. */
	noise: number;
	/** Share that is trained on, 0 to 1; the others are the test set. */
	trainShare: number;
	seed: number;
	/** For `points`: drawn by hand or read from a table. */
	points?: Points;
}

export interface Dataset {
	train: Points;
	test: Points;
	classes: number;
}

export const DERIVED_INPUTS = ['x1', 'x2', 'x1-squared', 'x2-squared', 'x1-x2', 'sin-x1', 'sin-x2'] as const;
export type DerivedInput = (typeof DERIVED_INPUTS)[number];

/** `leaky-relu` has slope 0.01 (Maas 2013), `gelu` is the exact one (by the error function; Hendrycks & Gimpel 2016). */
export const ACTIVATIONS = [
	'tanh',
	'relu',
	'sigmoid',
	'linear',
	'leaky-relu',
	'elu',
	'gelu',
	'softplus',
	'sine'
] as const;
export type Activation = (typeof ACTIVATIONS)[number];

/**
 * `uniform`: U(-0.5, 0.5) with bias 0.1, as TensorFlow Playground has it. Glorot & Bengio 2010, He et al. 2015, LeCun et
 * al. 1998; normal ones are not truncated. `tiny` is N(0, 0.01²), `zeros` keeps all neurons of a layer the same.
 */
export const INITIALISERS = [
	'uniform',
	'glorot-uniform',
	'glorot-normal',
	'he-uniform',
	'he-normal',
	'lecun-normal',
	'tiny',
	'zeros'
] as const;
export type Initialiser = (typeof INITIALISERS)[number];

export interface NetworkSpec {
	/** At least one. */
	inputs: readonly DerivedInput[];
	/** Neurons of each hidden layer; none makes a linear model. */
	hidden: readonly number[];
	activation: Activation;
	initialiser: Initialiser;
	/** Strength of |w| in the loss; weights only. Applied as a soft threshold after each update, so that weights become 0. */
	l1: number;
	/** Strength of w²/2 in the loss; weights only. */
	l2: number;
	/** Share of each hidden layer's neurons that is silent in a training step, 0 to below 1 (the others are scaled up). */
	dropout: number;
	/** Between sum and activation of hidden layers (Ioffe & Szegedy 2015); the bias is then its shift. */
	batchNorm: boolean;
}

/**
 * `cross-entropy`: softmax over the classes. `logistic`: one output, two classes only. `squared-tanh`: TensorFlow
 * Playground's ½(tanh z - t)² with t = ±1; one output for two classes, else one per class. `squared`: ½(z - t)², for
 * regressions, where it is the only one.
 */
export const LOSSES = ['cross-entropy', 'logistic', 'squared-tanh', 'squared'] as const;
export type Loss = (typeof LOSSES)[number];

export type OptimiserSpec =
	| { kind: 'sgd' }
	/** v = momentum v + g; w -= rate v. */
	| { kind: 'momentum'; momentum: number }
	/** Hinton 2012: s = decay s + (1 - decay) g²; w -= rate g / (√s + epsilon). */
	| { kind: 'rmsprop'; decay: number; epsilon: number }
	/** Kingma & Ba 2015, with both bias corrections. */
	| { kind: 'adam'; beta1: number; beta2: number; epsilon: number }
	/** Loshchilov & Hutter 2019: Adam, and w -= rate · weightDecay · w for weights. */
	| { kind: 'adamw'; beta1: number; beta2: number; epsilon: number; weightDecay: number };

/** How the learning rate goes, with t in epochs (fractions count). */
export type Schedule =
	| { kind: 'constant' }
	/** rate · factor^⌊t / every⌋ */
	| { kind: 'step'; every: number; factor: number }
	/** rate · factor^(t / every) */
	| { kind: 'exponential'; every: number; factor: number }
	/** From rate to floor · rate along half a cosine of `over` epochs, and then stays (Loshchilov & Hutter 2017). */
	| { kind: 'cosine'; over: number; floor: number };

export interface LearningSpec {
	loss: Loss;
	optimiser: OptimiserSpec;
	rate: number;
	schedule: Schedule;
	/** Samples of an update; the last of an epoch takes what is left. */
	batch: number;
	/** `shuffled`: anew for each epoch. `fixed`: one order for all, as in TensorFlow Playground. */
	order: 'shuffled' | 'fixed';
}

export interface PlaygroundSpec {
	data: DataSpec;
	network: NetworkSpec;
	learning: LearningSpec;
	/** Of the first weights, the order of samples, and dropout; the data have their own. */
	seed: number;
}

/** Everything that training changes: with it, training goes on to the bit as if it had never stopped. */
export interface Snapshot {
	/** Updates so far. */
	step: number;
	/** By `networkLayout`. */
	parameters: Float32Array;
	/** Running mean and variance of batch normalisation; empty without. */
	running: Float32Array;
	/** The optimiser's memory: two numbers per parameter. */
	slots: Float32Array;
}

export interface SetMetrics {
	/** Mean over the set, without penalties; NaN for an empty set. */
	loss: number;
	/** Share of right classes; NaN for regressions and empty sets. */
	accuracy: number;
}

export interface Metrics {
	step: number;
	epoch: number;
	/** Learning rate of the next update. */
	rate: number;
	train: SetMetrics;
	test: SetMetrics;
}
