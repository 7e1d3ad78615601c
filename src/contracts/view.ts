import type { Component } from 'svelte';
import type { Abilities } from '#contracts/compute.ts';
import type { LabState } from '#contracts/lab.ts';

/** A view of the lab: one folder in `views/` with a spec.ts, found by its registry; it becomes a tab. */
export interface View {
	id: string;
	title: string;
	order: number;
	/** What one sees here, in a sentence. */
	summary: string;
	/** It has nothing to do with the open model: the panels of model, input and prediction make room for it. */
	alone?: boolean;
	/** What of an open model it cannot do without; the page says so where that is not there. */
	needs?: keyof Abilities;
	/**
	 * What is opened here wherever on the page it is dropped: a data set, which is told when it is open with the address
	 * that it came from, or empty; or work that the lab saved to go on with, which `lab.takeGiven` hands over.
	 */
	opens?: { data(lab: LabState, address: string): void } | 'work';
	/** Loaded when the view is first opened. */
	load(): Promise<{ default: Component }>;
}
