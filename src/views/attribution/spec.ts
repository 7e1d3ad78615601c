import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'attribution',
	title: 'Attribution',
	order: 1,
	summary: 'Which parts of the input speak for the chosen score, as several methods see it.',
	needs: 'run',
	load: () => import('./AttributionView.svelte')
};

export default view;
