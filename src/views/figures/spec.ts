import Shapes from '@lucide/svelte/icons/shapes';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'figures',
	title: 'Figures',
	order: 8,
	group: 'model',
	icon: Shapes,
	once: true,
	summary: 'Network figures for papers: from the open model or by hand, as SVG and PNG.',
	opens: 'work',
	load: () => import('./FiguresView.svelte')
};

export default view;
