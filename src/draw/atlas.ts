import type { DrawCommand, Regl, Texture2D } from 'regl';
import type { AtlasRequest } from '#contracts/anatomy.ts';
import { CELL_NAMES, cellShader, cellUniforms, kindOf, type FieldTexture } from '#draw/field-texture.ts';
import { passed } from '#draw/fullscreen.ts';

/**
 * Many cells of one field, each with a scale of its own, in any order, in one call: a quad per cell. What is the same for
 * a whole cell is worked out at its corners (measured: half the time of one triangle whose pixels look their cell up).
 */
const VERTEX = `
	precision highp float;
	attribute vec2 corner;
	attribute float number;
	attribute vec4 entry;
	uniform vec2 size;
	uniform vec2 offset;
	uniform vec2 cellSize;
	uniform float gap;
	uniform float columns;
	uniform vec2 inner;
	uniform float fieldColumns;
	varying vec2 origin;
	varying vec2 within;
	varying vec3 range;
	varying float off;
	void main() {
		vec2 cell = vec2(mod(number, columns), floor(number / columns));
		vec2 at = cell * (cellSize + gap) - offset + corner * cellSize;
		gl_Position = vec4(at / size * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
		origin = vec2(mod(entry.x, fieldColumns), floor(entry.x / fieldColumns)) * inner;
		within = corner * inner;
		// A cell without any range has nothing to show: its middle.
		bool ranged = entry.z > entry.y;
		range = ranged ? vec3(entry.y, 1.0 / max(entry.z - entry.y, 1.0e-37), 0.0) : vec3(0.0, 0.0, entry.y < 0.0 ? 0.5 : 0.0);
		off = entry.w;
	}
`;

const fragment = (cell: string) => `
	precision highp float;
	varying vec2 origin;
	varying vec2 within;
	varying vec3 range;
	varying float off;
	uniform vec2 inner;
	uniform vec2 cellSize;
	uniform sampler2D scale;
	${cell}
	void main() {
		float v = cell(origin + min(floor(within), inner - 1.0));
		float t = clamp((v - range.x) * range.y + range.z, 0.0, 1.0);
		vec3 colour = texture2D(scale, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
		if (v == INVALID) colour = hatched(vec2(gl_FragCoord.x, -gl_FragCoord.y));
		if (off > 0.5) {
			// Switched off: pale, with a cross.
			vec2 share = within / inner;
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
	const prop = regl.prop as unknown as (name: string) => never;
	const names = `size offset cellSize gap columns inner fieldColumns scale ${CELL_NAMES}`;
	const command = (cell: string): DrawCommand =>
		regl({
			vert: VERTEX,
			frag: fragment(cell),
			attributes: {
				corner: [
					[0, 0],
					[1, 0],
					[0, 1],
					[1, 1]
				],
				number: prop('number'),
				entry: prop('entry')
			},
			uniforms: passed(regl, names),
			primitive: 'triangle strip',
			count: 4,
			instances: prop('instances'),
			depth: { enable: false }
		});
	const commands = new Map<string, DrawCommand>();
	const indices = regl.buffer({ usage: 'dynamic', data: new Float32Array(1) });
	const entries = regl.buffer({ usage: 'stream', data: new Float32Array(4) });
	let counted = 1;
	return ({ request, field, scale }) => {
		regl.clear({ color: [0, 0, 0, 0] });
		const instances = request.entries.length / 4;
		if (!instances) return;
		if (instances > counted) indices(Float32Array.from({ length: (counted = instances) }, (_, i) => i));
		entries(request.entries);
		const cell = cellShader(kindOf(field));
		const draw = commands.get(cell) ?? command(cell);
		commands.set(cell, draw);
		draw({
			size: [request.width, request.height],
			offset: [...request.offset],
			cellSize: [...request.cell],
			gap: request.gap,
			columns: request.columns,
			inner: [request.cells.width, request.cells.height],
			fieldColumns: request.cells.columns,
			number: { buffer: indices, divisor: 1 },
			entry: { buffer: entries, divisor: 1 },
			instances,
			scale,
			...cellUniforms(field)
		});
	};
}
