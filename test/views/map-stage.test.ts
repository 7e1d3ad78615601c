import '../../src/app.css';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { DataSets } from '#state/data/data-set.svelte.ts';
import type { ShownMap } from '#state/embedding/map.ts';
import MapStageHost from './MapStageHost.svelte';

const shown = (x: number): ShownMap => ({ key: 'map', positions: Float32Array.of(x, 0), dimensions: 2, frame: 1 });

it('names stand on the picture that they are of, however slow it is', async () => {
	const waiting: (() => void)[] = [];
	const picks: unknown[] = [];
	const embedding = {
		...{ only: null, hovered: -1, chosen: -1, running: {}, ink() {}, attach: () => embedding },
		pick: (...question: unknown[]) => (picks.push(question), Promise.resolve(0)),
		picture: ({ width, height }: { width: number; height: number }) =>
			new Promise((resolve) => waiting.push(() => resolve(createImageBitmap(new ImageData(width, height)))))
	};
	const sets = { data: null, sprites: null };
	const lab = { viewState: (kind: unknown) => (kind === DataSets ? sets : embedding) };
	const draw = async () => {
		await expect.poll(() => waiting.length).toBeGreaterThan(0);
		waiting.shift()!();
		await new Promise((resolve) => setTimeout(resolve, 30));
	};
	const screen = await render(MapStageHost, { lab, shown: shown(-0.5) });
	const name = () => screen.container.querySelector('svg text')?.getAttribute('x') ?? null;
	const stage = screen.getByRole('application').element();
	const point = async () => {
		stage.dispatchEvent(new PointerEvent('pointermove', { clientX: 50, clientY: 50, bubbles: true }));
		await new Promise((resolve) => setTimeout(resolve, 10));
		return picks.length;
	};
	expect([name(), await point()]).toEqual([null, 0]);
	await draw();
	while (waiting.length) await draw();
	const before = Number(name());
	expect([before > 0 && before < 200, await point()]).toEqual([true, 1]);

	// The points are elsewhere, the picture is not yet.
	await screen.rerender({ shown: shown(0.5) });
	expect([name(), await point()]).toEqual([null, 1]);
	await draw();
	expect(Number(name())).toBeGreaterThan(200);
	expect(await point()).toBe(2);
});
