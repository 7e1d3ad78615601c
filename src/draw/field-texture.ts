import type { Framebuffer2D, Regl, Texture2D } from 'regl';
import type { SentField } from '#contracts/field.ts';

/** A field on the GPU, however it came. */
export interface FieldTexture {
	texture: Texture2D;
	/** The texture holds the bytes of floats, not floats. */
	bits: boolean;
	width: number;
	height: number;
	/** Width of the texture: rows of bits are padded. */
	stride: number;
}

export function fieldTexture(regl: Regl, { payload, width, height }: SentField): FieldTexture {
	if (payload.kind === 'array') {
		const texture = regl.texture({
			data: payload.values,
			width,
			height,
			format: 'luminance',
			type: 'float',
			min: 'nearest',
			mag: 'nearest'
		});
		return { texture, bits: false, width, height, stride: width };
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
	return { texture, bits: true, width, height, stride: bitmap.width };
}

/**
 * GLSL that reads one cell: `float cell(vec2 index)`, NaN and infinity as `invalid`. Interpolation has to come after, as
 * bytes cannot be mixed.
 */
const cellCode = (fieldBits: string) => `
	uniform sampler2D field;
	uniform vec2 fieldSize;
	uniform float fieldStride;
	${fieldBits}
	const float INVALID = 3.0e38;
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
		vec4 texel = texture2D(field, (inside + 0.5) / vec2(fieldStride, fieldSize.y));
		float value = fieldBits ? decoded(texel) : texel.r;
		return abs(value) < 1.0e38 ? value : INVALID;
	}
`;

/** For any field, told by a uniform. */
export const CELL = cellCode('uniform bool fieldBits;');
/** For a field of one kind: a shader for each costs a second compilation and spares every pixel the other kind's work. */
export const CELL_OF = {
	bits: cellCode('const bool fieldBits = true;'),
	floats: cellCode('const bool fieldBits = false;')
};

/** The very bits of a field that came as an image. */
export function bitsOf(regl: Regl, { texture, width, height, stride }: FieldTexture): Float32Array {
	const framebuffer: Framebuffer2D = regl.framebuffer({ color: texture, depthStencil: false });
	try {
		const bytes = regl.read({ framebuffer, x: 0, y: 0, width: stride, height }) as Uint8Array;
		const rows = new Float32Array(bytes.buffer, bytes.byteOffset, stride * height);
		const values = new Float32Array(width * height);
		for (let row = 0; row < height; row++) values.set(rows.subarray(row * stride, row * stride + width), row * width);
		return values;
	} finally {
		// Only the framebuffer: destroying it leaves the texture, which regl counts as the caller's.
		framebuffer.destroy();
	}
}
