import type { Regl, Texture2D } from 'regl';
import type { RegionsRequest } from '#contracts/planes.ts';
import {
	PREDICTION_NAMES,
	predictionShader,
	predictionUniforms,
	COLOUR_NAMES,
	colourShader,
	colourUniforms,
	paletteTexture,
	Variants,
	type Variant
} from '#draw/prediction.ts';
import type { FieldTexture } from '#draw/field-texture.ts';
import { flowCommand } from '#draw/flow.ts';
import { FULLSCREEN, passed } from '#draw/fullscreen.ts';
import { planePoints } from '#draw/plane-points.ts';

/** A field of planes as a map: classes, margin, entropy or value; lines by their distance in pixels, value over slope. */
const fragment = (variant: Variant) => `
	precision highp float;
	varying vec2 canvas;
	uniform vec4 bounds;
	${predictionShader(variant)}
	${colourShader(variant)}
	void main() {
		vec2 at = (canvas - bounds.xy) / bounds.zw;
		if (any(lessThan(at, vec2(0.0))) || any(greaterThan(at, vec2(1.0)))) {
			gl_FragColor = vec4(0.0);
			return;
		}
		Prediction r = predictionAt(at, -1.0);
		vec3 colour = hatched(canvas);
		if (r.known) colour = inked(coloured(r), r, at, mat2(1.0 / bounds.z, 0.0, 0.0, 1.0 / bounds.w));
		gl_FragColor = vec4(colour, 1.0);
	}
`;

export interface PlanesScene<Request> {
	request: Request;
	field: FieldTexture;
	/** 256 x 1. */
	scale: Texture2D;
}

/** @returns the command that draws one picture onto the whole canvas */
export function regionsCommand(regl: Regl): (scene: PlanesScene<RegionsRequest>) => void {
	let flow: ReturnType<typeof flowCommand> | null = null;
	let mark: ReturnType<typeof planePoints> | null = null;
	const variants = new Variants((variant) =>
		regl({
			frag: fragment(variant),
			...FULLSCREEN,
			uniforms: passed(regl, `size bounds ${PREDICTION_NAMES} ${COLOUR_NAMES}`)
		})
	);
	return (scene) => {
		const { request, field, scale } = scene;
		const { width, height, bounds, pixel } = request;
		const draw = variants.command(request, field);
		const palette = paletteTexture(regl, request.colours);
		draw({
			size: [width, height],
			bounds: [bounds.x, bounds.y, bounds.width, bounds.height],
			...predictionUniforms(request, field),
			...colourUniforms(request, scale, palette, pixel)
		});
		palette.destroy();
		if (request.flow !== 'none') (flow ??= flowCommand(regl))(scene);
		if (request.points) (mark ??= planePoints(regl))({ width, height, pixel, points: request.points });
	};
}
