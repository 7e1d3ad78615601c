import type { DrawCommand, Regl, Texture2D } from 'regl';
import { MAX_LEVELS, MAX_PLANES, type PlanesDisplay } from '#contracts/planes.ts';
import { LabError } from '#contracts/errors.ts';
import { CELL_NAMES, cellShader, cellUniforms, kindOf, type FieldTexture } from '#draw/field-texture.ts';
import { Recent } from '#draw/recent.ts';

/** GLSL that all marks of planes share: what a field predicts at a position, how steep it is there, and its colour. */

const MEANINGS = { value: 0, shares: 1, scores: 2, 'pre-tanh': 3 } as const;
const MODES = { regions: 0, margin: 1, entropy: 2 } as const;

/** An output before its tanh from which it is 1 in 32 bits. */
const SURE = 8.3;
/** Of a cell: positions of pixels are as inexact as this. */
const HAIR = 1 / 256;

/**
 * `Prediction predictionAt(vec2 at)`, at a position in shares of the field from its top left. Numbers between cells are bilinear, and
 * slopes (per whole field) are those of that surface: lines drawn by them are as wide at any zoom.
 */
export function predictionShader({ planes, display, field }: Variant): string {
	const classes = Math.max(2, planes);
	return `
	${cellShader(kindOf(field))}
	uniform float planes;
	uniform float plane;
	const float meaning = ${MEANINGS[display.meaning]}.0;
	uniform vec2 ends;
	struct Prediction {
		bool known;
		/** The surest class. */
		float which;
		/** Share of the surest, or the value. */
		float top;
		vec2 slope;
		/** By how much it leads, and how fast that changes. */
		float lead;
		vec2 leadSlope;
		float entropy;
		/** The surest class, or the value, of the cell itself, of the next to the right and of the one below. */
		vec3 around;
	};
	float near(vec2 index, float p) {
		float height = fieldSize.y / planes;
		return cell(clamp(index, vec2(0.0), vec2(fieldSize.x, height) - 1.0) + vec2(0.0, p * height));
	}
	/** Value and slope of a plane, and the cells that they are of; a position a hair before a cell's middle is on it. */
	vec3 sampled(vec2 at, float p, out vec3 around) {
		vec2 size = vec2(fieldSize.x, fieldSize.y / planes);
		vec2 low = floor(at * size - 0.5 + ${HAIR});
		vec2 t = max(at * size - 0.5 - low, 0.0);
		float a = near(low, p);
		float b = near(low + vec2(1.0, 0.0), p);
		float c = near(low + vec2(0.0, 1.0), p);
		float d = near(low + vec2(1.0), p);
		around = vec3(a, b, c);
		if (a == INVALID || b == INVALID || c == INVALID || d == INVALID) return vec3(INVALID, 0.0, 0.0);
		return vec3(mix(mix(a, b, t.x), mix(c, d, t.x), t.y), size * vec2(mix(b - a, d - c, t.y), mix(c - a, d - b, t.x)));
	}
	/** Classes that are wholly sure are alike, and the first of them is the surest. */
	vec3 told(vec3 v) { return meaning > 2.5 ? min(v, ${SURE}) : v; }
	/** The surest class in a cell, or -1. */
	float winner(vec2 index) {
		${planes === 1 ? WINNER : winner(planes)}
	}
	/**
	 * Share and slope of every class, without the rest that each gets: beside it differences of small shares would be lost.
	 * False where one is no number.
	 */
	bool shares(vec2 at, out vec3 share[${classes}], out vec3 rest, out vec3 around) {
		rest = vec3(0.0);
		${planes === 1 ? ONE : several(planes)}
		return true;
	}
	/** Of one class, or of the surest where it is below 0. */
	Prediction predictionAt(vec2 at, float only) {
		Prediction r;
		r.known = true;
		r.which = 0.0;
		r.top = r.lead = r.entropy = 0.0;
		r.slope = r.leadSlope = vec2(0.0);
		if (meaning < 0.5) {
			vec3 v = sampled(at, plane, r.around);
			r.known = v.x != INVALID;
			r.top = v.x;
			r.slope = v.yz;
			return r;
		}
		vec3 share[${classes}];
		vec3 rest;
		r.known = shares(at, share, rest, r.around);
		if (!r.known) return r;
		vec3 best = vec3(-1.0, 0.0, 0.0);
		vec3 second = best;
		for (int k = 0; k < ${classes}; k++) {
			vec3 s = share[k];
			float p = s.x + rest.x;
			if (p > 0.0) r.entropy -= p * log(p) / log(${classes}.0);
			if (s.x > best.x) {
				second = best;
				best = s;
				r.which = float(k);
			} else if (s.x > second.x) second = s;
		}
		r.lead = best.x - second.x;
		r.leadSlope = best.yz - second.yz;
		r.top = best.x + rest.x;
		r.slope = best.yz + rest.yz;
		if (only >= 0.0)
			for (int k = 0; k < ${classes}; k++) if (float(k) == only) {
				r.top = share[k].x + rest.x;
				r.slope = share[k].yz + rest.yz;
			}
		return r;
	}
`;
}

/** Of a single plane, class 1 is the surest above this. */
const EVEN = '(meaning > 1.5 ? 0.0 : 0.5 * (ends.x + ends.y))';

const WINNER = `
		float v = near(index, 0.0);
		return v == INVALID ? -1.0 : v > ${EVEN} ? 1.0 : 0.0;`;

const winner = (planes: number) => `
		float best = -INVALID;
		float which = -1.0;
		for (int k = 0; k < ${planes}; k++) {
			float v = near(index, float(k));
			if (v == INVALID) return -1.0;
			v = told(vec3(v)).x;
			if (v > best) {
				best = v;
				which = float(k);
			}
		}
		return which;`;

const ONE = `
		vec3 v = sampled(at, 0.0, around);
		if (v.x == INVALID) return false;
		around = vec3(greaterThan(around, vec3(${EVEN})));
		float p;
		vec2 slope;
		if (meaning > 2.5) {
			p = 1.0 / (1.0 + exp(-clamp(2.0 * v.x, -80.0, 80.0)));
			slope = 2.0 * p * (1.0 - p) * v.yz;
		} else if (meaning > 1.5) {
			p = 1.0 / (1.0 + exp(-clamp(v.x, -80.0, 80.0)));
			slope = p * (1.0 - p) * v.yz;
		} else {
			p = clamp((v.x - ends.x) / (ends.y - ends.x), 0.0, 1.0);
			slope = v.yz / (ends.y - ends.x);
		}
		share[0] = vec3(1.0 - p, -slope);
		share[1] = vec3(p, slope);`;

/** Of n classes with parts v: of scores exp(score - largest), which are divided by their sum. */
const several = (planes: number) => `
		float largest = -INVALID;
		vec3 most = vec3(-INVALID);
		around = vec3(-1.0);
		for (int k = 0; k < ${planes}; k++) {
			vec3 cells;
			vec3 v = sampled(at, float(k), cells);
			if (v.x == INVALID) return false;
			cells = told(cells);
			around = mix(around, vec3(float(k)), vec3(greaterThan(cells, most)));
			most = max(most, cells);
			largest = max(largest, v.x);
			share[k] = v;
		}
		vec3 sum = vec3(0.0);
		for (int k = 0; k < ${planes}; k++) {
			vec3 v = share[k];
			if (meaning > 2.5) {
				float p = 1.0 / (1.0 + exp(-clamp(2.0 * v.x, -80.0, 80.0)));
				v = vec3(p, 2.0 * p * (1.0 - p) * v.yz);
			} else if (meaning > 1.5) {
				float e = exp(max(v.x - largest, -80.0));
				v = vec3(e, e * v.yz);
			} else v = vec3(max((v.x - ends.x) / (ends.y - ends.x), 0.0), v.yz / (ends.y - ends.x));
			share[k] = v;
			sum += v;
		}
		if (sum.x > 1.0 || meaning > 1.5 && meaning < 2.5) {
			for (int k = 0; k < ${planes}; k++) {
				vec3 v = share[k];
				share[k] = vec3(v.x / sum.x, (v.yz - v.x / sum.x * sum.yz) / sum.x);
			}
		} else rest = (vec3(1.0, 0.0, 0.0) - sum) / ${planes}.0;`;

/** `vec3 coloured(Prediction)`, and `inked`: with the lines, by the pixels that shares and leads change in. */
export function colourShader({ planes, display }: Variant): string {
	const classes = Math.max(2, planes);
	const groups = Array.from({ length: levelGroups(display) }, (_, i) => `levels${i}`);
	const min = (1 / classes).toPrecision(9);
	return `
	const float mode = ${MODES[display.mode]}.0;
	const bool line = ${display.line};
	uniform vec2 range;
	uniform sampler2D scale;
	uniform sampler2D palette;
	${groups.map((name) => `uniform vec4 ${name};`).join('\n\t')}
	uniform float pixel;
	vec3 scaled(float v) {
		float t = clamp((v - range.x) / max(range.y - range.x, 1.0e-37), 0.0, 1.0);
		return texture2D(scale, vec2((t * 255.0 + 0.5) / 256.0, 0.5)).rgb;
	}
	/** How much of the light of a class's texture (maths/class-colours.ts) is on a pixel. */
	float marked(float texture) {
		vec2 at = gl_FragCoord.xy / pixel;
		if (texture < 0.5) return 0.0;
		if (texture < 1.5) return 1.0 - smoothstep(1.0, 1.8, length(mod(at, 7.0) - 3.5));
		if (texture < 2.5) return step(0.65, fract(at.y / 6.0));
		return mod(floor(at.x / 5.0) + floor(at.y / 5.0), 2.0);
	}
	vec3 ownColour(float k) {
		vec4 own = texture2D(palette, vec2((k + 0.5) / ${MAX_PLANES}.0, 0.5));
		return mix(own.rgb, vec3(1.0), 0.6 * marked(own.a * 255.0));
	}
	vec3 coloured(Prediction r) {
		if (meaning < 0.5) return scaled(r.top);
		if (mode > 1.5) return scaled(r.entropy);
		if (mode > 0.5) return scaled(r.lead);
		float sure = clamp((r.top - ${min}) / (1.0 - ${min}), 0.0, 1.0);
		return mix(vec3(0.97), ownColour(r.which), 0.1 + 0.55 * sure);
	}
	/** How much of a pixel a line covers whose middle is where the difference is none. */
	float covered(float difference, float perPixel, float wide) {
		return perPixel > 1.0e-20 ? clamp(0.5 * wide + 0.5 - abs(difference) / perPixel, 0.0, min(1.0, wide)) : 0.0;
	}
	float levelled(float v, float perPixel, vec4 levels) {
		float ink = 0.0;
		for (int i = 0; i < 4; i++) ink = max(ink, covered(v - levels[i], perPixel, 0.9 * pixel));
		return ink;
	}
	float middle() { return 0.5 * (range.x + range.y); }
	/**
	 * The line between classes, or at the middle of the range. The slope of a cell says how much of the pixel it covers, but
	 * not that there is one: beyond a kink another slope begins, so it is looked whether the side changes there.
	 */
	float divided(Prediction r, vec2 at, mat2 across) {
		float difference = meaning < 0.5 ? r.top - middle() : r.lead;
		vec2 fall = (meaning < 0.5 ? r.slope : r.leadSlope) * across;
		float perPixel = length(fall);
		float ink = covered(difference, perPixel, 2.0 * pixel);
		vec3 sides = meaning < 0.5 ? vec3(greaterThan(r.around, vec3(middle()))) : r.around;
		vec2 size = vec2(fieldSize.x, fieldSize.y / planes);
		if (sides.x != sides.y || sides.x != sides.z) {
			// The line is in this cell: where cells are about as small as pixels, in all of it.
			float perCell = max(length(across[0] * size), length(across[1] * size));
			return perCell * (pixel + 0.5) >= 1.0 ? max(ink, 0.5) : ink;
		}
		if (ink == 0.0) return 0.0;
		// The farthest cell of those that half a pixel beyond the line is between.
		vec2 ahead = across * (fall * -sign(difference) / perPixel);
		vec2 beyond = at + ahead * (abs(difference) / perPixel + 0.5);
		vec2 index = floor(beyond * size - 0.5 + ${HAIR}) + vec2(greaterThan(ahead, vec2(0.0)));
		bool same = meaning < 0.5 ? (near(index, plane) > middle()) == (r.top > middle()) : winner(index) == r.which;
		return same ? 0.0 : ink;
	}
	/** @param across what the position changes by from a pixel to the next one to the right, and downwards */
	vec3 inked(vec3 colour, Prediction r, vec2 at, mat2 across) {
		float slope = length(r.slope * across);
		float thin = 0.0;
		${groups.map((name) => `thin = max(thin, levelled(r.top, slope, ${name}));`).join('\n\t\t')}
		float thick = line ? divided(r, at, across) : 0.0;
		vec3 ink = vec3(dot(colour, vec3(0.3, 0.59, 0.11)) < 0.4 ? 1.0 : 0.08);
		return mix(mix(colour, ink, 0.6 * thin), ink, 0.85 * thick);
	}
`;
}

export const PREDICTION_NAMES = `${CELL_NAMES} planes plane ends`;
export const COLOUR_NAMES = 'range scale palette levels0 levels1 levels2 levels3 pixel';

export const predictionUniforms = (display: PlanesDisplay, field: FieldTexture) => ({
	...cellUniforms(field),
	planes: display.planes,
	plane: display.plane,
	ends: [...display.ends]
});

/** A level that no number is near to. */
const NOWHERE = 2e38;

export function colourUniforms(display: PlanesDisplay, scale: Texture2D, palette: Texture2D, pixel: number) {
	const levels = [...display.levels.slice(0, MAX_LEVELS), ...Array<number>(MAX_LEVELS).fill(NOWHERE)];
	return {
		range: [...display.range],
		scale,
		palette,
		levels0: levels.slice(0, 4),
		levels1: levels.slice(4, 8),
		levels2: levels.slice(8, 12),
		levels3: levels.slice(12, 16),
		pixel
	};
}

export function paletteTexture(regl: Regl, colours: PlanesDisplay['colours']): Texture2D {
	const data = new Uint8Array(4 * MAX_PLANES);
	for (const [k, colour] of colours.slice(0, MAX_PLANES).entries()) data.set(colour, 4 * k);
	return regl.texture({ data, width: MAX_PLANES, height: 1, min: 'nearest', mag: 'nearest' });
}

const levelGroups = ({ levels }: PlanesDisplay) => Math.ceil(Math.min(MAX_LEVELS, levels.length) / 4);

/** What a shader is made for: so it has no more to do at a pixel than this picture needs. */
export interface Variant {
	/** Planes that it goes through: of values only one is read. */
	planes: number;
	display: PlanesDisplay;
	field: FieldTexture;
}

/** Shaders that are kept. */
const MAX_VARIANTS = 24;

/** A command for each variant, made when it is first wanted. */
export class Variants {
	readonly #commands = new Recent<DrawCommand>(MAX_VARIANTS);

	constructor(private readonly make: (variant: Variant) => DrawCommand) {}

	/** @throws LabError for more classes than a shader goes through */
	command(display: PlanesDisplay, field: FieldTexture): DrawCommand {
		const planes = display.meaning === 'value' ? 1 : display.planes;
		if (planes > MAX_PLANES)
			throw new LabError(`A picture shows at most ${MAX_PLANES} classes.`, 'Choose some of them.', {
				code: 'refused'
			});
		const { bits, fours, folded } = kindOf(field);
		const key = [planes, display.meaning, display.mode, display.line, levelGroups(display), bits, fours, folded].join();
		return this.#commands.get(key, () => this.make({ planes, display, field }));
	}
}
