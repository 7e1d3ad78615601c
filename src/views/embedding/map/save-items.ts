import type { DataSet } from '#contracts/data-set.ts';
import type { GraphTheme } from '#contracts/graph-picture.ts';
import { formatted } from '#maths/format.ts';
import { matrixOf, TURNED, WHOLE, type ScatterCamera } from '#maths/scatter/camera.ts';
import type { DataSets } from '#state/data/data-set.svelte.ts';
import type { MapFile } from '#state/embedding/export.ts';
import type { Embedding } from '#state/embedding/embedding.svelte.ts';
import type { MapLegend, MapPicture } from '#state/embedding/map-picture.ts';
import type { Colouring } from './colouring.ts';
import type { MapDisplay } from './map-display.ts';
import { namesOn, occupied, picturesOn, pointDisplay } from './pointing.ts';

interface Shown {
	data: DataSet;
	embedding: Embedding;
	sets: DataSets;
	colouring: Colouring;
	display: MapDisplay;
	theme: GraphTheme;
	camera: ScatterCamera | null;
	/** Of what is painted behind the points. */
	regions: Pick<MapLegend, 'regions' | 'notes'>;
}

/** CSS pixels of a saved picture. */
const SIDE = 1000;

const css = (colour: readonly number[]) => `rgb(${colour.map((v) => Math.round(255 * v)).join(' ')})`;

/** What a map can be saved as. */
export function saveItems({ embedding, sets, colouring, display, theme, camera, regions }: Shown) {
	const picture = (): MapPicture | null => {
		const { shown } = embedding;
		if (!shown) return null;
		const { positions, dimensions, key } = shown;
		const size = { width: SIDE, height: SIDE };
		const eye = camera ?? (dimensions === 3 ? TURNED : WHOLE);
		const matrix = matrixOf(eye, size, dimensions);
		const count = embedding.only?.length ?? positions.length / dimensions;
		const taken = occupied(positions, dimensions);
		const names = display.names?.of === shown ? display.names : null;
		const labels = names ? namesOn(names.placements, names.categories, matrix, size, names.longest) : [];
		return {
			key,
			positions,
			dimensions,
			matrix,
			...pointDisplay(count, eye.zoom, SIDE * SIDE * Math.sqrt(taken)),
			side: SIDE,
			ink: display.ink,
			contours: display.contours && dimensions === 2,
			decisionRegions: display.decisionRegions,
			thumbnails:
				sets.sprites && display.thumbnails ? picturesOn(sets.sprites, count, eye.zoom, SIDE * SIDE * taken) : null,
			labels: labels.map((name) => ({
				...name,
				colour: names!.colours[name.category]!,
				path: names!.hulls ? name.path : ''
			})),
			stage: css(theme.stage),
			text: css(theme.text),
			theme,
			legend: { ...legendOf(colouring), ...(display.decisionRegions ? regions : { regions: [], notes: [] }) }
		};
	};
	const save = (kind: MapFile) => () => void embedding.save(kind, picture());
	return [
		{ title: 'Coordinates, CSV', choose: save('csv') },
		{ title: 'Coordinates, NumPy (.npy)', choose: save('npy') },
		{ title: 'Coordinates, Parquet', choose: save('parquet') },
		{ title: 'Image, PNG', choose: save('png') },
		{ title: 'Drawing, SVG', choose: save('svg') },
		{ title: 'TensorBoard projector (zip)', choose: save('projector') }
	];
}

/** Entries of a legend at most. */
const MAX_ENTRIES = 30;

function legendOf(colouring: Colouring): Pick<MapLegend, 'title' | 'entries' | 'bar'> {
	const { title } = colouring;
	if (colouring.kind === 'number') {
		const { colours, low, high, quantiles } = colouring;
		const words = quantiles ? `${formatted(high)}, by quantiles` : formatted(high);
		return { title, entries: [], bar: { colours, low: formatted(low), high: words } };
	}
	const entries =
		colouring.kind === 'category'
			? colouring.categories
					.map((text, k) => ({ text, colour: colouring.colours[k]! }))
					.filter((_, k) => colouring.counts[k]! > 0)
					.slice(0, MAX_ENTRIES)
			: [];
	return { title, entries, bar: null };
}
