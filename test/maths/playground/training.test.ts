import { describe, expect, it } from 'vitest';
import { erf, erfSingle, FORMULAS } from '#maths/playground/activations.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import { ReferenceNetwork, type Gradient } from '../../tools/playground-reference.ts';
import { ACTIVATIONS } from '#maths/playground/spec.ts';
import { expectClose } from '../../close.ts';
import { divergingCases, playground, trainerCases } from '../../tools/playground.ts';
import { ObjectNetwork } from '../../tools/tensorflow-playground.ts';

describe('activations', () => {
	it.each(ACTIVATIONS)('%s has the slope that differences have', (kind) => {
		const { value, slope } = FORMULAS[kind];
		const points = [-7.3, -2.4, -1, -0.2, 0.1, 0.9, 2.5, 6.1];
		const h = 1e-5;
		const measured = points.map((z) => (value(z + h) - value(z - h)) / (2 * h));
		expectClose({ data: points.map(slope) }, { data: measured }, { rtol: 1e-7, atol: 1e-9 });
	});

	it('the error function has its published values', () => {
		// Abramowitz & Stegun, table 7.1.
		const table = [
			[0.5, 0.5204998778],
			[1, 0.8427007929],
			[2, 0.995322265],
			[3, 0.9999779095]
		] as const;
		for (const [x, value] of table) {
			expect(erf(x)).toBeCloseTo(value, 10);
			expect(erf(-x)).toBeCloseTo(-value, 10);
			expect(erfSingle(x)).toBeCloseTo(value, 6);
		}
	});
});

const flat = (gradient: Gradient) => gradient.flatMap(({ w, b, scale }) => [...w.flat(), ...b, ...(scale ?? [])]);

describe('the reference', () => {
	it.each(trainerCases())('has the gradient that differences have: %s', (name, spec) => {
		// Away from zero weights (the bend of the penalty is not part of it) and from one value for all.
		const network = new ReferenceNetwork(spec);
		const { train } = network.data;
		const indices = [0, 1, 2, 3, 4, 5, 6];
		const rows = network.inputs(train, indices);
		const ys = indices.map((i) => train.y[i] as number);
		const { gradient } = network.gradient(rows, ys);
		const lists = network.layers.flatMap((layer) => [...layer.w, layer.b, ...(layer.norm ? [layer.norm.scale] : [])]);
		const h = 1e-5;
		const measured: number[] = [];
		// Of a large network a thousand or so, of all of its layers.
		const every = Math.ceil(lists.reduce((sum, list) => sum + list.length, 0) / 1000);
		let index = 0;
		for (const list of lists)
			for (let i = 0; i < list.length; i++) {
				if (index++ % every) continue;
				const old = list[i] as number;
				const lossAt = (value: number) => {
					list[i] = value;
					return network.gradient(rows, ys).loss;
				};
				measured.push((lossAt(old + h) - lossAt(old - h)) / (2 * h));
				list[i] = old;
			}
		const visible = flat(gradient).filter((_, n) => n % every === 0);
		expectClose({ data: visible }, { data: measured }, { rtol: 1e-5, atol: 1e-8 });
		expect(name).toBeTruthy();
	});
});

describe('training on typed arrays', () => {
	it.each(trainerCases())('equals the reference step for step: %s', (_, spec) => {
		const reference = new ReferenceNetwork(spec);
		const typed = new TypedTraining(spec);
		for (let step = 0; step < 12; step++) {
			reference.train();
			typed.train();
			const { parameters, running } = typed.network;
			expectClose({ data: parameters }, { data: reference.parameters() }, { rtol: 1e-4, atol: 2e-6 });
			expectClose({ data: running }, { data: reference.running() }, { rtol: 1e-4, atol: 2e-6 });
		}
		const { train, test } = typed.metrics();
		for (const [actual, expected] of [
			[train, reference.metrics(reference.data.train)],
			[test, reference.metrics(reference.data.test)]
		] as const) {
			expect(actual.loss).toBeCloseTo(expected.loss, 4);
			expect(actual.accuracy).toBe(expected.accuracy);
		}
	});

	it('equals the reference after ten epochs of the default page', () => {
		const spec = playground();
		const reference = new ReferenceNetwork(spec);
		const typed = new TypedTraining(spec);
		for (let step = 0; step < 250; step++) {
			reference.train();
			typed.train();
		}
		expectClose({ data: typed.network.parameters }, { data: reference.parameters() }, { rtol: 1e-4, atol: 1e-6 });
	});

	it('that diverged is right about no point', () => {
		for (const spec of divergingCases()) {
			const [typed, reference] = [new TypedTraining(spec), new ReferenceNetwork(spec)];
			for (let i = 0; i < 25; i++) {
				typed.train();
				reference.train();
			}
			expect(typed.metrics().train).toEqual({ loss: NaN, accuracy: 0 });
			expect(reference.metrics(reference.data.train)).toEqual({ loss: NaN, accuracy: 0 });
		}
	});

	it('goes on from a snapshot to the bit', () => {
		const spec = trainerCases().find(([name]) => name.startsWith('batch normalisation and'))![1];
		const one = new TypedTraining(spec);
		for (let i = 0; i < 7; i++) one.train();
		const kept = one.snapshot();
		for (let i = 0; i < 9; i++) one.train();
		const other = new TypedTraining(spec);
		other.restore(kept);
		for (let i = 0; i < 9; i++) other.train();
		expect(other.snapshot()).toEqual(one.snapshot());
		expect(kept.step).toBe(7);
	});

	it('refuses what cannot be trained, in words', () => {
		const made = (changes: Parameters<typeof playground>[0]) => () => new TypedTraining(playground(changes));
		expect(made({ network: { inputs: [] } })).toThrow('The network needs an input.');
		expect(made({ data: { kind: 'plane' } })).toThrow('A regression is trained with the squared error.');
		expect(made({ data: { kind: 'spirals' }, learning: { loss: 'logistic' } })).toThrow('two classes');
		expect(made({ network: { hidden: [3, 0] } })).toThrow('at least one neuron');
		expect(made({ learning: { schedule: { kind: 'step', every: 0, factor: 0.5 } } })).toThrow('time above zero');
		const points = (y: number[]) => {
			const [x1, x2] = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
			return made({ data: { kind: 'points', points: { x1, x2, y: Float64Array.from(y), classes: 2 } } });
		};
		expect(points([0, 1])).not.toThrow();
		expect(points([0, 2])).toThrow('a class that there is not');
		expect(points([0, NaN])).toThrow('no number');
		expect(points([0])).toThrow('two coordinates and a label');
		expect(() =>
			new TypedTraining(playground()).restore(new TypedTraining(playground({ network: { hidden: [3] } })).snapshot())
		).toThrow(RangeError);
	});
});

it('has the weights of TensorFlow Playground after ten epochs from the same start', () => {
	const training = new TypedTraining(playground({ data: { kind: 'spiral' }, network: { hidden: [8, 8, 8] } }));
	const objects = new ObjectNetwork([2, 8, 8, 8, 1], training.network.parameters);
	const { train } = training.data;
	for (let epoch = 0; epoch < 10; epoch++) {
		for (let i = 0; i < train.y.length; i++) {
			objects.forward([train.x1[i]!, train.x2[i]!]);
			objects.backward(2 * train.y[i]! - 1);
			if ((i + 1) % 10 === 0) objects.update(0.03);
		}
		for (let i = 0; i < training.perEpoch; i++) training.train();
	}
	expectClose({ data: training.network.parameters }, { data: objects.parameters() }, { rtol: 1e-4, atol: 1e-6 });
});
