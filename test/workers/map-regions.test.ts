import { expect, it } from 'vitest';
import { MESH_END, MESHES } from '#maths/scatter/blends.ts';
import { fastStream } from '#maths/random.ts';
import { Regions } from '#workers/data/map-regions.ts';

const { normal, below } = fastStream(5, 'layout');
const COUNT = 900;
const positions = Float32Array.from(
	Array.from({ length: COUNT }, () => 0.7 * below(3) - 0.7).flatMap((c) => [
		c + 0.06 * normal(),
		c * c - 0.4 + 0.06 * normal()
	])
);
const { signal } = new AbortController();
const decisionRegions = new Regions(positions);

it('the nearest item of each cell is that of brute force, and nothing is claimed far from all', async () => {
	const [width, height] = [50, 40];
	const window = [-0.9, -0.6, 0.9, 0.5] as const;
	const field = await decisionRegions.nearField(window, width, height, signal);
	const { reach } = field;
	let far = 0;
	for (let n = 0; n < width * height; n++) {
		const x = -0.9 + (1.8 * ((n % width) + 0.5)) / width;
		const y = -0.6 + (1.1 * (Math.floor(n / width) + 0.5)) / height;
		let [best, min] = [-1, Infinity];
		for (let i = 0; i < COUNT; i++) {
			const d = Math.hypot(positions[2 * i]! - x, positions[2 * i + 1]! - y);
			if (d < min) [best, min] = [i, d];
		}
		if (min > reach) far++;
		expect(field.items[n]).toBe(min > reach ? -1 : best);
		expect(field.claims[n]! / 255).toBeCloseTo(Math.min(1, Math.max(0, 2 - (2 * min) / reach)), 1);
	}
	expect(far).toBeGreaterThan(100);
	expect(far).toBeLessThan(1900);
});

const doubled = (at: string) =>
	at
		.split(',')
		.map((v) => 2 * Number(v))
		.join();

it('each mesh and those before it know all corners of what is claimed', async () => {
	const { reach } = await decisionRegions.nearField([-1, -1, 1, 1], 8, 8, signal);
	let known = new Set<string>();
	for (const [mesh, side] of MESHES.slice(0, 3).entries()) {
		const blends = await decisionRegions.meshBlends(mesh, signal);
		const step = (2 * MESH_END) / (side - 1);
		const before = known;
		known = new Set([...before].map((at) => doubled(at)));
		for (const index of blends.indices) known.add(`${Math.floor(index / side)},${index % side}`);
		for (let i = 0; i < COUNT; i += 7) {
			const [x, y] = [positions[2 * i]! + 0.7 * reach, positions[2 * i + 1]! - 0.7 * reach];
			const [c, r] = [x, y].map((v) => Math.floor((v + MESH_END) / step));
			for (const [dr, dc] of [
				[0, 0],
				[0, 1],
				[1, 0],
				[1, 1]
			] as const)
				if (Math.max(Math.abs(x), Math.abs(y)) < 1) expect(known).toContain(`${r! + dr},${c! + dc}`);
		}
	}
	expect(known.size).toBeLessThan(0.6 * 65 * 65);
});

it('is cancelled on its way', async () => {
	await expect(decisionRegions.meshBlends(3, AbortSignal.abort())).rejects.toThrow(/cancelled/);
});
