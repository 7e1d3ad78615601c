import { expect, it } from 'vitest';
import { linkedOptions, optionsWith } from '#state/lab/view-options.ts';

const views = new Map([
	['why', { explains: true as const }],
	['inside', {}]
]);
const all = {
	methods: ['gradient'],
	channels: 'largest' as const,
	parameters: { 'why.a': '1', 'inside.b': '2', 'gradient.steps': '3' }
};

it('a link says of views what belongs to those that are seen', () => {
	expect(linkedOptions(all, views, ['why', 'inside'])).toEqual(all);
	expect(linkedOptions(all, views, ['why'])).toEqual({ ...all, parameters: { 'why.a': '1', 'gradient.steps': '3' } });
	expect(linkedOptions(all, views, ['inside'])).toEqual({
		methods: null,
		channels: 'sum',
		parameters: { 'inside.b': '2' }
	});
});

it('what a link does not say of the views that it shows is as it was without a word; of others it says nothing', () => {
	const link = { methods: null, channels: 'sum' as const, parameters: { 'inside.b': '5' } };
	expect(optionsWith(link, all, views, ['inside'])).toEqual({
		...all,
		parameters: { ...all.parameters, 'inside.b': '5' }
	});
	expect(optionsWith({ ...link, parameters: {} }, all, views, ['why'])).toEqual({
		methods: null,
		channels: 'sum',
		parameters: { 'inside.b': '2' }
	});
});
