import ScanEye from '@lucide/svelte/icons/scan-eye';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'output',
	title: 'Output',
	order: 6,
	group: 'why',
	icon: ScanEye,
	summary: 'The output as what it is: boxes, a mask, an image, an embedding, classes or values.',
	needs: 'run',
	load: () => import('./OutputView.svelte')
};

export default view;
