import { LabError } from '#contracts/errors.ts';
import { isObject } from '#maths/json.ts';

/** What the file says, in snake_case: unchecked. */
type FileConfig = Readonly<Record<string, unknown>>;

const GROUPED = /^(Conv[12]D|GroupNormalization)$/;
const POOLED = /^Global(Average|Max)Pooling[123]D$/;
const one = (value: unknown) => value === undefined || value === null || [value].flat().every((n) => n === 1);

/** What the two directions of a Bidirectional layer have in common, as TF.js makes both from one. */
const SHARED = ['units', 'activation', 'recurrent_activation', 'use_bias', 'reset_after', 'return_sequences'];

function otherBackwards(file: FileConfig): boolean {
	const [a, b] = [file['layer'], file['backward_layer']];
	if (!isObject(a) || !isObject(b)) return false;
	const [x, y] = [a['config'], b['config']];
	if (a['class_name'] !== b['class_name'] || !isObject(x) || !isObject(y)) return true;
	return SHARED.some((key) => JSON.stringify(x[key]) !== JSON.stringify(y[key]));
}

/**
 * Settings that TF.js reads past without a word, and that are not mended here, so that its numbers would be silently wrong.
 * @param within another layer, as TF.js computes it
 * @throws LabError naming the layer
 */
export function refuseSilentTraps(className: string, name: string, file: FileConfig, within = false): void {
	const trap = (what: string) =>
		new LabError(
			`The layer "${name}" (${className}) uses ${what}, which TF.js does not compute rightly.`,
			'Export the model without it, for example as a TF.js graph model.'
		);
	const inTable = (pattern: RegExp) => !within && pattern.test(className);
	if (!one(file['groups']) && !inTable(GROUPED)) throw trap(`groups = ${String(file['groups'])}`);
	if (file['keepdims'] === true && !inTable(POOLED)) throw trap('keepdims = true');
	if (file['output_padding'] && !inTable(/^Conv2DTranspose$/)) throw trap('output_padding');
	if (/Transpose$/.test(className) && !one(file['dilation_rate'])) throw trap('dilation_rate');
	if (file['rms_scaling'] === true) throw trap('rms_scaling = true');
	if (file['time_major'] === true) throw trap('time_major = true');
	if (file['zero_output_for_mask'] === true) throw trap('zero_output_for_mask = true');
	if (className === 'Bidirectional' && otherBackwards(file)) throw trap('another layer backwards than forwards');
	if (className === 'GroupNormalization' && !lastAxis(file['axis'])) throw trap(`axis = ${String(file['axis'])}`);
	if (!within) return;
	if (className === 'ReLU' && (file['negative_slope'] || file['threshold'])) throw trap('a slope or threshold');
	if (className === 'UpSampling2D' && file['interpolation'] === 'bilinear') throw trap('interpolation = bilinear');
	if (className === 'Normalization' || className === 'GroupNormalization')
		throw trap('a normalisation within another layer');
}

const lastAxis = (axis: unknown) => axis === undefined || axis === -1;
