import type { Buffer, DrawCommand, Regl, Texture2D } from 'regl';
import { MARK, type GraphGeometry, type GraphInk, type GraphRequest } from '#contracts/graph-picture.ts';
import { touches } from '#maths/layout/touches.ts';
import { ATLAS_SIDE, GlyphAtlas } from '#draw/glyphs.ts';
import { Batch, levelFor } from '#draw/graph-batch.ts';
import { boxesCommand } from '#draw/graph-boxes.ts';
import { labels, names, type Letters } from '#draw/graph-letters.ts';
import { headsCommand, stretchesCommand } from '#draw/graph-lines.ts';
import { inkTexture, perInstance, type Ink } from '#draw/graph-shared.ts';
import { LETTER, textCommand } from '#draw/graph-text.ts';

/** A graph on the GPU: buffers made once per layout; moving and zooming only changes uniforms and which stretch is drawn. */

const FLOAT = 4;
/** Numbers per box, and per stretch of a line or head of an arrow. */
const BOX = 6;
const LINE = 5;
/** Device pixels per unit below which letters and heads of arrows are only noise. */
const READABLE = 0.42;
const POINTED = 0.3;

interface Written {
	buffer: Buffer;
	letters: Letters;
}

interface Uploaded {
	boxes: Batch;
	/** Open groups, outermost first: drawn one over the other. */
	frames: { buffer: Buffer; count: number };
	/** Boxes that stand out: from afar, where not all are drawn, these are. */
	marked: { buffer: Buffer; count: number };
	stretches: Batch;
	heads: Batch;
	names: Written;
	labels: Written;
	boxInk: Ink | null;
	lineInk: Ink | null;
}

export interface GraphTools {
	regl: Regl;
	boxes: DrawCommand;
	stretches: DrawCommand;
	heads: DrawCommand;
	text: DrawCommand;
	atlas: Texture2D;
	atlasVersion: number;
}

const atlas = new GlyphAtlas();

export function graphTools(regl: Regl): GraphTools {
	return {
		regl,
		boxes: boxesCommand(regl),
		stretches: stretchesCommand(regl),
		heads: headsCommand(regl),
		text: textCommand(regl),
		atlas: regl.texture({ width: 1, height: 1 }),
		atlasVersion: -1
	};
}

/** One graph as the draw worker keeps it: as it came, so that a lost context can be filled again. */
export class GraphPicture {
	#uploaded: Uploaded | null = null;
	#ink: GraphInk;
	/** The textures hold the ink as it is now. */
	#inked = false;
	/** Some lines stand out: they are drawn once more, over the others. */
	#lit = false;
	readonly #across: boolean;
	/** Units: the extent of the whole, and the mean of a box. */
	readonly #whole: readonly [width: number, height: number];
	readonly #box: readonly [width: number, height: number];

	constructor(private readonly geometry: GraphGeometry) {
		const n = geometry.kinds.length;
		this.#ink = { boxes: new Uint8Array(4 * n), lines: new Uint8Array(geometry.shapes.length) };
		let [width, height, widths, heights] = [0, 0, 0, 0];
		for (let i = 0; i < n; i++) {
			width = Math.max(width, geometry.bounds[4 * i]! + geometry.bounds[4 * i + 2]!);
			height = Math.max(height, geometry.bounds[4 * i + 1]! + geometry.bounds[4 * i + 3]!);
			widths += geometry.bounds[4 * i + 2]!;
			heights += geometry.bounds[4 * i + 3]!;
		}
		this.#across = width > height;
		this.#whole = [width, height];
		this.#box = [widths / n, heights / n];
	}

	set ink(ink: GraphInk) {
		this.#ink = ink;
		this.#lit = ink.lines.some((mark) => mark > MARK.pale);
		this.#inked = false;
	}

	/** The context is gone, and all buffers with it. */
	forget(): void {
		this.#uploaded = null;
	}

	destroy(): void {
		const all = this.#uploaded;
		if (!all) return;
		for (const batch of [all.boxes, all.stretches, all.heads]) batch.destroy();
		for (const { buffer } of [all.frames, all.marked, all.names, all.labels]) buffer.destroy();
		all.boxInk?.texture.destroy();
		all.lineInk?.texture.destroy();
		this.#uploaded = null;
	}

	draw(tools: GraphTools, { width, height, ratio, camera, theme, text }: GraphRequest): void {
		const { regl } = tools;
		const all = (this.#uploaded ??= this.#upload(regl));
		if (!this.#inked || !all.boxInk || !all.lineInk) {
			all.boxInk = inkTexture(regl, this.#ink.boxes, all.boxInk);
			all.lineInk = inkTexture(regl, widened(this.#ink.lines), all.lineInk);
			const marked = this.#closed().filter((i) => this.#ink.boxes[4 * i + 3]! > MARK.pale);
			all.marked.buffer(this.#boxData(marked));
			all.marked.count = marked.length;
			this.#inked = true;
		}
		const unit = camera.scale * ratio;
		const shared = {
			...theme,
			size: [width, height],
			camera: [camera.x, camera.y, unit],
			unit,
			ratio
		};
		const boxInk = { ink: all.boxInk.texture, inkRows: all.boxInk.rows };
		const lineInk = { ink: all.lineInk.texture, inkRows: all.lineInk.rows };
		const half = (this.#across ? width : height) / 2 / unit;
		const centre = this.#across ? camera.x : camera.y;
		const [from, to] = [centre - half - 12, centre + half + 12];

		regl.clear({ color: [...theme.stage, 1] });
		const level = levelFor(this.#cover(unit));
		const boxes = (buffer: Buffer, at: number, instances: number) => {
			if (!instances) return;
			const bounds = perInstance(buffer, at, BOX * FLOAT);
			const box = perInstance(buffer, at + 4 * FLOAT, BOX * FLOAT);
			tools.boxes({ ...shared, ...boxInk, bounds, box, instances });
		};
		const lines = (batch: Batch, draw: DrawCommand, name: string, lit: boolean) =>
			batch.visible(from, to, lit ? 0 : level, (buffer, at, instances) => {
				const own = perInstance(buffer, at, batch.stride * FLOAT);
				const index = perInstance(buffer, at + 4 * FLOAT, batch.stride * FLOAT);
				draw({ ...shared, ...lineInk, lit, [name]: own, index, instances });
			});
		boxes(all.frames.buffer, 0, all.frames.count);
		for (const lit of this.#lit ? [false, true] : [false]) {
			lines(all.stretches, tools.stretches, 'stretch', lit);
			if (camera.scale >= POINTED) lines(all.heads, tools.heads, 'head', lit);
		}
		all.boxes.visible(from, to, level, boxes);
		if (level) boxes(all.marked.buffer, 0, all.marked.count);
		if (!text || camera.scale < READABLE) return;
		this.#refreshAtlas(tools);
		for (const [{ buffer, letters }, ink, onBoxes] of [
			[all.names, boxInk, true],
			[all.labels, lineInk, false]
		] as const) {
			const [first, count] = letters.within(from, to);
			if (!count) continue;
			const stride = LETTER * FLOAT;
			const pen = perInstance(buffer, first * stride, stride);
			const quad = perInstance(buffer, first * stride + 4 * FLOAT, stride);
			tools.text({ ...shared, ...ink, onBoxes, atlas: tools.atlas, pen, quad, text: theme.text, instances: count });
		}
	}

	#refreshAtlas(tools: GraphTools): void {
		if (tools.atlasVersion === atlas.version) return;
		tools.atlasVersion = atlas.version;
		tools.atlas({
			data: atlas.data,
			width: ATLAS_SIDE,
			height: ATLAS_SIDE,
			format: 'luminance',
			min: 'linear',
			mag: 'linear'
		});
	}

	/** How often all boxes together cover the graph at so many pixels per unit; each is a pixel at least. */
	#cover(unit: number): number {
		const [width, height] = this.#whole.map((side) => Math.max(1, side * unit)) as [number, number];
		const [across, down] = this.#box.map((side) => Math.max(1, side * unit)) as [number, number];
		return (this.geometry.kinds.length * across * down) / (width * height);
	}

	#closed(): number[] {
		return Array.from(this.geometry.kinds.keys()).filter((i) => this.geometry.kinds[i] !== 2);
	}

	#boxData(indices: readonly number[]): Float32Array {
		const { bounds, kinds } = this.geometry;
		const data = new Float32Array(BOX * indices.length);
		indices.forEach((i, k) => {
			data.set(bounds.subarray(4 * i, 4 * i + 4), BOX * k);
			data.set([i, kinds[i]!], BOX * k + 4);
		});
		return data;
	}

	#upload(regl: Regl): Uploaded {
		const { geometry } = this;
		const axis = this.#across ? 0 : 1;
		const { bounds, kinds } = geometry;
		const closed = this.#closed();
		const open = Array.from(kinds.keys()).filter((i) => kinds[i] === 2);
		const begin = Float64Array.from(closed, (i) => bounds[4 * i + axis]!);
		const end = Float64Array.from(closed, (i, k) => begin[k]! + bounds[4 * i + 2 + axis]!);
		const { stretches, heads } = lineData(geometry);
		const named = names(geometry, atlas, axis);
		const labelled = labels(geometry, atlas, axis);
		return {
			boxes: new Batch(regl, this.#boxData(closed), BOX, begin, end),
			frames: { buffer: regl.buffer(this.#boxData(open)), count: open.length },
			marked: { buffer: regl.buffer(new Float32Array(BOX)), count: 0 },
			stretches: lineBatch(regl, stretches, axis, axis + 2),
			heads: lineBatch(regl, heads, axis, axis),
			names: { buffer: regl.buffer(named.data), letters: named },
			labels: { buffer: regl.buffer(labelled.data), letters: labelled },
			boxInk: null,
			lineInk: null
		};
	}
}

/** Five numbers each, of which two are positions on the axis. */
function lineBatch(regl: Regl, data: readonly number[], a: number, b: number): Batch {
	const ends = Array.from(
		{ length: data.length / LINE },
		(_, k) => [data[LINE * k + a]!, data[LINE * k + b]!] as const
	);
	const begin = Float64Array.from(ends, ([p, q]) => Math.min(p, q));
	const end = Float64Array.from(ends, ([p, q]) => Math.max(p, q));
	return new Batch(regl, Float32Array.from(data), LINE, begin, end);
}

/** x0, y0, x1, y1, line for each stretch; x, y, direction, line for each head. */
function lineData({ points, starts, ends, bounds }: GraphGeometry): { stretches: number[]; heads: number[] } {
	const stretches: number[] = [];
	const heads: number[] = [];
	for (let line = 0; line + 1 < starts.length; line++) {
		const [from, to] = [starts[line]!, starts[line + 1]!];
		for (let i = from; i + 3 < to; i += 2)
			stretches.push(points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!, line);
		if (to - from < 4) continue;
		const target = ends[2 * line + 1]!;
		const [x, y] = [points[to - 2]!, points[to - 1]!];
		if (!touches(bounds, target, x, y)) continue;
		const [dx, dy] = [x - points[to - 4]!, y - points[to - 3]!];
		const length = Math.hypot(dx, dy) || 1;
		heads.push(x, y, dx / length, dy / length, line);
	}
	return { stretches, heads };
}

/** A mark per line as four bytes, as the ink of boxes has it. */
function widened(marks: Uint8Array): Uint8Array {
	const all = new Uint8Array(4 * marks.length);
	for (let i = 0; i < marks.length; i++) all[4 * i + 3] = marks[i]!;
	return all;
}
