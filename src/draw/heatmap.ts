import type { DrawCommand, Regl, Texture2D } from 'regl';
import type { HeatmapRequest } from '#contracts/draw.ts';
import type { Size } from '#maths/camera.ts';
import { imageBounds } from '#maths/viewport.ts';
import { CELL, CELL_NAMES, cellUniforms, type FieldTexture } from '#draw/field-texture.ts';
import { FULLSCREEN, passed } from '#draw/fullscreen.ts';

/** The image, dimmed or grey, with the field in the colours of a scale over it. */
const FRAGMENT = `
	precision highp float;
	varying vec2 canvas;
	uniform vec4 bounds;
	uniform sampler2D image;
	uniform bool hasImage;
	uniform bool grey;
	uniform bool hasField;
	uniform vec4 crop;
	uniform sampler2D scale;
	uniform vec2 range;
	uniform float opacity;
	uniform bool opacityByValue;
	uniform bool blend;
	${CELL}
	float mixed(float a, float b, float t) {
		if (a == INVALID || b == INVALID) return INVALID;
		return mix(a, b, t);
	}
	float value(vec2 at) {
		vec2 index = at * fieldSize;
		if (!blend) return cell(floor(index));
		vec2 low = floor(index - 0.5);
		vec2 t = index - 0.5 - low;
		float top = mixed(cell(low), cell(low + vec2(1.0, 0.0)), t.x);
		float bottom = mixed(cell(low + vec2(0.0, 1.0)), cell(low + vec2(1.0)), t.x);
		return mixed(top, bottom, t.y);
	}
	void main() {
		vec2 at = (canvas - bounds.xy) / bounds.zw;
		if (any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)))) {
			gl_FragColor = vec4(0.0);
			return;
		}
		vec2 onField = (at - crop.xy) / crop.zw;
		bool inside = all(greaterThanEqual(onField, vec2(0.0))) && all(lessThan(onField, vec2(1.0)));
		vec4 base = vec4(0.0);
		if (hasImage) {
			vec4 colour = texture2D(image, at);
			// What is transparent in an image is fed as white.
			colour.rgb = mix(vec3(1.0), colour.rgb, colour.a);
			float light = dot(colour.rgb, vec3(0.2126, 0.7152, 0.0722));
			base = vec4(grey ? vec3(light) : colour.rgb, 1.0);
			// What the model does not see steps back.
			if (!inside) base.rgb *= 0.45;
		}
		if (!hasField || !inside) {
			gl_FragColor = base;
			return;
		}
		float v = value(onField);
		vec3 colour;
		float strength = opacity;
		if (v == INVALID) colour = hatched(canvas);
		else {
			float t = clamp((v - range.x) / max(range.y - range.x, 1.0e-37), 0.0, 1.0);
			colour = texture2D(scale, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
			float reach = max(abs(range.x), abs(range.y));
			// The square root keeps what is weak visible.
			if (opacityByValue) strength *= sqrt(clamp(abs(v) / max(reach, 1.0e-37), 0.0, 1.0));
		}
		if (!hasImage) base = vec4(colour, 1.0);
		gl_FragColor = vec4(mix(base.rgb, colour, hasImage ? strength : 1.0), 1.0);
	}
`;

export interface HeatmapScene {
	request: HeatmapRequest;
	image: (Size & { texture: Texture2D }) | null;
	field: FieldTexture | null;
	/** 256 x 1. */
	scale: Texture2D;
}

/** @returns the command that draws one picture onto the whole canvas */
export function heatmapCommand(regl: Regl): (scene: HeatmapScene) => void {
	const blank = regl.texture({ width: 1, height: 1, data: [0, 0, 0, 0] });
	const names = `size bounds image hasImage grey hasField crop scale range opacity opacityByValue blend ${CELL_NAMES}`;
	const draw: DrawCommand = regl({ frag: FRAGMENT, ...FULLSCREEN, uniforms: passed(regl, names) });
	return ({ request, image, field, scale }) => {
		const { width, height, viewport, crop, range, opacity, opacityByValue, interpolation, grey } = request;
		const whole = image ?? crop;
		const bounds = imageBounds(viewport, whole, { width, height });
		// Without an image, the crop is the picture.
		const part = image
			? [crop.x / whole.width, crop.y / whole.height, crop.width / whole.width, crop.height / whole.height]
			: [0, 0, 1, 1];
		draw({
			size: [width, height],
			bounds: [bounds.x, bounds.y, bounds.width, bounds.height],
			image: image?.texture ?? blank,
			hasImage: !!image,
			grey,
			hasField: !!field,
			crop: part,
			scale,
			range: [...range],
			opacity,
			opacityByValue,
			blend: interpolation === 'linear',
			...cellUniforms(field, blank)
		});
	};
}
