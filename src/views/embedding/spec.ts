import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'embedding',
	title: 'Embedding',
	order: 5,
	summary: '2D and 3D maps of a data set, from its raw values or the activations of a layer.',
	load: () => import('./EmbeddingView.svelte')
};

export default view;
