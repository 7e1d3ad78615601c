import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'feature-maps',
	title: 'Feature maps',
	order: 2,
	summary: 'What every layer answers to your input, from the image to the prediction.',
	needs: 'run',
	load: () => import('./FeatureMapsView.svelte')
};

export default view;
