import type { GraphTheme } from '#contracts/graph-picture.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { matrixOf, TURNED, WHOLE, type ScatterCamera } from '#maths/scatter/camera.ts';
import type { DataSets } from '#state/data-set.svelte.ts';
import type { MapFile } from '#state/embedding-export.ts';
import type { Embedding } from '#state/embedding.svelte.ts';
import type { Colouring } from './colouring.ts';
import type { Names } from './map-look.ts';
import { namesOn, occupied, pointLook } from './pointing.ts';

interface Shown {
	data: DataSet;
	embedding: Embedding;
	sets: DataSets;
	colouring: Colouring;
	ink: Uint8Array;
	theme: GraphTheme;
	camera: ScatterCamera | null;
	places: Names | null;
}

/** CSS pixels of a saved picture. */
const SIDE = 1000;

const css = (colour: readonly number[]) => `rgb(${colour.map((v) => Math.round(255 * v)).join(' ')})`;

/** What a map can be saved as. */
export function saveItems({ embedding, colouring, ink, theme, camera, places }: Shown) {
	const picture = () => {
		const { shown } = embedding;
		if (!shown) return null;
		const { positions, dimensions, key } = shown;
		const size = { width: SIDE, height: SIDE };
		const eye = camera ?? (dimensions === 3 ? TURNED : WHOLE);
		const matrix = matrixOf(eye, size, dimensions);
		const look = pointLook(
			positions.length / dimensions,
			eye.zoom,
			SIDE * SIDE * Math.sqrt(occupied(positions, dimensions))
		);
		const names = places ? namesOn(places.places, places.categories, matrix, size, places.longest) : [];
		const labels = names.map((name) => ({
			...name,
			colour: places!.colours[name.category]!,
			path: places!.hulls ? name.path : ''
		}));
		return {
			key,
			positions,
			dimensions,
			matrix,
			...look,
			side: SIDE,
			ink,
			labels,
			stage: css(theme.stage),
			text: css(theme.text),
			theme,
			legend: legendOf(colouring),
			title: colouring.title
		};
	};
	const save = (kind: MapFile) => () => void embedding.save(kind, picture());
	return [
		{ title: 'Coordinates, CSV', choose: save('csv') },
		{ title: 'Coordinates, NumPy (.npy)', choose: save('npy') },
		{ title: 'Coordinates, Parquet', choose: save('parquet') },
		{ title: 'Picture, PNG', choose: save('png') },
		{ title: 'Drawing, SVG', choose: save('svg') },
		{ title: 'TensorBoard projector (zip)', choose: save('projector') }
	];
}

const legendOf = (colouring: Colouring) =>
	colouring.kind === 'category'
		? colouring.categories
				.map((text, k) => ({ text, colour: colouring.colours[k]! }))
				.filter((_, k) => colouring.counts[k]! > 0)
				.slice(0, 30)
		: [];
