import type { Family } from '#contracts/operator.ts';

/** The colours of operators, by what they are for: calm ones, told apart by colour-blind eyes too. */

interface FamilyStyle {
	title: string;
	/** Fill on light and on dark. */
	light: string;
	dark: string;
}

/** In the order of the legend. */
export const FAMILY_STYLES: Readonly<Record<Family, FamilyStyle>> = {
	input: { title: 'Input', light: '#d5d9de', dark: '#4a525c' },
	weighted: { title: 'Convolution, dense', light: '#b9d4f1', dark: '#1f5083' },
	recurrent: { title: 'Recurrent', light: '#bfe0dd', dark: '#1d5f59' },
	activation: { title: 'Activation', light: '#f6d3a9', dark: '#7d4d11' },
	normalisation: { title: 'Normalisation', light: '#d9cdec', dark: '#533d7e' },
	pooling: { title: 'Pooling', light: '#c3e3bd', dark: '#2c6329' },
	arithmetic: { title: 'Arithmetic', light: '#f2dd9b', dark: '#66560f' },
	// Reshapes, slices, choices: what only moves numbers.
	other: { title: 'Reshape and indexing', light: '#e4e0d8', dark: '#4b463c' }
};
