import { createContext } from 'svelte';
import type { LabState } from '#contracts/lab.ts';

const [get, set] = createContext<LabState>();

/** The lab of this page, for any component below the one that provides it. */
export const useLab = get;
export const provideLab = set;
