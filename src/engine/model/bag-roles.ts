import type { WeightInfo } from '#contracts/graph.ts';
import { ROLES } from '#engine/model/layers/mapping.ts';

/** What the weights of a layer are, told by their names and shapes alone: there is no network that would say it. */

type Meaning = Pick<WeightInfo, 'role' | 'order'>;

/** PyTorch's names of what a normalisation remembers, and of what only counts. */
const REMEMBERED: ReadonlyMap<string, string> = new Map([
	['running_mean', 'mean'],
	['running_var', 'variance']
]);
/** Matrices that PyTorch, and GGUF after it, write with their outputs first. */
const OUTPUTS_FIRST = /^(weight|in_proj_weight|weight_[ih]h_l\d+(_reverse)?|lora_[ab])$/i;
const EMBEDDING = /(^|[._/])(\w*embed\w*|wte|wpe|emb|token_embd|position_embd|shared|relative_attention_bias)$/i;

/**
 * @param owner what the names begin with: the layer
 * @param last what each name ends with
 */
export function meanings(owner: string, last: readonly string[], shapes: readonly (readonly number[])[]): Meaning[] {
	const normalises = last.some((name) => REMEMBERED.has(name));
	return last.map((name, k) => {
		const shape = shapes[k]!;
		const known = ROLES.get(name) ?? REMEMBERED.get(name);
		const scales = shape.length === 1 && last.includes('weight');
		if (name === 'bias' && (normalises || (scales && shapes[last.indexOf('weight')]?.length === 1)))
			return { role: 'beta' };
		if (known) return { role: known };
		if (name === 'weight' && scales) return { role: 'gamma' };
		if (!OUTPUTS_FIRST.test(name) || shape.length < 2 || shape.length > 4) return { role: name };
		if (name === 'weight' && shape.length === 2 && EMBEDDING.test(owner)) return { role: 'embeddings' };
		return { role: name === 'weight' ? 'kernel' : name, order: 'outputs-first' };
	});
}
