import { createContext } from 'svelte';
import type { LabState } from '#contracts/lab.ts';
import type { Features } from '#state/features.svelte.ts';
import type { Figures } from '#state/figures.svelte.ts';

interface Rooms extends LabState {
	readonly features: Features;
	readonly figures: Figures;
}

const [get, set] = createContext<Rooms>();

/** The lab of this page, for any component below the one that provides it. */
export const useLab: () => LabState = get;
export const useFeatures = (): Features => get().features;
export const useFigures = (): Figures => get().figures;
export const provideLab = set;
