import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'feature-maps',
	title: 'Feature maps',
	order: 2,
	group: 'why',
	icon: LayoutGrid,
	summary: 'Activations of every layer for your input.',
	needs: 'run',
	load: () => import('./FeatureMapsView.svelte')
};

export default view;
