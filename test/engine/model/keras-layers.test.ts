import { beforeAll, describe, expect, it } from 'vitest';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { useBackend } from '../../tools/backends.ts';
import * as k from '../../tools/keras-files.ts';
import { conv2d, depthwise, Nd } from '../../tools/nd.ts';
import { expectLayer, expectSlope, nd, opened, x } from '../../tools/one-layer.ts';

/** Layers of Keras that TF.js lacks, or computes otherwise without a word, against their formulas in float64. */

beforeAll(() => useBackend('cpu'));

const row = (...values: number[]): StoredWeight => ({
	shape: [values.length],
	dtype: 'float32',
	values: Float32Array.from(values)
});

describe('convolutions', () => {
	const kernel = k.stored([3, 3, 2, 6], 1);

	it('in groups, each with filters of its own', async () => {
		const config = { filters: 6, kernel_size: 3, groups: 2, use_bias: false, padding: 'same' };
		const layer = { className: 'Conv2D', config, weights: [['l/kernel', kernel]] as const };
		const input = x([2, 5, 4, 4]);
		await expectLayer(layer, [input], conv2d(input, nd(kernel), { groups: 2, same: true }));
		await expectSlope(layer, input);
		const flat = k.stored([3, 2, 6], 2);
		const line = x([1, 7, 4]);
		const wide = conv2d(new Nd([1, 1, 7, 4], line.data), new Nd([1, 3, 2, 6], flat.values as Float32Array), {
			groups: 2
		});
		await expectLayer(
			{ className: 'Conv1D', config: { ...config, padding: 'valid' }, weights: [['l/kernel', flat]] },
			[line],
			new Nd(
				[1, 5, 6],
				wide.data.filter((_, i) => i < 30)
			)
		);
		expect(() => opened({ ...layer, config: { ...config, groups: 3 } }, [[1, 5, 4, 4]])).toThrow(
			/"l" \(Conv2D\) .*4 channels and 6 filters do not fall into 3 groups/
		);
	});

	it('depthwise and separable, with gaps and a multiplier', async () => {
		const [first, second] = [k.stored([3, 3, 2, 2], 1), k.stored([1, 1, 4, 3], 2)];
		const config = { kernel_size: 3, dilation_rate: [2, 2], depth_multiplier: 2, use_bias: false, padding: 'same' };
		const input = x([1, 7, 6, 2]);
		const middle = depthwise(input, nd(first), { dilation: 2, same: true });
		await expectLayer(
			{ className: 'DepthwiseConv2D', config, weights: [['l/depthwise_kernel', first]] },
			[input],
			middle
		);
		const weights = [['l/depthwise_kernel', first] as const, ['l/pointwise_kernel', second] as const];
		const separable = { className: 'SeparableConv2D', config: { ...config, filters: 3 }, weights };
		await expectLayer(separable, [input], conv2d(middle, nd(second), {}));
	});

	it.each([
		['same', [1, 1], [8, 6], [0, 0]],
		['same', [0, 0], [7, 5], [1, 1]],
		['valid', [1, 0], [10, 7], [0, 0]]
	] as const)('transposed, %s, with the output padding %j', async (padding, output_padding, size, cut) => {
		const weight = k.stored([3, 3, 3, 2], 1);
		const input = x([1, 4, 3, 2]);
		const config = { filters: 3, kernel_size: 3, strides: [2, 2], use_bias: false, padding, output_padding };
		const right = Nd.of([1, ...size, 3], (_, i, j, f) => {
			let sum = 0;
			for (let a = 0; a < 4; a++)
				for (let b = 0; b < 3; b++)
					for (let c = 0; c < 2; c++) {
						const [di, dj] = [i! + cut[0] - 2 * a, j! + cut[1] - 2 * b];
						sum += input.at(0, a, b, c) * nd(weight).at(di, dj, f!, c);
					}
			return sum;
		});
		await expectLayer({ className: 'Conv2DTranspose', config, weights: [['l/kernel', weight]] }, [input], right);
	});
});

describe('preprocessing of pictures', () => {
	const input = x([2, 3, 2, 3]);

	it('rescales by a number per channel', async () => {
		const [scale, offset] = [
			[1, 2, 3],
			[0.5, 0, -1]
		] as const;
		const right = Nd.of(input.shape, (...i) => input.at(...i) * scale[i[3]!]! + offset[i[3]!]!);
		await expectLayer({ className: 'Rescaling', config: { scale, offset } }, [input], right);
		await expectSlope({ className: 'Rescaling', config: { scale, offset } }, input);
		expect(() => opened({ className: 'Rescaling', config: { scale: 'x' } }, [[1, 3, 2, 3]])).toThrow(
			/has the scale "x"/
		);
	});

	const [mean, variance] = [row(0.125, 0.25, 0.5), row(1, 4, 0.25)];
	const normal = (value: number, c: number) => (value - mean.values![c]!) / Math.sqrt(variance.values![c]!);
	const count: StoredWeight = { shape: [], dtype: 'int32', values: Int32Array.of(9) };

	it('normalises by figures of the weights or of the settings, forwards and back', async () => {
		const weights = [['l/mean', mean] as const, ['l/variance', variance] as const, ['l/count', count] as const];
		const right = Nd.of(input.shape, (...i) => normal(input.at(...i), i[3]!));
		const layer = { className: 'Normalization', config: { axis: [-1], mean: null, variance: null }, weights };
		await expectLayer(layer, [input], right);
		await expectSlope(layer, input);
		const config = { axis: -1, mean: [[[[0.125, 0.25, 0.5]]]], variance: [1, 4, 0.25] };
		await expectLayer({ className: 'Normalization', config }, [input], right);
		const back = Nd.of(input.shape, (...i) => input.at(...i) * [1, 2, 0.5][i[3]!]! + [0.125, 0.25, 0.5][i[3]!]!);
		await expectLayer({ className: 'Normalization', config: { ...config, invert: true } }, [input], back);
		const whole = Nd.of(input.shape, (...i) => (input.at(...i) - 0.5) / 2);
		await expectLayer({ className: 'Normalization', config: { axis: null, mean: 0.5, variance: 4 } }, [input], whole);
		expect(opened(layer, [[1, 3, 2, 3]]).messages).toEqual([]);
	});

	it('enlarges by halves of pixels, but not in files that TF.js wrote', async () => {
		const small = x([1, 3, 2, 1]);
		const mixed = (half: number) =>
			Nd.of([1, 6, 4, 1], (_, i, j) => {
				const position = (o: number, n: number) => {
					const at = Math.max(0, (o + half) / 2 - half);
					const low = Math.min(n - 1, Math.floor(at));
					return [low, Math.min(n - 1, low + 1), at - low] as const;
				};
				const [a, b, p] = position(i!, 3);
				const [c, d, q] = position(j!, 2);
				const line = (r: number) => (1 - q) * small.at(0, r, c, 0) + q * small.at(0, r, d, 0);
				return (1 - p) * line(a) + p * line(b);
			});
		const layer = { className: 'UpSampling2D', config: { size: [2, 2], interpolation: 'bilinear' } };
		await expectLayer(layer, [small], mixed(0.5));
		await expectLayer({ ...layer, version: 'tfjs-layers 4.22.0' }, [small], mixed(0));
	});
});

describe('normalisation', () => {
	it('of a batch along another axis than the last', async () => {
		const input = x([2, 3, 4, 2]);
		const names = ['gamma', 'beta', 'moving_mean'];
		const [gamma, beta, mean] = names.map((_, i) => k.stored([3], i)) as [StoredWeight, StoredWeight, StoredWeight];
		const weights = [...[gamma, beta, mean].map((weight, i) => [`l/${names[i]}`, weight] as const)];
		const all = [...weights, ['l/moving_variance', row(1, 4, 0.25)] as const];
		const right = Nd.of(input.shape, (...i) => {
			const c = i[1]!;
			const centred = (input.at(...i) - mean.values![c]!) / Math.sqrt([1, 4, 0.25][c]! + 0.001);
			return centred * gamma.values![c]! + beta.values![c]!;
		});
		const layer = { className: 'BatchNormalization', config: { axis: [1], epsilon: 0.001 }, weights: all };
		await expectLayer(layer, [input], right);
		await expectSlope(layer, input);
	});

	it('of a layer along any axes, of groups, and to length one', async () => {
		const input = x([2, 3, 4, 6]);
		const moments = (values: number[]) => {
			const mean = values.reduce((a, b) => a + b, 0) / values.length;
			return [mean, values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length] as const;
		};
		const every = (f: (i: number, j: number, c: number) => number) =>
			[0, 1, 2].flatMap((i) => [0, 1, 2, 3].flatMap((j) => [0, 1, 2, 3, 4, 5].map((c) => f(i, j, c))));
		const [gamma, beta] = [k.stored([4, 6], 1), k.stored([4, 6], 2)];
		const layer = Nd.of(input.shape, (n, i, j, c) => {
			const [mean, variance] = moments(
				every((a, b, d) => (a === i ? input.at(n!, a, b, d) : NaN)).filter((v) => v === v)
			);
			return (
				((input.at(n!, i!, j!, c!) - mean) / Math.sqrt(variance + 0.01)) * nd(gamma).at(j!, c!) + nd(beta).at(j!, c!)
			);
		});
		const weights = [['l/gamma', gamma] as const, ['l/beta', beta] as const];
		await expectLayer(
			{ className: 'LayerNormalization', config: { axis: [2, 3], epsilon: 0.01 }, weights },
			[input],
			layer
		);
		const scale = [['l/gamma', row(1, 2, 3, 4, 5, 6)] as const, ['l/beta', row(0, 1, 0, 1, 0, 1)] as const];
		const groups = Nd.of(input.shape, (n, i, j, c) => {
			const own = (d: number) => Math.floor(d / 2) === Math.floor(c! / 2);
			const [mean, variance] = moments(
				every((a, b, d) => (own(d) ? input.at(n!, a, b, d) : NaN)).filter((v) => v === v)
			);
			return ((input.at(n!, i!, j!, c!) - mean) / Math.sqrt(variance + 0.01)) * (c! + 1) + (c! % 2);
		});
		const grouped = { className: 'GroupNormalization', config: { groups: 3, epsilon: 0.01 }, weights: scale };
		await expectLayer(grouped, [input], groups);
		await expectSlope(grouped, input);
		const unit = Nd.of(input.shape, (n, i, j, c) => {
			const squares = [0, 1, 2, 3, 4, 5].reduce((sum, d) => sum + input.at(n!, i!, j!, d) ** 2, 0);
			return input.at(n!, i!, j!, c!) / Math.sqrt(squares);
		});
		await expectLayer({ className: 'UnitNormalization', config: { axis: -1 } }, [input], unit);
	});
});

describe('inputs that are joined', () => {
	// Three rows of three steps: the batch is taken for another axis by plain broadcasting.
	const [a, b] = [x([3, 4]), x([3, 3, 4], 4)];
	it.each([
		['Add', (p: number, q: number) => p + q],
		['Subtract', (p: number, q: number) => p - q],
		['Multiply', (p: number, q: number) => p * q],
		['Average', (p: number, q: number) => (p + q) / 2],
		['Maximum', Math.max],
		['Minimum', Math.min]
	] as const)('%s: of different ranks, row by row', async (className, f) => {
		const right = Nd.of([3, 3, 4], (n, i, j) => f(a.at(n!, j!), b.at(n!, i!, j!)));
		await expectLayer({ className, config: {} }, [a, b], right);
		const thin = x([2, 1, 4]);
		const wide = x([2, 3, 4], 4);
		const stretched = Nd.of([2, 3, 4], (n, i, j) => f(wide.at(n!, i!, j!), thin.at(n!, 0, j!)));
		await expectLayer({ className, config: {} }, [wide, thin], stretched);
	});

	it('that do not fit are refused by name', () => {
		expect(() =>
			opened({ className: 'Add', config: {} }, [
				[1, 2, 3],
				[1, 3, 2]
			])
		).toThrow(/"l" \(Add\) does not take/);
	});
});

describe('layers that TF.js lacks', () => {
	const steps = x([2, 5, 3]);
	it.each<[string, Record<string, unknown>, Nd]>([
		['Identity', {}, steps],
		['ZeroPadding1D', { padding: [1, 2] }, Nd.of([2, 8, 3], (n, i, c) => steps.at(n!, i! - 1, c!))],
		['Cropping1D', { cropping: [1, 2] }, Nd.of([2, 2, 3], (n, i, c) => steps.at(n!, i! + 1, c!))],
		['UpSampling1D', { size: 2 }, Nd.of([2, 10, 3], (n, i, c) => steps.at(n!, Math.floor(i! / 2), c!))],
		[
			'GlobalAveragePooling1D',
			{ keepdims: true },
			Nd.of([2, 1, 3], (n, _, c) => [0, 1, 2, 3, 4].reduce((sum, i) => sum + steps.at(n!, i, c!) / 5, 0))
		],
		[
			'GlobalMaxPooling1D',
			{ keepdims: true },
			Nd.of([2, 1, 3], (n, _, c) => Math.max(...[0, 1, 2, 3, 4].map((i) => steps.at(n!, i, c!))))
		],
		[
			'ELU',
			{ alpha: 0.5 },
			Nd.of([2, 5, 3], (...i) => (steps.at(...i) > 0 ? steps.at(...i) : 0.5 * Math.expm1(steps.at(...i))))
		]
	])('%s', (className, config, right) => expectLayer({ className, config }, [steps], right));
});

describe('what TF.js reads past is refused by name', () => {
	const steps = [1, 4, 3];
	const within = (class_name: string, config: object) => ({ layer: { class_name, config: { name: 'r', ...config } } });
	it.each<[string, Record<string, unknown>, RegExp, number[]]>([
		['Conv2DTranspose', { filters: 2, kernel_size: 3, dilation_rate: 2 }, /dilation_rate/, [1, 4, 4, 2]],
		['GRU', { units: 2, time_major: true }, /time_major/, steps],
		['TimeDistributed', within('ReLU', { negative_slope: 0.1 }), /a slope or threshold/, steps],
		['TimeDistributed', within('UpSampling2D', { interpolation: 'bilinear' }), /interpolation/, [1, 2, 2, 2, 1]],
		['TimeDistributed', within('Conv2D', { filters: 4, kernel_size: 1, groups: 2 }), /groups = 2/, [1, 2, 2, 2, 4]],
		['Activation', { activation: { class_name: 'gelu', config: { approximate: 1, power: 2 } } }, /power/, steps],
		['Activation', { activation: 'glu' }, /"glu" is not known/, steps]
	])('%s %j', (className, config, message, shape) => {
		expect(() => opened({ className, config }, [shape])).toThrow(message);
	});

	it('a slope within a wrapper is Keras 3’s, too', async () => {
		const input = x(steps);
		const right = Nd.of(steps, (...i) => (input.at(...i) > 0 ? input.at(...i) : 0.1 * input.at(...i)));
		await expectLayer(
			{ className: 'TimeDistributed', config: within('LeakyReLU', { negative_slope: 0.1 }) },
			[input],
			right
		);
	});
});
