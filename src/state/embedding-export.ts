import type { DataSet } from '#contracts/data-set.ts';
import type { Matrix } from '#contracts/data-api.ts';
import { POINT, type ScatterRequest } from '#contracts/scatter.ts';
import { LabError } from '#contracts/errors.ts';
import { csv } from '#maths/csv.ts';
import { npyHeader } from '#maths/npy.ts';
import { projected } from '#maths/scatter/camera.ts';
import { cellText } from '#state/data-set.svelte.ts';
import type { FinishedMap } from '#state/embedding.svelte.ts';

/** A map as files. */

export type MapFile = 'csv' | 'npy' | 'parquet' | 'png' | 'svg' | 'projector';

/** A map as it is looked at. */
export interface MapPicture {
	/** Of the points in the draw worker. */
	key: string;
	/** Within -1..1. */
	positions: Float32Array;
	dimensions: 2 | 3;
	matrix: Matrix;
	size: number;
	opacity: number;
	/** CSS pixels of the picture, which is square. */
	side: number;
	ink: Uint8Array;
	labels: readonly { text: string; x: number; y: number; path: string; colour: string }[];
	stage: string;
	text: string;
	theme: ScatterRequest['theme'];
	legend: readonly { text: string; colour: string }[];
	title: string;
}

const AXES = ['x', 'y', 'z'];

function coordinatesCsv(data: DataSet, { positions, dimensions }: FinishedMap): Blob {
	const head = ['item', ...AXES.slice(0, dimensions), ...data.columns.map(({ name }) => name)];
	const rows = Array.from({ length: data.count }, (_, i) => [
		i + 1,
		...positions.subarray(i * dimensions, (i + 1) * dimensions),
		...data.columns.map((column) => (column.kind === 'number' ? column.values[i]! : cellText(column, i)))
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
				column.kind === 'number'
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

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
const LEGEND = 190;
/** Above this many, an SVG that draws each point opens nowhere. */
const MOST_CIRCLES = 60_000;

/** Every point a circle, every name real text. */
function mapSvg(picture: MapPicture): Blob {
	const { side, legend, ink, positions, dimensions, matrix, size, opacity, stage, text } = picture;
	const wide = side + (legend.length ? LEGEND : 0);
	const parts = [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${side}" font-family="system-ui, sans-serif" font-size="13">`,
		`<rect width="${wide}" height="${side}" fill="${stage}"/><svg width="${side}" height="${side}">`
	];
	const canvas = { width: side, height: side };
	for (const wanted of [POINT.pale, POINT.plain, POINT.selected]) {
		const faint = wanted === POINT.pale ? 0.25 * opacity : opacity;
		parts.push(`<g fill-opacity="${faint.toFixed(3)}">`);
		for (let i = 0; i < positions.length / dimensions; i++) {
			if (ink[4 * i + 3] !== wanted) continue;
			const z = dimensions === 3 ? positions[3 * i + 2]! : 0;
			const [x, y, w] = projected(matrix, canvas, positions[dimensions * i]!, positions[dimensions * i + 1]!, z);
			if (w <= 0 || x < -9 || y < -9 || x > side + 9 || y > side + 9) continue;
			const colour = `#${[0, 1, 2].map((c) => ink[4 * i + c]!.toString(16).padStart(2, '0')).join('')}`;
			parts.push(
				`<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${(size / 2 / w).toFixed(2)}" fill="${colour}"/>`
			);
		}
		parts.push('</g>');
	}
	for (const { path, colour } of picture.labels)
		if (path) parts.push(`<path d="${path}" fill="${colour}" fill-opacity="0.09" stroke="${colour}"/>`);
	for (const { text: name, x, y } of picture.labels)
		if (name)
			parts.push(
				`<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" text-anchor="middle" dominant-baseline="middle" font-weight="600" fill="${text}" stroke="${stage}" stroke-width="3.5" stroke-linejoin="round" paint-order="stroke">${escaped(name)}</text>`
			);
	parts.push('</svg>');
	if (legend.length)
		parts.push(`<text x="${side + 14}" y="28" font-weight="600" fill="${text}">${escaped(picture.title)}</text>`);
	legend.forEach(({ text: name, colour }, k) =>
		parts.push(
			`<circle cx="${side + 20}" cy="${50 + 22 * k}" r="6" fill="${colour}"/><text x="${side + 34}" y="${54.5 + 22 * k}" fill="${text}">${escaped(name.slice(0, 24))}</text>`
		)
	);
	parts.push('</svg>');
	return new Blob([parts.join('')], { type: 'image/svg+xml' });
}

/** The drawn picture with its names and its legend. */
async function mapPng(picture: MapPicture, draw: (request: ScatterRequest) => Promise<ImageBitmap>): Promise<Blob> {
	const ratio = 2;
	const { side, legend, stage, text } = picture;
	const wide = side + (legend.length ? LEGEND : 0);
	const bitmap = await draw({
		scatter: picture.key,
		width: side * ratio,
		height: side * ratio,
		ratio,
		matrix: picture.matrix,
		dimensions: picture.dimensions,
		size: picture.size,
		opacity: picture.opacity,
		hovered: -1,
		chosen: -1,
		ringed: [],
		contours: false,
		thumbnails: null,
		theme: picture.theme
	});
	const canvas = new OffscreenCanvas(wide * ratio, side * ratio);
	const c = canvas.getContext('2d')!;
	c.scale(ratio, ratio);
	c.fillStyle = stage;
	c.fillRect(0, 0, wide, side);
	c.drawImage(bitmap, 0, 0, side, side);
	bitmap.close();
	for (const { path, colour } of picture.labels) {
		if (!path) continue;
		c.strokeStyle = colour;
		c.stroke(new Path2D(path));
	}
	c.textAlign = 'center';
	c.textBaseline = 'middle';
	c.font = '600 13px system-ui, sans-serif';
	c.lineJoin = 'round';
	c.lineWidth = 3.5;
	for (const { text: name, x, y } of picture.labels) {
		c.strokeStyle = stage;
		c.strokeText(name, x, y);
		c.fillStyle = text;
		c.fillText(name, x, y);
	}
	c.textAlign = 'left';
	c.fillStyle = text;
	if (legend.length) c.fillText(picture.title, side + 14, 24, LEGEND - 20);
	c.font = '13px system-ui, sans-serif';
	legend.forEach(({ text: name, colour }, k) => {
		c.fillStyle = colour;
		c.beginPath();
		c.arc(side + 20, 50 + 22 * k, 6, 0, 2 * Math.PI);
		c.fill();
		c.fillStyle = text;
		c.fillText(name, side + 34, 50 + 22 * k, LEGEND - 40);
	});
	return canvas.convertToBlob({ type: 'image/png' });
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
	const options = { resizeWidth: tile, resizeHeight: tile, resizeQuality: 'medium' } as const;
	for (let i = 0; i < images.length; i += 32) {
		const part = images.slice(i, i + 32);
		const bitmaps = await Promise.all(part.map((blob) => createImageBitmap(blob, options).catch(() => null)));
		bitmaps.forEach((bitmap, k) => {
			if (bitmap) context.drawImage(bitmap, ((i + k) % columns) * tile, Math.floor((i + k) / columns) * tile);
			bitmap?.close();
		});
	}
	const blob = await canvas.convertToBlob({ type: 'image/png' });
	return { png: new Uint8Array(await blob.arrayBuffer()), tile };
}

/** Images in a sprite: more make it larger than a browser can hold. */
const MOST_PICTURES = 40_000;

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
		const sprite = data.images && data.count <= MOST_PICTURES ? await squareSprite(data.images) : null;
		return projectorFiles(data, map, sprite);
	}
	if (data.count <= MOST_CIRCLES) return mapSvg(picture);
	throw new LabError(
		`An SVG of ${data.count.toLocaleString('en')} circles would open nowhere.`,
		'Save the PNG, or a part of the data.'
	);
}
