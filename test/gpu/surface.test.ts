import { afterEach, expect, it, vi } from 'vitest';
import { Surface } from '#draw/surface.ts';

afterEach(() => vi.restoreAllMocks());

it('says which part of WebGL is missing, and what to do', () => {
	const surface = () => new Surface(() => undefined).regl;
	const ask = WebGLRenderingContext.prototype.getExtension;
	for (const missing of ['OES_texture_float', 'ANGLE_instanced_arrays']) {
		const some = function (this: WebGLRenderingContext, name: string) {
			return name === missing ? null : (ask.call(this, name as never) as unknown);
		};
		vi.spyOn(WebGLRenderingContext.prototype, 'getExtension').mockImplementation(some as never);
		expect(surface).toThrow(new RegExp(`Maps cannot be drawn: .* lacks ${missing}`));
		vi.restoreAllMocks();
	}
	vi.spyOn(OffscreenCanvas.prototype, 'getContext').mockReturnValue(null);
	expect(surface).toThrow(/the browser gives no WebGL/);
	vi.restoreAllMocks();
	expect(surface().limits.maxTextureSize).toBeGreaterThan(1000);
});
