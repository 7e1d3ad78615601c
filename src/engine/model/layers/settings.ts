import * as v from 'valibot';
import { LabError } from '#contracts/errors.ts';
import { isObject, type Json, type JsonObject } from '#maths/json.ts';

/** What the settings of Keras layers may be, by their name: TF.js takes whatever comes, and fails or loops on it later. */

/** No size in a layer comes near. */
const MAX_SETTING = 2 ** 31 - 1;
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_SETTING));
const whole = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_SETTING));
const signed = v.pipe(v.number(), v.integer(), v.minValue(-MAX_SETTING), v.maxValue(MAX_SETTING));
const finite = v.pipe(v.number(), v.finite());
const few = <T extends v.GenericSchema>(item: T, max = 8) => v.pipe(v.array(item), v.minLength(1), v.maxLength(max));
const counts = v.union([count, few(count, 3)]);
const optional = <T extends v.GenericSchema>(schema: T) => v.optional(v.nullable(schema));
const amounts = v.union([whole, few(v.union([whole, few(whole, 2)]), 3)]);
/** TF.js counts up to it: a large one is a loop without end. */
const axis = v.pipe(v.number(), v.integer(), v.minValue(-8), v.maxValue(8));
const axes = v.union([axis, few(axis)]);
/** `'same'`; for layers that pad or crop by numbers these, in the shape that their number of axes asks for. */
const words = (...list: string[]) => v.picklist(list);
const named = v.union([v.string(), v.custom<JsonObject>(isObject)]);

const SETTINGS: ReadonlyMap<string, v.GenericSchema> = new Map<string, v.GenericSchema>([
	...['units', 'filters', 'n', 'input_dim', 'output_dim', 'num_heads', 'key_dim', 'value_dim', 'depth_multiplier'].map(
		(name) => [name, optional(count)] as const
	),
	...['kernel_size', 'strides', 'dilation_rate'].map((name) => [name, optional(counts)] as const),
	...['height', 'width', 'groups'].map((name) => [name, optional(v.union([v.number(), v.array(v.number())]))] as const),
	['pool_size', counts],
	['size', counts],
	['padding', optional(v.union([words('same', 'valid', 'causal'), amounts]))],
	['cropping', optional(amounts)],
	['data_format', optional(words('channels_last', 'channels_first'))],
	['interpolation', optional(v.string())],
	...['use_bias', 'center', 'scale_', 'return_sequences', 'return_state', 'go_backwards', 'stateful', 'unroll'].map(
		(name) => [name, optional(v.boolean())] as const
	),
	...['mask_zero', 'reset_after', 'keepdims', 'trainable'].map((name) => [name, optional(v.boolean())] as const),
	// Below zero, the root of a variance with it has no value.
	['epsilon', optional(v.pipe(finite, v.minValue(0)))],
	...['momentum', 'alpha', 'theta', 'rate', 'stddev', 'threshold', 'negative_slope'].map(
		(name) => [name, optional(v.union([finite, few(finite, 100_000)]))] as const
	),
	['max_value', optional(v.number())],
	['output_padding', optional(v.union([whole, few(whole, 3)]))],
	['offset', optional(v.union([finite, few(finite, 100_000)]))],
	// Elsewhere whether there is one.
	['Rescaling.scale', v.union([finite, few(finite, 100_000)])],
	['axis', optional(axes)],
	['axes', optional(axes)],
	['shared_axes', optional(few(axis))],
	['dims', few(v.pipe(axis, v.minValue(1)))],
	['target_shape', few(signed)],
	['activation', optional(named)],
	['recurrent_activation', optional(named)],
	['merge_mode', optional(v.string())],
	['input_shape', optional(v.array(v.nullable(whole)))],
	['batch_input_shape', optional(v.pipe(v.array(v.nullable(signed)), v.minLength(1), v.maxLength(8)))],
	['cells', v.pipe(v.array(v.custom<JsonObject>(isObject)), v.minLength(1), v.maxLength(100))],
	['layer', v.custom<JsonObject>(isObject)],
	['cell', v.custom<JsonObject>(isObject)]
]);

const CONVOLUTIONS = ['Conv1D', 'Conv2D', 'Conv3D', 'Conv2DTranspose', 'Conv3DTranspose', 'SeparableConv2D'];

/** Settings, with the layers that cannot be made without them. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
	units: ['Dense', 'LSTM', 'GRU', 'SimpleRNN'],
	filters: CONVOLUTIONS,
	kernel_size: [...CONVOLUTIONS, 'DepthwiseConv2D'],
	...{ input_dim: ['Embedding'], output_dim: ['Embedding'] },
	...{ target_shape: ['Reshape'], dims: ['Permute'], n: ['RepeatVector'], scale: ['Rescaling'] },
	activation: ['Activation'],
	...{ layer: ['TimeDistributed', 'Bidirectional'], cell: ['RNN'] }
};

const shown = (value: Json | undefined) => {
	const text = JSON.stringify(value) ?? 'nothing';
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
};

/** @throws LabError naming the layer, the setting and what stands there */
export function checkSettings(className: string, path: string, config: JsonObject): void {
	const wrong = (what: string) => new LabError(`The layer "${path}" (${className}) ${what}.`, 'Save the model again.');
	for (const [needed, layers] of Object.entries(NEEDED))
		if (layers.includes(className) && (config[needed] ?? null) === null) throw wrong(`lacks its ${needed}`);
	for (const [name, value] of Object.entries(config)) {
		const schema = SETTINGS.get(`${className}.${name}`) ?? SETTINGS.get(name);
		if (schema && !v.is(schema, value)) throw wrong(`has the ${name} ${shown(value)}, which cannot be`);
		if ((name === 'layer' || name === 'cell') && isObject(value)) inner(className, path, value);
		if (name === 'cells' && Array.isArray(value)) for (const cell of value) inner(className, path, cell as JsonObject);
	}
}

function inner(className: string, path: string, layer: JsonObject): void {
	const { class_name: name, config } = layer;
	if (typeof name !== 'string' || !isObject(config))
		throw new LabError(`The layer "${path}" (${className}) wraps something that is no layer.`, 'Save the model again.');
	checkSettings(name, path, config);
}
