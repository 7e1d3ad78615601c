import { expect, it } from 'vitest';
import type { ShownMap } from '#state/embedding/map.ts';
import type { DataSets } from '#state/data/data-set.svelte.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { MapRegions } from '#state/embedding/map-regions.svelte.ts';
import { MapNames } from '#state/embedding/map-names.svelte.ts';
import { remote } from '#workers/rpc.ts';

// Aligned maps are arranged together: all of them have the same frame.
const [first, second] = ['aligned1:', 'aligned2:'].map((key): ShownMap => ({
	key,
	positions: new Float32Array(8),
	dimensions: 2,
	frame: 3
})) as [ShownMap, ShownMap];
const turn = () => new Promise((resolve) => setTimeout(resolve));

it('groups of another map of the same frame are other groups', async () => {
	let requested = 0;
	const call = (name: string) =>
		Promise.resolve(
			name === 'labels' ? [] : { codes: new Int32Array(4), names: [`group ${++requested}`], from: 'numbers' }
		);
	const names = new MapNames({ failed: () => {} } as unknown as ViewContext).attach({
		thread: remote(call)
	} as unknown as DataSets);
	names.want(first);
	await turn();
	expect([names.groups?.names, names.groups?.of]).toEqual([['group 1'], first]);
	names.want(second);
	expect(names.groups).toBeNull();
	await turn();
	expect([names.groups?.names, names.groups?.of]).toEqual([['group 2'], second]);
});

it('what lies behind another map of the same frame is painted anew', async () => {
	const call = (name: string) =>
		Promise.resolve(
			name === 'nearField'
				? { window: [-1, -1, 1, 1], width: 1, height: 1, items: Int32Array.of(0), claims: Uint8Array.of(1), reach: 1 }
				: { items: Int32Array.of(0), nearest: Int32Array.of(0), blends: null }
		);
	const other = remote(() => Promise.resolve());
	const decisionRegions = new MapRegions({ draw: other, failed: () => {} } as unknown as ViewContext).attach(
		{ thread: remote(call) } as unknown as DataSets,
		{} as never
	);
	const predictions = { units: Int32Array.of(1), confidence: Float32Array.of(1), classes: 2 } as never;
	decisionRegions.want({ mode: 'nearest', predictions, of: first });
	await decisionRegions.moveTo([-1, -1, 1, 1], 1, 1);
	expect(decisionRegions.shown?.of).toBe(first);
	decisionRegions.want({ mode: 'nearest', predictions, of: second });
	expect(decisionRegions.shown).toBeNull();
	await decisionRegions.moveTo([-1, -1, 1, 1], 1, 1);
	expect(decisionRegions.shown?.of).toBe(second);
});
