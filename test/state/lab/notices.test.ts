import { expect, it } from 'vitest';
import { Notices } from '#state/lab/notices.svelte.ts';

const messages = ({ all }: Notices) => all.map(({ message }) => message);
const warning = (message: string) => ({ message, hint: '' });

it('tells of the open model until another is open, and of all else until it is dismissed', () => {
	const notes = new Notices();
	notes.add('warning', 'The GPU was lost.');
	notes.ofModel([warning('Quantised.'), warning('Some weights are NaN.'), warning('Quantised.')]);
	expect(messages(notes)).toEqual(['The GPU was lost.', 'Quantised.', 'Some weights are NaN.']);
	notes.add('info', 'Taken as a model.');
	notes.ofModel([warning('Some weights are NaN.'), warning('The GPU was lost.')]);
	expect(messages(notes)).toEqual(['The GPU was lost.', 'Taken as a model.', 'Some weights are NaN.']);
	notes.ofModel([]);
	expect(messages(notes)).toEqual(['The GPU was lost.', 'Taken as a model.']);
});
