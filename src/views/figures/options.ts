import { choice, type ParameterSpec } from '#contracts/parameter.ts';

/** Options that several styles share. */

export const SCALES = { linear: 'Linear', root: 'Square root', log: 'Logarithmic' };

export const DETAIL = choice('detail', 'Layers', 'Deep networks are shown where the size of their maps changes.', {
	auto: 'Auto',
	all: 'All',
	sizes: 'At resolution changes',
	grids: 'Where height or width change'
});

export const direction = (otherwise: 'right' | 'down'): ParameterSpec =>
	choice(
		'direction',
		'Direction',
		'From input to output.',
		{ right: 'Left to right', down: 'Top to bottom' },
		otherwise
	);
