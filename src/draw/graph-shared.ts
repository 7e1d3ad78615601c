import type { Buffer, DrawCommand, Regl, Texture2D } from 'regl';
import { MARK } from '#contracts/graph-picture.ts';
import { passed } from '#draw/fullscreen.ts';

/** What the commands of a graph share: corners of quads, the camera, the ink of boxes and lines in textures. */

/** Texels per row of an ink texture. */
const INK_ROW = 1024;

const CORNERS = [
	[0, 0],
	[1, 0],
	[1, 1],
	[0, 0],
	[1, 1],
	[0, 1]
];

/** GLSL: units to the canvas, and ink by index. */
export const CAMERA = `
	uniform vec2 size;
	uniform vec3 camera;
	vec2 pixels(vec2 at) { return (at - camera.xy) * camera.z + 0.5 * size; }
	vec4 clip(vec2 at) { return vec4(at / size * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0); }
	vec4 inkOf(sampler2D ink, float rows, float index) {
		return texture2D(ink, (vec2(mod(index, ${INK_ROW}.0), floor(index / ${INK_ROW}.0)) + 0.5) / vec2(${INK_ROW}.0, rows));
	}
	float markOf(vec4 ink) { return floor(ink.a * 255.0 + 0.5); }
`;

export const MARKS = Object.entries(MARK)
	.map(([name, value]) => `const float ${name.toUpperCase()} = ${value.toFixed(1)};`)
	.join('\n');

/**
 * A command that draws one quad or triangle per instance over what is there, with premultiplied colours.
 * @param own names of attributes that are given with each call
 * @param uniforms names, likewise
 */
export function instanced(
	regl: Regl,
	shaders: { vert: string; frag: string },
	own: readonly string[],
	uniforms: string,
	corner: readonly (readonly number[])[] = CORNERS
): DrawCommand {
	const prop = regl.prop as unknown as (name: string) => never;
	return regl({
		...shaders,
		attributes: { corner: corner as number[][], ...Object.fromEntries(own.map((name) => [name, prop(name)])) },
		uniforms: passed(regl, uniforms),
		count: corner.length,
		instances: prop('instances'),
		depth: { enable: false },
		blend: { enable: true, func: { src: 'one', dst: 'one minus src alpha' } }
	});
}

/** One value per instance, from an offset in a buffer on. */
export const perInstance = (buffer: Buffer, offset: number, stride: number) => ({ buffer, offset, stride, divisor: 1 });

export interface Ink {
	texture: Texture2D;
	rows: number;
}

/** @param values four bytes per thing */
export function inkTexture(regl: Regl, values: Uint8Array, before: Ink | null): Ink {
	const rows = Math.max(1, Math.ceil(values.length / 4 / INK_ROW));
	const data = new Uint8Array(rows * INK_ROW * 4);
	data.set(values);
	const options = { data, width: INK_ROW, height: rows, min: 'nearest', mag: 'nearest' } as const;
	return { texture: before ? before.texture(options) : regl.texture(options), rows };
}
