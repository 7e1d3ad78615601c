import { getContext, setContext } from 'svelte';

/** What pictures tell the region around them: whether they still show what it showed before. */
export interface Freshness {
	/** Key of what the region shows. */
	readonly key: string;
	/** @param picture stands for one picture */
	behind(picture: symbol, is: boolean): void;
}

const KEY = Symbol('freshness');

export const provideFreshness = (freshness: Freshness) => setContext(KEY, freshness);

/** Of the innermost region; undefined outside of any. */
export const useFreshness = (): Freshness | undefined => getContext(KEY);
