import type { Buffer, DrawCommand, Regl, Texture2D } from 'regl';
import { MARK, type GraphGeometry, type GraphInk, type GraphRequest } from '#contracts/graph-picture.ts';
import { touches } from '#maths/layout/touches.ts';
import { spans, within, type Spans } from '#maths/spans.ts';
import { ATLAS_SIDE, GlyphAtlas } from '#draw/glyphs.ts';
import { boxesCommand } from '#draw/graph-boxes.ts';
import { labels, names, type Letters } from '#draw/graph-letters.ts';
import { headsCommand, stretchesCommand } from '#draw/graph-lines.ts';
import { inkTexture, perInstance, type Ink } from '#draw/graph-shared.ts';
import { LETTER, textCommand } from '#draw/graph-text.ts';

/** A graph on the GPU: buffers made once per layout; moving and zooming only changes uniforms and which stretch is drawn. */

const FLOAT = 4;
/** Device pixels per unit below which letters and heads of arrows are only noise. */
const READABLE = 0.42;
const POINTED = 0.3;

interface Batch {
	buffer: Buffer;
	/** Floats per instance. */
	stride: number;
	spans: Spans;
}

interface Written {
	buffer: Buffer;
	letters: Letters;
}

interface Uploaded {
	boxes: Batch;
	/** Open groups, outermost first: drawn one over the other. */
	frames: { buffer: Buffer; count: number };
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

	constructor(private readonly geometry: GraphGeometry) {
		const n = geometry.kinds.length;
		this.#ink = { boxes: new Uint8Array(4 * n), lines: new Uint8Array(geometry.shapes.length) };
		let [width, height] = [0, 0];
		for (let i = 0; i < n; i++) {
			width = Math.max(width, geometry.places[4 * i]! + geometry.places[4 * i + 2]!);
			height = Math.max(height, geometry.places[4 * i + 1]! + geometry.places[4 * i + 3]!);
		}
		this.#across = width > height;
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
		for (const { buffer } of [all.boxes, all.frames, all.stretches, all.heads, all.names, all.labels]) buffer.destroy();
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
		const boxes = (buffer: Buffer, stride: number, first: number, instances: number) => {
			if (!instances) return;
			const at = first * stride * FLOAT;
			const place = perInstance(buffer, at, stride * FLOAT);
			const box = perInstance(buffer, at + 4 * FLOAT, stride * FLOAT);
			tools.boxes({ ...shared, ...boxInk, place, box, instances });
		};
		const seen = ({ spans: list }: Batch, run: (first: number, count: number) => void) => {
			if (list.long) run(0, list.long);
			const [first, count] = within(list, from, to);
			if (count) run(first, count);
		};
		const lines = (batch: Batch, draw: DrawCommand, name: string, lit: boolean) =>
			seen(batch, (first, instances) => {
				const at = first * batch.stride * FLOAT;
				const own = perInstance(batch.buffer, at, batch.stride * FLOAT);
				const index = perInstance(batch.buffer, at + 4 * FLOAT, batch.stride * FLOAT);
				draw({ ...shared, ...lineInk, lit, [name]: own, index, instances });
			});
		boxes(all.frames.buffer, 6, 0, all.frames.count);
		for (const lit of this.#lit ? [false, true] : [false]) {
			lines(all.stretches, tools.stretches, 'stretch', lit);
			if (camera.scale >= POINTED) lines(all.heads, tools.heads, 'head', lit);
		}
		seen(all.boxes, (first, count) => boxes(all.boxes.buffer, all.boxes.stride, first, count));
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

	#upload(regl: Regl): Uploaded {
		const { geometry } = this;
		const axis = this.#across ? 0 : 1;
		const { places, kinds } = geometry;
		const closed: number[] = [];
		const open: number[] = [];
		kinds.forEach((kind, i) => (kind === 2 ? open : closed).push(i));
		const boxData = (indices: ArrayLike<number>) => {
			const data = new Float32Array(6 * indices.length);
			for (let k = 0; k < indices.length; k++) {
				const i = indices[k]!;
				data.set(places.subarray(4 * i, 4 * i + 4), 6 * k);
				data.set([i, kinds[i]!], 6 * k + 4);
			}
			return data;
		};
		const span = spans(
			closed.map((i) => places[4 * i + axis]!),
			closed.map((i) => places[4 * i + axis]! + places[4 * i + 2 + axis]!)
		);
		const boxes: Batch = {
			buffer: regl.buffer(boxData(span.order.map((k) => closed[k]!))),
			stride: 6,
			spans: span
		};
		const { stretches, heads } = lineData(geometry);
		const named = names(geometry, atlas, axis);
		const labelled = labels(geometry, atlas, axis);
		return {
			boxes,
			frames: { buffer: regl.buffer(boxData(open)), count: open.length },
			stretches: this.#batch(
				regl,
				stretches,
				(a, k) => a[5 * k + axis]!,
				(a, k) => a[5 * k + 2 + axis]!
			),
			heads: this.#batch(
				regl,
				heads,
				(a, k) => a[5 * k + axis]!,
				(a, k) => a[5 * k + axis]!
			),
			names: { buffer: regl.buffer(named.data), letters: named },
			labels: { buffer: regl.buffer(labelled.data), letters: labelled },
			boxInk: null,
			lineInk: null
		};
	}

	/** Five floats per instance, put into the order of the axis. */
	#batch(
		regl: Regl,
		data: readonly number[],
		a: (data: readonly number[], k: number) => number,
		b: (data: readonly number[], k: number) => number
	): Batch {
		const n = data.length / 5;
		const begin = Float64Array.from({ length: n }, (_, k) => Math.min(a(data, k), b(data, k)));
		const end = Float64Array.from({ length: n }, (_, k) => Math.max(a(data, k), b(data, k)));
		const list = spans(begin, end);
		const sorted = new Float32Array(data.length);
		list.order.forEach((k, i) => {
			for (let j = 0; j < 5; j++) sorted[5 * i + j] = data[5 * k + j]!;
		});
		return { buffer: regl.buffer(sorted), stride: 5, spans: list };
	}
}

/** x0, y0, x1, y1, line for each stretch; x, y, direction, line for each head. */
function lineData({ points, starts, ends, places }: GraphGeometry): { stretches: number[]; heads: number[] } {
	const stretches: number[] = [];
	const heads: number[] = [];
	for (let line = 0; line + 1 < starts.length; line++) {
		const [from, to] = [starts[line]!, starts[line + 1]!];
		for (let i = from; i + 3 < to; i += 2)
			stretches.push(points[i]!, points[i + 1]!, points[i + 2]!, points[i + 3]!, line);
		if (to - from < 4) continue;
		const target = ends[2 * line + 1]!;
		const [x, y] = [points[to - 2]!, points[to - 1]!];
		if (!touches(places, target, x, y)) continue;
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
