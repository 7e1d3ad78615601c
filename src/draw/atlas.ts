import type { DrawCommand, Regl, Texture2D } from 'regl';
import type { AtlasRequest } from '#contracts/anatomy.ts';
import { CELL, CELL_NAMES, cellUniforms, type FieldTexture } from '#draw/field-texture.ts';
import { FULLSCREEN, passed } from '#draw/fullscreen.ts';

/** Texels per row of the texture that says which cell goes where. */
const ROW = 1024;

/** Many cells of one field, each with a scale of its own, in any order, in one call. */
const FRAGMENT = `
	precision highp float;
	varying vec2 canvas;
	uniform vec2 offset;
	uniform vec2 cellSize;
	uniform float gap;
	uniform float columns;
	uniform float count;
	uniform vec2 inner;
	uniform float fieldColumns;
	uniform sampler2D entries;
	uniform float entryRows;
	uniform sampler2D scale;
	${CELL}
	void main() {
		vec2 pitch = cellSize + gap;
		vec2 at = canvas + offset;
		vec2 place = floor(at / pitch);
		vec2 within = at - place * pitch;
		float number = place.y * columns + place.x;
		if (place.x < 0.0 || place.x >= columns || place.y < 0.0 || number >= count || within.x >= cellSize.x || within.y >= cellSize.y) {
			gl_FragColor = vec4(0.0);
			return;
		}
		vec2 texel = vec2(mod(number, ${ROW}.0), floor(number / ${ROW}.0));
		vec4 entry = texture2D(entries, (texel + 0.5) / vec2(${ROW}.0, entryRows));
		vec2 source = vec2(mod(entry.x, fieldColumns), floor(entry.x / fieldColumns));
		float v = cell(source * inner + floor(within / cellSize * inner));
		vec3 colour;
		if (v == INVALID) {
			colour = mix(vec3(0.35), vec3(0.65), step(0.5, fract((canvas.x + canvas.y) / 8.0)));
		} else {
			float t = clamp((v - entry.y) / max(entry.z - entry.y, 1.0e-37), 0.0, 1.0);
			// A cell without any range has nothing to show: its middle.
			if (entry.z <= entry.y) t = entry.y < 0.0 ? 0.5 : 0.0;
			colour = texture2D(scale, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
		}
		if (entry.w > 0.5) {
			// Switched off: pale, with a cross.
			vec2 share = within / cellSize;
			float line = min(abs(share.x - share.y), abs(share.x + share.y - 1.0)) * cellSize.x;
			colour = line < 1.5 ? vec3(0.85, 0.1, 0.1) : mix(colour, vec3(0.5), 0.75);
		}
		gl_FragColor = vec4(colour, 1.0);
	}
`;

export interface AtlasScene {
	request: AtlasRequest;
	field: FieldTexture;
	/** 256 x 1. */
	scale: Texture2D;
}

/** @returns the command that draws one picture onto the whole canvas */
export function atlasCommand(regl: Regl): (scene: AtlasScene) => void {
	const names = `size offset cellSize gap columns count inner fieldColumns entries entryRows scale ${CELL_NAMES}`;
	const draw: DrawCommand = regl({ frag: FRAGMENT, ...FULLSCREEN, uniforms: passed(regl, names) });
	return ({ request, field, scale }) => {
		const count = request.entries.length / 4;
		const rows = Math.max(1, Math.ceil(count / ROW));
		const data = new Float32Array(ROW * rows * 4);
		data.set(request.entries);
		const entries = regl.texture({ data, width: ROW, height: rows, format: 'rgba', type: 'float' });
		draw({
			size: [request.width, request.height],
			offset: [...request.offset],
			cellSize: [...request.cell],
			gap: request.gap,
			columns: request.columns,
			count,
			inner: [request.cells.width, request.cells.height],
			fieldColumns: request.cells.columns,
			entries,
			entryRows: rows,
			scale,
			...cellUniforms(field)
		});
		entries.destroy();
	};
}
