import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { LabError } from '#contracts/errors.ts';
import type { Call, LayerPlan } from '#engine/model/layers/plan.ts';
import { Given, type Argument } from '#engine/model/layers/references.ts';
import { registerOwn } from '#engine/model/layers/registered.ts';
import * as tf from '#engine/tf.ts';

/** Attentions of Keras: here they get their weights and shapes; the operators of those names compute. */

type Config = tf.serialization.ConfigDict;

abstract class Weighted extends layers.Layer {
	constructor(protected readonly settings: Config) {
		super(settings as ConstructorParameters<typeof layers.Layer>[0]);
	}

	override build(inputShape: Shape | Shape[]): void {
		this.weigh((Array.isArray(inputShape[0]) ? inputShape : [inputShape]) as number[][]);
		this.built = true;
	}

	protected abstract weigh(shapes: readonly (readonly number[])[]): void;

	protected count(name: string, otherwise?: number): number {
		const value = this.settings[name] ?? otherwise;
		if (typeof value !== 'number') throw new LabError(`it lacks its ${name}`);
		return value;
	}

	override computeOutputShape(inputShape: Shape | Shape[]): Shape {
		return (Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as Shape;
	}

	override getConfig(): Config {
		return { ...this.settings, ...super.getConfig() };
	}
}

/** The last axis of each of queries, values and keys. */
function widths(shapes: readonly (readonly number[])[]): [number, number, number] {
	if (shapes.length < 2 || shapes.some(({ length }) => length !== 3)) throw new LabError('it wants sequences of rows');
	const [query, value, key = value] = shapes.map((shape) => shape.at(-1) as number);
	return [query!, value!, key!];
}

class MultiHeadAttention extends Weighted {
	static className = 'MultiHeadAttention';

	protected sizes() {
		const size = this.count('keyDim');
		const heads = this.count('numHeads');
		return { heads, shared: heads, size, width: this.count('valueDim', size) };
	}

	protected out(query: number): number {
		const [given = query, ...more] = [this.settings['outputShape'] ?? query].flat() as number[];
		if (more.length) throw new LabError('its output has more axes than one');
		return given;
	}

	protected weigh(shapes: readonly (readonly number[])[]): void {
		const { attentionAxes: axes = null, useBias = true } = this.settings;
		if (axes !== null && [axes].flat().join() !== '1') throw new LabError('it attends along other axes than the steps');
		const [query, value, key] = widths(shapes);
		const { heads, shared, size, width } = this.sizes();
		const project = (name: string, shape: number[], bias: number[]) => {
			this.addWeight(`${name}/kernel`, shape);
			if (useBias) this.addWeight(`${name}/bias`, bias);
		};
		project('query', [query, heads, size], [heads, size]);
		project('key', [key, shared, size], [shared, size]);
		project('value', [value, shared, width], [shared, width]);
		project('attention_output', [heads, width, this.out(query)], [this.out(query)]);
	}

	override computeOutputShape(inputShape: Shape | Shape[]): Shape {
		const shape = super.computeOutputShape(inputShape);
		return [...shape.slice(0, -1), this.out(shape.at(-1) as number)];
	}
}

class GroupQueryAttention extends MultiHeadAttention {
	static override className = 'GroupQueryAttention';

	protected override sizes() {
		const size = this.count('headDim');
		const [heads, shared] = [this.count('numQueryHeads'), this.count('numKeyValueHeads')];
		if (heads % shared) throw new LabError('its heads do not fall into groups');
		return { heads, shared, size, width: size };
	}

	protected override out(query: number): number {
		return query;
	}
}

class Attention extends Weighted {
	static className = 'Attention';

	protected weigh(shapes: readonly (readonly number[])[]): void {
		const [query, , key] = widths(shapes);
		if (query !== key) throw new LabError('its queries and keys differ in size');
		if (this.settings['useScale'] === true) this.addWeight('scale', []);
		if (this.settings['scoreMode'] === 'concat') this.addWeight('concat_score_weight', []);
	}

	override computeOutputShape(inputShape: Shape | Shape[]): Shape {
		const [query, value] = inputShape as Shape[];
		return [...query!.slice(0, -1), value!.at(-1) as number];
	}
}

class AdditiveAttention extends Attention {
	static override className = 'AdditiveAttention';

	protected override weigh(shapes: readonly (readonly number[])[]): void {
		const [query, , key] = widths(shapes);
		if (query !== key) throw new LabError('its queries and keys differ in size');
		if (this.settings['useScale'] !== false) this.addWeight('scale', [query]);
	}
}

for (const made of [MultiHeadAttention, GroupQueryAttention, Attention, AdditiveAttention]) registerOwn(made);

export const isAttention = (className: string) => /^(MultiHead|GroupQuery|Additive|)Attention$/.test(className);

const ROLES = ['query', 'value', 'key'];
const ALLOWED = new Set(['use_causal_mask', 'return_attention_scores', 'inputs', ...ROLES]);

/**
 * What of a call is queries, values and keys: indices among its inputs; and whether nobody looks ahead.
 * @throws LabError for a call with marks of its own, or for what it would give besides
 */
export function attended({ path }: LayerPlan, call: Call): { order: number[]; causal: boolean } {
	const { positional = [], named = new Map<string, Argument>() } = call.given ?? {};
	const refused = (what: string) =>
		new LabError(
			`The layer "${path}" is called with the argument "${what}", which is not computed here.`,
			'Export the model as a TF.js graph model.'
		);
	for (const [name, value] of named) if (!ALLOWED.has(name) && value !== false) throw refused(name.slice(0, 60));
	if (named.get('return_attention_scores') === true) throw refused('return_attention_scores');
	const listed = [...positional, named.get('inputs') ?? []].flat();
	const all = ROLES.map((name, index) => named.get(name) ?? listed[index]);
	const order = all.flatMap((one) => (one instanceof Given ? [one.input] : []));
	return { order: order.length ? order : call.inputs.map((_, i) => i), causal: named.get('use_causal_mask') === true };
}
