import { describe, expect, it } from 'vitest';
import type { Graph } from '#contracts/graph.ts';
import type { Scene } from '#contracts/structure.ts';
import type { KnownRow } from '#state/comparison/comparison.svelte.ts';
import { boxRows, boxTints, stateColour } from '#views/compare/graph-colours.ts';
import { cameraOn, sharedFrom } from '#views/compare/shared-camera.ts';
import { STATES } from '#views/compare/states.ts';
import { denseNode } from './tools/weight-nodes.ts';

const graph: Graph = {
	nodes: ['a', 'b', 'c', 'd'].map((id) => denseNode(id)),
	inputs: ['a'],
	outputs: ['d'],
	operators: new Map()
};
const row = (first: string | null, state: KnownRow['state']) => ({ first, second: null, state }) as KnownRow;

describe('two graphs side by side', () => {
	// Boxes: a alone, then b and c folded into one, and d, of which nothing is known.
	const scene = { boxes: [{}, {}, {}], homes: Int32Array.of(0, 1, 1, 2) } as unknown as Scene;
	const rows = [row('a', 'same'), row('b', 'weights'), row('c', 'shape'), row(null, 'added')];

	it('gives a folded group the colour of what differs most in it', () => {
		const found = boxRows(scene, graph, rows, 'first');
		expect([...found]).toEqual([0, 2, -1]);
		const [panel, stage] = [
			[1, 1, 1],
			[0.5, 0.5, 0.5]
		] as const;
		const tints = boxTints(found, rows, false, { panel, stage });
		expect([...tints.subarray(0, 3)]).toEqual([255, 255, 255]);
		expect([...tints.subarray(6, 9)]).toEqual([128, 128, 128]);
		const shape = stateColour(STATES.find(({ id }) => id === 'shape')!.colour, false)!;
		const expected = shape.map((part) => Math.round(255 * (1 + 0.34 * (part - 1))));
		expect([...tints.subarray(3, 6)]).toEqual(expected);
	});

	it('has a colour for every state but the same, on either theme', () => {
		for (const { id, colour } of STATES)
			for (const dark of [false, true]) expect(stateColour(colour, dark) === null, id).toBe(id === 'same');
	});

	it('shares a camera between drawings of other sizes', () => {
		const [small, large] = [
			{ width: 100, height: 400 },
			{ width: 300, height: 800 }
		];
		const shared = sharedFrom({ x: 60, y: 100, scale: 0.7 }, small);
		expect(cameraOn(shared, small)).toEqual({ x: 60, y: 100, scale: 0.7 });
		expect(cameraOn(shared, large)).toEqual({ x: 160, y: 200, scale: 0.7 });
	});
});
