import ChartScatter from '@lucide/svelte/icons/chart-scatter';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'embedding',
	title: 'Embedding',
	order: 5,
	group: 'data',
	icon: ChartScatter,
	summary: '2D and 3D maps of a data set, from its raw values or the activations of a layer.',
	opens: {
		data(lab, { address = '', sample = '' }) {
			lab.setOption('embedding.columns', '', '');
			lab.setOption('embedding.data', sample, '');
			lab.setOption('embedding.data-url', address, '');
		}
	},
	load: () => import('./EmbeddingView.svelte')
};

export default view;
