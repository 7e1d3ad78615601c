import type { ClusterNames, LabelPlacement } from '#contracts/data-api.ts';
import { useViewState } from '#state/lab/context.ts';
import { DataSets } from '#state/data/data-set.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import type { ShownMap } from '#state/embedding/map.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';

/** Groups of the map with names of their own. */
export interface NamedGroups extends ClusterNames {
	placements: readonly LabelPlacement[];
	of: ShownMap;
}

export class MapNames extends JobViewState implements ViewState {
	groups = $state.raw<NamedGroups | null>(null);
	#sets: DataSets | null = null;
	/** The map that they are of. */
	#of: ShownMap | null = null;

	attach(sets: DataSets): this {
		this.#sets = sets;
		return this;
	}

	get busy(): boolean {
		return 'names' in this.running;
	}
	/** Names do not belong to a model. */
	reset(): void {}
	restore(): Promise<void> {
		return Promise.resolve();
	}

	/** @param of the map whose groups are to have names; null for none */
	want(of: ShownMap | null): void {
		if (of === this.#of) return;
		this.#of = of;
		this.groups = null;
		if (of) void this.#find(of);
		else this.cancel('names');
	}

	async #find(of: ShownMap): Promise<void> {
		const thread = this.#sets!.thread;
		await this.job(
			'names',
			async (signal, progress) => {
				const named = await thread.with(inParts(signal, progress)).clusterNames();
				return { ...named, of, placements: await thread.with({ signal }).labels(named.codes, named.names.length) };
			},
			(groups) => (this.groups = groups)
		);
	}
}

/** The state of this page, for any component of its view. */
export const useMapNames = (): MapNames => useViewState(MapNames).attach(useViewState(DataSets));
