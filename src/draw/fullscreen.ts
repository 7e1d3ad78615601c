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

/** Uniforms that are given with each call, by name. */
export function passed(regl: Regl, names: string): never {
	const dynamic = regl.prop as unknown as (name: string) => unknown;
	return Object.fromEntries(names.split(/\s+/).map((name) => [name, dynamic(name)])) as never;
}
