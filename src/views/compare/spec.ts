import GitCompare from '@lucide/svelte/icons/git-compare';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'compare',
	title: 'Compare',
	order: 7,
	group: 'together',
	icon: GitCompare,
	once: true,
	second: 'compare.model',
	summary: 'Compare two models: layers added, removed or changed, and distances of weights and outputs.',
	start: {
		title: 'What training changed',
		teaches: 'The digits model beside its untrained self, layer by layer.',
		link: 'model=digits&compare.model=digits/untrained.json'
	},
	load: () => import('./CompareView.svelte')
};

export default view;
