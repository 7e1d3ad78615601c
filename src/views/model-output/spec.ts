import ImageIcon from '@lucide/svelte/icons/image';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'model-output',
	title: 'Output',
	order: 6,
	group: 'why',
	icon: ImageIcon,
	summary: 'Boxes, mask, image, embedding, classes or values, drawn as what they are.',
	needs: 'run',
	load: () => import('./OutputView.svelte')
};

export default view;
