import type { DrawCommand, Regl, Texture2D } from 'regl';
import type { RegionsDisplay, RegionsPicture } from '#contracts/map-regions.ts';
import type { PlanesDisplay } from '#contracts/planes.ts';
import type { ScatterRequest } from '#contracts/scatter.ts';
import { PREDICTION_NAMES, predictionShader, predictionUniforms, Variants, type Variant } from '#draw/prediction.ts';
import { fieldTexture, type FieldTexture } from '#draw/field-texture.ts';
import { FULLSCREEN, passed } from '#draw/fullscreen.ts';
import { MESH_END } from '#maths/scatter/blends.ts';

/** What the model says behind the points of a flat map: pale, so that the points stay readable; hatched where nothing is claimed. */

const SHARED = `
	precision highp float;
	varying vec2 canvas;
	uniform vec2 size;
	uniform vec4 eye;
	uniform vec4 part;
	uniform vec2 cells;
	uniform sampler2D texels;
	uniform sampler2D palette;
	uniform float colours;
	uniform vec3 stage;
	uniform vec3 ink;
	uniform float pixel;
	/** Of the map, under a pixel. */
	vec2 positionOf(vec2 at) { return (vec2(at.x, size.y - at.y) / size * 2.0 - 1.0 - eye.xy) / eye.zw; }
	vec4 texel(vec2 index) { return texture2D(texels, (clamp(index, vec2(0.0), cells - 1.0) + 0.5) / cells); }
	vec2 cellOf(vec2 position) { return (position - part.xy) / (part.zw - part.xy) * cells; }
	vec3 ownColour(float k) { return texture2D(palette, vec2((mod(k, colours) + 0.5) / colours, 0.5)).rgb; }
	float claimed(vec2 cell) {
		vec2 base = floor(cell - 0.5);
		vec2 f = cell - 0.5 - base;
		return mix(
			mix(texel(base).a, texel(base + vec2(1.0, 0.0)).a, f.x),
			mix(texel(base + vec2(0.0, 1.0)).a, texel(base + vec2(1.0)).a, f.x),
			f.y
		);
	}
	vec4 painted(vec3 own, float sure, float line, float claim) {
		float hatch = step(0.62, fract((canvas.x + canvas.y) / (7.0 * pixel)));
		vec3 colour = mix(mix(stage, ink, 0.055 * hatch), mix(stage, own, 0.12 + 0.28 * sure), claim);
		return vec4(mix(colour, ink, 0.5 * line * claim), 1.0);
	}
`;

const NEAREST = `
	${SHARED}
	float classOf(vec4 t) { return floor(t.r * 255.0 + 0.5) + 256.0 * floor(t.g * 255.0 + 0.5); }
	/** A line where the next cell claims another class. */
	float edge(float own, vec2 at) {
		vec4 t = texel(floor(cellOf(positionOf(at))));
		return t.a > 0.0 && classOf(t) != own ? 1.0 : 0.0;
	}
	void main() {
		vec2 cell = cellOf(positionOf(canvas));
		if (any(lessThan(cell, vec2(0.0))) || any(greaterThan(cell, cells))) { gl_FragColor = painted(stage, 0.0, 0.0, 0.0); return; }
		vec4 t = texel(floor(cell));
		float own = classOf(t);
		float line = max(edge(own, canvas + vec2(pixel, 0.0)), edge(own, canvas + vec2(0.0, pixel)));
		gl_FragColor = painted(ownColour(own), t.b, line, t.a > 0.0 ? claimed(cell) : 0.0);
	}
`;

const inverse = (variant: Variant) => `
	${SHARED}
	${predictionShader(variant)}
	uniform float reach;
	void main() {
		vec2 position = positionOf(canvas);
		vec2 cell = cellOf(position);
		if (any(lessThan(cell, vec2(0.0))) || any(greaterThan(cell, cells))) { gl_FragColor = painted(stage, 0.0, 0.0, 0.0); return; }
		Prediction r = predictionAt(position / reach * 0.5 + 0.5, -1.0);
		float least = 1.0 / ${Math.max(2, variant.planes).toFixed(1)};
		vec2 slope = r.leadSlope / eye.zw / size / reach;
		float perPixel = length(slope);
		float line = perPixel > 1.0e-9 ? clamp(0.5 * pixel + 0.5 - r.lead / perPixel, 0.0, 1.0) : 0.0;
		gl_FragColor = painted(ownColour(r.which), clamp((r.top - least) / (1.0 - least), 0.0, 1.0), line, r.known ? claimed(cell) : 0.0);
	}
`;

/** How `predictionShader` is to read the mesh: shares of classes. */
const DISPLAY: PlanesDisplay = {
	field: '',
	planes: 1,
	meaning: 'shares',
	plane: 0,
	ends: [0, 1],
	mode: 'regions',
	scale: '',
	range: [0, 1],
	colours: [],
	levels: [],
	line: false
};
const NAMES = 'size eye part cells texels palette colours stage ink pixel';

export interface RegionsTools {
	nearest: DrawCommand;
	inverse: Variants;
}

export function regionsTools(regl: Regl): RegionsTools {
	return {
		nearest: regl({ frag: NEAREST, ...FULLSCREEN, uniforms: passed(regl, NAMES) }),
		inverse: new Variants((variant) =>
			regl({ frag: inverse(variant), ...FULLSCREEN, uniforms: passed(regl, `${NAMES} ${PREDICTION_NAMES} reach`) })
		)
	};
}

/** A ground that is kept. */
export class RegionsTexture {
	#texels: Texture2D | null = null;
	#mesh: FieldTexture | null = null;

	constructor(private readonly picture: RegionsPicture) {}

	/** Over the whole canvas. */
	draw(regl: Regl, tools: RegionsTools, display: RegionsDisplay, request: ScatterRequest): void {
		const { window, width, height, texels, mesh } = this.picture;
		this.#texels ??= regl.texture({ data: texels, width, height, min: 'nearest', mag: 'nearest' });
		const { matrix, theme } = request;
		const shown = mesh?.classes ?? Array.from({ length: Math.min(2048, display.colours.length / 3) }, (_, k) => k);
		const bytes = new Uint8Array(4 * Math.max(1, shown.length)).fill(255);
		shown.forEach((k, n) => bytes.set(display.colours.subarray(3 * k, 3 * k + 3), 4 * n));
		const palette = regl.texture({ data: bytes, width: bytes.length / 4, height: 1, min: 'nearest', mag: 'nearest' });
		const given = {
			size: [request.width, request.height],
			eye: [matrix[12], matrix[13], matrix[0], matrix[5]],
			part: [...window],
			cells: [width, height],
			texels: this.#texels,
			palette,
			colours: bytes.length / 4,
			stage: [...theme.stage],
			ink: [...theme.text],
			pixel: request.ratio
		};
		if (mesh) {
			const planes = mesh.classes.length;
			const { side, values } = mesh;
			this.#mesh ??= fieldTexture(regl, {
				key: '',
				width: side,
				height: side * planes,
				payload: { kind: 'array', values }
			});
			const own = { ...DISPLAY, planes };
			// A cell is around each position of the mesh: half a cell beyond the outermost.
			const reach = (MESH_END * side) / (side - 1);
			tools.inverse.command(own, this.#mesh)({ ...given, ...predictionUniforms(own, this.#mesh), reach });
		} else tools.nearest(given);
		palette.destroy();
	}

	/** The context is gone, and what was on it. */
	forget(): void {
		this.#texels = this.#mesh = null;
	}

	destroy(): void {
		this.#texels?.destroy();
		this.#mesh?.free();
	}
}
