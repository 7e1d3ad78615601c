import { choice, flag, number, validParameters, type Parameters, type ParameterSpec } from '#contracts/parameter.ts';
import { classCount } from '#maths/playground/data.ts';
import { lossProblem } from '#maths/playground/layout.ts';
import { OPTIMISERS } from '#maths/playground/schedule.ts';
import {
	ACTIVATIONS,
	DERIVED_INPUTS,
	INITIALISERS,
	type DataKind,
	type DataSpec,
	type DerivedInput,
	type LearningSpec,
	type Loss,
	type NetworkSpec,
	type OptimiserSpec,
	type PlaygroundSpec,
	type Points,
	type Schedule
} from '#maths/playground/spec.ts';

/** What a link keeps of the playground, `playground.data`, `playground.hidden`..., and the forms that change it. */

const named = <T extends string>(ids: readonly T[], first: T, titles: Partial<Record<T, string>> = {}) =>
	Object.fromEntries(
		[first, ...ids.filter((id) => id !== first)].map((id) => {
			const words = id.replace(/-/g, ' ');
			return [id, titles[id] ?? words.charAt(0).toUpperCase() + words.slice(1)];
		})
	);

export const DATA: readonly ParameterSpec[] = [
	choice('data', 'Data set', '2D points, each with a class or a value.', {
		circle: 'Circle',
		xor: 'XOR',
		gauss: 'Gaussian',
		spiral: 'Spiral',
		moons: 'Moons',
		spirals: 'Three spirals',
		checkerboard: 'Checkerboard',
		plane: 'Plane (regression)',
		gaussians: 'Multi Gaussian (regression)',
		points: 'Your own'
	}),
	number('noise', 'Noise', 'Noise added to the points.', 0, { max: 50, step: 5, unit: '%' }),
	number('size', 'Points', 'Train and test together.', 500, { min: 10, max: 5000, step: 10, integer: true }),
	number('own-size', 'Points', 'Maximum, train and test together.', 5000, {
		min: 10,
		max: 5000,
		step: 10,
		integer: true
	}),
	number('share', 'Train split', 'The rest is the test set.', 50, { min: 10, max: 90, step: 10, unit: '%' }),
	number(
		'seed',
		'Seed',
		'Of data, initial weights, shuffling and dropout. The same seed replays the same training.',
		1,
		{
			max: 2 ** 31 - 1,
			step: 1,
			integer: true
		}
	)
];

export const NETWORK: readonly ParameterSpec[] = [
	choice(
		'activation',
		'Activation',
		'Activation function of the hidden layers.',
		named(ACTIVATIONS, 'tanh', { relu: 'ReLU', elu: 'ELU', gelu: 'GELU', 'leaky-relu': 'Leaky ReLU', tanh: 'tanh' })
	),
	choice(
		'initialiser',
		'Initialiser',
		'Distribution of the initial weights.',
		named(INITIALISERS, 'uniform', { 'lecun-normal': 'LeCun normal' })
	),
	number('l1', 'L1', 'L1 regularisation: adds λ Σ|w| to the loss.', 0, { max: 10, step: 0.001 }),
	number('l2', 'L2', 'L2 regularisation: adds λ Σw²/2 to the loss.', 0, { max: 10, step: 0.001 }),
	number('dropout', 'Dropout', 'Share of hidden neurons dropped per update.', 0, { max: 90, step: 5, unit: '%' }),
	flag('norm', 'Batch normalisation', 'Before the activation (Ioffe & Szegedy 2015).', false)
];

const every = 'every';
export const LEARNING: readonly ParameterSpec[] = [
	number('rate', 'Learning rate', 'Step size of an update.', 0.03, { max: 10, step: 0.001 }),
	number('batch', 'Batch size', 'Samples per update, at most the training set.', 10, {
		min: 1,
		max: 1e6,
		step: 1,
		integer: true
	}),
	choice('optimiser', 'Optimiser', 'Update rule.', {
		sgd: 'SGD',
		momentum: 'Momentum',
		rmsprop: 'RMSProp',
		adam: 'Adam',
		adamw: 'AdamW'
	}),
	number('momentum', 'Momentum', 'Share of the previous update that is kept.', 0.9, { max: 0.999 }),
	number('decay', 'Weight decay', 'For AdamW.', 0.01, { step: 0.001 }),
	choice(
		'loss',
		'Loss',
		'MSE (tanh) has a tanh output, as in TensorFlow Playground. Regression always uses plain MSE.',
		{ 'squared-tanh': 'MSE (tanh)', 'cross-entropy': 'Cross-entropy', logistic: 'Logistic' }
	),
	choice('schedule', 'Schedule', 'Learning rate over time.', {
		constant: 'Constant',
		step: 'Step decay',
		exponential: 'Exponential decay',
		cosine: 'Cosine annealing'
	}),
	number(every, 'Decay period', 'Time until the rate has changed by the factor.', 100, {
		min: 1,
		max: 1e5,
		step: 10,
		unit: 'epochs'
	}),
	number('factor', 'Decay factor', 'On the rate per period; the cosine ends there.', 0.5, {}),
	choice('order', 'Shuffle', 'Reorders the samples every epoch.', { fixed: 'Off', shuffled: 'On' })
];

/** The learning settings, with the losses that data of so many classes can be trained with. */
export const learningFor = (classes: number): ParameterSpec[] =>
	LEARNING.map((spec) => {
		if (spec.id !== 'loss' || spec.kind !== 'choice') return spec;
		return { ...spec, options: spec.options.filter(({ id }) => !lossProblem(id as Loss, classes)) };
	});

/** Which learning settings do anything now. */
export const relevant = (id: string, values: Parameters): boolean =>
	id === 'momentum'
		? values['optimiser'] === 'momentum'
		: id === 'decay'
			? values['optimiser'] === 'adamw'
			: id === every || id === 'factor'
				? values['schedule'] !== 'constant'
				: true;

export const DEFAULT_HIDDEN = '4,2';
export const DEFAULT_INPUTS = 'x1,x2';

export function parseHidden(text: string): number[] {
	if (text === 'none') return [];
	const widths = text.split(',').map(Number);
	const good = (n: number) => Number.isSafeInteger(n) && n >= 1;
	// What is too large is said by the trainers, which know how much memory there is.
	return widths.every(good) ? widths : parseHidden(DEFAULT_HIDDEN);
}
export const formatHidden = (hidden: readonly number[]) => hidden.join(',') || 'none';

export function parseInputs(text: string): DerivedInput[] {
	const requested = new Set(text.split(','));
	const inputs = DERIVED_INPUTS.filter((id) => requested.has(id));
	return inputs.length ? inputs : ['x1', 'x2'];
}

type Option = (key: string, otherwise: string) => string;

export function valuesOf(specs: readonly ParameterSpec[], option: Option): Parameters {
	return validParameters(specs, Object.fromEntries(specs.map(({ id, default: d }) => [id, option(id, String(d))])));
}

function lossOf(requested: Loss, classes: number): Loss {
	if (classes === 0) return 'squared';
	return lossProblem(requested, classes) ? 'cross-entropy' : requested;
}

function optimiserOf({ optimiser, momentum, decay }: Parameters): OptimiserSpec {
	const kind = optimiser as OptimiserSpec['kind'];
	if (kind === 'momentum') return { kind, momentum: momentum as number };
	const base = OPTIMISERS[kind];
	return base.kind === 'adamw' ? { ...base, weightDecay: decay as number } : base;
}

function scheduleOf({ schedule, every, factor }: Parameters): Schedule {
	const kind = schedule as Schedule['kind'];
	if (kind === 'constant') return { kind };
	if (kind === 'cosine') return { kind, over: every as number, floor: factor as number };
	return { kind, every: every as number, factor: factor as number };
}

/** Own points are all used, unless the link says otherwise of them: what generated data have is their affair. */
const sizeOf = (data: Parameters, points: Points | null) =>
	data['data'] !== 'points'
		? (data['size'] as number)
		: Math.min(data['own-size'] as number, points?.y.length ?? Infinity);

/** A specification that can be trained, for any link. @param points the user's own, which no link carries */
export function specOf(option: Option, points: Points | null): PlaygroundSpec {
	const data = valuesOf(DATA, option);
	const n = valuesOf(NETWORK, option);
	const l = valuesOf(LEARNING, option);
	const kind = data['data'] as DataKind;
	const seed = data['seed'] as number;
	const network: NetworkSpec = {
		inputs: parseInputs(option('inputs', DEFAULT_INPUTS)),
		hidden: parseHidden(option('hidden', DEFAULT_HIDDEN)),
		activation: n['activation'] as NetworkSpec['activation'],
		initialiser: n['initialiser'] as NetworkSpec['initialiser'],
		l1: n['l1'] as number,
		l2: n['l2'] as number,
		dropout: (n['dropout'] as number) / 100,
		batchNorm: n['norm'] === true
	};
	const dataSpec: DataSpec = {
		kind,
		size: sizeOf(data, points),
		noise: (data['noise'] as number) / 100,
		trainShare: (data['share'] as number) / 100,
		seed,
		...(kind === 'points' && points ? { points } : {})
	};
	const learning: LearningSpec = {
		loss: lossOf(l['loss'] as Loss, classCount(dataSpec)),
		optimiser: optimiserOf(l),
		rate: l['rate'] as number,
		schedule: scheduleOf(l),
		batch: l['batch'] as number,
		order: l['order'] as LearningSpec['order']
	};
	return { data: dataSpec, network, learning, seed };
}

/** Whether the weights may stay: only the pace, the penalties or the user's own points of the same classes differ. */
export function keepsWeights(a: PlaygroundSpec, b: PlaygroundSpec): boolean {
	const fixed = ({ data: { points, ...data }, network, learning, seed }: PlaygroundSpec) =>
		JSON.stringify([
			{ ...data, classes: points?.classes },
			{ ...network, l1: 0, l2: 0, dropout: network.dropout > 0 },
			[learning.loss, learning.batch, learning.order],
			seed
		]);
	return fixed(a) === fixed(b);
}

/** Whether they say the same. */
export function sameSpec(a: PlaygroundSpec, b: PlaygroundSpec): boolean {
	const text = ({ data: { points: _, ...data }, ...rest }: PlaygroundSpec) => JSON.stringify([data, rest]);
	return a.data.points === b.data.points && text(a) === text(b);
}

/** Whether training may go on where it is. */
export const continues = (a: PlaygroundSpec, b: PlaygroundSpec): boolean =>
	a.data.points === b.data.points && keepsWeights(a, b);
