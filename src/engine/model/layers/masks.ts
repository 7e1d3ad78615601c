import type { LayerPlan } from '#engine/model/layers/plan.ts';

/** Which layers of Keras take heed of the steps that are marked as padding, and which hand the marks on. */

/** What is done with the marks that come with the inputs of a layer. */
export type MaskUse =
	/** The layer leaves the marked steps out. */
	| 'used'
	/** Keras would leave them out; that is not computed here. */
	| 'ignored'
	/** The layer looks at every step, in Keras too. */
	| 'none';

const RECURRENT = new Set(['LSTM', 'GRU', 'SimpleRNN', 'RNN', 'Bidirectional']);
const IGNORED = new Set([
	'ConvLSTM2D',
	'Softmax',
	'Attention',
	'AdditiveAttention',
	'MultiHeadAttention',
	'GroupQueryAttention'
]);
const PASSING =
	/^(Activation|Dense|TimeDistributed|(Batch|Layer|Group|Unit)Normalization|(Leaky|P|Thresholded)?ReLU|ELU|Softmax|(Spatial)?Dropout([123]D)?|Gaussian(Noise|Dropout)|AlphaDropout|ActivityRegularization|Identity|Masking|Add|Subtract|Multiply|Average|Maximum|Minimum)$/;

export const isRecurrent = ({ className }: LayerPlan) => RECURRENT.has(className);

/** Joined along its last axis: only then the marks of all inputs are of the same steps. */
const joinsLast = ({ className, config }: LayerPlan, rank: number) =>
	className === 'Concatenate' && [-1, rank - 1].includes(Number(config['axis'] ?? -1));

export function maskUse(layer: LayerPlan, rank: number): MaskUse {
	if (isRecurrent(layer) || layer.className === 'GlobalAveragePooling1D') return 'used';
	if (layer.className === 'Concatenate') return joinsLast(layer, rank) ? 'none' : 'ignored';
	return IGNORED.has(layer.className) ? 'ignored' : 'none';
}

/** Whether what comes out is marked as what went in. */
export function handsOn(layer: LayerPlan, rank: number): boolean {
	if (isRecurrent(layer)) return sequences(layer);
	return PASSING.test(layer.className) || joinsLast(layer, rank);
}

function sequences({ className, config }: LayerPlan): boolean {
	const inner = className === 'Bidirectional' ? (config['layer'] as Pick<LayerPlan, 'config'> | undefined) : null;
	return (inner ? inner.config : config)['return_sequences'] === true;
}
