import Crosshair from '@lucide/svelte/icons/crosshair';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'attribution',
	explains: true,
	title: 'Attribution',
	order: 1,
	group: 'why',
	icon: Crosshair,
	summary: 'Which parts of the input drive this score, by four methods.',
	needs: 'run',
	load: () => import('./AttributionView.svelte')
};

export default view;
