import type { ParameterSpec } from '#contracts/parameter.ts';

/** Options that several styles share. */

export const SCALES = [
	{ id: 'linear', title: 'Linear' },
	{ id: 'root', title: 'Square root' },
	{ id: 'log', title: 'Logarithmic' }
];

export const DETAIL: ParameterSpec = {
	id: 'detail',
	title: 'Layers',
	help: 'Deep networks are shown where the size of their maps changes.',
	kind: 'choice',
	default: 'auto',
	options: [
		{ id: 'auto', title: 'Auto' },
		{ id: 'all', title: 'All' },
		{ id: 'sizes', title: 'At resolution changes' },
		{ id: 'grids', title: 'Where height or width change' }
	]
};

export const direction = (otherwise: 'right' | 'down'): ParameterSpec => ({
	id: 'direction',
	title: 'Direction',
	help: 'From input to output.',
	kind: 'choice',
	default: otherwise,
	options: [
		{ id: 'right', title: 'Left to right' },
		{ id: 'down', title: 'Top to bottom' }
	]
});
