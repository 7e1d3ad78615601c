import { createContext } from 'svelte';
import type { LabState } from '#contracts/lab.ts';
import type { Comparison } from '#state/comparison.svelte.ts';
import type { Features } from '#state/features.svelte.ts';

interface Rooms extends LabState {
	readonly features: Features;
	readonly comparison: Comparison;
}

const [get, set] = createContext<Rooms>();

/** The lab of this page, for any component below the one that provides it. */
export const useLab: () => LabState = get;
export const useFeatures = (): Features => get().features;
export const useComparison = (): Comparison => get().comparison;
export const provideLab = set;
