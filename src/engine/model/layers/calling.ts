import { LabError } from '#contracts/errors.ts';
import type { GraphNode, Shape, WeightInfo } from '#contracts/graph.ts';
import type { Layer } from '#engine/model/layers/made.ts';
import { ROLES } from '#engine/model/layers/mapping.ts';
import type { LayerPlan } from '#engine/model/layers/plan.ts';
import type { Step } from '#engine/model/step.ts';
import type * as tf from '#engine/tf.ts';

/** How single nodes are named and called. */

/** What a function is called that stands as a layer. */
export function operationName({ className, config }: LayerPlan): string {
	return className === 'TFOpLambda' ? String(config['function']).slice(0, 80) : className;
}

/** A node that is never computed. @param shape null where it is not known */
export function shownStep(
	{ id, type, inputs, group }: Pick<GraphNode, 'id' | 'type' | 'inputs' | 'group'>,
	shape: Shape | null,
	weights: readonly WeightInfo[]
): Step {
	const node = { id, type, attributes: {}, inputs, shape: shape ?? [], dtype: 'float32', weights, group };
	return {
		node: shape ? node : { ...node, unknown: true },
		compute() {
			throw new LabError(`"${id}" (${type}) cannot be computed here.`);
		}
	};
}

/** @throws LabError for text */
export function inputType(dtype: unknown): string {
	if (dtype === 'string')
		throw new LabError(
			'The model takes text, which is not computed here.',
			'Export the model without its preprocessing of text.'
		);
	return typeof dtype === 'string' && /^u?int/.test(dtype) ? 'int32' : dtype === 'bool' ? 'bool' : 'float32';
}

/** What a weight is in its node's formula. */
export function role(name: string, type: string): string {
	const last = name.split('/').pop() as string;
	if (/Attention$/.test(type)) return name.split('/').slice(1).join('_');
	if (type === 'RMSNormalization') return 'gamma';
	if (/^SeparableConv/.test(type)) return last.replace('_kernel', '');
	return ROLES.get(last) ?? last;
}

/** @param marked the last value marks the steps */
export function called(layer: Layer, given: readonly tf.Tensor[], marked: boolean): tf.Tensor[] {
	const values = marked ? given.slice(0, -1) : given;
	const [first, ...rest] = values as [tf.Tensor, ...tf.Tensor[]];
	// A recurrent layer may be given the state to begin with.
	const recurrent = rest.length > 0 && 'cell' in layer;
	const result = layer.call(recurrent || !rest.length ? first : [...values], {
		training: false,
		...(marked ? { mask: given.at(-1) } : {}),
		...(recurrent ? { initialState: rest } : {})
	});
	return Array.isArray(result) ? result : [result];
}
