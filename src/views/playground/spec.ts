import FlaskConical from '@lucide/svelte/icons/flask-conical';
import type { View } from '#contracts/view.ts';

const view: View = {
	id: 'playground',
	title: 'Playground',
	order: 4,
	group: 'train',
	icon: FlaskConical,
	summary: 'Train a small network on 2D points and watch the output of every neuron at each step.',
	alone: true,
	start: {
		title: 'Two spirals',
		teaches: 'Watch a network learn, neuron by neuron, and turn its knobs.',
		link: 'playground.data=spiral&playground.hidden=8,8&playground.inputs=x1,x2,sin-x1,sin-x2'
	},
	load: () => import('./ModesView.svelte')
};

export default view;
