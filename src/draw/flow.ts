import type { DrawCommand, Regl } from 'regl';
import { LabError } from '#contracts/errors.ts';
import type { RegionsRequest } from '#contracts/planes.ts';
import { PREDICTION_NAMES, predictionShader, predictionUniforms, Variants, type Variant } from '#draw/prediction.ts';
import { floatTargets } from '#draw/float-targets.ts';
import { FULLSCREEN, given, passed } from '#draw/fullscreen.ts';
import type { PlanesScene } from '#draw/regions.ts';

/**
 * Where the surest class's share, or the value, rises: first the slope at every pixel into a texture of floats, then
 * arrows or a texture over the picture that is there.
 */

/** CSS pixels between two arrows; of the noise's grain; and steps of a line to either side. */
const SPACING = 26;
const STEPS = 18;

/** Rise over a whole picture, in shares or spans of the range, below which nothing is shown: rounding has no direction. */
const FLAT = 2e-4;

const gradientField = (variant: Variant) => `
	precision highp float;
	varying vec2 canvas;
	uniform vec4 bounds;
	uniform float span;
	${predictionShader(variant)}
	void main() {
		vec2 at = (canvas - bounds.xy) / bounds.zw;
		Prediction r = predictionAt(at, -1.0);
		bool inside = all(greaterThanEqual(at, vec2(0.0))) && all(lessThanEqual(at, vec2(1.0)));
		gl_FragColor = r.known && inside ? vec4(r.slope / bounds.zw * span, 1.0, 1.0) : vec4(0.0);
	}
`;

const READ = `
	precision highp float;
	varying vec2 canvas;
	uniform vec2 size;
	uniform highp sampler2D slopes;
	/** Of the texture, which may be larger than the picture. */
	uniform vec2 texels;
	uniform float pixel;
	/** Rise from a pixel to the next one, to the right and downwards. */
	vec2 slope(vec2 at) { return texture2D(slopes, clamp(vec2(at.x, size.y - at.y), vec2(0.5), size - 0.5) / texels).xy; }
	float steepness(vec2 s) { return length(s) * size.x; }
`;

const ARROWS = `
	${READ}
	float segment(vec2 p, vec2 a, vec2 b) {
		vec2 along = b - a;
		return length(p - a - along * clamp(dot(p - a, along) / max(dot(along, along), 1.0e-9), 0.0, 1.0));
	}
	void main() {
		float spacing = ${SPACING}.0 * pixel;
		vec2 middle = (floor(canvas / spacing) + 0.5) * spacing;
		float reach = 0.22 * spacing;
		vec2 s = 0.2 * (slope(middle) + slope(middle + vec2(reach, 0.0)) + slope(middle - vec2(reach, 0.0)) + slope(middle + vec2(0.0, reach)) + slope(middle - vec2(0.0, reach)));
		float steep = steepness(s);
		if (steep < ${FLAT}) {
			gl_FragColor = vec4(0.0);
			return;
		}
		vec2 way = s / length(s);
		// Half the length; from a dot to nearly the next arrow.
		float reaching = spacing * (0.1 + 0.32 * steep / (steep + 1.0));
		vec2 p = canvas - middle;
		vec2 tip = way * reaching;
		vec2 across = vec2(-way.y, way.x);
		float head = min(0.6 * reaching, 4.5 * pixel);
		float far = min(segment(p, -tip, tip), min(segment(p, tip, tip - way * head + across * head * 0.7), segment(p, tip, tip - way * head - across * head * 0.7)));
		float ink = clamp(0.65 * pixel + 0.5 - far, 0.0, 1.0);
		float halo = clamp(1.6 * pixel + 0.5 - far, 0.0, 1.0);
		float shown = max(0.8 * ink, 0.45 * halo);
		gl_FragColor = vec4(mix(vec3(0.97), vec3(0.08), ink), shown);
	}
`;

const TEXTURE = `
	${READ}
	float noise(vec2 at) {
		vec3 p = fract(vec3(floor(at / pixel).xyx) * 0.1031);
		p += dot(p, p.yzx + 33.33);
		return fract((p.x + p.y) * p.z);
	}
	void main() {
		float total = noise(canvas);
		float count = 1.0;
		for (int side = 0; side < 2; side++) {
			vec2 at = canvas;
			float way = side == 0 ? 1.0 : -1.0;
			for (int i = 0; i < ${STEPS}; i++) {
				vec2 s = slope(at);
				if (steepness(s) < ${FLAT}) break;
				at += way * pixel * s / length(s);
				if (any(lessThan(at, vec2(0.0))) || any(greaterThan(at, size))) break;
				total += noise(at);
				count += 1.0;
			}
		}
		float steep = steepness(slope(canvas));
		float shown = clamp(log(steep / ${FLAT}) / log(1.0 / ${FLAT}), 0.0, 1.0);
		// A mean of n has 1/√n of the spread: back to that of the noise, softened.
		float light = 0.5 + (total / count - 0.5) * sqrt(count) * 0.75;
		float away = clamp(light, 0.0, 1.0) - 0.5;
		gl_FragColor = vec4(vec3(away > 0.0 ? 1.0 : 0.0), step(1.5, count) * 0.9 * abs(away) * shown);
	}
`;

/** @returns the command that draws over the canvas what the slopes are, after `regions` drew the rest */
export function flowCommand(regl: Regl): (scene: PlanesScene<RegionsRequest>) => void {
	if (!regl.hasExtension('WEBGL_color_buffer_float'))
		throw new LabError(
			'The gradient field cannot be drawn: this browser does not render to float textures.',
			'Choose another picture.',
			{
				code: 'refused'
			}
		);
	const variants = new Variants((variant) =>
		regl({
			frag: gradientField(variant),
			...FULLSCREEN,
			framebuffer: given(regl, 'framebuffer'),
			viewport: given(regl, 'box'),
			uniforms: passed(regl, `size bounds span ${PREDICTION_NAMES}`)
		})
	);
	const over = (frag: string) =>
		regl({
			frag,
			...FULLSCREEN,
			blend: { enable: true, func: { srcRGB: 'src alpha', srcAlpha: 0, dstRGB: 'one minus src alpha', dstAlpha: 1 } },
			uniforms: passed(regl, 'size slopes texels pixel')
		});
	const targets = floatTargets(regl);
	const flows: { arrows?: DrawCommand; texture?: DrawCommand } = {};
	return ({ request, field }) => {
		const { width, height, bounds, pixel, flow, range, meaning } = request;
		if (flow === 'none') return;
		const draw = variants.command(request, field);
		const { texture, framebuffer, free } = targets(width, height);
		try {
			draw({
				framebuffer,
				box: { x: 0, y: 0, width, height },
				size: [width, height],
				bounds: [bounds.x, bounds.y, bounds.width, bounds.height],
				span: meaning === 'value' ? 1 / Math.max(1e-30, range[1] - range[0]) : 1,
				...predictionUniforms(request, field)
			});
			const command = (flows[flow] ??= over(flow === 'arrows' ? ARROWS : TEXTURE));
			command({ size: [width, height], slopes: texture, texels: [texture.width, texture.height], pixel });
		} finally {
			free();
		}
	};
}
