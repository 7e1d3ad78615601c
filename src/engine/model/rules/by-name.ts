import type { Family } from '#contracts/operator.ts';
import type { FigureKind } from '#maths/figures/layer.ts';
import { group, type Entry, type Operator } from '#engine/model/operators/operator.ts';
import { uncounted } from '#engine/model/rules/macs.ts';
import { kept } from '#engine/model/rules/positions.ts';

/** Operations that no entry describes: they are not run, but shown, by what their names contain. */

type Guess = readonly [name: RegExp, family: Family, figure: FigureKind, more?: Partial<Entry>];

/** The first that fits. */
const GUESSES: readonly Guess[] = [
	[/^(Input|Placeholder|Const)/, 'input', 'other'],
	[/Attention/, 'weighted', 'attention'],
	[/Depthwise|SeparableConv/, 'weighted', 'depthwise'],
	[/Conv\dDTranspose/, 'weighted', 'transposed', { kernel: 'outputs-inputs' }],
	[/Conv/, 'weighted', 'convolution'],
	[/Dense|MatMul|Einsum|Embedding/, 'weighted', 'other'],
	[/LSTM|GRU|RNN|Bidirectional/, 'recurrent', 'recurrent'],
	[/TimeDistributed/, 'recurrent', 'other'],
	[
		/Relu|ReLU|RELU|Elu|ELU|Sigmoid|Tanh|Soft(max|plus|sign)|Swish|Mish|Gelu|Shrink|Activation/,
		'activation',
		'activation'
	],
	[/Norm/, 'normalisation', 'normalisation'],
	[/^Global.*Pool/, 'pooling', 'global-pooling'],
	[/Pool/, 'pooling', 'pooling'],
	[/UpSampling|Upsample|Resize(Bilinear|Nearest)/, 'other', 'transposed'],
	[/Dropout/, 'other', 'dropout'],
	[
		/^(Add|Sub|Mul|Div|Max|Min|Mean|Sum|Prod|Pow|Sqrt|Rsqrt|Square|Exp|Log|Abs|Neg|Bias|Floor|Ceil|Round|Cum)/,
		'arithmetic',
		'other'
	]
];

const unknown = group({ macs: uncounted, positions: kept });

/** What is said and shown of a type without an entry. */
export function byName(type: string): Operator {
	const [, family = 'other', figure = 'other', more = {}] = GUESSES.find(([name]) => name.test(type)) ?? [];
	const note = `An operation of the model’s own format, “${type}”; the format’s documentation describes it.`;
	return { ...unknown(note, { family, figure, ...more }), word: type };
}
