import { product } from '#maths/product.ts';

/** What a figure knows of a layer: read off a model, or made by hand. Plain data, and a file. */

export const KINDS = [
	'input',
	'convolution',
	'depthwise',
	'transposed',
	'pooling',
	'global-pooling',
	'dense',
	'flatten',
	'normalisation',
	'activation',
	'dropout',
	'merge',
	'recurrent',
	'attention',
	'other'
] as const;

export type FigureKind = (typeof KINDS)[number];

/** Number by number: added (or compared), or multiplied. */
export const SIGNS = ['+', '×'] as const;

export type MergeSign = (typeof SIGNS)[number];

export interface FigureLayer {
	/** Unique in its list. */
	id: string;
	name: string;
	kind: FigureKind;
	/** The operator as its file calls it: Conv2D. */
	type: string;
	/** What is written of it; empty for nothing, null for its type. */
	word: string | null;
	/** A sign that stands for what joins others; empty for a block. */
	sign: MergeSign | '';
	/** Of the output, without the batch: [height, width, channels], [units]. Null where only a run decides. */
	shape: readonly (number | null)[];
	/** Rows and columns of the window that moves over the input. */
	window: readonly [rows: number, columns: number] | null;
	strides: readonly [rows: number, columns: number] | null;
	/** Built into the layer: ReLU. */
	activation: string;
	/** Ids of earlier layers; an empty id is the layer just before, whichever that is. */
	inputs: readonly string[];
	dtype: string;
	/** Null without weights. */
	trainable: boolean | null;
	parameters: number;
	/** Nested models it lies in, outermost first. */
	group: readonly string[];
	/** Name of its weight matrix in the model, or empty. */
	kernel: string;
	/** Null leaves it to the style. */
	shown: boolean | null;
	/** Its own fill, `#rrggbb`; empty for that of its kind. */
	colour: string;
}

/** The word for a layer of a kind that was made by hand. */
export const KIND_TITLES: Readonly<Record<FigureKind, string>> = {
	input: 'Input',
	convolution: 'Convolution',
	depthwise: 'Depthwise convolution',
	transposed: 'Transposed convolution',
	pooling: 'Pooling',
	'global-pooling': 'Global pooling',
	dense: 'Dense',
	flatten: 'Flatten',
	normalisation: 'Normalisation',
	activation: 'Activation',
	dropout: 'Dropout',
	merge: 'Merge',
	recurrent: 'Recurrent',
	attention: 'Attention',
	other: 'Other'
};

/** A layer of a list that is made by hand. */
export function newLayer(id: string, change: Partial<FigureLayer> = {}): FigureLayer {
	const kind = change.kind ?? 'dense';
	return {
		id,
		name: id,
		kind,
		type: KIND_TITLES[kind],
		word: null,
		sign: kind === 'merge' ? '+' : '',
		shape: [16],
		window: null,
		strides: null,
		activation: '',
		inputs: [''],
		dtype: 'float32',
		trainable: null,
		parameters: 0,
		group: [],
		kernel: '',
		shown: null,
		colour: '',
		...change
	};
}

/** `28 × 28 × 16`, as it reads. */
export const sizeText = (shape: FigureLayer['shape']): string =>
	shape.map((n) => (n === null ? '?' : n.toLocaleString('en'))).join(' × ') || 'one number';

/** LeNet's `16@28×28`; a vector is its length. */
export function mapText(shape: FigureLayer['shape']): string {
	const words = shape.map((n) => (n === null ? '?' : String(n)));
	if (words.length < 2) return words.length ? Number(shape[0] ?? NaN).toLocaleString('en') : '1';
	return `${words.at(-1)}@${words.slice(0, -1).join('×')}`;
}

export const isMap = ({ shape }: Pick<FigureLayer, 'shape'>): boolean => shape.length === 3 || shape.length === 2;

/** [height, width, channels]; a sequence of [steps, features] is one row high; open sizes count as one. */
export function extent({ shape }: Pick<FigureLayer, 'shape'>): [height: number, width: number, channels: number] {
	const [a = 1, b = 1, c = 1] = shape.map((n) => Math.max(1, n ?? 1));
	if (shape.length >= 4) return [a, b, shape.slice(2).reduce<number>((product, n) => product * Math.max(1, n ?? 1), 1)];
	if (shape.length === 3) return [a, b, c];
	if (shape.length === 2) return [1, a, b];
	return [1, 1, a];
}

/** Circles that stand for a layer: its numbers where it is flat or fed, else its channels. */
export function neurons({ kind, shape }: Pick<FigureLayer, 'kind' | 'shape'>): number {
	const sizes = shape.map((n) => Math.max(1, n ?? 1));
	if (kind === 'input' || kind === 'flatten') return product(sizes);
	return sizes.at(-1) ?? 1;
}
