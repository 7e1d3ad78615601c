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

const OLD = Symbol('old');

/** What each region that is dimmed is of, in words: for who says it for the page. */
export type Old = Map<symbol, string>;
export const provideOld = (old: Old) => setContext(OLD, old);
export const useOld = (): Old | undefined => getContext(OLD);
