import { expect, it } from 'vitest';
import { moveBy, zoomBy } from '#maths/camera.ts';
import { arrowOf, keyMeans, Pointers, wheelFactor } from '#maths/gestures.ts';

it('two fingers move by their middle and zoom by their spread', () => {
	const pointers = new Pointers();
	const touch = (pointerId: number, clientX: number, clientY: number) => ({ pointerId, clientX, clientY });
	expect(pointers.move(touch(1, 5, 5))).toBeNull();
	pointers.down(touch(1, 100, 100));
	expect([pointers.has(touch(1, 0, 0)), pointers.has(touch(2, 0, 0))]).toEqual([true, false]);
	expect(pointers.move(touch(1, 110, 95))).toMatchObject({ dx: 10, dy: -5, factor: 1, fingers: 1 });
	pointers.down(touch(2, 210, 95));
	expect(pointers.move(touch(2, 310, 95))).toMatchObject({
		...{ dx: 50, dy: 0, factor: 2, fingers: 2 },
		middle: { x: 210, y: 95 }
	});
	pointers.up({ pointerId: 1 });
	expect(pointers.move(touch(2, 311, 95))).toMatchObject({ dx: 1, factor: 1, fingers: 1 });
});

it('a wheel zooms by what it turns, in pixels, lines or pages, sideways too, and back to the same', () => {
	const turn = (deltaY: number, deltaX = 0, deltaMode = 0) => wheelFactor({ deltaX, deltaY, deltaMode });
	expect(turn(-300)).toBeCloseTo(Math.E, 12);
	expect(turn(120) * turn(-120)).toBeCloseTo(1, 12);
	expect(turn(-3, 0, 1)).toBe(turn(-48));
	expect(turn(1, 0, 2)).toBe(turn(400));
	expect(turn(0, 60)).toBe(turn(60));
	expect(turn(0)).toBe(1);
});

it('plus and minus zoom where they are told to, and undo each other; 0 shows all; arrows move', () => {
	expect(keyMeans('+', [3, 4])).toEqual(zoomBy(1.6, [3, 4]));
	expect(keyMeans('=', [3, 4])).toEqual(zoomBy(1.6, [3, 4]));
	expect(keyMeans('-', [3, 4])).toEqual(zoomBy(1 / 1.6, [3, 4]));
	expect([keyMeans('0', [0, 0]), keyMeans('Home', [0, 0]), keyMeans('a', [0, 0])]).toEqual(['all', 'all', null]);
	// What is to the right comes into sight.
	expect(keyMeans('ArrowRight', [0, 0])).toEqual(moveBy(-60, 0));
	expect(keyMeans('ArrowUp', [0, 0])).toEqual(moveBy(0, 60));
	expect(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'x'].map(arrowOf)).toEqual([
		...[
			[-1, 0],
			[1, 0],
			[0, -1],
			[0, 1]
		].map((pair) => pair.map((v) => expect.closeTo(v, 12) as number)),
		null
	]);
});
