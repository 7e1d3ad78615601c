import createREGL, { type Regl } from 'regl';
import { LabError } from '#contracts/errors.ts';

/**
 * The one WebGL context of the draw worker, with regl on it. WebGL 1, which regl 2.1 is made for: on a WebGL 2 context its
 * checks for float textures fail.
 */
export class Surface {
	readonly canvas = new OffscreenCanvas(1, 1);
	#regl: Regl | null = null;

	/** @param renewed told when the context was lost: textures and commands have to be made again */
	constructor(private readonly renewed: () => void) {
		this.canvas.addEventListener('webglcontextlost', (event) => {
			event.preventDefault();
			this.#regl = null;
			this.renewed();
		});
	}

	/** @throws LabError without WebGL */
	get regl(): Regl {
		if (this.#regl) return this.#regl;
		const gl = this.canvas.getContext('webgl', {
			alpha: true,
			antialias: false,
			premultipliedAlpha: true,
			preserveDrawingBuffer: true
		});
		if (!gl || gl.isContextLost())
			throw new LabError(
				'Maps cannot be drawn: the browser gives no WebGL.',
				'Switch hardware acceleration on, or use another browser.'
			);
		this.#regl = createREGL({
			gl,
			extensions: ['OES_texture_float'],
			optionalExtensions: [
				'ANGLE_instanced_arrays',
				'WEBGL_color_buffer_float',
				'OES_texture_float_linear',
				'OES_standard_derivatives'
			]
		});
		return this.#regl;
	}

	/** Largest side of a texture. */
	get limit(): number {
		return this.regl.limits.maxTextureSize;
	}

	resize(width: number, height: number): void {
		if (this.canvas.width !== width) this.canvas.width = width;
		if (this.canvas.height !== height) this.canvas.height = height;
	}

	/** The picture as it is now. */
	picture(): ImageBitmap {
		return this.canvas.transferToImageBitmap();
	}
}
