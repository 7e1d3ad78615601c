import type { Matrix } from '#contracts/data-api.ts';
import { POINT, type ScatterRequest } from '#contracts/scatter.ts';
import { projected } from '#maths/scatter/camera.ts';

/** A map as a picture: what the draw worker draws of it, with names and legend. */

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
	contours: boolean;
	decisionRegions: ScatterRequest['decisionRegions'];
	thumbnails: ScatterRequest['thumbnails'];
	labels: readonly { text: string; x: number; y: number; path: string; colour: string }[];
	stage: string;
	text: string;
	theme: ScatterRequest['theme'];
	legend: MapLegend;
}

export interface MapLegend {
	/** What the colours say. */
	title: string;
	entries: readonly LegendEntry[];
	/** A scale of numbers; null for none. */
	bar: { colours: readonly string[]; low: string; high: string } | null;
	/** Classes painted behind the points, where these have other colours. */
	regions: readonly LegendEntry[];
	/** What is painted, and how to read it. */
	notes: readonly string[];
}

interface LegendEntry {
	text: string;
	colour: string;
}

type Draw = (request: ScatterRequest) => Promise<ImageBitmap>;

const RATIO = 2;
const [WIDE, LINE] = [190, 22];
/** Above this many, an SVG that draws each point opens nowhere. */
export const MAX_CIRCLES = 60_000;

/** What is drawn of a legend, the same for both kinds of file: positions in CSS pixels from its own left and the picture's top. */
interface Mark {
	kind: 'dot' | 'square' | 'bar' | 'text' | 'title' | 'small';
	x: number;
	y: number;
	text: string;
	colour: string;
}

function marksOf({ title, entries, bar, regions, notes }: MapLegend): Mark[] {
	const marks: Mark[] = [];
	let y = 28;
	const put = (kind: Mark['kind'], x: number, text: string, colour = '') => marks.push({ kind, x, y, text, colour });
	const listed = (all: readonly LegendEntry[], kind: 'dot' | 'square') => {
		for (const { text, colour } of all) {
			put(kind, 20, '', colour);
			put('text', 34, text.slice(0, 24));
			y += LINE;
		}
	};
	if (entries.length || bar) {
		put('title', 14, title);
		y += LINE;
	}
	listed(entries, 'dot');
	if (bar) {
		bar.colours.forEach((colour, k) => put('bar', 14 + (k * (WIDE - 34)) / bar.colours.length, '', colour));
		y += LINE;
		put('small', 14, `${bar.low} to ${bar.high}`);
		y += LINE;
	}
	if (regions.length) {
		y += LINE / 2;
		put('title', 14, 'Background');
		y += LINE;
		listed(regions, 'square');
	}
	for (const note of notes) {
		y += 6;
		for (const line of wrapped(note, 30)) {
			put('small', 14, line);
			y += 15;
		}
	}
	return marks;
}

function wrapped(text: string, max: number): string[] {
	const lines: string[] = [];
	for (const word of text.split(' ')) {
		const last = lines.at(-1);
		if (last !== undefined && last.length + word.length < max) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(word);
	}
	return lines;
}

const requestOf = (picture: MapPicture, change: Partial<ScatterRequest> = {}): ScatterRequest => ({
	scatter: picture.key,
	width: picture.side * RATIO,
	height: picture.side * RATIO,
	ratio: RATIO,
	matrix: picture.matrix,
	dimensions: picture.dimensions,
	size: picture.size,
	opacity: picture.opacity,
	hovered: -1,
	chosen: -1,
	ringed: [],
	contours: picture.contours,
	decisionRegions: picture.decisionRegions ?? null,
	thumbnails: picture.thumbnails,
	theme: picture.theme,
	...change
});

const escaped = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);

/** Every point a circle, every name real text; what is painted behind them is one image. */
export async function mapSvg(picture: MapPicture, draw: Draw): Promise<Blob> {
	const { side, ink, positions, dimensions, matrix, size, opacity, stage, text } = picture;
	const left = picture.thumbnails ? ['Thumbnails are left out here: the PNG has them.'] : [];
	const marks = marksOf({ ...picture.legend, notes: [...picture.legend.notes, ...left] });
	const wide = side + (marks.length ? WIDE : 0);
	const parts = [
		`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${wide} ${side}" font-family="system-ui, sans-serif" font-size="13">`,
		`<rect width="${wide}" height="${side}" fill="${stage}"/><svg width="${side}" height="${side}">`
	];
	if (picture.decisionRegions || picture.contours) {
		const under = await draw(requestOf(picture, { opacity: 0, thumbnails: null }));
		parts.push(`<image width="${side}" height="${side}" href="${await dataAddress(under)}"/>`);
	}
	const canvas = { width: side, height: side };
	for (const pointState of [POINT.pale, POINT.plain, POINT.selected]) {
		const faint = pointState === POINT.pale ? 0.25 * opacity : opacity;
		parts.push(`<g fill-opacity="${faint.toFixed(3)}">`);
		for (let i = 0; i < positions.length / dimensions; i++) {
			if (ink[4 * i + 3] !== pointState) continue;
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
	parts.push('</svg>', ...marks.map((mark) => markSvg({ ...mark, x: mark.x + side }, text)), '</svg>');
	return new Blob([parts.join('')], { type: 'image/svg+xml' });
}

function markSvg({ kind, x, y, text, colour }: Mark, ink: string): string {
	if (kind === 'dot') return `<circle cx="${x}" cy="${y - 4.5}" r="6" fill="${colour}"/>`;
	if (kind === 'square') return `<rect x="${x - 6}" y="${y - 10.5}" width="12" height="12" rx="2" fill="${colour}"/>`;
	if (kind === 'bar') return `<rect x="${x.toFixed(2)}" y="${y - 12}" width="3" height="10" fill="${colour}"/>`;
	const attributes =
		kind === 'title' ? ' font-weight="600"' : kind === 'small' ? ' font-size="11" fill-opacity="0.75"' : '';
	return `<text x="${x}" y="${y}"${attributes} fill="${ink}">${escaped(text)}</text>`;
}

async function dataAddress(bitmap: ImageBitmap): Promise<string> {
	const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
	canvas.getContext('bitmaprenderer')!.transferFromImageBitmap(bitmap);
	const blob = await canvas.convertToBlob({ type: 'image/png' });
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(reader.result as string);
		reader.onerror = () => reject(reader.error ?? new Error('The picture could not be read.'));
		reader.readAsDataURL(blob);
	});
}

/** The drawn picture with its names and its legend. */
export async function mapPng(picture: MapPicture, draw: Draw): Promise<Blob> {
	const { side, stage, text } = picture;
	const marks = marksOf(picture.legend);
	const wide = side + (marks.length ? WIDE : 0);
	const bitmap = await draw(requestOf(picture));
	const canvas = new OffscreenCanvas(wide * RATIO, side * RATIO);
	const c = canvas.getContext('2d')!;
	c.scale(RATIO, RATIO);
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
	c.textBaseline = 'alphabetic';
	for (const mark of marks) markOn(c, { ...mark, x: mark.x + side }, text);
	return canvas.convertToBlob({ type: 'image/png' });
}

function markOn(c: OffscreenCanvasRenderingContext2D, { kind, x, y, text, colour }: Mark, ink: string): void {
	c.fillStyle = colour || ink;
	if (kind === 'dot') {
		c.beginPath();
		c.arc(x, y - 4.5, 6, 0, 2 * Math.PI);
		c.fill();
	} else if (kind === 'square') c.fillRect(x - 6, y - 10.5, 12, 12);
	else if (kind === 'bar') c.fillRect(x, y - 12, 3, 10);
	else {
		c.font = `${kind === 'title' ? '600 ' : ''}${kind === 'small' ? 11 : 13}px system-ui, sans-serif`;
		c.fillText(text, x, y, WIDE - 24);
	}
}
