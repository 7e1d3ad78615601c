import { afterAll, expect, it } from 'vitest';
import { EngineState } from '#state/threads/engine.svelte.ts';
import type { Source } from '#contracts/source.ts';

const files = import.meta.glob<string>(['/models/digits/model.json', '/models/digits/model.bin'], {
	query: '?url',
	import: 'default'
});

const reasons: string[] = [];
let recovered: () => void = () => {};
const again = new Promise<void>((resolve) => (recovered = resolve));
const engine = new EngineState({
	lost: (reason) => reasons.push(reason),
	recovered: () => Promise.resolve(recovered()),
	silent: () => {},
	failed: () => {}
});
afterAll(() => engine.stop());

async function predicted(source: Source): Promise<Float32Array> {
	await engine.compute.open(source, {});
	const bitmap = await createImageBitmap(
		new ImageData(
			Uint8ClampedArray.from({ length: 28 * 28 * 4 }, (_, i) => (i * 37) % 256),
			28,
			28
		)
	);
	const preprocessing = {
		width: 28,
		height: 28,
		channels: 1,
		fit: 'pad',
		order: 'rgb',
		normalisation: { kind: 'range', low: 0, high: 1 },
		invert: false
	} as const;
	await engine.compute.feed({ image: { kind: 'image', bitmap } }, new Map([['image', preprocessing]]), null, {
		input: 'one'
	});
	const [prediction] = await engine.compute.predict();
	return prediction?.scores as Float32Array;
}

/** The whole of it: the real device is destroyed in its worker; a fresh one gives the same numbers. */
it('a destroyed device is noticed, told of, and replaced', async () => {
	const source: Source = {
		name: 'digits',
		files: await Promise.all(
			Object.entries(files).map(async ([path, url]) => ({
				path: path.split('/').pop() as string,
				blob: await (await fetch(await url())).blob()
			}))
		)
	};
	await engine.start('webgpu');
	expect(engine.report?.backend).toBe('webgpu');
	const before = await predicted(source);
	const held = await engine.compute.memory();
	await engine.compute.loseDevice();
	await again;
	expect(reasons).toHaveLength(1);
	expect(reasons[0]?.length).toBeGreaterThan(3);
	expect(engine.report?.backend).toBe('webgpu');
	expect(Array.from(await predicted(source))).toEqual(Array.from(before));
	expect(await engine.compute.memory()).toEqual(held);
}, 180_000);
