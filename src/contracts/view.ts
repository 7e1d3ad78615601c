import type { Component } from 'svelte';
import type { Abilities } from '#contracts/compute.ts';
import type { LabState } from '#contracts/lab.ts';

/** What views are about, in the order of the rail. */
export const VIEW_GROUPS = [
	{ id: 'model', title: 'Model' },
	{ id: 'why', title: 'Why' },
	{ id: 'data', title: 'Data' },
	{ id: 'train', title: 'Train' },
	{ id: 'together', title: 'Together' }
] as const;
type ViewGroup = (typeof VIEW_GROUPS)[number]['id'];

/** A view of the lab: one folder in `views/` with a spec.ts, found by its registry; it stands in the rail. */
export interface View {
	id: string;
	title: string;
	/** Among the views of its group. */
	order: number;
	group: ViewGroup;
	icon: Component;
	/** What one sees here, in a sentence. */
	summary: string;
	/** It has nothing to do with the open model: the panels of model, input and prediction make room for it. */
	alone?: boolean;
	/** It is of two models or of data of its own already: it does not stand a second time for another model. */
	once?: true;
	/** The option that says which model it compares the open one with: model B of panes, where nothing else is chosen. */
	second?: string;
	/** It runs attribution methods: what is chosen of them is said in its links. */
	explains?: true;
	/** What of an open model it cannot do without; the page says so where that is not there. */
	needs?: keyof Abilities;
	/**
	 * What is opened here wherever on the page it is dropped: a data set, for the link with the address that it came from, or of
	 * those that the lab makes its id, which is opened then; or work that the lab saved to go on with, which `lab.takeGiven`
	 * hands over.
	 */
	opens?: { data(lab: LabState, from: { address?: string; sample?: string }): void } | 'work';
	/** For the start screen: something to begin with here, what it teaches, and what the link says of it besides the view. */
	start?: { title: string; teaches: string; link: string };
	/** Loaded when the view is first opened. */
	load(): Promise<{ default: Component }>;
}

/** Ids of those that may stand beside themselves for another model. */
export const besides = (views: ReadonlyMap<string, Pick<View, 'alone' | 'once'>>): string[] =>
	[...views].flatMap(([id, { alone, once }]) => (alone || once ? [] : [id]));
