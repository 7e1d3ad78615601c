import { createContext } from 'svelte';
import type { LabState } from '#contracts/lab.ts';
import type { Features } from '#state/features.svelte.ts';
import type { Parameters } from '#state/parameters.svelte.ts';

interface Rooms extends LabState {
	readonly features: Features;
	readonly parameters: Parameters;
}

const [get, set] = createContext<Rooms>();

/** The lab of this page, for any component below the one that provides it. */
export const useLab: () => LabState = get;
export const useFeatures = (): Features => get().features;
export const useParameters = (): Parameters => get().parameters;
export const provideLab = set;
