import GitCompare from '@lucide/svelte/icons/git-compare';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'compare',
	title: 'Compare',
	order: 7,
	group: 'together',
	icon: GitCompare,
	summary: 'Compare two models: layers added, removed or changed, and distances of weights and outputs.',
	load: () => import('./CompareView.svelte')
};

export default view;
