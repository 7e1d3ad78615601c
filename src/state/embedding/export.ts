import { decoded } from '#contracts/decode.ts';
import type { DataSet } from '#contracts/data-set.ts';
import type { ScatterRequest } from '#contracts/scatter.ts';
import { LabError } from '#contracts/errors.ts';
import { csv } from '#maths/csv.ts';
import { npyHeader } from '#maths/npy.ts';
import { cellText } from '#state/data/data-set.svelte.ts';
import type { FinishedMap } from '#state/embedding/map.ts';
import { mapPng, mapSvg, MAX_CIRCLES, type MapPicture } from '#state/embedding/map-picture.ts';

/** A map as files. */

export type MapFile = 'csv' | 'npy' | 'parquet' | 'png' | 'svg' | 'projector';

const AXES = ['x', 'y', 'z'];

function coordinatesCsv(data: DataSet, { positions, dimensions }: FinishedMap): Blob {
	const head = ['item', ...AXES.slice(0, dimensions), ...data.columns.map(({ name }) => name)];
	const rows = Array.from({ length: data.count }, (_, i) => [
		i + 1,
		...positions.subarray(i * dimensions, (i + 1) * dimensions),
		...data.columns.map((column) =>
			column.kind === 'number' && !column.date ? column.values[i]! : cellText(column, i)
		)
	]);
	return new Blob([csv([head, ...rows])], { type: 'text/csv' });
}

function coordinatesNpy({ positions, dimensions }: FinishedMap): Blob {
	return new Blob([
		npyHeader([positions.length / dimensions, dimensions], 'float32'),
		positions as Float32Array<ArrayBuffer>
	]);
}

async function coordinatesParquet(data: DataSet, { positions, dimensions, request, of }: FinishedMap): Promise<Blob> {
	const { parquetWriteBuffer } = await import('hyparquet-writer');
	const axis = (d: number) => Float32Array.from({ length: data.count }, (_, i) => positions[i * dimensions + d]!);
	const buffer = parquetWriteBuffer({
		columnData: [
			...AXES.slice(0, dimensions).map((name, d) => ({
				name: `embedding ${name}`,
				data: axis(d),
				type: 'FLOAT' as const
			})),
			...data.columns.map((column) =>
				column.kind === 'number' && !column.date
					? { name: column.name, data: Float64Array.from(column.values), type: 'DOUBLE' as const }
					: {
							name: column.name,
							data: Array.from({ length: data.count }, (_, i) => cellText(column, i)),
							type: 'STRING' as const
						}
			)
		],
		kvMetadata: [
			{ key: 'embedding', value: JSON.stringify({ ...request, labels: request.labels ? 'used' : 'not used', of }) }
		]
	});
	return new Blob([buffer], { type: 'application/vnd.apache.parquet' });
}

/** Cells of the projector's tables cannot hold tabs or new lines. */
const tabbed = (rows: readonly (readonly string[])[]) =>
	rows.map((row) => row.map((cell) => cell.replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');

/**
 * What projector.tensorflow.org and TensorBoard open: the map's own coordinates and, where there are numbers, the rows it was
 * made of, with metadata and a sprite.
 * @param sprite sheet of square pictures in as many columns as rows, or null
 */
async function projectorFiles(
	data: DataSet,
	map: FinishedMap,
	sprite: { png: Uint8Array; tile: number } | null
): Promise<Blob> {
	const { zip, strToU8 } = await import('fflate');
	const tensor = (values: Float32Array, width: number) =>
		strToU8(
			tabbed(
				Array.from({ length: data.count }, (_, i) => Array.from(values.subarray(i * width, (i + 1) * width), String))
			)
		);
	const { columns } = data;
	// One column has no header there.
	const head = columns.length > 1 ? [columns.map(({ name }) => name)] : [];
	const cells = Array.from({ length: data.count }, (_, i) => columns.map((column) => cellText(column, i) || ' '));
	const files: Record<string, Uint8Array> = { 'map.tsv': tensor(map.positions, map.dimensions) };
	const embedding = (tensorName: string, tensorPath: string, width: number) => ({
		tensorName,
		tensorShape: [data.count, width],
		tensorPath,
		...(columns.length ? { metadataPath: 'metadata.tsv' } : {}),
		...(sprite ? { sprite: { imagePath: 'sprite.png', singleImageDim: [sprite.tile, sprite.tile] } } : {})
	});
	const embeddings = [embedding(`${data.name}, map`, 'map.tsv', map.dimensions)];
	if (data.rows && data.rows.values.length <= 20e6) {
		files['rows.tsv'] = tensor(data.rows.values, data.rows.width);
		embeddings.push(embedding(data.name, 'rows.tsv', data.rows.width));
	}
	if (columns.length) files['metadata.tsv'] = strToU8(tabbed([...head, ...cells]));
	if (sprite) files['sprite.png'] = sprite.png;
	files['projector_config.json'] = strToU8(JSON.stringify({ embeddings, modelCheckpointPath: '' }, null, '\t'));
	const bytes = await new Promise<Uint8Array>((resolve, reject) =>
		zip(files, { level: 6 }, (error, packed) => (error ? reject(error) : resolve(packed)))
	);
	return new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/zip' });
}

/** Square pictures in a square sheet, as the projector wants them. */
async function squareSprite(images: readonly Blob[]): Promise<{ png: Uint8Array; tile: number }> {
	const columns = Math.ceil(Math.sqrt(images.length));
	const tile = Math.max(8, Math.min(64, Math.floor(8192 / columns)));
	const canvas = new OffscreenCanvas(columns * tile, columns * tile);
	const context = canvas.getContext('2d')!;
	const size = { width: tile, height: tile };
	for (let i = 0; i < images.length; i += 32) {
		const part = images.slice(i, i + 32);
		const bitmaps = await Promise.all(part.map((blob) => decoded(blob, size).catch(() => null)));
		bitmaps.forEach((bitmap, k) => {
			if (bitmap) context.drawImage(bitmap, ((i + k) % columns) * tile, Math.floor((i + k) / columns) * tile);
			bitmap?.close();
		});
	}
	const blob = await canvas.convertToBlob({ type: 'image/png' });
	return { png: new Uint8Array(await blob.arrayBuffer()), tile };
}

/** Images in a sprite: more make it larger than a browser can hold. */
const MAX_SPRITE_PICTURES = 40_000;

/** @throws LabError for an SVG of too many points */
export async function mapFile(
	kind: MapFile,
	data: DataSet,
	map: FinishedMap,
	picture: MapPicture,
	draw: (request: ScatterRequest) => Promise<ImageBitmap>
): Promise<Blob> {
	if (kind === 'csv') return coordinatesCsv(data, map);
	if (kind === 'npy') return coordinatesNpy(map);
	if (kind === 'parquet') return coordinatesParquet(data, map);
	if (kind === 'png') return mapPng(picture, draw);
	if (kind === 'projector') {
		const sprite = data.images && data.count <= MAX_SPRITE_PICTURES ? await squareSprite(data.images) : null;
		return projectorFiles(data, map, sprite);
	}
	if (data.count <= MAX_CIRCLES) return mapSvg(picture, draw);
	throw new LabError(
		`An SVG of ${data.count.toLocaleString('en')} circles would open nowhere.`,
		'Save the PNG, or a part of the data.'
	);
}
