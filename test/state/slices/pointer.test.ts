import { expect, it } from 'vitest';
import type { Point } from '#contracts/slices.ts';
import { SlicePointer, type ShownPoint } from '#state/slices/pointer.svelte.ts';

/** Answers are given by hand. */
function bench() {
	const requested: { at: Point; answer: () => void; fail: (error: unknown) => void }[] = [];
	const failures: unknown[] = [];
	const ask = (at: Point) => {
		const point = new Promise<ShownPoint>((resolve, fail) =>
			requested.push({ at, answer: () => resolve({ at, picture: null } as unknown as ShownPoint), fail })
		);
		return { point, of: { weights: String(at[0]) }, current: () => true };
	};
	return { pointer: new SlicePointer(ask, (error) => failures.push(error)), requested, failures };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

it('asks for the newest of many positions when the last one has come', async () => {
	const { pointer, requested } = bench();
	for (const x of [1, 2, 3]) pointer.aim([x, 0]);
	requested[0]!.answer();
	await settled();
	requested[1]!.answer();
	await settled();
	expect([requested.map(({ at }) => at[0]), pointer.point?.at, pointer.of]).toEqual([[1, 3], [3, 0], { weights: '3' }]);
});

it('asks for what was aimed at meanwhile when a question was dropped or failed', async () => {
	const { pointer, requested, failures } = bench();
	pointer.aim([1, 0]);
	pointer.aim([2, 0]);
	// Of weights that are no more: over there nobody answers it.
	requested[0]!.fail(new DOMException('It is about what is no more open.', 'AbortError'));
	await settled();
	pointer.aim([3, 0]);
	requested[1]!.fail(new Error('The device is gone.'));
	await settled();
	requested[2]!.answer();
	await settled();
	expect([requested.length, pointer.point?.at, pointer.of]).toEqual([3, [3, 0], { weights: '3' }]);
	expect(failures).toHaveLength(1);
	// And it is still awake.
	pointer.aim([4, 0]);
	expect(requested).toHaveLength(4);
});

it('is of nothing when there is no point', async () => {
	const { pointer, requested } = bench();
	for (const leave of [() => pointer.forget(), () => pointer.aim(null)]) {
		pointer.aim([1, 0]);
		requested.at(-1)!.answer();
		await settled();
		expect(pointer.of).toEqual({ weights: '1' });
		leave();
		expect([pointer.point, pointer.of]).toEqual([null, {}]);
	}
});
