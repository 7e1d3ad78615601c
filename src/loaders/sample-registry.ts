import type { SampleSet } from '#contracts/data-api.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { registry } from '#contracts/registry.ts';

/** A sample set that the lab makes: one file in `samples/` each. */
export interface SampleMaker extends SampleSet {
	order: number;
	/** The same seed makes the same set. */
	make(seed: number): DataSet;
}

export const sampleMakers = registry(
	import.meta.glob<SampleMaker>('./samples/*.ts', { eager: true, import: 'default' })
);
