import type { Framebuffer2D, Regl, Texture2D } from 'regl';

/** A float texture that can be drawn into. */
export interface FloatTarget {
	texture: Texture2D;
	framebuffer: Framebuffer2D;
	/** Done with: it may be drawn into again. */
	free(): void;
}

/** Targets that lie unused. */
const MAX_FREE = 8;
/** Sides are multiples of powers of two, so that few sizes serve all. */
const roomy = (side: number) => {
	const unit = Math.max(32, 2 ** Math.floor(Math.log2(side) - 1));
	return unit * Math.ceil(side / unit);
};

/**
 * Float targets of a size or above, used again: to make one, WebGL asks the GPU whether it can be drawn into, and that
 * answer waits for all that is on its way there (measured: some 70 ms a picture where a processor plays the GPU).
 */
export function floatTargets(regl: Regl): (width: number, height: number) => FloatTarget {
	const unused: FloatTarget[] = [];
	const max = regl.limits.maxTextureSize;
	return (min, lowest) => {
		const [width, height] = [Math.min(max, roomy(min)), Math.min(max, roomy(lowest))];
		const at = unused.findIndex(({ texture }) => texture.width === width && texture.height === height);
		if (at >= 0) return unused.splice(at, 1)[0] as FloatTarget;
		const nearest = { min: 'nearest', mag: 'nearest' } as const;
		const texture = regl.texture({ width, height, format: 'rgba', type: 'float', ...nearest });
		const framebuffer = regl.framebuffer({ color: texture, depthStencil: false });
		const target: FloatTarget = {
			texture,
			framebuffer,
			free: () => {
				unused.push(target);
				const old = unused.length > MAX_FREE ? unused.shift() : null;
				old?.framebuffer.destroy();
				old?.texture.destroy();
			}
		};
		return target;
	};
}
