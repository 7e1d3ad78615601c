import type { WebGPUBackend } from '@tensorflow/tfjs-backend-webgpu';
import { flush } from '#engine/pipelines.ts';
import * as tf from '#engine/tf.ts';

/**
 * Raw float bits as the bytes of an image. Exact to the bit, NaN included, only in this form: rgba8unorm canvas, alphaMode
 * premultiplied, read with UNPACK_PREMULTIPLY_ALPHA set (opaque, bgra8unorm, rgba16float and premultiplyAlpha 'none' are
 * not). Rows are padded to 64 pixels, as buffer copies want 256 bytes.
 */

const padded = (width: number) => Math.ceil(width / 64) * 64;

/**
 * @param tensor [height, width] float32 on the WebGPU backend
 * @returns an image of width padded to a multiple of 64
 */
export function bitsBitmap(tensor: tf.Tensor2D): ImageBitmap {
	const backend = tf.backend() as WebGPUBackend;
	const [height, width] = tensor.shape;
	const wide = padded(width);
	const { device } = backend;
	const canvas = new OffscreenCanvas(wide, height);
	const context = canvas.getContext('webgpu') as GPUCanvasContext;
	context.configure({
		device,
		format: 'rgba8unorm',
		alphaMode: 'premultiplied',
		usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT
	});
	const rows =
		wide === width
			? tensor
			: tf.pad(tensor, [
					[0, 0],
					[0, wide - width]
				]);
	try {
		backend.uploadToGPU(rows.dataId);
		flush(backend);
		const buffer = backend.tensorMap.get(rows.dataId).resource as GPUBuffer;
		const encoder = device.createCommandEncoder();
		encoder.copyBufferToTexture({ buffer, bytesPerRow: wide * 4 }, { texture: context.getCurrentTexture() }, [
			wide,
			height
		]);
		device.queue.submit([encoder.finish()]);
		return canvas.transferToImageBitmap();
	} finally {
		if (rows !== tensor) rows.dispose();
		context.unconfigure();
	}
}

/** The bytes of such an image, through WebGL as the draw worker reads it; null without WebGL. */
export function readBits(bitmap: ImageBitmap): Uint8Array | null {
	const { width, height } = bitmap;
	const gl = new OffscreenCanvas(width, height).getContext('webgl');
	if (!gl) return null;
	gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, true);
	gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
	gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
	gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap);
	const framebuffer = gl.createFramebuffer();
	gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
	gl.framebufferTexture2D(
		gl.FRAMEBUFFER,
		gl.COLOR_ATTACHMENT0,
		gl.TEXTURE_2D,
		gl.getParameter(gl.TEXTURE_BINDING_2D) as WebGLTexture,
		0
	);
	const bytes = new Uint8Array(width * height * 4);
	gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, bytes);
	gl.getExtension('WEBGL_lose_context')?.loseContext();
	return bytes;
}
