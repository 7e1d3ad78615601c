import { describe, expect, it } from 'vitest';
import { playgroundCost } from '#maths/playground/cost.ts';
import { dropoutSeed, dropoutThreshold, silent } from '#maths/playground/dropout.ts';
import { Detail } from '#maths/playground/detail.ts';
import {
	initialParameters,
	initialRunning,
	lossProblem,
	networkLayout,
	outputsOf,
	productsOf,
	specProblem
} from '#maths/playground/layout.ts';
import { packedNetwork, soundLayers, sumBound } from '#maths/playground/packing.ts';
import { panned, positionOf, pointAt, ticks, zoomed, zoomedWithin } from '#maths/playground/plane-view.ts';
import { shuffle, stream } from '#maths/random.ts';
import { INITIALISERS } from '#maths/playground/spec.ts';
import { planeNetwork, playground } from '../../tools/playground.ts';

const networkOf = (changes: Parameters<typeof playground>[0]) => playground(changes).network;

describe('where a network’s numbers lie', () => {
	it('is layer after layer: weights, biases, scales', () => {
		expect(networkLayout(networkOf({ network: { hidden: [4, 3] } }), 2)).toEqual({
			...{ inputs: 2, outputs: 2, parameters: 8 + 4 + 12 + 3 + 6 + 2, running: 0, units: 9 },
			layers: [
				{ inputs: 2, units: 4, weights: 0, bias: 8, scale: -1, running: -1, before: 0 },
				{ inputs: 4, units: 3, weights: 12, bias: 24, scale: -1, running: -1, before: 4 },
				{ inputs: 3, units: 2, weights: 27, bias: 33, scale: -1, running: -1, before: 7 }
			]
		});
		expect(networkLayout(networkOf({ network: { hidden: [4, 3], batchNorm: true } }), 1)).toMatchObject({
			...{ parameters: 8 + 8 + 12 + 6 + 3 + 1, running: 14 },
			layers: [
				{ bias: 8, scale: 12, running: 0 },
				{ weights: 16, bias: 28, scale: 31, running: 8 },
				{ weights: 34, bias: 37, scale: -1, running: -1 }
			]
		});
		expect(productsOf({ network: networkOf({ network: { hidden: [4, 3] } }), outputs: 2 })).toBe(8 + 12 + 6);
	});

	it.each(INITIALISERS)('%s draws weights of its law, the same for a seed', (initialiser) => {
		const layout = networkLayout(networkOf({ network: { hidden: [300, 100], batchNorm: true } }), 1);
		const parameters = initialParameters(layout, initialiser, 3);
		expect(initialParameters(layout, initialiser, 3)).toEqual(parameters);
		const { weights, bias, scale, units, inputs } = layout.layers[1]!;
		const own = parameters.subarray(weights, weights + inputs * units);
		const std = Math.sqrt(own.reduce((sum, v) => sum + v * v, 0) / own.length);
		// He et al. 2015, Glorot & Bengio 2010, LeCun et al. 1998; a uniform distribution of ±a has std a / √3.
		const expected = {
			uniform: 0.5 / Math.sqrt(3),
			'glorot-uniform': Math.sqrt(2 / 400),
			'glorot-normal': Math.sqrt(2 / 400),
			'he-uniform': Math.sqrt(2 / 300),
			'he-normal': Math.sqrt(2 / 300),
			'lecun-normal': Math.sqrt(1 / 300),
			tiny: 0.01,
			zeros: 0
		}[initialiser];
		expect(Math.abs(std - expected)).toBeLessThanOrEqual(0.02 * expected);
		const max = Math.max(...own.map(Math.abs));
		if (initialiser.endsWith('uniform')) expect(max / std).toBeLessThan(1.76);
		else if (initialiser !== 'zeros') expect(max / std).toBeGreaterThan(3);
		expect([...parameters.subarray(scale, scale + units)].every((v) => v === 1)).toBe(true);
		expect([...parameters.subarray(bias, bias + units)].every((v) => v === 0)).toBe(true);
		const last = layout.layers[2]!;
		expect(parameters[last.bias]).toBeCloseTo(initialiser === 'uniform' ? 0.1 : 0, 6);
		const running = initialRunning(layout);
		expect([running.length, running[0], running[299], running[300], running[599], running[600], running[700]]).toEqual([
			...[800, 0, 0, 1],
			...[1, 0, 1]
		]);
	});

	it('has as many outputs as the loss wants', () => {
		expect(outputsOf('squared', 0)).toBe(1);
		expect(outputsOf('logistic', 2)).toBe(1);
		expect([outputsOf('squared-tanh', 2), outputsOf('squared-tanh', 3)]).toEqual([1, 3]);
		expect([outputsOf('cross-entropy', 2), outputsOf('cross-entropy', 5)]).toEqual([2, 5]);
		expect(lossProblem('squared', 0)).toBeNull();
		expect(lossProblem('squared', 2)).toMatch(/for classes/);
		expect([lossProblem('logistic', 2), lossProblem('cross-entropy', 3)]).toEqual([null, null]);
	});

	it('costs what is counted', () => {
		// 4-2 on two inputs with one output: 12 + 10 + 3 numbers, 8 + 8 + 2 products.
		expect(playgroundCost(playground())).toEqual({
			parameters: 25,
			operations: 54,
			bytes: 20 * 25 + 8 * 64 * (2 + 3 * 7)
		});
		const more = playground({ network: { batchNorm: true, dropout: 0.1 }, learning: { batch: 9999 } });
		expect(playgroundCost(more).bytes).toBe(20 * 31 + 8 * 500 * (2 + 5 * 7));
	});

	it('is refused where it cannot be trained', () => {
		const problem = (changes: Parameters<typeof playground>[0], classes = 2) =>
			specProblem(playground(changes), classes);
		expect(problem({})).toBeNull();
		expect(problem({ learning: { batch: 0 } })).toMatch(/batch/);
		expect(problem({ learning: { batch: 1.5 } })).toMatch(/batch/);
		expect(problem({ data: { size: 0 } })).toMatch(/one point/);
		expect([problem({ network: { dropout: 1 } }), problem({ network: { dropout: -0.1 } })]).toEqual([
			expect.stringMatching(/Dropout/),
			expect.stringMatching(/Dropout/)
		]);
		expect(
			[problem({ network: { l1: -1 } }), problem({ network: { l2: -1 } })].every((text) => /Penalt/.test(text ?? ''))
		).toBe(true);
		expect(problem({ learning: { rate: Infinity } })).toMatch(/rate/);
		expect(problem({}, 1)).toMatch(/only one class/);
		for (const schedule of [
			{ kind: 'cosine', over: 0, floor: 0 },
			{ kind: 'exponential', every: -1, factor: 1 }
		] as const)
			expect(problem({ learning: { schedule } })).toMatch(/time above zero/);
		expect(problem({ learning: { schedule: { kind: 'cosine', over: 1, floor: 0 } } })).toBeNull();
	});
});

describe('silent neurons', () => {
	it('are the share asked for, and others in each step', () => {
		const seed = dropoutSeed(3);
		const threshold = dropoutThreshold(0.25);
		expect([threshold, dropoutThreshold(0), dropoutThreshold(0.9999999)]).toEqual([2 ** 22, 0, 2 ** 24 - 2]);
		const of = (step: number, sample: number) =>
			Array.from({ length: 400 }, (_, unit) => silent(seed, step, sample, unit, threshold));
		const share = [0, 1, 2, 3, 4].flatMap((step) => of(step, 0)).filter(Boolean).length / 2000;
		expect(Math.abs(share - 0.25)).toBeLessThan(0.04);
		expect(of(0, 0)).not.toEqual(of(1, 0));
		expect(of(0, 0)).not.toEqual(of(0, 1));
		expect(dropoutSeed(4)).not.toBe(seed);
		expect(silent(seed, 0, 0, 0, 0)).toBe(false);
	});
	it('and points are drawn from streams of their own', () => {
		const first = (...given: Parameters<typeof stream>) => stream(...given).uniform();
		expect(
			new Set([first(1, 'data'), first(1, 'split'), first(1, 'weights'), first(2, 'data'), first(1, 'data', 1)]).size
		).toBe(5);
		const { between } = stream(5, 'order');
		const drawn = Array.from({ length: 1000 }, () => between(-2, 6));
		expect([Math.min(...drawn), Math.max(...drawn)].map(Math.round)).toEqual([-2, 6]);
		const shuffled = shuffle([0, 1, 2, 3, 4, 5, 6, 7], stream(2, 'order'));
		expect([...shuffled].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
		expect(shuffled).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
		const shares = new Float64Array(3);
		for (let seed = 0; seed < 3000; seed++) shares[shuffle([0, 1, 2], stream(seed, 'order')).indexOf(0)]! += 1 / 1000;
		expect(Math.max(...shares.map((v) => Math.abs(v - 1)))).toBeLessThan(0.1);
	});
});

describe('weights in fours', () => {
	const network = planeNetwork({ network: { hidden: [5, 3], batchNorm: true } }, 2);
	const packed = packedNetwork(network);
	it('give the sums that the network has, norms folded in', () => {
		const layout = networkLayout(network.network, 2);
		expect(packed.layers.map(({ inputs, units }) => [inputs, units])).toEqual([
			[1, 2],
			[2, 1],
			[1, 1]
		]);
		packed.layers.forEach(({ inputs, units, weights, bias }, l) => {
			const own = layout.layers[l]!;
			for (let o = 0; o < 4 * units; o++) {
				const { parameters, running } = network;
				const normed = own.scale >= 0;
				const std = normed ? Math.sqrt(running[own.running + own.units + o]! + 1e-3) : 1;
				const factor = normed ? parameters[own.scale + o]! / std : 1;
				const shift = normed ? factor * running[own.running + o]! : 0;
				const at = packed.values[4 * bias + o];
				if (o >= own.units) expect(at).toBe(0);
				else expect(at).toBeCloseTo(parameters[own.bias + o]! - shift, 5);
				for (let i = 0; i < 4 * inputs; i++) {
					// Four units by four inputs; columns of a matrix one after the other.
					const block = Math.floor(o / 4) * inputs + Math.floor(i / 4);
					const value = packed.values[4 * weights + 16 * block + 4 * (i % 4) + (o % 4)];
					const real = o < own.units && i < own.inputs;
					expect(value).toBeCloseTo(real ? factor * parameters[own.weights + o * own.inputs + i]! : 0, 5);
				}
			}
		});
		expect(packed.values).toHaveLength(4 * (4 * 2 + 2 + 4 * 2 + 1 + 4 + 1));
	});

	it('know where numbers are lost, and what no sum exceeds', () => {
		expect(soundLayers(packed)).toBe(3);
		const lost = { ...packed, values: packed.values.slice() };
		lost.values[4 * lost.layers[1]!.weights] = NaN;
		expect(soundLayers(lost)).toBe(1);
		const late = { ...packed, values: packed.values.slice() };
		late.values[4 * (late.layers[2]!.bias + 1) - 1] = Infinity;
		expect(soundLayers(late)).toBe(2);
		// One unit of weights 2 and -3 and bias 0.5 at inputs up to 4: 20.5, and 1; then 10 of that and 1.
		const small = {
			layers: [
				{ inputs: 1, units: 1, weights: 0, bias: 4 },
				{ inputs: 1, units: 1, weights: 5, bias: 9 }
			],
			values: new Float32Array(40)
		};
		small.values[0] = 2;
		small.values[4] = -3;
		small.values[16] = -0.5;
		small.values[20] = -10;
		expect(sumBound(small, 4)).toBe(10 * 21.5 + 1);
	});
});

describe('a part of the plane', () => {
	const window = { x1: [0, 10], x2: [-5, 15] } as const;
	it('has positions, and is moved and zoomed about them', () => {
		expect(pointAt(window, 0.2, 0.25)).toEqual([2, 10]);
		expect(positionOf(window, 2, 10)).toEqual([0.2, 0.25]);
		expect(panned(window, 0.1, 0.2)).toEqual({ x1: [-1, 9], x2: [-1, 19] });
		expect(zoomedWithin(window, 2, { min: 0.1, max: 9 }, 0.2, 0.25)).toEqual({ x1: [1, 6], x2: [2.5, 12.5] });
		expect(zoomedWithin(window, 9, { min: 0.1, max: 4 }, 0, 1)).toEqual({ x1: [0, 2.5], x2: [-5, 0] });
		expect(zoomedWithin(window, 0.1, { min: 0.5, max: 4 }, 0, 1)).toEqual({ x1: [0, 20], x2: [-5, 35] });
		expect(zoomedWithin(window, 1.0009, { min: 0.5, max: 4 }, 0, 1)).toBe(window);
		expect(zoomed({ x1: [-6000, 6000], x2: [-6000, 6000] }, 0.5, 0.5, 0.5).x1).toEqual([-6000, 6000]);
	});
	it('has round marks', () => {
		expect(ticks([0, 10]).map((v) => v + 0)).toEqual([0, 2, 4, 6, 8, 10]);
		expect(ticks([0, 1], 10).map((v) => v + 0)).toEqual(
			Array.from({ length: 11 }, (_, k) => expect.closeTo(k / 10, 12) as number)
		);
		expect(ticks([-3, 3], 3).map((v) => v + 0)).toEqual([-2, 0, 2]);
		expect(ticks([0, 100]).map((v) => v + 0)).toEqual([0, 20, 40, 60, 80, 100]);
		expect(ticks([-300, 250], 5).map((v) => v + 0)).toEqual([-200, 0, 200]);
		expect(ticks([0.001, 0.005], 4).map((v) => Number(v.toFixed(9)))).toEqual([0.001, 0.002, 0.003, 0.004, 0.005]);
		expect(ticks([0.5, 30], 6)).toEqual([5, 10, 15, 20, 25, 30]);
	});
});

it('a picture begins as finely as its products allow, and no finer than is asked', () => {
	expect([new Detail(50).side(1024), new Detail(50).side(100), new Detail(50).side(0)]).toEqual([128, 100, 1]);
	// 2^25 products: 2^11 for each of 128², 2^13 for each of 64².
	expect([2 ** 11, 2 ** 11 + 1, 2 ** 13, 1e9].map((products) => new Detail(50, products).side(1024))).toEqual([
		...[128, 91],
		...[64, 32]
	]);
});
