import type { DrawCommand, Regl } from 'regl';
import { POINT } from '#contracts/scatter.ts';
import { given, passed } from '#draw/fullscreen.ts';

/** Points of a map as soft discs, where they are or on their way from one map to the next. */

const NAMES = Object.entries(POINT)
	.map(([name, value]) => `const float ${name.toUpperCase()} = ${value.toFixed(1)};`)
	.join('\n');

/** @param passing on the way from one map to the next */
const vertex = (passing: boolean) => `
	precision highp float;
	attribute vec3 position;
	${passing ? 'attribute vec3 next;\n\tuniform float t;' : ''}
	attribute vec4 ink;
	uniform mat4 matrix;
	uniform float size;
	uniform float opacity;
	uniform float pass;
	varying vec4 colour;
	varying float edge;
	${NAMES}
	void main() {
		float state = floor(ink.a * 255.0 + 0.5);
		vec4 at = matrix * vec4(${passing ? 'mix(position, next, t)' : 'position'}, 1.0);
		bool over = state == SELECTED;
		// Out of sight costs no fragments.
		if (state == HIDDEN || over != (pass > 0.5) || at.w <= 0.05) at = vec4(9.0, 9.0, 9.0, 1.0);
		gl_Position = at;
		float wide = size / at.w * (over ? 1.35 : 1.0);
		// Below a pixel a point fades, it does not vanish.
		// Room for a soft edge, where it is worth its fragments.
		edge = max(wide, 1.0);
		gl_PointSize = edge + (edge > 4.5 ? 1.0 : 0.0);
		edge = 0.5 * gl_PointSize;
		float alpha = (over ? min(1.0, 1.6 * opacity + 0.2) : state == PALE ? 0.22 * opacity : opacity) * min(1.0, wide * wide);
		vec3 rgb = state == PALE ? mix(ink.rgb, vec3(0.5), 0.75) : ink.rgb;
		colour = vec4(rgb * alpha, alpha);
	}
`;

/** @param deep in space a point hides what is behind it, and so has a hard edge */
const fragment = (deep: boolean) => `
	precision mediump float;
	varying vec4 colour;
	varying float edge;
	void main() {
		vec2 from = gl_PointCoord - 0.5;
		float inside = clamp(edge - 2.0 * edge * sqrt(dot(from, from)) + 0.25, 0.0, 1.0);
		${deep ? 'if (inside < 0.5) discard;' : ''}
		gl_FragColor = colour * inside;
	}
`;

export const BLEND = { enable: true, func: { src: 'one', dst: 'one minus src alpha' } } as const;

/** Commands that are made when they are first used: in the plane or in space, still or on the way. */
export class PointCommands {
	#made = new Map<string, DrawCommand>();

	constructor(private readonly regl: Regl) {}

	of(deep: boolean, passing: boolean): DrawCommand {
		const key = `${deep} ${passing}`;
		const made = this.#made.get(key) ?? this.#make(deep, passing);
		this.#made.set(key, made);
		return made;
	}

	/** In space, what is nearer hides what is behind. */
	#make(deep: boolean, passing: boolean): DrawCommand {
		const { regl } = this;
		const [position, ink, next] = ['position', 'ink', 'next'].map((name) => given(regl, name));
		return regl({
			vert: vertex(passing),
			frag: fragment(deep),
			attributes: { position, ink, ...(passing ? { next } : {}) } as never,
			uniforms: passed(regl, `matrix size opacity pass${passing ? ' t' : ''}`),
			primitive: 'points',
			count: given(regl, 'count'),
			blend: BLEND,
			depth: { enable: deep }
		});
	}
}
