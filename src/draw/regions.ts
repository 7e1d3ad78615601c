import type { DrawCommand, Regl, Texture2D } from 'regl';
import type { RegionsRequest } from '#contracts/draw.ts';
import { CELL, type FieldTexture } from '#draw/field-texture.ts';
import { FULLSCREEN, passed } from '#draw/fullscreen.ts';

/** Classes of which one picture can show. */
const MOST = 8;

/**
 * A network's answers over the plane: one value in the colours of a scale, or the class with the largest one, paler where
 * the next is near. The line between is where the sign, or the class, changes from one pixel to its neighbours.
 */
const FRAGMENT = `
	precision highp float;
	varying vec2 canvas;
	uniform vec4 place;
	uniform float planes;
	uniform float plane;
	uniform bool classes;
	uniform float spread;
	uniform vec2 range;
	uniform bool line;
	uniform sampler2D scale;
	uniform sampler2D palette;
	${CELL}
	float height() { return fieldSize.y / planes; }
	float one(vec2 index, float p) {
		vec2 inside = clamp(index, vec2(0.0), vec2(fieldSize.x, height()) - 1.0);
		return cell(inside + vec2(0.0, p * height()));
	}
	float value(vec2 at, float p) {
		vec2 index = at * vec2(fieldSize.x, height());
		vec2 low = floor(index - 0.5);
		vec2 t = index - 0.5 - low;
		float a = one(low, p);
		float b = one(low + vec2(1.0, 0.0), p);
		float c = one(low + vec2(0.0, 1.0), p);
		float d = one(low + vec2(1.0), p);
		if (a == INVALID || b == INVALID || c == INVALID || d == INVALID) return INVALID;
		return mix(mix(a, b, t.x), mix(c, d, t.x), t.y);
	}
	/** The class, and by how much it is ahead. */
	vec2 winner(vec2 at) {
		float best = -INVALID;
		float next = -INVALID;
		float which = 0.0;
		for (int k = 0; k < ${MOST}; k++) {
			if (float(k) >= planes) break;
			float v = value(at, float(k));
			if (v == INVALID) return vec2(-1.0, 0.0);
			if (v > best) {
				next = best;
				best = v;
				which = float(k);
			} else if (v > next) next = v;
		}
		return vec2(which, clamp((best - next) / spread, 0.0, 1.0));
	}
	vec3 invalid() { return mix(vec3(0.35), vec3(0.65), step(0.5, fract((canvas.x + canvas.y) / 8.0))); }
	void main() {
		vec2 at = (canvas - place.xy) / place.zw;
		if (any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)))) {
			gl_FragColor = vec4(0.0);
			return;
		}
		vec2 pixel = 1.0 / place.zw;
		vec3 colour;
		float ink = 0.0;
		if (classes) {
			vec2 won = winner(at);
			if (won.x < 0.0) colour = invalid();
			else {
				vec3 own = texture2D(palette, vec2((won.x + 0.5) / ${MOST}.0, 0.5)).rgb;
				colour = mix(vec3(0.97), own, 0.15 + 0.75 * won.y);
				if (line) {
					vec2 right = winner(at + vec2(pixel.x, 0.0));
					vec2 below = winner(at + vec2(0.0, pixel.y));
					if (right.x != won.x || below.x != won.x) ink = 1.0;
				}
			}
		} else {
			float v = value(at, plane);
			if (v == INVALID) colour = invalid();
			else {
				float t = clamp((v - range.x) / max(range.y - range.x, 1.0e-37), 0.0, 1.0);
				colour = texture2D(scale, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
				if (line) {
					// Distance to the middle in pixels, by the slope there: the line is as wide at any zoom.
					float middle = 0.5 * (range.x + range.y);
					vec2 slope = vec2(value(at + vec2(pixel.x, 0.0), plane) - v, value(at + vec2(0.0, pixel.y), plane) - v);
					float steep = length(slope);
					if (steep > 1.0e-20) ink = clamp(1.5 - abs(v - middle) / steep, 0.0, 1.0);
				}
			}
		}
		gl_FragColor = vec4(mix(colour, vec3(0.1), 0.75 * ink), 1.0);
	}
`;

export interface RegionsScene {
	request: RegionsRequest;
	field: FieldTexture;
	/** 256 x 1. */
	scale: Texture2D;
}

function paletteBytes(colours: RegionsRequest['colours']): Uint8Array {
	const bytes = new Uint8Array(4 * MOST).fill(255);
	for (const [k, colour] of colours.slice(0, MOST).entries()) bytes.set(colour, 4 * k);
	return bytes;
}

/** @returns the command that draws one picture onto the whole canvas */
export function regionsCommand(regl: Regl): (scene: RegionsScene) => void {
	const names = 'size place planes plane classes spread range line scale palette field fieldSize fieldStride fieldBits';
	const draw: DrawCommand = regl({ frag: FRAGMENT, ...FULLSCREEN, uniforms: passed(regl, names) });
	return ({ request, field, scale }) => {
		const { width, height, place, planes, plane, spread, range, line, colours } = request;
		const palette = regl.texture({
			data: paletteBytes(colours),
			width: MOST,
			height: 1,
			min: 'nearest',
			mag: 'nearest'
		});
		draw({
			size: [width, height],
			place: [place.x, place.y, place.width, place.height],
			planes,
			plane: plane ?? 0,
			classes: plane === null,
			spread,
			range: [...range],
			line,
			scale,
			palette,
			field: field.texture,
			fieldSize: [field.width, field.height],
			fieldStride: field.stride,
			fieldBits: field.bits
		});
		palette.destroy();
	};
}
