import { expect, it } from 'vitest';
import { paintable, painted } from '#views/playground/setup/own-points.ts';

it('points are painted in one class more than there are, up to eight, and never over values', () => {
	let own = painted(null, 0, 0, 5, 1);
	expect([own, paintable(null)]).toEqual([null, 3]);
	for (let k = 0; k < 9; k++) own = painted(own, k, 0, k, 0.1) ?? own;
	expect([own?.points.classes, own?.labels.at(-1), paintable(own)]).toEqual([8, 'class 7', 8]);
	expect([...own!.points.y]).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
	expect(painted(own, 7, 0, -1, 0.1)?.points.y).toHaveLength(7);

	const value = { name: 'price', scale: 2, shift: 3 };
	const priced = {
		...own!,
		labels: [],
		points: { ...own!.points, y: own!.points.y.map((y) => y / 7), classes: 0, value }
	};
	expect([paintable(priced), painted(priced, 0, 0, 0, 1)]).toEqual([0, priced]);
	expect(painted(priced, 7, 0, -1, 0.1)?.points).toMatchObject({ classes: 0, value });
});
