import { afterEach, expect, it } from 'vitest';
import { cleanup, render } from 'vitest-browser-svelte';
import { pointAt, type Camera } from '#maths/camera.ts';
import type { Hands } from '#widgets/gestures.svelte.ts';
import GesturesHost from './GesturesHost.svelte';

afterEach(() => cleanup());

async function picture(below: number, more: Partial<Hands> = {}) {
	const cameras: Camera[] = [];
	const screen = await render(GesturesHost, { below, more, onlook: (camera: Camera) => cameras.push(camera) });
	const node = screen.getByRole('application').element() as HTMLElement;
	// Fingers that no device reports cannot be captured.
	node.setPointerCapture = () => {};
	const { left, top } = node.getBoundingClientRect();
	const at = (x: number, y: number) => ({ clientX: left + x, clientY: top + y, bubbles: true, cancelable: true });
	return {
		...{ cameras, node },
		last: () => cameras.at(-1)!,
		/** @returns whether the page was kept from scrolling */
		wheel: (deltaY: number, init: WheelEventInit = {}) =>
			!node.dispatchEvent(new WheelEvent('wheel', { ...at(150, 20), deltaY, ...init })),
		finger: (type: string, x: number, y: number, init: PointerEventInit = {}) =>
			node.dispatchEvent(new PointerEvent(`pointer${type}`, { ...at(x, y), pointerId: 1, ...init })),
		double: (x: number, y: number) => node.dispatchEvent(new MouseEvent('dblclick', at(x, y))),
		key: (key: string, init: KeyboardEventInit = {}) =>
			!node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init }))
	};
}

const stage = { width: 200, height: 100 };

it('a plain wheel scrolls what is around until the picture is chosen or zoomed; where nothing scrolls it zooms', async () => {
	const { wheel, node, cameras, last, key } = await picture(2000);
	expect([wheel(-90), cameras.length]).toEqual([false, 0]);
	for (const held of ['ctrlKey', 'shiftKey', 'metaKey']) {
		expect(wheel(-90, { [held]: true })).toBe(true);
		// The point under it stays.
		expect(pointAt(last(), stage, 150, 20).map((v) => Math.round(1e6 * v) / 1e6)).toEqual([150, 20]);
		expect(wheel(-90)).toBe(true);
		expect(last().scale).toBeCloseTo(Math.exp(0.6), 9);
		key('0');
		expect(wheel(-90)).toBe(false);
	}
	node.focus();
	expect(wheel(-90)).toBe(true);
	key('0');
	node.blur();
	expect(wheel(-90)).toBe(false);
	cleanup();
	const still = await picture(100);
	expect(still.wheel(-90)).toBe(true);
});

it('a drag moves, once it is one; else it is a click', async () => {
	const clicks: (readonly number[])[] = [];
	const { finger, last, cameras } = await picture(0, { onclick: (at) => clicks.push(at) });
	finger('down', 20, 30);
	finger('move', 22, 30);
	expect(cameras).toEqual([]);
	finger('up', 22, 30);
	expect(clicks).toEqual([[22, 30]]);
	finger('down', 20, 30);
	finger('move', 50, 20);
	finger('up', 50, 20);
	expect(last()).toEqual({ x: 70, y: 60, scale: 1 });
	expect(clicks).toHaveLength(1);
	finger('move', 90, 90);
	expect(cameras).toHaveLength(1);
});

it('two fingers zoom about their middle, and are no click', async () => {
	const clicks: unknown[] = [];
	const { finger, last } = await picture(0, { onclick: () => clicks.push(1) });
	finger('down', 60, 50);
	finger('down', 100, 50, { pointerId: 2 });
	finger('move', 140, 50, { pointerId: 2 });
	expect(last().scale).toBe(2);
	// What was in their middle, at (80, 50), is there where their middle is now.
	expect(pointAt(last(), stage, 100, 50)).toEqual([80, 50]);
	finger('up', 140, 50, { pointerId: 2 });
	finger('up', 60, 50);
	expect(clicks).toEqual([]);
});

it('a stroke is not a drag, and a second finger takes it away', async () => {
	const heard: unknown[] = [];
	const { finger, cameras } = await picture(0, {
		stroke: (from) => {
			heard.push(from);
			return { to: (at) => heard.push(at), end: (event) => heard.push(event?.type ?? null) };
		},
		takes: () => true
	});
	finger('down', 20, 30);
	finger('move', 60, 30);
	finger('up', 60, 30);
	expect(heard.splice(0)).toEqual([[20, 30], [60, 30], 'pointerup']);
	finger('down', 20, 30);
	finger('down', 60, 30, { pointerId: 2 });
	expect(heard.splice(0)).toEqual([[20, 30], null]);
	expect(cameras).toEqual([]);
	finger('move', 100, 30, { pointerId: 2 });
	expect(cameras).toHaveLength(1);
});

it('a double click goes four times as near, and back; keys zoom, move and show all; the page keeps its own', async () => {
	const { double, last, key, node, cameras } = await picture(0);
	double(150, 20);
	expect(last()).toMatchObject({ scale: 4 });
	expect(pointAt(last(), stage, 150, 20)).toEqual([150, 20]);
	double(10, 10);
	expect(last()).toEqual({ x: 100, y: 50, scale: 1 });
	expect([key('+'), last().scale]).toEqual([true, 1.6]);
	expect([key('ArrowRight', { shiftKey: true }), last().x]).toEqual([true, 100 + 60 / 1.6]);
	const { length } = cameras;
	expect([key('+', { ctrlKey: true }), key('ArrowLeft', { altKey: true }), key('a')]).toEqual([false, false, false]);
	expect(cameras).toHaveLength(length);
	key('Home');
	expect(last().scale).toBe(1);
	const inner = node.appendChild(document.createElement('button'));
	inner.dispatchEvent(new KeyboardEvent('keydown', { key: '+', bubbles: true }));
	expect(last().scale).toBe(1);
});

it('one finger scrolls the page until the picture is chosen or zoomed, or draws', async () => {
	const { node, key } = await picture(0);
	const touch = () => new Promise((resolve) => setTimeout(() => resolve(node.style.touchAction), 20));
	expect(await touch()).toBe('pan-x pan-y');
	node.focus();
	expect(await touch()).toBe('none');
	node.blur();
	expect(await touch()).toBe('pan-x pan-y');
	key('+');
	expect(await touch()).toBe('none');
	cleanup();
	const brush = await picture(0, { takes: () => true });
	expect(brush.node.style.touchAction).toBe('none');
});
