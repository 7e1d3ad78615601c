import type { Framebuffer2D, Regl, Texture2D } from 'regl';
import { MAX_TEXTURE_ROWS, type SentField } from '#contracts/field.ts';

/** A field on the GPU, however it came. */
export interface FieldTexture {
	texture: Texture2D;
	/** Done with. */
	free(): void;
	/** The texture holds the bytes of floats, not floats. */
	bits: boolean;
	width: number;
	/** Rows of all planes, one plane below the other. */
	height: number;
	/** Width of the texture: rows of bits are padded. */
	stride: number;
	/** Rows of a plane where each four planes lie in the channels of one; 0 where a texel is one value. */
	fours: number;
	/** Rows of the texture, where those that follow stand to their right; 0 where one column holds all. */
	fold: number;
}

export function fieldTexture(regl: Regl, { payload, width, height }: SentField): FieldTexture {
	if (payload.kind === 'array') {
		const fold = height > MAX_TEXTURE_ROWS ? MAX_TEXTURE_ROWS : 0;
		const stride = fold ? width * Math.ceil(height / fold) : width;
		const texture = regl.texture({
			data: fold ? folded(payload.values, width, fold, stride) : payload.values,
			width: stride,
			height: fold || height,
			format: 'luminance',
			type: 'float',
			min: 'nearest',
			mag: 'nearest'
		});
		return { texture, free: () => texture.destroy(), bits: false, width, height, stride, fours: 0, fold };
	}
	const { bitmap } = payload;
	// Only with both of these set do the bytes arrive as they are.
	const texture = regl.texture({
		data: bitmap as never,
		premultiplyAlpha: true,
		colorSpace: 'none',
		min: 'nearest',
		mag: 'nearest',
		flipY: false
	});
	const fold = bitmap.height < height ? bitmap.height : 0;
	return { texture, free: () => texture.destroy(), bits: true, width, height, stride: bitmap.width, fours: 0, fold };
}

/** Rows side by side that a texture has no room for one below the other. */
function folded(values: Float32Array, width: number, fold: number, stride: number): Float32Array {
	const beside = new Float32Array(stride * fold);
	for (let row = 0, at = 0; at < values.length; row++, at += width)
		beside.set(values.subarray(at, at + width), (row % fold) * stride + Math.floor(row / fold) * width);
	return beside;
}

/** How cells lie in a texture: known when a shader is made, it has less to do at every pixel. */
export interface CellKind {
	bits: boolean;
	fours: boolean;
	folded: boolean;
}
export const kindOf = ({ bits, fours, fold }: FieldTexture): CellKind => ({ bits, fours: fours > 0, folded: fold > 0 });

/** GLSL of what a shader reads, and writes, for what is no number. */
export const INVALID = '3.0e38';

/**
 * GLSL that reads one cell: `float cell(vec2 index)`, NaN and infinity as `INVALID`, of which `hatched` is the picture.
 * Interpolation has to come after, as bytes cannot be mixed.
 */
export const cellShader = (kind: CellKind | null) => `
	uniform highp sampler2D field;
	uniform vec2 fieldSize;
	uniform vec2 fieldTexels;
	uniform float fieldFours;
	uniform float fieldFold;
	${kind ? `const bool fieldBits = ${kind.bits};` : 'uniform bool fieldBits;'}
	${kind ? `const bool inFours = ${kind.fours};` : '#define inFours (fieldFours > 0.0)'}
	${kind ? `const bool isFolded = ${kind.folded};` : '#define isFolded (fieldFold > 0.0)'}
	const float INVALID = ${INVALID};
	/** At a pixel of the picture. */
	vec3 hatched(vec2 pixel) { return mix(vec3(0.35), vec3(0.65), step(0.5, fract((pixel.x + pixel.y) / 8.0))); }
	float decoded(vec4 bytes) {
		vec4 b = floor(bytes * 255.0 + 0.5);
		float exponent = mod(b.w, 128.0) * 2.0 + (b.z >= 128.0 ? 1.0 : 0.0);
		float mantissa = mod(b.z, 128.0) * 65536.0 + b.y * 256.0 + b.x;
		if (exponent == 0.0) return 0.0;
		if (exponent == 255.0) return INVALID;
		return (b.w >= 128.0 ? -1.0 : 1.0) * exp2(exponent - 127.0) * (1.0 + mantissa / 8388608.0);
	}
	float cell(vec2 index) {
		vec2 inside = clamp(index, vec2(0.0), fieldSize - 1.0);
		float channel = 0.0;
		if (inFours) {
			float plane = floor((inside.y + 0.5) / fieldFours);
			float four = floor((plane + 0.5) / 4.0);
			channel = plane - 4.0 * four;
			inside.y += (four - plane) * fieldFours;
		}
		if (isFolded) {
			float column = floor((inside.y + 0.5) / fieldFold);
			inside += column * vec2(fieldSize.x, -fieldFold);
		}
		vec4 texel = texture2D(field, (inside + 0.5) / fieldTexels);
		float value = fieldBits ? decoded(texel) : channel < 0.5 ? texel.r : channel < 1.5 ? texel.g : channel < 2.5 ? texel.b : texel.a;
		return abs(value) < 1.0e38 ? value : INVALID;
	}
`;

export const CELL = cellShader(null);

export const CELL_NAMES = 'field fieldSize fieldTexels fieldBits fieldFours fieldFold';

const NONE = { width: 1, height: 1, stride: 1, bits: false, fours: 0, fold: 0 };

/** What `CELL` wants; without a field, any texture in its place. */
export function cellUniforms(field: FieldTexture | null, blank?: Texture2D) {
	const { width, height, stride, bits, fours, fold } = field ?? NONE;
	return {
		field: field?.texture ?? blank,
		fieldSize: [width, height],
		fieldTexels: [stride, field && fours ? field.texture.height : fold || height],
		fieldBits: bits,
		fieldFours: fours,
		fieldFold: fold
	};
}

/** The very numbers of a field that came as an image, or was drawn here; NaN where a shader found none. */
export function valuesOf(regl: Regl, { texture, width, height, stride, fours, fold }: FieldTexture): Float32Array {
	const framebuffer: Framebuffer2D = regl.framebuffer({ color: texture, depthStencil: false });
	try {
		const rows = fours ? texture.height : fold || height;
		const read = regl.read({ framebuffer, x: 0, y: 0, width: stride, height: rows });
		const values = new Float32Array(width * height);
		if (fours) {
			for (let row = 0, i = 0; row < height; row++) {
				const plane = Math.floor(row / fours);
				const at = (Math.floor(plane / 4) * fours + (row % fours)) * stride;
				for (let column = 0; column < width; column++, i++) {
					const value = read[4 * (at + column) + (plane % 4)] as number;
					values[i] = Math.abs(value) < 1e38 ? value : NaN;
				}
			}
			return values;
		}
		const floats = new Float32Array(read.buffer as ArrayBuffer, read.byteOffset, stride * rows);
		for (let row = 0; row < height; row++) {
			const at = (row % rows) * stride + Math.floor(row / rows) * width;
			values.set(floats.subarray(at, at + width), row * width);
		}
		return values;
	} finally {
		// Only the framebuffer: destroying it leaves the texture, which regl counts as the caller's.
		framebuffer.destroy();
	}
}
