import ChartScatter from '@lucide/svelte/icons/chart-scatter';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'embedding',
	title: 'Embedding',
	order: 5,
	group: 'data',
	icon: ChartScatter,
	once: true,
	summary: '2D and 3D maps of a data set, from its raw values or the activations of a layer.',
	opens: {
		data(lab, { address = '', sample = '' }) {
			lab.setOption('embedding.columns', '', '');
			lab.setOption('embedding.data', sample, '');
			lab.setOption('embedding.data-url', address, '');
		}
	},
	start: {
		title: 'A map of digits',
		teaches: 'Where a model puts 2,000 written digits, and which it mixes up.',
		link: 'model=digits&embedding.data=digits'
	},
	load: () => import('./EmbeddingView.svelte')
};

export default view;
