import { expect, it } from 'vitest';
import { TypedTraining } from '#maths/playground/training.ts';
import { axisMarks, axisName } from '#views/playground/curves/axes.ts';
import { curve, decades, nearest } from '#views/playground/curves/curves.ts';
import { playground } from './tools/playground.ts';

const one = new TypedTraining(playground()).metrics();
const all = Array.from({ length: 5000 }, (_, i) => ({ ...one, epoch: i / 10, step: i }));

it('a curve keeps its spikes, however long it is', () => {
	const path = curve(
		all,
		(epoch) => epoch,
		({ step }) => (step === 3333 ? 77 : 1),
		500
	);
	expect(path.match(/[ML]/g)!.length).toBeLessThan(1100);
	expect(path).toContain('L333.0 77.0');
	expect(curve([], Number, () => 1, 10)).toBe('');
});

it('decades hold what is above zero', () => {
	expect(decades([0.02, 3])).toEqual([-2, 1]);
	expect(decades([1])).toEqual([0, 1]);
	expect(decades([])).toEqual([-2, 0]);
});

it('the nearest of what is known is read', () => {
	expect(nearest(all, 12.34)?.step).toBe(123);
	expect(nearest(all, -5)?.step).toBe(0);
	expect(nearest(all, 1e9)?.step).toBe(4999);
	expect(nearest([], 1)).toBeUndefined();
});

it('marks of an axis tell themselves apart, and are short however near one looks', () => {
	for (const [low, high] of [
		[-6, 6],
		[0.30001, 0.30002],
		[-0.00006, -0.00005],
		[12345.67, 12345.68],
		[-2e6, 3e6]
	] as const) {
		const { marks, offset, power } = axisMarks({ scale: 1, shift: 0 }, [low, high], 400);
		const texts = marks.map(({ text }) => text);
		expect(new Set(texts).size).toBe(texts.length);
		for (const text of texts) expect(text.length).toBeLessThanOrEqual(7);
		// With what is said beside the axis a mark is its number again.
		for (const [i, { value }] of marks.entries()) {
			const shown = Number(texts[i]!.replace('−', '-')) * 10 ** power + offset;
			expect(Math.abs(shown - value)).toBeLessThan((high - low) / 100);
		}
	}
});

it('an axis says how its numbers are read', () => {
	expect(axisName('x₁', { offset: 0, power: 0 })).toBe('x₁');
	expect(axisName('x₁', { offset: -0.30001, power: -6 })).toBe('x₁ = −0.30001 + n · 10⁻⁶');
	expect(axisName('price', { offset: 0, power: 5 })).toBe('price = n · 10⁵');
});
