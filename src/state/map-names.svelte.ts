import type { ClusterNames, LabelPlace } from '#contracts/data-api.ts';
import { useRoom } from '#state/context.ts';
import { DataSets } from '#state/data-set.svelte.ts';
import type { Room } from '#state/door.ts';
import { JobRoom } from '#state/job-room.svelte.ts';

/** Groups of the map with names of their own. */
export interface NamedGroups extends ClusterNames {
	places: readonly LabelPlace[];
}

export class MapNames extends JobRoom implements Room {
	groups = $state.raw<NamedGroups | null>(null);
	#sets: DataSets | null = null;
	/** The frame of the map that they are of. */
	#frame: number | null = null;

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

	/** @param frame of the map whose groups are to have names; null for none */
	want(frame: number | null): void {
		if (frame === this.#frame) return;
		this.#frame = frame;
		this.groups = null;
		if (frame === null) this.cancel('names');
		else void this.#find();
	}

	async #find(): Promise<void> {
		const thread = this.#sets!.thread;
		await this.job(
			'names',
			async (signal, progress) => {
				const named = await thread.call('clusterNames', [], {
					signal,
					progress: (value) => progress((value as { done: number }).done)
				});
				return { ...named, places: await thread.call('labels', [named.codes, named.names.length], { signal }) };
			},
			(groups) => (this.groups = groups)
		);
	}
}

/** The room of this page, for any component of its view. */
export const useMapNames = (): MapNames => useRoom(MapNames).attach(useRoom(DataSets));
