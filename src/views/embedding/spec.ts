import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'embedding',
	title: 'Embedding',
	order: 5,
	summary: 'A data set as a map: what the numbers, or a layer of the model, hold to be alike lies together.',
	load: () => import('./EmbeddingView.svelte')
};

export default view;
