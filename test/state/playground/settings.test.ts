import { describe, expect, it } from 'vitest';
import type { PlaygroundSpec } from '#contracts/playground.ts';
import { axisOf, GRID_AXES, parseValues } from '#state/playground/axes.ts';
import {
	formatHidden,
	keepsWeights,
	learningFor,
	parseHidden,
	relevant,
	sameSpec,
	specOf
} from '#state/playground/settings.ts';
import { playground } from '../../tools/playground.ts';

const of = (settings: Record<string, string>, points: Parameters<typeof specOf>[1] = null) =>
	specOf((key, otherwise) => settings[key] ?? otherwise, points);
const points = (count: number, classes = 2) => {
	const y = Float64Array.from({ length: count }, (_, i) => i % classes);
	return { x1: y, x2: y, y, classes };
};

describe('a link’s numbers', () => {
	it.each<[string, string, string, (spec: PlaygroundSpec) => unknown, unknown, unknown]>([
		['noise', '-1', '51', ({ data }) => data.noise, 0, 0.5],
		['size', '9', '5001', ({ data }) => data.size, 10, 5000],
		['share', '9', '91', ({ data }) => data.trainShare, 0.1, 0.9],
		['seed', '-1', '3000000000', ({ seed }) => seed, 0, 2147483647],
		['l1', '-1', '11', ({ network }) => network.l1, 0, 10],
		['l2', '-1', '11', ({ network }) => network.l2, 0, 10],
		['dropout', '-1', '91', ({ network }) => network.dropout, 0, 0.9],
		['rate', '-1', '11', ({ learning }) => learning.rate, 0, 10],
		['batch', '0', '1000001', ({ learning }) => learning.batch, 1, 1e6]
	])('%s is held within its bounds', (key, low, high, read, min, max) => {
		expect(read(of({ [key]: low }))).toEqual(min);
		expect(read(of({ [key]: high }))).toEqual(max);
	});

	it('of optimisers and schedules go where they belong', () => {
		const learning = (settings: Record<string, string>) => of(settings).learning;
		expect(learning({ optimiser: 'momentum', momentum: '2' }).optimiser).toEqual({ kind: 'momentum', momentum: 0.999 });
		expect(learning({ optimiser: 'momentum' }).optimiser).toEqual({ kind: 'momentum', momentum: 0.9 });
		expect(learning({ optimiser: 'adamw', decay: '0.5' }).optimiser).toMatchObject({ kind: 'adamw', weightDecay: 0.5 });
		expect(learning({ optimiser: 'adamw', decay: '2' }).optimiser).toMatchObject({ weightDecay: 1 });
		expect(learning({ optimiser: 'adam' }).optimiser).toEqual({
			...{ kind: 'adam', beta1: 0.9, beta2: 0.999 },
			epsilon: 1e-7
		});
		expect(learning({ optimiser: 'rmsprop' }).optimiser).toEqual({ kind: 'rmsprop', decay: 0.9, epsilon: 1e-7 });
		expect(learning({ schedule: 'step', every: '0', factor: '-1' }).schedule).toEqual({
			...{ kind: 'step', every: 1 },
			factor: 0
		});
		expect(learning({ schedule: 'exponential', every: '200000', factor: '9' }).schedule).toEqual({
			...{ kind: 'exponential', every: 1e5 },
			factor: 1
		});
		expect(learning({ schedule: 'cosine' }).schedule).toEqual({ kind: 'cosine', over: 100, floor: 0.5 });
	});

	it('say with what loss values and classes are trained', () => {
		const loss = (settings: Record<string, string>) => of(settings).learning.loss;
		expect([loss({ data: 'plane' }), loss({ data: 'plane', loss: 'logistic' })]).toEqual(['squared', 'squared']);
		expect([loss({ data: 'spirals', loss: 'logistic' }), loss({ loss: 'logistic' })]).toEqual([
			'cross-entropy',
			'logistic'
		]);
	});

	it('count the own points, as many as there are', () => {
		expect(of({ data: 'points' }, points(60)).data).toMatchObject({ kind: 'points', size: 60, points: { classes: 2 } });
		expect(of({ data: 'points', 'own-size': '20', size: '30' }, points(60)).data.size).toBe(20);
		expect(of({ data: 'circle', 'own-size': '20' }, points(60)).data).toMatchObject({ size: 500 });
		expect(of({ data: 'circle' }, points(60)).data.points).toBeUndefined();
		expect(of({ norm: 'true' }).network.batchNorm).toBe(true);
	});
});

describe('forms', () => {
	it('offer the losses that the classes can be trained with, and what does anything', () => {
		const losses = (classes: number) =>
			learningFor(classes).flatMap((spec) =>
				spec.id === 'loss' && spec.kind === 'choice' ? spec.options.map(({ id }) => id) : []
			);
		expect(losses(2)).toEqual(['squared-tanh', 'cross-entropy', 'logistic']);
		expect(losses(3)).toEqual(['squared-tanh', 'cross-entropy']);
		expect(learningFor(3).map(({ id }) => id)).toEqual(learningFor(2).map(({ id }) => id));
		const now = { optimiser: 'adamw', schedule: 'step' };
		expect(['momentum', 'decay', 'every', 'factor', 'rate'].filter((id) => relevant(id, now))).toEqual([
			...['decay', 'every'],
			...['factor', 'rate']
		]);
		const other = { optimiser: 'momentum', schedule: 'constant' };
		expect(['momentum', 'decay', 'every', 'factor', 'rate'].filter((id) => relevant(id, other))).toEqual([
			'momentum',
			'rate'
		]);
	});

	it('write layers as a link does', () => {
		expect([formatHidden([]), formatHidden([3, 2])]).toEqual(['none', '3,2']);
		expect(parseHidden('9007199254740993')).toEqual([4, 2]);
		expect(parseHidden('1,2')).toEqual([1, 2]);
	});
});

describe('what has changed', () => {
	const base = playground();
	it('leaves the weights where only pace, penalties or points of the same classes differ', () => {
		const keeps = (changes: Parameters<typeof playground>[0]) => keepsWeights(base, playground(changes));
		expect(keeps({ learning: { rate: 9, schedule: { kind: 'cosine', over: 1, floor: 0 } } })).toBe(true);
		expect(keeps({ network: { l1: 1, l2: 1 } })).toBe(true);
		expect(keeps({ network: { dropout: 0.1 } })).toBe(false);
		expect(keepsWeights(playground({ network: { dropout: 0.1 } }), playground({ network: { dropout: 0.2 } }))).toBe(
			true
		);
		for (const changes of [
			{ learning: { loss: 'logistic' } },
			{ learning: { batch: 11 } },
			{ learning: { order: 'shuffled' } },
			{ seed: 2 },
			{ data: { size: 20 } },
			{ network: { activation: 'relu' } }
		] as const)
			expect(keeps(changes), JSON.stringify(changes)).toBe(false);
		const own = (count: number, classes: number) =>
			playground({ data: { kind: 'points', points: points(count, classes) } });
		expect(keepsWeights(own(10, 2), own(12, 2))).toBe(true);
		expect(keepsWeights(own(10, 2), own(10, 3))).toBe(false);
	});
	it('is nothing where both say the same', () => {
		expect(sameSpec(base, playground())).toBe(true);
		expect(sameSpec(base, playground({ learning: { rate: 1 } }))).toBe(false);
		expect(sameSpec(base, playground({ data: { noise: 0.1 } }))).toBe(false);
		const one = playground({ data: { points: points(4) } });
		expect(sameSpec(one, playground({ data: { points: points(4) } }))).toBe(false);
		expect(sameSpec(one, { ...one })).toBe(true);
	});
});

describe('values of a grid’s axis', () => {
	const axis = (id: string) => GRID_AXES.find((one) => one.id === id)!;
	it('are written as headings with their unit', () => {
		const label = (id: string, value: string) => axis(id).label(value);
		expect([label('noise', '10'), label('every', '30'), label('rate', '0.1')]).toEqual(['10 %', '30 epochs', '0.1']);
		expect([label('depth', '1'), label('depth', '2'), label('width', '1'), label('width', '2')]).toEqual([
			...['1 layer', '2 layers'],
			...['1 neuron', '2 neurons']
		]);
		expect([label('norm', 'true'), label('norm', 'false'), label('activation', 'relu')]).toEqual(['on', 'off', 'ReLU']);
	});
	it('are those of the axis that is called so, else of the usual one', () => {
		expect([axisOf('rate', 'l1').id, axisOf('x', 'l1').id, axisOf('depth', 'l1').id]).toEqual(['rate', 'l1', 'depth']);
	});
	it('lie within bounds', () => {
		expect(parseValues(axisOf('layers', ''), '1-1 1 2').values).toEqual(['1-1', '1', '2']);
		const values = (id: string, text: string) => parseValues(axis(id), text).values;
		expect(values('depth', '0 1000 1001 10000 007')).toEqual(['0', '1000', '7']);
		expect(values('width', '0 1 9999 10000')).toEqual(['1', '9999']);
		expect(values('layers', '0 1-0 999999 1000000 2-3')).toEqual(['999999', '2-3']);
		expect(values('norm', 'TRUE x')).toEqual(['true']);
		expect(values('seed', Array.from({ length: 70 }, (_, i) => i).join())).toHaveLength(64);
	});
	it('make networks of that shape', () => {
		const hidden = (id: string, value: string, settings: Record<string, string> = {}) =>
			axis(id).settings(value, (key, otherwise) => settings[key] ?? otherwise)['hidden'];
		expect(hidden('depth', '3', { hidden: '7,2' })).toBe('7,7,7');
		expect(hidden('depth', '2', { hidden: 'none' })).toBe('4,4');
		expect(hidden('depth', '0')).toBe('none');
		expect(hidden('width', '5', { hidden: '7,2' })).toBe('5,5');
		expect(hidden('layers', '8-8')).toBe('8,8');
	});
});
