import type { Buffer, DrawCommand, Regl, Texture2D } from 'regl';
import { POINT, type ScatterRequest } from '#contracts/scatter.ts';
import { density, MARGIN } from '#maths/scatter/density.ts';
import { mixed } from '#maths/scatter/mixed.ts';
import { BLEND, PointCommands } from '#draw/scatter-points.ts';
import { thumbnailPositions } from '#draw/thumbnail-positions.ts';
import { FULLSCREEN, passed } from '#draw/fullscreen.ts';

/** Many points in one call: soft discs, blended in their order, those that are selected over the others. */

const RING_VERTEX = `
	precision highp float;
	attribute vec3 position;
	uniform mat4 matrix;
	uniform float size;
	varying float edge;
	void main() {
		gl_Position = matrix * vec4(position, 1.0);
		gl_PointSize = size / gl_Position.w;
		edge = gl_PointSize;
	}
`;

const RING_FRAGMENT = `
	precision mediump float;
	varying float edge;
	uniform vec3 colour;
	uniform vec3 halo;
	uniform float thick;
	void main() {
		float d = 0.5 * edge - length(gl_PointCoord - 0.5) * edge;
		float outer = clamp(d, 0.0, 1.0) * clamp(3.0 * thick - d, 0.0, 1.0);
		float line = clamp(d - 0.6 * thick, 0.0, 1.0) * clamp(2.2 * thick - d, 0.0, 1.0);
		vec4 soft = vec4(halo, 1.0) * 0.7 * outer;
		gl_FragColor = vec4(colour, 1.0) * line + soft * (1.0 - line);
	}
`;

/** Lines of equal crowding, each at twice the one before, and a veil that deepens with them. */
const CONTOURS = `
	precision highp float;
	varying vec2 canvas;
	uniform vec2 size;
	uniform vec3 view;
	uniform vec2 aspect;
	uniform sampler2D field;
	uniform float side;
	uniform float ratio;
	uniform vec3 ink;
	float at(vec2 cell) { return texture2D(field, (cell + 0.5) / side).r; }
	void main() {
		vec2 clip = vec2(canvas.x, size.y - canvas.y) / size * 2.0 - 1.0;
		vec2 own = (clip - view.xy) / aspect;
		vec2 cell = (own / ${MARGIN.toFixed(2)} + 1.0) * 0.5 * side - 0.5;
		if (cell.x < 0.0 || cell.y < 0.0 || cell.x > side - 1.0 || cell.y > side - 1.0) { gl_FragColor = vec4(0.0); return; }
		vec2 base = floor(cell);
		vec2 f = cell - base;
		float a = at(base); float b = at(base + vec2(1.0, 0.0)); float c = at(base + vec2(0.0, 1.0)); float d = at(base + vec2(1.0, 1.0));
		float v = mix(mix(a, b, f.x), mix(c, d, f.x), f.y);
		if (v <= 0.0005) { gl_FragColor = vec4(0.0); return; }
		vec2 slope = vec2(mix(b - a, d - c, f.y), mix(c - a, d - b, f.x));
		// Levels are powers of two below the most crowded cell.
		float level = log2(v) + 7.0;
		float perPixel = length(slope) / (v * 0.6931) * view.z;
		float distance_ = abs(fract(level + 0.5) - 0.5) / max(perPixel, 1.0e-6);
		float line = level < 0.5 ? 0.0 : clamp(0.5 + 0.55 * ratio - distance_, 0.0, 1.0) * step(perPixel, 0.45);
		float veil = clamp(floor(level) / 7.0, 0.0, 1.0) * 0.16;
		float alpha = max(0.55 * line, level > 0.0 ? veil : 0.0);
		gl_FragColor = vec4(ink * alpha, alpha);
	}
`;

const THUMB_VERTEX = `
	precision highp float;
	attribute vec4 spot;
	uniform vec2 canvasSize;
	uniform float side;
	varying vec2 tile;
	varying vec3 frame;
	attribute vec3 tint;
	void main() {
		gl_Position = vec4(spot.xy / canvasSize * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
		gl_PointSize = side;
		tile = spot.zw;
		frame = tint;
	}
`;

const THUMB_FRAGMENT = `
	precision highp float;
	varying vec2 tile;
	varying vec3 frame;
	uniform sampler2D sheet;
	uniform float columns;
	uniform float border;
	void main() {
		vec2 inner = (gl_PointCoord - border) / (1.0 - 2.0 * border);
		if (min(inner.x, inner.y) < 0.0 || max(inner.x, inner.y) > 1.0) { gl_FragColor = vec4(frame, 1.0); return; }
		gl_FragColor = texture2D(sheet, (tile + clamp(inner, 0.02, 0.98)) / columns);
	}
`;

/** Cells of the field of crowding along each side, and how far a point spreads in it. */
const [FIELD, BLUR] = [320, 3];

export interface ScatterTools {
	regl: Regl;
	points: PointCommands;
	rings: DrawCommand;
	contours: DrawCommand;
	thumbnails: DrawCommand;
}

/** The commands, made once for a context. */
export function scatterTools(regl: Regl): ScatterTools {
	const prop = regl.prop as unknown as (name: string) => never;
	const shared = { depth: { enable: false }, blend: BLEND, primitive: 'points', count: prop('count') } as const;
	return {
		regl,
		points: new PointCommands(regl),
		rings: regl({
			...shared,
			vert: RING_VERTEX,
			frag: RING_FRAGMENT,
			attributes: { position: prop('position') },
			uniforms: passed(regl, 'matrix size colour halo thick')
		}),
		contours: regl({
			frag: CONTOURS,
			...FULLSCREEN,
			blend: BLEND,
			uniforms: passed(regl, 'size view aspect field side ratio ink')
		}),
		thumbnails: regl({
			...shared,
			vert: THUMB_VERTEX,
			frag: THUMB_FRAGMENT,
			attributes: { spot: prop('spot'), tint: prop('tint') },
			uniforms: passed(regl, 'canvasSize side sheet columns border')
		})
	};
}

/** The small pictures of a data set, as textures when they are first drawn. */
export class Sprites {
	#textures: Texture2D[] = [];

	constructor(readonly sheets: readonly ImageBitmap[]) {}

	texture(regl: Regl, sheet: number): Texture2D {
		return (this.#textures[sheet] ??= regl.texture({
			data: this.sheets[sheet] as never,
			min: 'linear',
			mag: 'linear'
		}));
	}
	forget(): void {
		this.#textures = [];
	}
	destroy(): void {
		for (const texture of this.#textures) texture?.destroy();
		for (const sheet of this.sheets) sheet.close();
	}
}

/** Maps of the same points that take part in a picture. */
export interface OtherMaps {
	to?: ScatterPicture | null;
	ink?: ScatterPicture | null;
}

/** Points that are kept: their buffers stay on the GPU while only the camera or the colours change. */
export class ScatterPicture {
	#positionBuffer: Buffer | null = null;
	#inkBuffer: Buffer | null = null;
	#field: Texture2D | null = null;
	#ink: Uint8Array;
	/** Whether there is anything for the second pass. */
	#selected = false;

	constructor(
		private positions: Float32Array,
		private readonly dimensions: 2 | 3
	) {
		this.#ink = new Uint8Array((4 * positions.length) / dimensions).fill(128);
		for (let i = 3; i < this.#ink.length; i += 4) this.#ink[i] = POINT.plain;
	}

	get count(): number {
		return this.positions.length / this.dimensions;
	}

	/** The same points elsewhere. @returns false for another number of them */
	move(positions: Float32Array, dimensions: 2 | 3): boolean {
		if (dimensions !== this.dimensions || positions.length !== this.positions.length) return false;
		this.positions = positions;
		this.#positionBuffer?.subdata(positions);
		this.#field?.destroy();
		this.#field = null;
		return true;
	}

	set ink(ink: Uint8Array) {
		this.#ink = ink;
		this.#selected = false;
		for (let i = 3; i < ink.length && !this.#selected; i += 4) this.#selected = ink[i] === POINT.selected;
		this.#inkBuffer?.destroy();
		this.#inkBuffer = null;
	}

	/** Red, green, blue and a state per point, on the GPU. */
	#inkOn(regl: Regl): Buffer {
		return (this.#inkBuffer ??= regl.buffer(this.#ink));
	}
	#positionsOn(regl: Regl): Buffer {
		return (this.#positionBuffer ??= regl.buffer({ data: this.positions, usage: 'dynamic' }));
	}

	/**
	 * @param others of the same points: the map they go to, and the one whose ink they share
	 * @param under draws what lies behind the points
	 */
	draw(
		tools: ScatterTools,
		request: ScatterRequest,
		sprites: Sprites | null,
		others: OtherMaps = {},
		under?: () => void
	): void {
		const { regl } = tools;
		const { count, dimensions } = this;
		const to = others.to?.positions.length === this.positions.length ? others.to : null;
		const inked = others.ink?.count === count ? others.ink : this;
		regl.clear({ color: [...request.theme.stage, 1] as never, depth: 1 });
		under?.();
		if (!count) return;
		// In a plane the third number is not there: an attribute of two has 0 for it.
		const attribute = (map: ScatterPicture) => ({
			buffer: map.#positionsOn(regl),
			size: dimensions,
			stride: 4 * dimensions
		});
		const ink = { buffer: inked.#inkOn(regl), size: 4, type: 'uint8', normalized: true };
		const way = to ? { next: attribute(to), t: request.transition?.t ?? 0 } : {};
		const { matrix, ratio } = request;
		const size = request.size * ratio;
		const given = {
			position: attribute(this),
			ink,
			...way,
			matrix: [...matrix],
			size,
			opacity: request.opacity,
			count
		};
		const draw = tools.points.of(dimensions === 3, !!to);
		for (const pass of inked.#selected ? [0, 1] : [0]) draw({ ...given, pass });
		if (request.contours && dimensions === 2 && !to) this.#contours(tools, request);
		const positions = to && request.thumbnails ? mixed(this.positions, to.positions, way.t!) : this.positions;
		if (request.thumbnails && sprites) this.#thumbnails(tools, request, request.thumbnails, sprites, positions);
		this.#rings(tools, request, to);
	}

	#contours({ regl, contours }: ScatterTools, request: ScatterRequest): void {
		this.#field ??= regl.texture({
			data: density(this.positions, FIELD, BLUR),
			width: FIELD,
			height: FIELD,
			format: 'luminance',
			type: 'float',
			min: 'nearest',
			mag: 'nearest'
		});
		const { matrix, width, height, ratio, theme } = request;
		const aspect = [matrix[0]!, matrix[5]!];
		// Cells per pixel, for lines of one width at any zoom.
		const perPixel = ((2 / width / aspect[0]!) * FIELD) / 2 / MARGIN;
		contours({
			size: [width, height],
			view: [matrix[12]!, matrix[13]!, perPixel],
			aspect,
			field: this.#field,
			side: FIELD,
			ratio,
			ink: [...theme.text]
		});
	}

	#thumbnails(
		{ regl, thumbnails }: ScatterTools,
		request: ScatterRequest,
		requested: NonNullable<ScatterRequest['thumbnails']>,
		sprites: Sprites,
		positions: Float32Array
	): void {
		const side = requested.side * request.ratio;
		const spots = thumbnailPositions(
			positions,
			this.dimensions,
			this.#ink,
			request,
			Math.min(this.count, requested.count),
			side
		);
		for (let s = 0; s < sprites.sheets.length; s++) {
			const own = spots.filter(({ point }) => Math.floor(point / requested.perSheet) === s);
			if (!own.length) continue;
			const spot = own.map(({ point, x, y }) => {
				const k = point % requested.perSheet;
				return [x, y, k % requested.columns, Math.floor(k / requested.columns)];
			});
			const tint = own.map(({ point }) => [0, 1, 2].map((c) => this.#ink[4 * point + c]! / 255));
			const sheet = sprites.texture(regl, s);
			thumbnails({
				spot,
				tint,
				count: own.length,
				canvasSize: [request.width, request.height],
				side,
				sheet,
				// A sheet may be wider than its columns of pictures.
				columns: sprites.sheets[s]!.width / requested.tile,
				border: Math.min(0.12, (2 * request.ratio) / side)
			});
		}
	}

	#rings({ rings }: ScatterTools, request: ScatterRequest, to: ScatterPicture | null): void {
		const { theme, ratio, matrix } = request;
		const size = (request.size + 8) * ratio;
		const ring = (points: readonly number[], larger: number, colour: readonly number[], thick: number) => {
			const t = request.transition?.t ?? 0;
			const here = points.filter((i) => i >= 0 && i < this.count);
			const position = here.map((i) => (to ? mixed(this.#at(i), to.#at(i), t) : this.#at(i)));
			if (position.length)
				rings({
					position,
					count: position.length,
					matrix: [...matrix],
					size: size * larger,
					colour: [...colour],
					halo: [...theme.stage],
					thick: thick * ratio
				});
		};
		ring(request.ringed, 1, theme.text, 1.2);
		ring([request.chosen], 1.35, theme.chosen, 1.4);
		ring([request.hovered], 1.35, theme.text, 1.2);
	}

	#at(i: number): [number, number, number] {
		const d = this.dimensions;
		return [this.positions[d * i]!, this.positions[d * i + 1]!, d === 3 ? this.positions[d * i + 2]! : 0];
	}

	/** The context is gone, and what was on it. */
	forget(): void {
		this.#positionBuffer = this.#inkBuffer = this.#field = null;
	}

	destroy(): void {
		this.#positionBuffer?.destroy();
		this.#inkBuffer?.destroy();
		this.#field?.destroy();
	}
}
