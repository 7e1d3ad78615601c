import { describe, expect, it } from 'vitest';
import {
	planeField,
	planesOf,
	type FieldContent,
	type PlaneNetwork,
	type PlaneWindow
} from '#maths/playground/field.ts';
import { ACTIVATIONS, DERIVED_INPUTS, LOSSES } from '#maths/playground/spec.ts';
import { expectClose } from '../close.ts';
import { drawWorker } from '../tools/draw-worker.ts';
import { lostNetworks, planeNetwork } from '../tools/playground.ts';

const { draw } = drawWorker();
const PLANE: PlaneWindow = { x1: [-4, 6], x2: [-5, 3] };
const TOLERANCE = { rtol: 1e-3, atol: 5e-6 };

let count = 0;
async function same(
	one: PlaneNetwork,
	content: FieldContent,
	window = PLANE,
	[width, height] = [17, 9] as readonly [number, number],
	plane?: number
) {
	const key = `field ${count++}`;
	const request = { window, width, height, content, plane } as const;
	const sent = await draw.networkField(one, request, key, true);
	expect(sent).toEqual({ key, width, height, count: planesOf(one, request) });
	const { values } = await draw.values(key);
	expectClose({ data: values }, { data: planeField(one, request) }, TOLERANCE);
	await draw.drop([key]);
}

describe('fields in the fragment shader equal their twin', () => {
	it.each(ACTIVATIONS)('%s, every neuron', (activation) =>
		same(planeNetwork({ network: { hidden: [5, 6], activation } }, 2), 'neurons')
	);

	it.each(LOSSES)('outputs for %s', async (loss) => {
		const outputs = loss === 'cross-entropy' ? 3 : 1;
		const one = planeNetwork({ network: { hidden: [7] }, learning: { loss } }, outputs);
		await same(one, 'outputs');
		await same(one, 'scores');
	});

	it('all inputs, normalised, none hidden, many classes, wide and deep, and far in', async () => {
		await same(planeNetwork({ network: { inputs: DERIVED_INPUTS, hidden: [9, 4, 3], batchNorm: true } }, 3), 'neurons');
		await same(planeNetwork({ network: { hidden: [] }, learning: { loss: 'cross-entropy' } }, 9), 'outputs');
		await same(planeNetwork({ network: { hidden: [64, 64, 64], activation: 'relu' } }, 3), 'outputs', PLANE, [5, 3]);
		await same(planeNetwork({}, 1), 'outputs', { x1: [1.25, 1.2502], x2: [-1.5, -1.4998] });
	});

	it('any one plane alone', async () => {
		const one = planeNetwork({ network: { hidden: [5, 6] }, learning: { loss: 'cross-entropy' } }, 3);
		const wide = planeNetwork({ network: { hidden: [40, 40] } }, 1);
		for (const [shape, planes] of [
			[one, [0, 4, 5, 10, 11, 13]],
			[wide, [3, 41, 80]]
		] as const)
			for (const plane of planes) await same(shape, 'neurons', PLANE, [17, 9], plane);
	});

	it('no number where the network has none, not a sure answer', async () => {
		for (const one of lostNetworks()) {
			for (const content of ['outputs', 'scores'] as const) await same(one, content);
			await same(one, 'neurons');
			await same(one, 'neurons', PLANE, [17, 9], 11);
		}
		// Many weights are in a texture.
		const wide = planeNetwork({ network: { hidden: [40, 40], activation: 'relu' } }, 1);
		wide.parameters[200] = NaN;
		await same(wide, 'neurons');
	});

	it('leaves larger networks to the field engine', async () => {
		const request = { window: PLANE, width: 4, height: 4, content: 'outputs' } as const;
		for (const hidden of [[65], [64, 64, 64, 64, 64, 64]])
			expect(await draw.networkField(planeNetwork({ network: { hidden } }, 1), request, 'large', true)).toBeNull();
	});
});
