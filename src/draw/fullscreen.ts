import type { DrawConfig, Regl } from 'regl';

/** What commands that colour every pixel of the canvas share: one triangle, and pixels from the top left as `canvas`. */
export const FULLSCREEN = {
	vert: `
		precision highp float;
		attribute vec2 corner;
		varying vec2 canvas;
		uniform vec2 size;
		void main() {
			canvas = vec2(corner.x + 1.0, 1.0 - corner.y) * 0.5 * size;
			gl_Position = vec4(corner, 0.0, 1.0);
		}
	`,
	attributes: {
		corner: [
			[-1, -1],
			[3, -1],
			[-1, 3]
		]
	},
	count: 3,
	depth: { enable: false }
} satisfies DrawConfig;

/** What is given with each call, by name. */
export const given = (regl: Regl, name: string): never => (regl.prop as unknown as (name: string) => never)(name);

/** Uniforms that are given with each call, by name. */
export function passed(regl: Regl, names: string): never {
	return Object.fromEntries(names.split(/\s+/).map((name) => [name, given(regl, name)])) as never;
}
