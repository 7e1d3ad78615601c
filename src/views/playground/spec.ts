import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'playground',
	title: 'Playground',
	order: 4,
	summary: 'Train a small network on points in the plane, and see every neuron’s view of it at each step.',
	alone: true,
	load: () => import('./ModesView.svelte')
};

export default view;
