import { expect, it } from 'vitest';
import { found, MAX_FOUND_COMMANDS, type LabCommand } from '#views/shell/commands.ts';

const command = (group: string, title: string, note?: string): LabCommand => ({
	id: `${group} ${title}`,
	group,
	title,
	...(note === undefined ? {} : { note }),
	run: () => undefined
});
const all = [
	command('View', 'Attribution', 'Which parts of the input drive the score'),
	command('View', 'Structure'),
	command('Model', 'Photos', 'Ten kinds of things'),
	command('Class', 'Éclair'),
	command('Layer', 'stage3_structure', 'Conv2D')
];
const titles = (query: string) => found(all, query).map(({ title }) => title);

it('finds by parts of titles and by beginnings of the words beside them, in any order', () => {
	expect(titles('')).toEqual(all.map(({ title }) => title));
	expect(titles('score view')).toEqual(['Attribution']);
	expect(titles('core')).toEqual([]);
	expect(titles('conv')).toEqual(['stage3_structure']);
	expect(titles('  hot ')).toEqual(['Photos']);
	expect(titles('photos class')).toEqual([]);
});

it('has what begins with the query first, whatever its accents and capitals', () => {
	expect(titles('STRUCT')).toEqual(['Structure', 'stage3_structure']);
	expect(titles('layer struct')).toEqual(['stage3_structure']);
	expect(titles('eclair')).toEqual(['Éclair']);
});

it('shows so many', () => {
	const many = Array.from({ length: 1000 }, (_, i) => command('Class', `class ${i}`));
	expect(found(many, 'class')).toHaveLength(MAX_FOUND_COMMANDS);
	expect(found(many, 'class 999').map(({ title }) => title)).toEqual(['class 999']);
});
