import { expect, it } from 'vitest';
import { hash } from '#maths/hash-normal.ts';
import { dropoutSeed, dropoutThreshold, silent } from '#maths/playground/dropout.ts';

it('neurons are silent below the threshold, in 2^-24, and not at it', () => {
	expect([0, 0.5, 0.25, 0.9].map(dropoutThreshold)).toEqual([0, 2 ** 23, 2 ** 22, Math.floor(0.9 * 2 ** 24)]);
	const own = hash(7, 3, 5, 11) >>> 8;
	expect([own, own + 1].map((threshold) => silent(7, 3, 5, 11, threshold))).toEqual([false, true]);
});

it('as many are silent as is asked for, others in each step, sample and seed', () => {
	const seed = dropoutSeed(3);
	const all = Array.from({ length: 20_000 }, (_, n) =>
		silent(seed, n % 100, Math.floor(n / 100) % 20, n % 7, dropoutThreshold(0.3))
	);
	expect(all.filter(Boolean).length / 20_000).toBeCloseTo(0.3, 1);
	const mask = (step: number, sample: number, from: number) =>
		Array.from({ length: 64 }, (_, unit) => silent(from, step, sample, unit, dropoutThreshold(0.5))).join();
	expect(new Set([mask(1, 1, seed), mask(2, 1, seed), mask(1, 2, seed), mask(1, 1, dropoutSeed(4))]).size).toBe(4);
});
