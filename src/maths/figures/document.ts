import * as v from 'valibot';
import { isColour } from '#maths/figures/colours.ts';
import { KINDS, SIGNS, type FigureLayer } from '#maths/figures/layer.ts';

/** A figure as a file. Whatever is read from one is checked here; names in it are text and nothing else. */

const MAX_DOCUMENT_LAYERS = 2000;
const word = v.pipe(v.string(), v.maxLength(300));
const size = v.nullable(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e9)));
const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1e15));
const pair = v.nullable(
	v.tuple([v.pipe(v.number(), v.minValue(1), v.maxValue(1e4)), v.pipe(v.number(), v.minValue(1), v.maxValue(1e4))])
);

const Layer = v.object({
	id: v.pipe(word, v.minLength(1)),
	name: v.optional(word),
	kind: v.picklist(KINDS),
	type: v.optional(word, ''),
	word: v.optional(v.nullable(word)),
	sign: v.optional(v.picklist([...SIGNS, ''])),
	shape: v.pipe(v.array(size), v.maxLength(6)),
	window: v.optional(pair, null),
	strides: v.optional(pair, null),
	activation: v.optional(word, ''),
	inputs: v.optional(v.pipe(v.array(word), v.maxLength(64)), ['']),
	dtype: v.optional(word, 'float32'),
	trainable: v.optional(v.nullable(v.boolean()), null),
	parameters: v.optional(count, 0),
	group: v.optional(v.pipe(v.array(word), v.maxLength(24)), []),
	shown: v.optional(v.nullable(v.boolean()), null),
	colour: v.optional(
		v.pipe(
			v.string(),
			v.check((text) => text === '' || isColour(text), 'is no colour like #a0b0c0')
		),
		''
	)
});

const Document = v.object({
	format: v.literal('vitrine-figure'),
	version: v.literal(1),
	title: v.optional(word, ''),
	/** What version 1 calls the style of the network. */
	manner: v.optional(word, ''),
	settings: v.optional(v.record(v.pipe(v.string(), v.maxLength(100)), word), {}),
	layers: v.pipe(
		v.array(Layer),
		v.maxLength(MAX_DOCUMENT_LAYERS),
		v.check((layers) => new Set(layers.map(({ id }) => id)).size === layers.length, 'Two layers have the same id')
	)
});

/** Operators in a paper's words, for files that say only what their operators are called in code. */
const WORDS: ReadonlyMap<string, string> = new Map(
	Object.entries({
		Conv1D: 'Convolution',
		Conv2D: 'Convolution',
		Conv3D: 'Convolution',
		DepthwiseConv2D: 'Depthwise',
		SeparableConv2D: 'Separable',
		Conv2DTranspose: 'Transposed conv.',
		MaxPool2D: 'Max-pooling',
		MaxPool: 'Max-pooling',
		AveragePool2D: 'Mean-pooling',
		AvgPool: 'Mean-pooling',
		GlobalAveragePool: 'Global mean',
		GlobalMaxPool: 'Global maximum',
		BatchNormalization: 'BatchNorm',
		BiasAdd: 'Bias',
		Relu: 'ReLU',
		Relu6: 'ReLU6',
		LeakyRelu: 'Leaky ReLU',
		PRelu: 'PReLU',
		Elu: 'ELU',
		Selu: 'SELU',
		Upsample2D: 'Upsampling',
		Concat: 'Concatenation',
		Crop2D: 'Cropping',
		Identity: ''
	})
);

const signOf = ({ kind, type }: Pick<FigureLayer, 'kind' | 'type'>): FigureLayer['sign'] =>
	kind !== 'merge' || /^Concat/.test(type) ? '' : type === 'Multiply' ? '×' : '+';

export interface FigureDocument {
	title: string;
	networkStyle: string;
	/** Options of the figure by their key in the link. */
	settings: Readonly<Record<string, string>>;
	layers: readonly FigureLayer[];
}

/** Weights stay with their model: a file of layers has none. */
export function documentText({ title, networkStyle, settings, layers }: FigureDocument): string {
	const plain = layers.map(({ kernel: _, ...layer }) => layer);
	return JSON.stringify(
		{ format: 'vitrine-figure', version: 1, title, manner: networkStyle, settings, layers: plain },
		null,
		'\t'
	);
}

/** A list of layers comes nowhere near this. */
const MAX_DOCUMENT_BYTES = 16 << 20;

/** @returns the figure, or what is wrong with the file, in words */
export async function readFigure(file: Blob): Promise<FigureDocument | string> {
	if (file.size > MAX_DOCUMENT_BYTES) return `It has more than ${MAX_DOCUMENT_BYTES >> 20} MB.`;
	return parseDocument(await file.text());
}

/** @returns the figure, or what is wrong with the text, in words */
export function parseDocument(text: string): FigureDocument | string {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return 'It is not valid JSON.';
	}
	const result = v.safeParse(Document, json);
	if (!result.success) {
		const [issue] = result.issues;
		const path = v.getDotPath(issue);
		return `${path ? `${path}: ` : ''}${issue.message}.`;
	}
	const { title, manner: networkStyle, settings, layers } = result.output;
	return {
		title,
		networkStyle,
		settings,
		layers: layers.map((layer) => ({
			...layer,
			name: layer.name ?? layer.id,
			word: layer.word === undefined ? (WORDS.get(layer.type) ?? null) : layer.word,
			sign: layer.sign ?? signOf(layer),
			kernel: ''
		}))
	};
}
