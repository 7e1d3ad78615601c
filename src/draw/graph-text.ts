import type { DrawCommand, Regl } from 'regl';
import { ATLAS_SIDE, GLYPH_SIZE, type GlyphAtlas, type Weight } from '#draw/glyphs.ts';
import { CAMERA, instanced, MARKS } from '#draw/graph-shared.ts';

/** Letters, one instance each, out of an atlas of distances. */

/** Numbers per letter: position, scale, index of its box or line, and its quad in the atlas. */
export const LETTER = 8;

const VERTEX = `
	precision highp float;
	attribute vec2 corner;
	/** Upper left corner, units per atlas pixel, index. */
	attribute vec4 pen;
	attribute vec4 quad;
	uniform sampler2D ink;
	uniform float inkRows;
	uniform bool onBoxes;
	uniform vec3 text;
	varying vec2 uv;
	varying vec4 colour;
	varying float softness;
	${CAMERA}
	${MARKS}
	void main() {
		vec4 below = inkOf(ink, inkRows, pen.w);
		float mark = markOf(below);
		vec3 light = below.rgb * below.rgb;
		// Black or white, whichever has the greater contrast (WCAG's relative luminance).
		bool dark = dot(light, vec3(0.2126, 0.7152, 0.0722)) > 0.2;
		colour = vec4(onBoxes ? (dark ? vec3(0.06) : vec3(1.0)) : text, mark == PALE ? 0.3 : 1.0);
		uv = (quad.xy + corner * quad.zw) / ${ATLAS_SIDE}.0;
		softness = 0.5 / 8.0 / max(pen.z * camera.z, 0.01);
		gl_Position = clip(pixels(pen.xy + corner * quad.zw * pen.z));
	}
`;

const FRAGMENT = `
	precision highp float;
	uniform sampler2D atlas;
	varying vec2 uv;
	varying vec4 colour;
	varying float softness;
	void main() {
		float inside = texture2D(atlas, uv).r;
		float alpha = colour.a * smoothstep(0.75 - softness, 0.75 + softness, inside);
		if (alpha < 0.01) discard;
		gl_FragColor = vec4(colour.rgb * alpha, alpha);
	}
`;

export const textCommand = (regl: Regl): DrawCommand =>
	instanced(regl, { vert: VERTEX, frag: FRAGMENT }, ['pen', 'quad'], 'size camera ink inkRows onBoxes text atlas');

export interface Written {
	text: string;
	weight: Weight;
	/** Units. */
	size: number;
	/** Left end of the baseline. */
	x: number;
	y: number;
	/** Of the box or line. */
	index: number;
}

/** Appends the letters of a text. */
export function write(atlas: GlyphAtlas, letters: number[], { text, weight, size, x, y, index }: Written): void {
	const scale = size / GLYPH_SIZE;
	let pen = x;
	for (const character of text) {
		const glyph = atlas.glyph(character, weight);
		if (character !== ' ')
			letters.push(
				pen + glyph.left * scale,
				y - glyph.top * scale,
				scale,
				index,
				glyph.x,
				glyph.y,
				glyph.width,
				glyph.height
			);
		pen += glyph.advance * scale;
	}
}
