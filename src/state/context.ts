import type { LabState } from '#contracts/lab.ts';
import type { Comparison } from '#state/comparison.svelte.ts';
import type { Features } from '#state/features.svelte.ts';
import type { Figures } from '#state/figures.svelte.ts';
import type { GraphDrawing } from '#state/graph-drawing.ts';
import type { Parameters } from '#state/parameters.svelte.ts';
import type { Playground } from '#state/playground.svelte.ts';
import type { Structure } from '#state/structure.svelte.ts';
import { createContext } from 'svelte';

interface Rooms extends LabState {
	readonly features: Features;
	readonly structure: Structure;
	readonly parameters: Parameters;
	readonly figures: Figures;
	readonly comparison: Comparison;
	readonly playground: Playground;
}

const [get, set] = createContext<Rooms>();

/** The lab of this page, for any component below the one that provides it. */
export const useLab: () => LabState = get;
export const useFeatures = (): Features => get().features;
export const useStructure = (): Structure => get().structure;
export const useGraphDrawing = (): GraphDrawing => get().structure.drawing;
export const useParameters = (): Parameters => get().parameters;
export const useFigures = (): Figures => get().figures;
export const useComparison = (): Comparison => get().comparison;
export const usePlayground = (): Playground => get().playground;
export const provideLab = set;
