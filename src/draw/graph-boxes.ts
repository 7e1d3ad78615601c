import type { DrawCommand, Regl } from 'regl';
import { CAMERA, instanced, MARKS } from '#draw/graph-shared.ts';

/** Rounded boxes, one instance each: nodes, folded groups with another sheet behind them, frames of open groups. */

const VERTEX = `
	precision highp float;
	attribute vec2 corner;
	attribute vec4 bounds;
	attribute vec2 box;
	uniform sampler2D ink;
	uniform float inkRows;
	uniform float ratio;
	varying vec2 at;
	varying vec2 half_;
	varying vec4 fill;
	varying float kind;
	${CAMERA}
	void main() {
		vec2 extent = max(bounds.zw * camera.z, vec2(1.0));
		vec2 centre = pixels(bounds.xy + 0.5 * bounds.zw);
		// Room for the border, and for the sheet behind; from afar little, as fifty thousand quads overlap there.
		float pad = 1.0 + ratio * min(1.0, 4.0 * camera.z) + 4.5 * camera.z;
		at = (corner - 0.5) * (extent + 2.0 * pad);
		half_ = 0.5 * extent;
		fill = inkOf(ink, inkRows, box.x);
		kind = box.y;
		gl_Position = clip(centre + at);
	}
`;

const FRAGMENT = `
	precision highp float;
	varying vec2 at;
	varying vec2 half_;
	varying vec4 fill;
	varying float kind;
	uniform float unit;
	uniform float ratio;
	uniform vec3 panel;
	uniform vec3 border;
	uniform vec3 chosen;
	uniform vec3 before;
	uniform vec3 after;
	uniform vec3 found;
	${MARKS}
	float distance_(vec2 p, float radius) {
		vec2 q = abs(p) - half_ + radius;
		return length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - radius;
	}
	vec4 over(vec4 below, vec3 colour, float alpha) { return vec4(colour * alpha, alpha) + below * (1.0 - alpha); }
	float covered(float d) { return clamp(0.5 - d, 0.0, 1.0); }
	void main() {
		float radius = min(5.0 * unit, min(half_.x, half_.y));
		float d = distance_(at, radius);
		float mark = floor(fill.a * 255.0 + 0.5);
		float thin = ratio;
		float wide = mark == PLAIN || mark == PALE ? thin : mark == CHOSEN ? 3.0 * ratio : 2.0 * ratio;
		// From afar the fill is what is looked at.
		if (kind != 2.0 && mark != CHOSEN) wide = min(wide, max(0.5 * ratio, 0.22 * half_.y));
		// A box of a pixel or two is all fill.
		vec3 rim = kind == 2.0 ? border : mix(fill.rgb, border, clamp(half_.y / ratio - 1.0, 0.0, 1.0));
		vec3 edge = mark == CHOSEN ? chosen : mark == BEFORE ? before : mark == AFTER ? after : mark == FOUND ? found : rim;
		vec4 colour = vec4(0.0);
		if (kind == 1.0) {
			float sheet = distance_(at - 3.5 * unit, radius);
			colour = over(colour, border, covered(sheet));
			colour = over(colour, mix(fill.rgb, panel, 0.45), covered(sheet + thin));
		}
		// A frame is a veil over what is behind it, so that depth shows.
		float body = kind == 2.0 ? 0.55 : 1.0;
		colour = over(colour, edge, covered(d - 0.5 * (wide - thin)));
		float inside = covered(d + 0.5 * (wide + thin));
		colour = kind == 2.0 ? mix(colour, vec4(fill.rgb, 1.0) * body, inside) : over(colour, fill.rgb, inside);
		if (mark == PALE) colour *= kind == 2.0 ? 0.6 : 0.22;
		if (colour.a < 0.002) discard;
		gl_FragColor = colour;
	}
`;

const UNIFORMS = 'size camera ink inkRows unit ratio panel border chosen before after found';

export const boxesCommand = (regl: Regl): DrawCommand =>
	instanced(regl, { vert: VERTEX, frag: FRAGMENT }, ['bounds', 'box'], UNIFORMS);
