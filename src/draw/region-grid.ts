import type { DrawCommand, Regl, Texture2D } from 'regl';
import type { RegionGridRequest } from '#contracts/draw.ts';
import { CELL, CELL_NAMES, cellUniforms, type FieldTexture } from '#draw/field-texture.ts';
import { FULLSCREEN, passed } from '#draw/fullscreen.ts';

/** Classes of which one cell can show. */
const MAX_CELL_CLASSES = 8;
/** Cells of a picture: a row of texels each holds what they show, and how. */
const CELLS = 256;

/** The outputs of many networks over the same window, a cell each, from one field: as regions.ts draws one large. */
const FRAGMENT = `
	precision highp float;
	varying vec2 canvas;
	uniform float side;
	uniform vec2 pitch;
	uniform float columns;
	uniform float count;
	uniform float rows;
	uniform sampler2D entries;
	uniform sampler2D scale;
	uniform sampler2D palette;
	${CELL}
	float one(vec2 index, float plane) {
		return cell(clamp(index, vec2(0.0), vec2(fieldSize.x, rows) - 1.0) + vec2(0.0, plane * rows));
	}
	float value(vec2 at, float plane) {
		vec2 index = at * vec2(fieldSize.x, rows) - 0.5;
		vec2 low = floor(index);
		vec2 t = index - low;
		float a = one(low, plane);
		float b = one(low + vec2(1.0, 0.0), plane);
		float c = one(low + vec2(0.0, 1.0), plane);
		float d = one(low + vec2(1.0), plane);
		if (a == INVALID || b == INVALID || c == INVALID || d == INVALID) return INVALID;
		return mix(mix(a, b, t.x), mix(c, d, t.x), t.y);
	}
	void main() {
		gl_FragColor = vec4(0.0);
		vec2 tile = floor(canvas / pitch);
		vec2 at = (canvas - tile * pitch) / side;
		float number = tile.y * columns + tile.x;
		if (tile.x >= columns || number >= count || at.x >= 1.0 || at.y >= 1.0) return;
		vec4 planes = texture2D(entries, vec2(0.25, (number + 0.5) / ${CELLS}.0));
		vec4 ends = texture2D(entries, vec2(0.75, (number + 0.5) / ${CELLS}.0));
		vec3 colour;
		if (planes.y < 0.5) {
			float v = value(at, planes.x);
			if (v == INVALID) colour = hatched(canvas);
			else {
				float t = clamp((v - ends.x) / max(ends.y - ends.x, 1.0e-37), 0.0, 1.0);
				colour = texture2D(scale, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
			}
		} else {
			float best = -INVALID;
			float next = -INVALID;
			float which = -1.0;
			for (int k = 0; k < ${MAX_CELL_CLASSES}; k++) {
				if (float(k) >= planes.y) break;
				float v = value(at, planes.x + float(k));
				if (v == INVALID) {
					which = -1.0;
					break;
				}
				if (v > best) {
					next = best;
					best = v;
					which = float(k);
				} else if (v > next) next = v;
			}
			vec3 own = texture2D(palette, vec2((which + 0.5) / ${MAX_CELL_CLASSES}.0, 0.5)).rgb;
			colour = which < 0.0 ? hatched(canvas) : mix(vec3(0.97), own, 0.15 + 0.75 * clamp((best - next) / ends.z, 0.0, 1.0));
		}
		gl_FragColor = vec4(colour, 1.0);
	}
`;

export interface RegionGridScene {
	request: RegionGridRequest;
	field: FieldTexture;
	/** 256 x 1. */
	scale: Texture2D;
}

/** @returns the command that draws one picture onto the whole canvas */
export function regionGridCommand(regl: Regl): (scene: RegionGridScene) => void {
	const names = `size side pitch columns count rows entries scale palette ${CELL_NAMES}`;
	const draw: DrawCommand = regl({ frag: FRAGMENT, ...FULLSCREEN, uniforms: passed(regl, names) });
	return ({ request, field, scale }) => {
		const { cells, colours } = request;
		const data = new Float32Array(8 * CELLS);
		for (const [n, { first, classes, range, spread }] of cells.slice(0, CELLS).entries())
			data.set([first, classes, 0, 0, ...range, spread, 0], 8 * n);
		const bytes = new Uint8Array(4 * MAX_CELL_CLASSES).fill(255);
		for (const [k, colour] of colours.slice(0, MAX_CELL_CLASSES).entries()) bytes.set(colour, 4 * k);
		const nearest = { min: 'nearest', mag: 'nearest' } as const;
		const entries = regl.texture({ data, width: 2, height: CELLS, format: 'rgba', type: 'float', ...nearest });
		const palette = regl.texture({ data: bytes, width: MAX_CELL_CLASSES, height: 1, ...nearest });
		draw({
			size: [request.width, request.height],
			side: request.side,
			pitch: [...request.pitch],
			columns: request.columns,
			count: Math.min(CELLS, cells.length),
			rows: field.height / request.planes,
			entries,
			scale,
			palette,
			...cellUniforms(field)
		});
		entries.destroy();
		palette.destroy();
	};
}
