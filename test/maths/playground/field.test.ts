import { describe, expect, it } from 'vitest';
import {
	isHonest,
	planeField,
	planesOf,
	valuesAt,
	type FieldContent,
	type PlaneRequest,
	type PlaneWindow
} from '#maths/playground/field.ts';
import { FORMULAS } from '#maths/playground/activations.ts';
import { derive } from '#maths/playground/data.ts';
import { positionOf, WHOLE, zoomed } from '#maths/playground/plane-view.ts';
import { ReferenceNetwork } from '../../tools/playground-reference.ts';
import type { PlaygroundSpec } from '#maths/playground/spec.ts';
import { expectClose } from '../../close.ts';
import { lostNetworks, trainerCases } from '../../tools/playground.ts';

const window = { x1: [-3, 5], x2: [-1.5, 2] } as const;

/** The reference's own answers at pixel centres, a sample at a time. */
function expected(reference: ReferenceNetwork, { width, height, content }: PlaneRequest): number[] {
	const { network, learning } = reference.spec as PlaygroundSpec;
	const { value } = FORMULAS[network.activation];
	const planes: number[][] = [];
	for (let row = 0; row < height; row++)
		for (let column = 0; column < width; column++) {
			const x1 = -3 + (8 * (column + 0.5)) / width;
			const x2 = 2 - (3.5 * (row + 0.5)) / height;
			const pass = reference.forward([network.inputs.map((input) => derive(input, x1, x2))], false);
			const z = pass.fed.at(-1)![0]!;
			const shown = {
				'cross-entropy': () => {
					const total = z.reduce((sum, v) => sum + Math.exp(v), 0);
					return z.map((v) => Math.exp(v) / total);
				},
				logistic: () => z.map((v) => 1 / (1 + Math.exp(-v))),
				'squared-tanh': () => z.map(Math.tanh),
				squared: () => z
			}[learning.loss]();
			const hidden = pass.z.slice(0, -1).flatMap((layer) => layer[0]!.map(value));
			planes.push(content === 'scores' ? z : content === 'outputs' ? shown : [...hidden, ...shown]);
		}
	return planes[0]!.flatMap((_, k) => planes.map((pixel) => pixel[k]!));
}

describe('fields on typed arrays', () => {
	it.each(trainerCases())('equal the forward pass of the reference at every pixel: %s', (_, spec) => {
		const reference = new ReferenceNetwork(spec);
		for (let i = 0; i < 5; i++) reference.train();
		const network = {
			network: spec.network,
			loss: spec.learning.loss,
			outputs: reference.layout.outputs,
			parameters: Float32Array.from(reference.parameters()),
			running: Float32Array.from(reference.running())
		};
		for (const content of ['outputs', 'scores', 'neurons'] satisfies FieldContent[]) {
			const request = { window, width: 13, height: 7, content };
			const field = planeField(network, request);
			expect(field).toHaveLength(planesOf(network, { content }) * 13 * 7);
			expectClose({ data: field }, { data: expected(reference, request) }, { rtol: 1e-5, atol: 2e-6 });
		}
		const probe = valuesAt(
			network,
			{ x1: Float64Array.of(-3 + 4 / 13), x2: Float64Array.of(2 - 1.75 / 7) },
			{ content: 'neurons' }
		);
		const field = planeField(network, { window, width: 13, height: 7, content: 'neurons' });
		expectClose({ data: probe }, { data: Array.from(probe, (_, k) => field[k * 91]!) });
	});

	it('are no numbers from the layer on where a sum is none, and numbers before', () => {
		const [cells, hidden] = [13 * 7, 5 + 6];
		for (const [i, network] of lostNetworks().entries()) {
			const request = { window, width: 13, height: 7 };
			const of = (content: FieldContent) => Array.from(planeField(network, { ...request, content }));
			expect([...of('outputs'), ...of('scores')].every(Number.isNaN)).toBe(true);
			// The last network's sums grow too large in the last layer only.
			const sound = cells * (i < 4 ? 5 : hidden);
			const neurons = of('neurons');
			expect(neurons.slice(0, sound).every(Number.isFinite)).toBe(true);
			expect(neurons.slice(sound).every(Number.isNaN)).toBe(true);
		}
	});

	it('knows where float32 ends: there neighbouring pixels differ in a sum of float32, deeper they do not', () => {
		expect(isHonest({ x1: [-6, 6], x2: [-6, 6] }, 1024, 1024)).toBe(true);
		expect(isHonest({ x1: [3, 3 + 1e-4], x2: [3, 3 + 1e-4] }, 1024, 1024)).toBe(false);
		expect(isHonest({ x1: [-1e-9, 1e-9], x2: [-1e-9, 1e-9] }, 1024, 1024)).toBe(false);
		const pixels = 1024;
		/** Different sums x + b that a row of pixels has, each operation rounded to float32 as on the GPU. */
		const different = ({ x1: [low, high] }: PlaneWindow, bias: number) => {
			const [left, right, f] = [Math.fround(low), Math.fround(high), Math.fround];
			const sum = (column: number) => f(f(left + f(f((column + 0.5) / pixels) * f(right - left))) + bias);
			return new Set(Array.from({ length: pixels }, (_, column) => sum(column))).size;
		};
		for (const [x, bias] of [
			[0.3, 1],
			[1.7, 0],
			[-4.9, 0],
			[5.3, 0.1]
		] as const) {
			let deepest: PlaneWindow = WHOLE;
			const [right, down] = positionOf(WHOLE, x, x);
			for (let next = zoomed(deepest, 1.25, right, down, pixels); next !== deepest;) {
				deepest = next;
				next = zoomed(deepest, 1.25, ...positionOf(deepest, x, x), pixels);
			}
			expect(isHonest(deepest, pixels, pixels)).toBe(true);
			expect(deepest.x1[1] - deepest.x1[0]).toBeLessThan(0.005);
			expect(different(deepest, bias)).toBe(pixels);
			const span = (deepest.x1[1] - deepest.x1[0]) / 32;
			expect(different({ x1: [x - span, x + span], x2: [0, 1] }, bias)).toBeLessThan(0.9 * pixels);
		}
	});
});
