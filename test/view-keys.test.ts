import { expect, it } from 'vitest';
import { viewKeys } from '#views/shell/view-keys.ts';

it('gives each view a letter of its own, of its title’s beginning where it can', () => {
	const titles = ['Structure', 'Figures', 'Feature maps', 'Playground', 'Parameters', 'Embedding', 'Slices', '3D'];
	const keys = viewKeys(titles.map((title) => ({ id: title, title })));
	expect(Object.fromEntries(keys)).toEqual({
		Structure: 's',
		Figures: 'f',
		'Feature maps': 'm',
		Playground: 'p',
		Parameters: 'a',
		Embedding: 'e',
		Slices: 'l',
		'3D': 'd'
	});
});

it('leaves one without whose letters are all taken', () => {
	expect([...viewKeys(['A', 'B', 'AB'].map((title) => ({ id: title, title }))).keys()]).toEqual(['A', 'B']);
});
