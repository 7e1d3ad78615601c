import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'structure',
	title: 'Structure',
	order: 1,
	summary: 'The graph of the model: its layers, how they are joined, and what each of them costs.',
	needs: 'structure',
	load: () => import('./StructureView.svelte')
};

export default view;
