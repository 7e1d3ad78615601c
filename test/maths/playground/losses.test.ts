import { describe, expect, it } from 'vitest';
import { activate, erf, erfSingle, FORMULAS, LEAK, sigmoid, slope } from '#maths/playground/activations.ts';
import { isRight, lossAt, outputActivation } from '#maths/playground/losses.ts';
import { epochOrder, OPTIMISERS, rateAt, stepFactors, stepsPerEpoch } from '#maths/playground/schedule.ts';
import { ACTIVATIONS, LOSSES, type OptimiserSpec, type Schedule } from '#maths/playground/spec.ts';
import { update } from '#maths/playground/update.ts';
import { expectClose } from '../../close.ts';
import { playground } from '../../tools/playground.ts';

describe('activations on arrays', () => {
	const z = Float64Array.of(-8, -1.5, -0.1, 0, 0.2, 1.7, 9, 5, 5);
	it.each(ACTIVATIONS)('%s is its formula for the first so many, and leaves the rest', (kind) => {
		const a = new Float64Array(9).fill(7);
		activate(kind, z, a, 7);
		const { value, slope: slopeOf } = FORMULAS[kind];
		expectClose({ data: a.subarray(0, 7) }, { data: [...z.subarray(0, 7)].map(value) }, { rtol: 2e-7, atol: 3e-7 });
		expect([...a.subarray(7)]).toEqual([7, 7]);
		const d = new Float64Array(9).fill(3);
		slope(kind, z, a, d, 7);
		expectClose(
			{ data: d.subarray(0, 7) },
			{ data: [...z.subarray(0, 7)].map((x) => 3 * slopeOf(x)) },
			{ rtol: 2e-6, atol: 1e-6 }
		);
		expect([...d.subarray(7)]).toEqual([3, 3]);
	});

	it('have their textbook values', () => {
		const of = (kind: (typeof ACTIVATIONS)[number], x: number) => FORMULAS[kind].value(x);
		expect(of('tanh', 0.5)).toBeCloseTo(0.46211715726, 11);
		expect(of('sigmoid', 1)).toBeCloseTo(0.7310585786300049, 14);
		expect([sigmoid(-1000), sigmoid(1000), sigmoid(-1)]).toEqual([
			0,
			1,
			expect.closeTo(0.2689414213699951, 14) as number
		]);
		expect([of('leaky-relu', -2), of('leaky-relu', 2), LEAK]).toEqual([-0.02, 2, 0.01]);
		expect(of('elu', -1)).toBeCloseTo(-0.6321205588285577, 14);
		expect([of('gelu', 1), of('gelu', -1)]).toEqual(
			[0.8413447460685429, -0.15865525393145707].map((v) => expect.closeTo(v, 12) as number)
		);
		expect([of('softplus', 0), of('softplus', 800), of('softplus', -800)]).toEqual([Math.LN2, 800, 0]);
		expect([of('relu', -1), of('relu', 3), of('linear', -3)]).toEqual([0, 3, -3]);
		expect([FORMULAS.relu.slope(0), FORMULAS['leaky-relu'].slope(0), FORMULAS.elu.slope(0)]).toEqual([0, LEAK, 1]);
	});

	it('the error function is right on both sides of where its form changes, and far out', () => {
		// By mpmath.
		for (const [x, value] of [
			[0.1, 0.1124629160182849],
			[1.5, 0.96610514647531],
			[2.4, 0.99931148610335],
			[2.5, 0.999593047982555],
			[2.6, 0.9997639655834707],
			[4, 0.9999999845827421],
			[5.9, 0.9999999999999999]
		] as const) {
			expect(Math.abs(erf(x) - value)).toBeLessThan(1e-14);
			expect(erf(-x)).toBe(-erf(x));
			expect(Math.abs(erfSingle(x) - value)).toBeLessThan(1.5e-7);
			expect(erfSingle(-x)).toBe(-erfSingle(x));
		}
		expect([erf(0), erf(6.1), erf(-7), erf(Infinity)]).toEqual([0, 1, -1, 1]);
	});
});

describe('losses', () => {
	const at = (kind: (typeof LOSSES)[number], z: number[], y: number, outputs = z.length) => {
		const d = new Float64Array(z.length + 2).fill(9);
		const loss = lossAt(kind, Float64Array.from([99, ...z, 99]), 1, outputs, y, d, 2);
		expect([d[0], d.at(-1)]).toEqual([9, 9]);
		return { loss, slopes: [...d.subarray(1, -1)] };
	};
	const close = (values: number[]) => values.map((v) => expect.closeTo(v, 12) as number);
	it('are those of the textbooks, with their slopes', () => {
		// Softmax of log 1, log 2, log 5.
		const logs = [0, Math.log(2), Math.log(5)];
		expect(at('cross-entropy', logs, 1)).toEqual({
			loss: expect.closeTo(Math.log(4), 12) as number,
			slopes: close([2 / 8, 2 * (2 / 8 - 1), 10 / 8])
		});
		expect(at('cross-entropy', [1000, 0], 1).loss).toBe(1000);
		expect(at('logistic', [Math.log(3)], 1)).toEqual({
			loss: expect.closeTo(Math.log(4 / 3), 12) as number,
			slopes: close([2 * (0.75 - 1)])
		});
		expect(at('logistic', [Math.log(3)], 0).loss).toBeCloseTo(Math.log(4), 12);
		expect([at('logistic', [-800], 1).loss, at('logistic', [800], 0).loss]).toEqual([800, 800]);
		expect(at('squared', [3], 1)).toEqual({ loss: 2, slopes: [4] });
		const a = Math.tanh(0.5);
		expect(at('squared-tanh', [0.5], 0)).toEqual({
			loss: expect.closeTo(0.5 * (a + 1) ** 2, 12) as number,
			slopes: close([2 * (a + 1) * (1 - a * a)])
		});
		expect(at('squared-tanh', [0.5], 1).loss).toBeCloseTo(0.5 * (a - 1) ** 2, 12);
		expect(at('squared-tanh', [0.5, 0], 1)).toEqual({
			loss: expect.closeTo(0.5 * (a + 1) ** 2 + 0.5, 12) as number,
			slopes: close([2 * (a + 1) * (1 - a * a), -2])
		});
		expect(lossAt('squared', Float64Array.of(3), 0, 1, 1, null, 1)).toBe(2);
	});

	it('call an answer right that is the largest, or of the right sign', () => {
		const right = (z: number[], y: number) => isRight(Float64Array.from([99, ...z]), 1, z.length, y);
		expect([right([1, 2, 0], 1), right([1, 2, 0], 0), right([3, 2, 0], 0), right([0, 1, 2], 2)]).toEqual([
			...[true, false],
			...[true, true]
		]);
		// Of equals the first.
		expect([right([2, 2], 0), right([2, 2], 1)]).toEqual([true, false]);
		expect([right([0.1], 1), right([-0.1], 1), right([0], 0), right([0], 1)]).toEqual([true, false, true, false]);
		expect([right([NaN], 0), right([1, Infinity], 1), right([1, 2, NaN], 1)]).toEqual([false, false, false]);
	});

	it('show outputs as probabilities, tanh, or what they are', () => {
		const shown = (kind: (typeof LOSSES)[number], z: number[]) => {
			const values = Float64Array.from([99, ...z, 99]);
			outputActivation(kind, values, 1, z.length);
			expect([values[0], values.at(-1)]).toEqual([99, 99]);
			return [...values.subarray(1, -1)];
		};
		expect(shown('cross-entropy', [0, Math.log(2), Math.log(5)])).toEqual(close([1 / 8, 2 / 8, 5 / 8]));
		expect(shown('cross-entropy', [1000, 0])).toEqual([1, 0]);
		expect(shown('logistic', [Math.log(3)])).toEqual(close([0.75]));
		expect(shown('squared-tanh', [0.5, -2])).toEqual([Math.tanh(0.5), Math.tanh(-2)]);
		expect(shown('squared', [5])).toEqual([5]);
	});
});

describe('updates', () => {
	const step = (
		optimiser: OptimiserSpec,
		{ l1 = 0, l2 = 0, decay = 0 } = {},
		factors = { rate: 0.1, first: 0.2, second: 3 }
	) => {
		const parameters = Float32Array.of(7, 1, -2, 7);
		const slots = Float32Array.of(7, 7, 0.5, 0.25, -1, 4, 7, 7);
		update(optimiser, factors, parameters, Float64Array.of(7, 4, -8, 7), slots, 1, 3, { l1, l2, decay });
		expect([parameters[0], parameters[3], slots[0], slots[1], slots[6], slots[7]]).toEqual(Array(6).fill(7));
		return { values: [...parameters.subarray(1, 3)], slots: [...slots.subarray(2, 6)] };
	};
	const close = (values: number[]) => values.map((v) => expect.closeTo(v, 5) as number);

	it('are the rules of the papers', () => {
		expect(step({ kind: 'sgd' }).values).toEqual(close([0.6, -1.2]));
		expect(step({ kind: 'momentum', momentum: 0.5 })).toEqual({
			values: close([1 - 0.1 * 4.25, -2 + 0.1 * 8.5]),
			slots: close([4.25, 0.25, -8.5, 4])
		});
		expect(step({ kind: 'rmsprop', decay: 0.75, epsilon: 0.5 })).toEqual({
			values: close([1 - 0.4 / (Math.sqrt(4.375) + 0.5), -2 + 0.8 / (Math.sqrt(15.25) + 0.5)]),
			slots: close([4.375, 0.25, 15.25, 4])
		});
		// m = 0.5 · 0.5 + 0.5 · 4, v = 0.75 · 0.25 + 0.25 · 16; and of the other -4.5 and 19.
		const adam = { kind: 'adam', beta1: 0.5, beta2: 0.75, epsilon: 0.5 } as const;
		expect(step(adam)).toEqual({
			values: close([1 - (0.2 * 2.25) / (Math.sqrt(4.1875) * 3 + 0.5), -2 + (0.2 * 4.5) / (Math.sqrt(19) * 3 + 0.5)]),
			slots: close([2.25, 4.1875, -4.5, 19])
		});
		const weighed = step({ ...adam, kind: 'adamw', weightDecay: 9 }, { decay: 0.5 }).values;
		expect(weighed).toEqual(close(step(adam).values.map((v, i) => v - 0.05 * [1, -2][i]!)));
	});

	it('add penalties: squares to the slope, absolute values by a threshold', () => {
		expect(step({ kind: 'sgd' }, { l2: 0.5 }).values).toEqual(close([1 - 0.1 * 4.5, -2 + 0.1 * 9]));
		expect(step({ kind: 'sgd' }, { l1: 2 }).values).toEqual(close([0.4, -1]));
		expect(step({ kind: 'sgd' }, { l1: 9 }).values).toEqual(close([0, -0.3]));
		expect(step({ kind: 'sgd' }, { l1: 12.5 }).values).toEqual([0, 0]);
	});
});

describe('schedules', () => {
	it('change the rate by time', () => {
		const rate = (schedule: Schedule, epochs: number) => rateAt({ rate: 2, schedule }, epochs);
		expect(rate({ kind: 'constant' }, 99)).toBe(2);
		const step = { kind: 'step', every: 10, factor: 0.5 } as const;
		expect([9.9, 10, 25].map((t) => rate(step, t))).toEqual([2, 1, 0.5]);
		expect(rate({ kind: 'exponential', every: 10, factor: 0.25 }, 5)).toBeCloseTo(1, 12);
		const cosine = { kind: 'cosine', over: 10, floor: 0.1 } as const;
		expect([0, 5, 10, 99].map((t) => rate(cosine, t))).toEqual(
			[2, 2 * 0.55, 0.2, 0.2].map((v) => expect.closeTo(v, 12) as number)
		);
	});
	it('undo Adam’s start from zero, and nobody else’s', () => {
		const { learning } = playground({ learning: { rate: 0.5, optimiser: OPTIMISERS.adam } });
		expect(stepFactors(learning, 0, 10).rate).toBe(0.5);
		expect(stepFactors(learning, 0, 10).first).toBeCloseTo(5, 9);
		expect(stepFactors(learning, 0, 10).second).toBeCloseTo(1 / Math.sqrt(0.001), 6);
		expect(stepFactors(learning, 2, 10).first).toBeCloseTo(0.5 / (1 - 0.9 ** 3), 9);
		const decays = { kind: 'step', every: 1, factor: 0.5 } as const;
		const plain = playground({ learning: { rate: 1, schedule: decays } }).learning;
		expect(stepFactors(plain, 25, 10)).toEqual({ rate: 0.25, first: 0.25, second: 1 });
		expect(OPTIMISERS).toMatchObject({
			momentum: { momentum: 0.9 },
			rmsprop: { decay: 0.9, epsilon: 1e-7 },
			adam: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
			adamw: { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weightDecay: 0.01 }
		});
	});
	it('go through all samples once an epoch', () => {
		expect([stepsPerEpoch(100, 10), stepsPerEpoch(101, 10), stepsPerEpoch(0, 10)]).toEqual([10, 11, 1]);
		expect([...epochOrder(4, 1, 3, 'fixed')]).toEqual([0, 1, 2, 3]);
		const [one, other] = [epochOrder(50, 1, 0, 'shuffled'), epochOrder(50, 1, 1, 'shuffled')];
		expect(one).not.toEqual(other);
		expect(epochOrder(50, 1, 0, 'shuffled')).toEqual(one);
		expect([...one].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, i) => i));
	});
});
