import Scissors from '@lucide/svelte/icons/scissors';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'slices',
	title: 'Decision slices',
	order: 3,
	group: 'why',
	icon: Scissors,
	summary:
		'Slice the input space along a plane through images or rows of your choice: predicted class at every point, decision boundaries and their distance.',
	needs: 'run',
	load: () => import('./SlicesView.svelte')
};

export default view;
