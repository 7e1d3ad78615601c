import type { ParameterSpec } from '#contracts/parameter.ts';

/** Options that several manners share. */

export const SCALES = [
	{ id: 'linear', title: 'True to scale' },
	{ id: 'root', title: 'Square root' },
	{ id: 'log', title: 'Logarithm' }
];

export const DETAIL: ParameterSpec = {
	id: 'detail',
	title: 'Layers',
	help: 'Deep networks are shown where the size of their maps changes.',
	kind: 'choice',
	default: 'auto',
	options: [
		{ id: 'auto', title: 'As many as fit' },
		{ id: 'all', title: 'All' },
		{ id: 'sizes', title: 'Where sizes change' },
		{ id: 'grids', title: 'Where height or width change' }
	]
};

export const direction = (otherwise: 'right' | 'down'): ParameterSpec => ({
	id: 'direction',
	title: 'Direction',
	help: 'Where the network runs to.',
	kind: 'choice',
	default: otherwise,
	options: [
		{ id: 'right', title: 'To the right' },
		{ id: 'down', title: 'Downwards' }
	]
});
