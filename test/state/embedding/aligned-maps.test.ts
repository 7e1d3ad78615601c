import { describe, expect, it, vi } from 'vitest';
import { displacement } from '#maths/projection/agreement.ts';
import { superposed } from '#maths/projection/procrustes.ts';
import { fastStream } from '#maths/random.ts';
import { alignedMap, referenceOf, type Arrangeable } from '#state/embedding/aligned-map.ts';
import { Transition } from '#state/embedding/transition.svelte.ts';

const near = { k: 2, indices: Int32Array.of(1, 2, 0, 2), distances: new Float32Array(4) };
const other = { k: 2, indices: Int32Array.of(1, 3, 3, 4), distances: new Float32Array(4) };
const { normal } = fastStream(1, 'sample');
const first = Float32Array.from({ length: 60 }, normal);
const turned = (rows: Float32Array) => rows.map((_, k) => 5 * (k % 2 ? -rows[k - 1]! : rows[k + 1]!) + 8);
const map = (id: number, stage: string, positions: Float32Array, change: Partial<Arrangeable> = {}): Arrangeable => ({
	id,
	stage,
	positions,
	dimensions: 2,
	near,
	nearOnMap: near,
	...change
});

describe('maps side by side', () => {
	const raw = map(1, 'raw', first);
	const layer = map(2, 'a', turned(first), { near: other });
	const deep = map(
		3,
		'b',
		turned(turned(first)).map((v) => v + 3 * normal())
	);
	const after = map(4, 'a', turned(turned(turned(first))));
	const rows = [
		[raw, layer, deep],
		[raw, after]
	];

	it('lie on the one before them, those of another model on the same layer', () => {
		const alignments = alignedMap(rows, 'previous', superposed);
		expect([1, 2, 3, 4].map((id) => alignments.get(id)!.onto)).toEqual([null, 1, 2, 2]);
		const of = (id: number) => alignments.get(id)!;
		// Copies but for turn, size and position come to lie on each other.
		expect(Math.max(...displacement(of(1).positions, of(2).positions, 2))).toBeLessThan(1e-5);
		expect(Math.max(...displacement(of(2).positions, of(4).positions, 2))).toBeLessThan(1e-5);
		expect(of(2).disparity).toBeLessThan(1e-6);
		expect(of(3).disparity).toBeGreaterThan(0.001);
		expect([of(2).kept, of(2).keptOnMap]).toEqual([0.25, 1]);
	});

	it('or all on the first, and all within one frame', () => {
		const alignments = alignedMap(rows, 'first', superposed);
		expect([1, 2, 3, 4].map((id) => alignments.get(id)!.onto)).toEqual([null, 1, 1, 1]);
		const all = [...alignments.values()].flatMap(({ positions }) => [...positions]);
		expect(Math.max(...all)).toBeLessThanOrEqual(1);
		expect(Math.min(...all)).toBeGreaterThanOrEqual(-1);
		expect(Math.max(...all.map(Math.abs))).toBeGreaterThan(0.9);
	});

	it('a map of other dimensions begins anew', () => {
		const space = map(9, 'a', new Float32Array(90), { dimensions: 3 });
		expect(referenceOf(space, [[raw]], [layer], 'previous')).toBeNull();
		expect(referenceOf(after, [[raw, layer]], [], 'previous')).toBe(layer);
		expect(referenceOf(deep, [[raw, layer]], [], 'previous')).toBe(raw);
	});
});

describe('the way', () => {
	it('shows where one is, and rests when one does', () => {
		vi.useFakeTimers();
		vi.stubGlobal('cancelAnimationFrame', () => {});
		const reported: unknown[] = [];
		const transition = new Transition((...now) => reported.push(now));
		transition.follow([7, 8, 9], 8);
		expect(reported.at(-1)).toEqual([8, 9, 0, false]);
		transition.go(0.25);
		expect(reported.at(-1)).toEqual([7, 8, 0.25, true]);
		vi.advanceTimersByTime(1000);
		expect(reported.at(-1)).toEqual([7, 8, 0.25, false]);
		transition.go(99);
		expect([transition.at, reported.at(-1)]).toEqual([2, [8, 9, 1, true]]);
		transition.keep((id) => id !== 8);
		expect([transition.path, transition.at]).toEqual([[7, 9], 1]);
		transition.grow([7, 8, 9]);
		expect(transition.at).toBe(0);
		// What else is shown is not replaced by what is still to come of a move.
		transition.go(0.5);
		const count = reported.length;
		transition.rest();
		vi.advanceTimersByTime(1000);
		expect([reported.length, transition.at]).toEqual([count, 0.5]);
		transition.stop();
		expect(transition.segment).toBeNull();
		vi.useRealTimers();
		vi.unstubAllGlobals();
	});

	it('goes by itself from map to map and stops at the last', () => {
		let frame: ((now: number) => void) | null = null;
		vi.stubGlobal('requestAnimationFrame', (next: (now: number) => void) => ((frame = next), 1));
		vi.stubGlobal('cancelAnimationFrame', () => (frame = null));
		const transition = new Transition(() => {});
		transition.follow([1, 2, 3]);
		transition.play();
		const seen: number[] = [];
		let now = performance.now();
		for (let k = 0; k < 600 && transition.playing; k++) {
			(frame as unknown as (now: number) => void)((now += 16));
			seen.push(transition.at);
		}
		expect([transition.playing, transition.at]).toEqual([false, 2]);
		expect(seen.every((at, k) => !k || at >= seen[k - 1]!)).toBe(true);
		expect(seen).toContain(1);
		// It rests at the map in the middle.
		expect(seen.filter((at) => at === 1).length).toBeGreaterThan(20);
		transition.stop();
		vi.unstubAllGlobals();
	});
});
