import type { Regl } from 'regl';
import { LabError } from '#contracts/errors.ts';
import type { SurfaceRequest } from '#contracts/planes.ts';
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
import { passed } from '#draw/fullscreen.ts';
import type { PlanesScene } from '#draw/regions.ts';
import { surfaceMarks } from '#draw/surface-marks.ts';

/** Corners of a side of the surface. */
const SIDE = 256;

const vertex = (variant: Variant) => `
	precision highp float;
	attribute vec2 corner;
	varying vec2 at;
	uniform mat4 camera;
	uniform vec2 heights;
	uniform float sheet;
	${predictionShader(variant)}
	void main() {
		at = corner;
		Prediction r = predictionAt(corner, sheet);
		float height = r.known ? clamp((r.top - heights.x) / (heights.y - heights.x), 0.0, 1.0) : 0.0;
		gl_Position = camera * vec4(2.0 * corner.x - 1.0, 1.0 - 2.0 * corner.y, height, 1.0);
	}
`;

/** Colours and lines as on the map, worked out for each pixel of the surface, and light from the upper left. */
const fragment = (variant: Variant) => `
	#extension GL_OES_standard_derivatives : enable
	precision highp float;
	varying vec2 at;
	uniform vec2 heights;
	uniform float sheet;
	${predictionShader(variant)}
	${colourShader(variant)}
	void main() {
		Prediction r = predictionAt(at, sheet);
		vec3 colour = hatched(vec2(gl_FragCoord.x, -gl_FragCoord.y));
		if (r.known) {
			colour = coloured(r);
			if (sheet >= 0.0 && meaning > 0.5 && mode < 0.5) colour = mix(vec3(0.97), ownColour(sheet), 0.15 + 0.5 * r.top);
		}
		mat2 across = mat2(dFdx(at), dFdy(at));
		if (r.known) colour = inked(colour, r, at, across);
		vec2 rise = 0.5 * r.slope / (heights.y - heights.x);
		vec3 normal = normalize(vec3(-rise.x, rise.y, 1.0));
		float light = 0.62 + 0.42 * max(0.0, dot(normal, normalize(vec3(-0.5, -0.35, 0.8))));
		gl_FragColor = vec4(colour * (gl_FrontFacing ? light : 0.72 * light), 1.0);
	}
`;

function mesh(): { corners: Float32Array; elements: Uint16Array } {
	const corners = new Float32Array(2 * SIDE * SIDE);
	const elements = new Uint16Array(6 * (SIDE - 1) ** 2);
	for (let i = 0; i < SIDE * SIDE; i++) {
		corners[2 * i] = (i % SIDE) / (SIDE - 1);
		corners[2 * i + 1] = Math.floor(i / SIDE) / (SIDE - 1);
	}
	for (let row = 0, e = 0; row < SIDE - 1; row++)
		for (let column = 0; column < SIDE - 1; column++, e += 6) {
			const a = row * SIDE + column;
			// Seen from above, against the clock.
			elements.set([a, a + SIDE, a + 1, a + 1, a + SIDE, a + SIDE + 1], e);
		}
	return { corners, elements };
}

/** @returns the command that draws a field as a surface in a box onto the whole canvas */
export function surfaceCommand(regl: Regl): (scene: PlanesScene<SurfaceRequest>) => void {
	if (!regl.limits.maxVertexTextureUnits || !regl.hasExtension('OES_standard_derivatives'))
		throw new LabError('Surfaces cannot be drawn by this browser.', 'Choose the map.', { code: 'refused' });
	const { corners, elements } = mesh();
	const shared = { corner: regl.buffer(corners), elements: regl.elements({ data: elements, primitive: 'triangles' }) };
	const marks = surfaceMarks(regl);
	const variants = new Variants((variant) =>
		regl({
			vert: vertex(variant),
			frag: fragment(variant),
			attributes: { corner: shared.corner },
			elements: shared.elements,
			uniforms: passed(regl, `camera heights sheet ${PREDICTION_NAMES} ${COLOUR_NAMES}`)
		})
	);
	return ({ request, field, scale }) => {
		const { camera, heights, sheets, planes: count, meaning, pixel } = request;
		const draw = variants.command(request, field);
		const palette = paletteTexture(regl, request.colours);
		const whole = sheets === 'envelope' || meaning === 'value';
		const shown = whole ? [-1] : sheets === 'all' ? Array.from({ length: Math.max(2, count) }, (_, k) => k) : [sheets];
		regl.clear({ color: [0, 0, 0, 0], depth: 1 });
		const uniforms = {
			camera: [...camera],
			heights: [...heights],
			...predictionUniforms(request, field),
			...colourUniforms(request, scale, palette, pixel)
		};
		draw(shown.map((sheet) => ({ ...uniforms, sheet })));
		palette.destroy();
		marks(request);
	};
}
