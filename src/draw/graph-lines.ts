import type { DrawCommand, Regl } from 'regl';
import { CAMERA, instanced, MARKS } from '#draw/graph-shared.ts';

/** Straight stretches of lines, one instance each, with soft edges; and the heads of arrows. */

const INKED = `
	uniform sampler2D ink;
	uniform float inkRows;
	uniform float ratio;
	/** Draw only what stands out, or only what does not. */
	uniform bool lit;
	varying vec4 colour;
	uniform vec3 line;
	uniform vec3 chosen;
	uniform vec3 before;
	uniform vec3 after;
	${MARKS}
	vec4 colourOf(float mark) {
		if (mark == BEFORE) return vec4(before, 1.0);
		if (mark == AFTER) return vec4(after, 1.0);
		if (mark > PALE) return vec4(chosen, 1.0);
		return vec4(line, mark == PALE ? 0.2 : 1.0);
	}
	/** Takes the colour of a line; out of sight where it is not its turn. */
	float dressed(float index) {
		float mark = markOf(inkOf(ink, inkRows, index));
		colour = colourOf(mark);
		gl_Position = vec4(2.0, 2.0, 0.0, 1.0);
		return lit == (mark > PALE) ? mark : -1.0;
	}
`;

const STRETCH = `
	precision highp float;
	attribute vec2 corner;
	attribute vec4 stretch;
	attribute float index;
	varying float across;
	varying float width;
	${CAMERA}
	${INKED}
	void main() {
		float mark = dressed(index);
		if (mark < 0.0) return;
		vec2 from = pixels(stretch.xy);
		vec2 to = pixels(stretch.zw);
		vec2 along = to - from;
		float far = length(along);
		vec2 way = far > 0.0 ? along / far : vec2(1.0, 0.0);
		vec2 normal = vec2(-way.y, way.x);
		width = ratio * (mark > PALE ? 2.4 : clamp(1.5 * camera.z / ratio, 0.7, 1.5));
		across = (corner.y - 0.5) * (width + 2.0);
		gl_Position = clip(mix(from - 0.4 * way, to + 0.4 * way, corner.x) + normal * across);
	}
`;

const STRETCH_FRAGMENT = `
	precision highp float;
	varying float across;
	varying float width;
	varying vec4 colour;
	void main() {
		float alpha = colour.a * clamp(0.5 * width + 0.5 - abs(across), 0.0, 1.0);
		gl_FragColor = vec4(colour.rgb * alpha, alpha);
	}
`;

const HEAD = `
	precision highp float;
	attribute vec2 corner;
	/** Tip, and the direction that it points in. */
	attribute vec4 head;
	attribute float index;
	${CAMERA}
	${INKED}
	void main() {
		if (dressed(index) < 0.0) return;
		vec2 normal = vec2(-head.w, head.z);
		vec2 at = head.xy - head.zw * corner.x * 7.0 + normal * corner.y * 3.4;
		gl_Position = clip(pixels(at));
	}
`;

const HEAD_FRAGMENT = `
	precision highp float;
	varying vec4 colour;
	void main() { gl_FragColor = vec4(colour.rgb * colour.a, colour.a); }
`;

const INKS = 'size camera ink inkRows ratio lit line chosen before after';
const HEAD_CORNERS = [
	[0, 0],
	[1, -1],
	[1, 1]
];

export const stretchesCommand = (regl: Regl): DrawCommand =>
	instanced(regl, { vert: STRETCH, frag: STRETCH_FRAGMENT }, ['stretch', 'index'], INKS);

export const headsCommand = (regl: Regl): DrawCommand =>
	instanced(regl, { vert: HEAD, frag: HEAD_FRAGMENT }, ['head', 'index'], INKS, HEAD_CORNERS);
