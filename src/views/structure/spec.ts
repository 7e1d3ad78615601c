import Network from '@lucide/svelte/icons/network';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'structure',
	title: 'Structure',
	order: 1,
	group: 'model',
	icon: Network,
	summary: 'Computation graph of the model: its layers, their connections, and the cost of each.',
	needs: 'structure',
	load: () => import('./StructureView.svelte')
};

export default view;
