/** Operators by what they are for, and the colours of these families: calm ones, told apart by colour-blind eyes too. */

export interface Family {
	id: string;
	title: string;
	types: RegExp;
	/** Fill on light and on dark. */
	light: string;
	dark: string;
}

export const FAMILIES: readonly Family[] = [
	{ id: 'input', title: 'Input', types: /^(Input|Placeholder|Const)/, light: '#d5d9de', dark: '#4a525c' },
	{
		id: 'weighted',
		title: 'Convolution, dense',
		types: /Conv|Dense|MatMul|Einsum|Embedding|Attention/,
		light: '#b9d4f1',
		dark: '#1f5083'
	},
	{
		id: 'recurrent',
		title: 'Recurrent',
		types: /LSTM|GRU|RNN|Bidirectional|TimeDistributed/,
		light: '#bfe0dd',
		dark: '#1d5f59'
	},
	{
		id: 'activation',
		title: 'Activation',
		types:
			/Relu|RELU|ReLU|Elu|ELU|Selu|Sigmoid|Tanh|Softmax|Softplus|Softsign|Swish|Mish|Gelu|Celu|HardTanh|Shrink|SparsePlus|SquarePlus|Activation/,
		light: '#f6d3a9',
		dark: '#7d4d11'
	},
	{ id: 'normalisation', title: 'Normalisation', types: /Norm|LRN/, light: '#d9cdec', dark: '#533d7e' },
	{ id: 'pooling', title: 'Pooling', types: /Pool/, light: '#c3e3bd', dark: '#2c6329' },
	{
		id: 'arithmetic',
		title: 'Arithmetic',
		types:
			/^(Add|Sub|Mul|Div|Max|Min|Average|Mean|Sum|Prod|Pow|Sqrt|Rsqrt|Square|Exp|Log|Abs|Neg|Bias|Rescal|Dot|Floor|Ceil|Round|Real|Reciprocal|Sign|Sin|Cos|Tan|A(cos|sin|tan)|Erf|Clip|Cum|Squared)/,
		light: '#f2dd9b',
		dark: '#66560f'
	}
];

/** Reshapes, slices, choices: what only moves numbers. */
export const OTHER: Family = { id: 'other', title: 'Shape and choice', types: /^/, light: '#e4e0d8', dark: '#4b463c' };

const found = new Map<string, Family>();

export function familyOf(type: string): Family {
	let family = found.get(type);
	if (!family) found.set(type, (family = FAMILIES.find(({ types }) => types.test(type)) ?? OTHER));
	return family;
}
