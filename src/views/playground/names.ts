import type { DerivedInput } from '#contracts/playground.ts';

export const INPUT_NAMES: Readonly<Record<DerivedInput, string>> = {
	x1: 'x₁',
	x2: 'x₂',
	'x1-squared': 'x₁²',
	'x2-squared': 'x₂²',
	'x1-x2': 'x₁x₂',
	'sin-x1': 'sin x₁',
	'sin-x2': 'sin x₂'
};

interface Shape {
	inputs: readonly DerivedInput[];
	hidden: readonly number[];
}

/** What a unit is called; layer 0 is the inputs. */
export function unitName({ inputs, hidden }: Shape, layer: number, unit: number): string {
	if (layer === 0) return INPUT_NAMES[inputs[unit] as DerivedInput] ?? '';
	return layer > hidden.length ? `output ${unit + 1}` : `layer ${layer}, neuron ${unit + 1}`;
}
