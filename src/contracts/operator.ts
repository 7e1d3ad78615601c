import type { FigureKind, MergeSign } from '#maths/figures/layer.ts';

/** What operators are for. */
export const FAMILIES = [
	'input',
	'weighted',
	'recurrent',
	'activation',
	'normalisation',
	'pooling',
	'arithmetic',
	'other'
] as const;

export type Family = (typeof FAMILIES)[number];

/** What the page knows of a type of nodes: plain data that travels with the graph, once per type. */
export interface OperatorTraits {
	/** What it does, in a sentence. */
	note: string;
	/** What colours of the graph go by. */
	family: Family;
	/** How figures draw it. */
	figure: FigureKind;
	/** Of what joins its inputs: how a figure draws that; empty for a block of its own. */
	sign: MergeSign | '';
	/** What a paper calls it; empty for what is not worth a word. */
	word: string;
	/** In a strip of activations it stands for itself, finishes the layer before it, or shows nothing new. */
	strip: 'layer' | 'finishes' | 'hidden';
}
