import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'feature-maps',
	title: 'Feature maps',
	order: 2,
	summary: 'Activations of every layer for your input.',
	needs: 'run',
	load: () => import('./FeatureMapsView.svelte')
};

export default view;
