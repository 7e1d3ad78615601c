import ChartColumn from '@lucide/svelte/icons/chart-column';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'parameters',
	title: 'Parameters',
	order: 1.5,
	group: 'model',
	icon: ChartColumn,
	summary: 'Weights of every layer: values, distributions and anomalies.',
	needs: 'weights',
	load: () => import('./ParametersView.svelte')
};

export default view;
