import createREGL, { type Regl } from 'regl';
import { LabError } from '#contracts/errors.ts';

/** Numbers in textures, and many copies of a shape in one command: all pictures are made of these. */
const NEEDED = ['OES_texture_float', 'ANGLE_instanced_arrays'] as const;

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
		const missing = NEEDED.find((name) => !gl.getExtension(name));
		if (missing)
			throw new LabError(
				`Maps cannot be drawn: this graphics processor lacks ${missing}.`,
				'Use another browser, or a computer whose graphics processor has it; the numbers are right without it.'
			);
		this.#regl = createREGL({
			gl,
			extensions: [...NEEDED],
			optionalExtensions: ['WEBGL_color_buffer_float', 'OES_texture_float_linear', 'OES_standard_derivatives']
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
