import Scissors from '@lucide/svelte/icons/scissors';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'slices',
	title: 'Decision slices',
	order: 3,
	group: 'why',
	icon: Scissors,
	summary: 'A plane through your images or rows: the class at every point of it, and how far its boundaries are.',
	needs: 'run',
	start: {
		title: 'Between three digits',
		teaches: 'Where the prediction flips on the way from one digit to another.',
		link: 'model=digits'
	},
	load: () => import('./SlicesView.svelte')
};

export default view;
