import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'compare',
	title: 'Compare',
	order: 7,
	summary:
		'The open model beside a second one: what was added, removed or changed, and how far weights and outputs moved.',
	load: () => import('./CompareView.svelte')
};

export default view;
