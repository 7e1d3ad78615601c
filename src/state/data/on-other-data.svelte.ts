import { untrack } from 'svelte';
import type { DataSets } from '#state/data/data-set.svelte.ts';

/** Tells whenever another data set is open, or none any more: for `watch` of a view state. */
export function onOtherData(sets: () => Pick<DataSets, 'data'> | null, onchange: () => void): void {
	let before = sets()?.data ?? null;
	$effect.pre(() => {
		const now = sets()?.data ?? null;
		untrack(() => {
			if (now !== before) onchange();
			before = now;
		});
	});
}
