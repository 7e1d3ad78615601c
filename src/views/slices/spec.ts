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
	start: {
		title: 'Between three digits',
		teaches: 'Where the prediction flips on the way from one digit to another.',
		link: 'model=digits'
	},
	load: () => import('./SlicesView.svelte')
};

export default view;
