import { LabError } from '#contracts/errors.ts';
import type { LayerPlan, ModelPlan, Reference, Use } from '#engine/model/layers/plan.ts';

const key = ({ layer, call }: Pick<Reference, 'layer' | 'call'>) => `${layer}:${call}`;

/**
 * Every use of a layer that the outputs need, after what it is given. By a stack of its own: networks may be thousands of
 * layers deep.
 * @throws LabError naming the layers of a ring
 */
export function ordered({ layers, outputs }: ModelPlan): Use[] {
	const order: Use[] = [];
	const state = new Map<string, 'open' | 'done'>();
	const stack = outputs.map(({ layer, call }) => ({ layer, call })).reverse();
	while (stack.length) {
		const top = stack[stack.length - 1] as { layer: number; call: number };
		const layer = layers[top.layer] as LayerPlan;
		if (!state.has(key(top))) {
			state.set(key(top), 'open');
			const given = layer.calls[top.call]?.inputs ?? [];
			for (const input of [...given].reverse()) {
				if (state.get(key(input)) === 'open') throw ring(layers, stack, state, input);
				if (!state.has(key(input))) stack.push(input);
			}
			continue;
		}
		stack.pop();
		if (state.get(key(top)) === 'done') continue;
		state.set(key(top), 'done');
		order.push({ layer, index: top.layer, call: top.call });
	}
	return order;
}

function ring(
	layers: readonly LayerPlan[],
	stack: readonly { layer: number; call: number }[],
	state: ReadonlyMap<string, 'open' | 'done'>,
	back: Reference
): LabError {
	const open = stack.filter((use) => state.get(key(use)) === 'open').map(key);
	const around = open.slice(open.indexOf(key(back)));
	const names = [...new Set(around)].map((use) => `"${layers[Number(use.split(':')[0])]?.path}"`);
	const shown = names.length > 5 ? [...names.slice(0, 4), '…', names.at(-1)] : names;
	return new LabError(
		names.length === 1
			? `The layer ${names[0]} is given its own output.`
			: `The layers ${shown.join(', ')} form a ring: each is given what it helps to make.`,
		'Save the model again.'
	);
}
