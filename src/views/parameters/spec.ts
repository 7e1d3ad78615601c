import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'parameters',
	title: 'Parameters',
	order: 1.5,
	summary: 'Every number that the model has learnt: its kernels, their laws, and what stands out.',
	needs: 'weights',
	load: () => import('./ParametersView.svelte')
};

export default view;
