import { untrack } from 'svelte';
import type { RegionsDisplay, RegionsMode, MapWindow } from '#contracts/map-regions.ts';
import type { LabState } from '#contracts/lab.ts';
import { categoryColours } from '#maths/class-colours.ts';
import { classesOf } from '#maths/class-names.ts';
import { unprojected } from '#maths/scatter/camera.ts';
import type { DataSets } from '#state/data/data-set.svelte.ts';
import type { Embedding } from '#state/embedding/embedding.svelte.ts';
import type { MapRegions } from '#state/embedding/map-regions.svelte.ts';
import type { Colouring } from './colouring.ts';
import type { Truth } from '../predictions/truth.svelte.ts';

export const REGION_MODES = [
	['none', 'none'],
	['nearest', 'Model output of the nearest item'],
	['inverse', 'Model output on interpolated items']
] as const satisfies readonly (readonly [RegionsMode | 'none', string])[];

/** Milliseconds of stillness after which a part of the map is looked at more closely. */
const STILL = 140;
/** Cells along a side at most, and how much more than what is seen is known, so that a small step shows no end. */
const [MAX_SIDE_CELLS, MORE] = [640, 0.2];
/** Beyond this the map has nothing. */
const END = 1.3;

interface MapView {
	matrix: readonly number[];
	size: { width: number; height: number };
}

/** The model's regions behind the map, as the link and the panel ask for them. */
export class Regions {
	#view = $state.raw<MapView | null>(null);

	constructor(
		private readonly lab: LabState,
		private readonly sets: DataSets,
		private readonly embedding: Embedding,
		private readonly viewState: MapRegions,
		private readonly truth: () => Truth
	) {
		$effect(() => {
			const regionsRequest = this.#regionsRequest;
			untrack(() => viewState.want(regionsRequest));
		});
		// Out of sight, nothing is painted.
		$effect(() => () => untrack(() => viewState.want(null)));
		$effect(() => {
			const [regionsRequest, mapView] = [this.#regionsRequest, this.#view];
			if (!regionsRequest || !mapView) return;
			const { window, width, height } = windowOf(mapView);
			const timer = setTimeout(() => void viewState.moveTo(window, width, height), STILL);
			return () => clearTimeout(timer);
		});
	}

	/** Whether the open model could say anything of these data at all. */
	readonly possible = $derived.by(() => {
		const { data } = this.sets;
		return !!data && this.lab.heads.some(({ kind }) => kind === 'classes') && this.embedding.fits(data) !== null;
	});

	readonly requested = $derived.by(() => {
		const own = this.lab.option('embedding.regions', 'none');
		return REGION_MODES.find(([id]) => id === own)?.[0] ?? 'none';
	});
	set(mode: string): void {
		this.lab.setOption('embedding.regions', mode, 'none');
	}

	/** Why nothing can be painted now, and what to do; empty where it can. */
	readonly refusal = $derived.by(() => {
		if (this.embedding.stopped !== null) return 'This map was stopped before it converged: it has no decision regions.';
		if (this.embedding.shown?.dimensions === 3) return 'Decision regions need a 2D map.';
		return this.truth().predictions
			? ''
			: 'Run the model on these data, below, to show its decision regions behind the map.';
	});

	readonly #regionsRequest = $derived.by(() => {
		const { requested, refusal } = this;
		const { predictions } = this.truth();
		const { shown, map } = this.embedding;
		if (requested === 'none' || refusal || !predictions || !shown || map?.data !== predictions.data) return null;
		if ('project' in this.embedding.running) return null;
		return { mode: requested, predictions, of: shown };
	});

	/** What is seen now. */
	saw(matrix: readonly number[], size: MapView['size']): void {
		this.#view = { matrix, size };
	}

	/** A CSS colour per class, and whether the points are coloured by the same classes. */
	colours(colouring: Colouring): { own: readonly string[]; shared: boolean } {
		const classes = this.truth().predictions?.classes ?? 0;
		const own = categoryColours(classes);
		const { codes } = colouring.kind === 'category' ? colouring : { codes: null };
		const { label } = this.sets;
		const labelled = !!label && codes === label.codes && !!classesOf(label.categories, this.lab.labels, classes);
		return { own, shared: labelled || (!!codes && codes === this.truth().predictions?.units) };
	}

	/** For a saved picture. */
	legend({ own, shared }: { own: readonly string[]; shared: boolean }) {
		const { shown } = this.viewState;
		const present = shared ? [] : [...new Set(this.truth().predictions?.units ?? [])].sort((a, b) => a - b);
		const model = this.lab.model?.title ?? 'The model';
		const what =
			shown?.mode === 'inverse'
				? `Background: output of ${model} on interpolated items (inverse map).`
				: `Background: output of ${model} for the nearest item.`;
		return {
			regions: present.slice(0, 20).map((k) => ({ text: this.lab.labelOf(k), colour: own[k]! })),
			notes: [`${what} Deeper where more confident; hatched where no item is near.`]
		};
	}

	/** For the picture; a new one whenever there is something new to draw. */
	display(colours: readonly string[]): RegionsDisplay | null {
		const { shown } = this.viewState;
		// What lies behind another map says nothing of this one.
		if (shown?.of !== this.embedding.shown || !shown) return null;
		const bytes = colours.flatMap((colour) => [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16)));
		return { key: shown.key, colours: Uint8Array.from(bytes) };
	}
}

/** The part of the map that is seen and a little more, and its cells: about one for two pixels. */
function windowOf({ matrix, size }: MapView): { window: MapWindow; width: number; height: number } {
	const within = (v: number) => Math.min(END, Math.max(-END, v));
	const [left, top] = unprojected(matrix, size, -MORE * size.width, -MORE * size.height);
	const [right, bottom] = unprojected(matrix, size, (1 + MORE) * size.width, (1 + MORE) * size.height);
	const window = [
		within(left),
		within(bottom),
		Math.max(within(right), within(left) + 1e-6),
		Math.max(within(top), within(bottom) + 1e-6)
	] as const;
	const [wide, high] = [(right - left) / size.width, (top - bottom) / size.height].map((v) => v / (1 + 2 * MORE));
	const cells = (span: number, perPixel: number) =>
		Math.max(8, Math.min(MAX_SIDE_CELLS, Math.round((0.7 * span) / Math.max(1e-9, perPixel))));
	return { window, width: cells(window[2] - window[0], wide!), height: cells(window[3] - window[1], high!) };
}
