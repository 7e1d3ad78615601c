import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DrawApi } from '#contracts/draw.ts';
import type { PlaneNetwork } from '#contracts/playground.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { PlaygroundPictures } from '#state/playground/pictures.svelte.ts';
import { remote } from '#workers/rpc.ts';
import { playground } from '../../tools/playground.ts';

/** The pace of pictures while training: what is shown is waited for, what nobody looks at is not. */

const NETWORK: PlaneNetwork = {
	network: playground({}).network,
	loss: 'squared-tanh',
	outputs: 1,
	parameters: new Float32Array(99),
	running: new Float32Array(0)
};

/** Draws after so many milliseconds. */
function pictures(milliseconds: number) {
	const sides: number[] = [];
	const draw = remote<DrawApi>(async (name, args) => {
		if (name === 'networkField') {
			const [, request, key] = args as [unknown, { width: number; content: string }, string];
			if (request.content !== 'neurons') sides.push(request.width);
			return { key, width: request.width, height: request.width, count: 1 };
		}
		if (name === 'regions') await new Promise((resolve) => setTimeout(resolve, milliseconds));
		return {};
	});
	const failed = (error: unknown) => {
		throw error;
	};
	const own = new PlaygroundPictures({ draw, failed } as unknown as ViewContext);
	own.resize(400);
	return { own, sides };
}

beforeEach(() => {
	vi.useFakeTimers();
	vi.stubGlobal('requestAnimationFrame', (then: () => void) => setTimeout(then, 10));
});
afterEach(() => {
	vi.useRealTimers();
	vi.unstubAllGlobals();
});

it('training takes turns with pictures that are slow, and the next is drawn when the last is on the screen', async () => {
	const { own, sides } = pictures(120);
	own.show(NETWORK, 0, {} as never, true);
	await vi.advanceTimersByTimeAsync(1);
	const drawn = vi.fn();
	void own.drawn().then(drawn);
	void own.regions({ field: own.boundary!.key } as never);
	own.show(NETWORK, 0, {} as never, true);
	await vi.advanceTimersByTimeAsync(110);
	expect(drawn).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(15);
	expect(drawn).toHaveBeenCalledOnce();
	expect(sides).toHaveLength(1);
	expect(own.slow).toBe(false);
	await vi.advanceTimersByTimeAsync(10);
	expect(own.slow).toBe(true);
	expect(own.beat).toBeGreaterThan(200);
	expect(sides).toHaveLength(2);
});

it('what is not looked at holds up nobody', async () => {
	const { own } = pictures(5);
	own.show(NETWORK, 0, {} as never, true);
	const drawn = vi.fn();
	void own.drawn().then(drawn);
	await vi.advanceTimersByTimeAsync(1100);
	expect(drawn).toHaveBeenCalledOnce();
	expect(own.slow).toBe(false);
	expect(own.beat).toBe(0);
});
