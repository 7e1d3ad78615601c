import { useViewState } from '#state/lab/context.ts';
import type { KernelSlice } from '#contracts/compute.ts';
import { isAbort } from '#contracts/errors.ts';
import { differing, keyOf, type Result } from '#contracts/identity.ts';
import type { FigureDocument } from '#maths/figures/document.ts';
import type { FigureLayer } from '#maths/figures/layer.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';

/** Steps that can be taken back. */
const REMEMBERED = 50;

const NONE: Result<ReadonlyMap<string, Float32Array>> = { value: new Map(), of: {} };

/** A slice, and the layer whose edges it gives. */
export interface LayerSlice extends KernelSlice {
	layer: string;
}

interface Edited {
	layers: readonly FigureLayer[] | null;
	byHand: boolean;
	title: string;
}

/** The figure that is being made: its layers as edited, and the weights that it shows. */
export class Figures extends JobViewState implements ViewState {
	protected override readonly titles = {
		file: 'Writing the figure',
		weights: 'Weights for the figure'
	};
	#now = $state.raw<Edited>({ layers: null, byHand: false, title: '' });
	#past = $state.raw<readonly Edited[]>([]);
	/** By layer: values of the slices that were answered last, perhaps not those that are asked for now. */
	slices = $state.raw<Result<ReadonlyMap<string, Float32Array>>>(NONE);
	#requested = '';
	#requestedSlices: readonly LayerSlice[] = [];

	get busy(): boolean {
		return Object.keys(this.running).length > 0;
	}

	/** Null while they are those of the model. */
	get layers(): readonly FigureLayer[] | null {
		return this.#now.layers;
	}

	/** The list stands for itself, without a model. */
	get byHand(): boolean {
		return this.#now.byHand;
	}

	/** Of a list that stands for itself. */
	get title(): string {
		return this.#now.title;
	}

	get undoable(): boolean {
		return this.#past.length > 0;
	}

	/**
	 * Reads a file, in the thread that reads what is foreign; of several, the one that was given last.
	 * @param take told what it holds, or what is wrong with it, in words
	 */
	async read(file: Blob, take: (found: FigureDocument | string) => void): Promise<void> {
		const read = async (signal: AbortSignal) => {
			try {
				return await this.context.reader.api.with({ signal, watched: true }).figure(file);
			} catch (error) {
				if (isAbort(error)) throw error;
				return error instanceof Error ? error.message : String(error);
			}
		};
		await this.job('file', read, take);
	}

	#set(next: Edited): void {
		this.#past = [...this.#past, this.#now].slice(-REMEMBERED);
		this.#now = next;
	}

	edit(layers: readonly FigureLayer[]): void {
		this.#set({ ...this.#now, layers });
	}

	/** A list that was made by hand, or opened from a file. */
	openList(layers: readonly FigureLayer[], title: string): void {
		this.cancel('file');
		this.#set({ layers, byHand: true, title });
	}

	/** The model's own layers again. */
	useModel(): void {
		this.cancel('file');
		this.#set({ layers: null, byHand: false, title: '' });
	}

	undo(): void {
		const before = this.#past.at(-1);
		if (!before) return;
		this.#past = this.#past.slice(0, -1);
		this.#now = before;
	}

	/** Weights of the open model; without an answer the figure is drawn without them. */
	async fetch(slices: readonly LayerSlice[]): Promise<void> {
		const requested = keyOf(slices);
		const of = { ...this.context.identity(['model']), parameters: requested };
		if (requested === this.#requested) return;
		this.#requested = requested;
		this.#requestedSlices = slices;
		if (!slices.length) {
			this.cancel('weights');
			this.slices = NONE;
			return;
		}
		const requests = slices.map(({ kernel, rows, columns }) => ({ kernel, rows: [...rows], columns: [...columns] }));
		await this.job(
			'weights',
			(signal) => this.context.compute.with({ signal }).kernelSlices(requests),
			(values) => {
				this.slices = { value: new Map(slices.map(({ layer }, i) => [layer, values[i] as Float32Array])), of };
			},
			of
		);
	}

	/** The values of these slices of the open model; none until they are answered: those of others are no weights of these edges. */
	known(slices: readonly LayerSlice[]): ReadonlyMap<string, Float32Array> {
		const now = { ...this.context.identity(['model']), parameters: keyOf(slices) };
		return differing(this.slices.of, now).length ? NONE.value : this.slices.value;
	}

	/** Another model is open: what was changed of the one before is gone, a list by hand stays. */
	reset(): void {
		this.cancel('weights');
		this.slices = NONE;
		this.#requested = '';
		this.#requestedSlices = [];
		if (this.byHand) return;
		this.#now = { layers: null, byHand: false, title: '' };
		this.#past = [];
	}

	/** Weights are the same on a fresh engine; those that were on their way when the old one died come from this one. */
	async restore(): Promise<void> {
		if (this.slices.value.size >= this.#requestedSlices.length) return;
		this.#requested = '';
		await this.fetch(this.#requestedSlices);
	}
}

/** The state of this page, for any component of its view. */
export const useFigures = (): Figures => useViewState(Figures);
