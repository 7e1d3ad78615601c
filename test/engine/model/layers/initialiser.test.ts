import { expect, it } from 'vitest';
import { initialisers } from '#engine/model/layers/initialiser.ts';

/** As Keras writes it: an object, or a word. */
const made = (class_name: string, config: Record<string, unknown> = {}) => ({ class_name, config });
const scaled = (scale: unknown, mode: unknown, distribution = 'truncated_normal') =>
	made('VarianceScaling', { scale, mode, distribution });

it.each<[unknown, string | undefined]>([
	['glorot_uniform', 'Glorot uniform'],
	['GlorotNormal', 'Glorot normal'],
	['he_normal', 'He normal'],
	[made('HeUniform'), 'He uniform'],
	['lecun_uniform', 'LeCun uniform'],
	[made('LecunNormal', { seed: null }), 'LeCun normal'],
	[scaled(1, 'fan_avg', 'uniform'), 'Glorot uniform'],
	[scaled(1, 'fanAvg', 'normal'), 'Glorot normal'],
	[scaled(2, 'fan_in'), 'He normal'],
	[scaled(2, 'FAN_IN', 'uniform'), 'He uniform'],
	[scaled(1, 'fan_in', 'uniform'), 'LeCun uniform'],
	[scaled(undefined, undefined), 'LeCun normal'],
	[scaled(2, 'fan_avg', 'uniform'), 'variance scaling 2 fan avg uniform'],
	[scaled(0.5, 'fan_out'), 'variance scaling 0.5 fan out normal'],
	[scaled(Infinity, 'fan_in'), 'LeCun normal'],
	[made('RandomUniform'), 'uniform from -0.05 to 0.05'],
	[made('RandomUniform', { minval: -1, maxval: 2 }), 'uniform from -1 to 2'],
	['uniform', 'uniform from -0.05 to 0.05'],
	[made('RandomNormal'), 'normal with std 0.05'],
	[made('RandomNormal', { stddev: 0.02 }), 'normal with std 0.02'],
	['normal', 'normal with std 0.05'],
	[made('TruncatedNormal'), 'truncated normal with std 0.05'],
	[made('truncated_normal', { stddev: 0.1 }), 'truncated normal with std 0.1'],
	['orthogonal', 'orthogonal times 1'],
	[made('Orthogonal', { gain: 1.4 }), 'orthogonal times 1.4'],
	['zeros', undefined],
	[made('Ones'), undefined],
	[null, undefined],
	[7, undefined],
	[made('x'.repeat(61)), undefined],
	[{ class_name: 'he_normal', config: 'none' }, 'He normal']
])('%j: %s', (value, expected) => {
	expect(initialisers({ kernel_initializer: value })['initialiser']).toBe(expected);
});

it('of each kernel of a layer, under its own name; biases begin at a constant', () => {
	const file = {
		kernel_initializer: 'he_normal',
		pointwise_initializer: 'glorot_normal',
		recurrent_initializer: 'orthogonal',
		bias_initializer: 'he_normal'
	};
	expect(initialisers(file)).toEqual({
		initialiser: 'He normal',
		'pointwise initialiser': 'Glorot normal',
		'recurrent initialiser': 'orthogonal times 1'
	});
	expect(initialisers({ depthwise_initializer: 'he_normal' })).toEqual({ initialiser: 'He normal' });
	expect(initialisers({ embeddings_initializer: 'uniform' })).toEqual({ initialiser: 'uniform from -0.05 to 0.05' });
});
