import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'slices',
	title: 'Decision slices',
	order: 3,
	summary:
		'Cut a plane through the space of all inputs, through images or rows of your choice, and see which class the model gives to every point of it, where the boundaries run and how far they are.',
	needs: 'run',
	load: () => import('./SlicesView.svelte')
};

export default view;
