import Cable from '@lucide/svelte/icons/cable';
import Equal from '@lucide/svelte/icons/equal';
import Minus from '@lucide/svelte/icons/minus';
import Plus from '@lucide/svelte/icons/plus';
import Scale from '@lucide/svelte/icons/scale';
import Scaling from '@lucide/svelte/icons/scaling';
import SlidersHorizontal from '@lucide/svelte/icons/sliders-horizontal';
import type { Component } from 'svelte';
import type { RowState } from '#contracts/comparison.ts';

export interface StateDisplay {
	id: RowState;
	word: string;
	icon: Component;
	/** Told apart by the colour-blind, too (after Okabe & Ito 2008), at 3:1 on either theme. */
	colour: string;
	help: string;
}

/** How the states of rows are shown: by word, by icon and by colour. */
export const STATES: readonly StateDisplay[] = [
	{
		id: 'removed',
		word: 'Removed',
		icon: Minus,
		colour: 'light-dark(#b84a00, #ff8f4d)',
		help: 'Only the open model has it.'
	},
	{
		id: 'added',
		word: 'Added',
		icon: Plus,
		colour: 'light-dark(#00745a, #3fc79a)',
		help: 'Only the second model has it.'
	},
	{
		id: 'shape',
		word: 'Shape differs',
		icon: Scaling,
		colour: 'light-dark(#9c3f77, #e79bc6)',
		help: 'Its output or its weights have another size.'
	},
	{
		id: 'attributes',
		word: 'Settings differ',
		icon: SlidersHorizontal,
		colour: 'light-dark(#8a6100, #f0b429)',
		help: 'An attribute, a number type or the storage differs.'
	},
	{
		id: 'inputs',
		word: 'Rewired',
		icon: Cable,
		colour: 'light-dark(#0b7285, #66d9e8)',
		help: 'Its inputs come from other layers.'
	},
	{
		id: 'weights',
		word: 'Weights differ',
		icon: Scale,
		colour: 'light-dark(#0b5fb0, #6db3f8)',
		help: 'Same architecture, other weight values.'
	},
	{ id: 'same', word: 'Same', icon: Equal, colour: 'var(--muted)', help: 'Nothing differs.' }
];

export const displayOf = (state: RowState): StateDisplay => STATES.find(({ id }) => id === state) as StateDisplay;
