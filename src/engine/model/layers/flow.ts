import { LabError } from '#contracts/errors.ts';
import type { AttributeValue, GraphNode, Shape, WeightInfo } from '#contracts/graph.ts';
import { called, inputType, operationName, role, shownStep } from '#engine/model/layers/calling.ts';
import { filled } from '#engine/model/input-shape.ts';
import { attended, isAttention } from '#engine/model/layers/attention.ts';
import { activationOf, type Activation } from '#engine/model/layers/activations.ts';
import { initialisers } from '#engine/model/layers/initialiser.ts';
import { applied, checkShapes, disposeLayer, made, type Layer } from '#engine/model/layers/made.ts';
import { isMapped, mapLayer, type Mapped } from '#engine/model/layers/mapping.ts';
import { handsOn, maskUse } from '#engine/model/layers/masks.ts';
import { merged } from '#engine/model/layers/merging.ts';
import { ordered } from '#engine/model/layers/order.ts';
import { ownLayer } from '#engine/model/layers/own.ts';
import { UnknownLayer } from '#engine/model/layers/cleaned.ts';
import { operation } from '#engine/model/layers/operations.ts';
import { operators } from '#engine/model/operators/index.ts';
import type { Call, LayerPlan, ModelPlan, Reference, Use } from '#engine/model/layers/plan.ts';
import { checkSettings } from '#engine/model/layers/settings.ts';
import { refuseSilentTraps } from '#engine/model/layers/traps.ts';
import { operatorStep } from '#engine/model/operator-step.ts';
import type { Step } from '#engine/model/step.ts';
import type { JsonObject } from '#maths/json.ts';

/** What a reference stands for while the network is laid out. */
interface Value {
	reference: string;
	shape: Shape;
	/** The node that marks its steps: 0 for padding. */
	mask?: string;
	/** It comes of what cannot be computed; `shapeless`: nor is its shape known. */
	stuck?: 'shaped' | 'shapeless';
}

/** Models within models may repeat each other without end: 2 uses each, 30 deep, are a thousand million steps. */
const MAX_STEPS = 100_000;

export interface FlowOptions {
	keras: 2 | 3;
	/** The file was written by TF.js. */
	byTfjs: boolean;
	inputShape?: readonly [height: number, width: number, channels: number] | undefined;
	/** Numbers in the largest weight of the files. */
	maxSize: number;
	/** Leaves inputs of open size open: for a model that does not run. */
	open: boolean;
}

type Weights = (layer: LayerPlan) => readonly WeightInfo[];
type Base = Omit<GraphNode, 'id' | 'type' | 'attributes' | 'weights'>;

/** Lays a plan out into steps: nested models flattened, every layer made once and shaped at each of its uses. */
export class Flow {
	/** Made once the names of the weights are known. */
	readonly #steps: ((weights: Weights) => Step)[] = [];
	readonly layers = new Map<LayerPlan, Layer>();
	/** Layers that would leave padding out in Keras, and do not here. */
	readonly unmasked = new Set<LayerPlan>();
	/** Layers that cannot be computed, or whose shapes are not known behind such, and why. */
	readonly stuck = new Map<LayerPlan, string>();
	/** Ids of the nodes that cannot be computed themselves. */
	readonly obstacles: string[] = [];
	/** What can be computed, and what is stuck would read: references. */
	readonly reached = new Set<string>();
	readonly #orders = new Map<ModelPlan, readonly Use[]>();
	readonly #taken = new Set<string>();

	constructor(private readonly options: FlowOptions) {}

	/** @returns references of inputs and outputs. @throws LabError naming the layer */
	whole(plan: ModelPlan): { inputs: string[]; outputs: string[]; computed: string[] } {
		const inputs = plan.inputs.map(({ layer }) => this.#input(plan.layers[layer] as LayerPlan));
		const outputs = this.#model(plan, inputs, []);
		const references = (values: readonly Value[]) => values.map(({ reference }) => reference);
		return {
			inputs: references(inputs),
			outputs: references(outputs),
			computed: references(outputs.filter(({ stuck }) => !stuck))
		};
	}

	steps(weights: Weights): Step[] {
		return this.#steps.map((make) => make(weights));
	}

	dispose(): void {
		this.layers.forEach(disposeLayer);
	}

	#input(layer: LayerPlan): Value {
		const { path, config } = layer;
		checkSettings('InputLayer', path, config);
		const given = config['batch_input_shape'];
		if (!Array.isArray(given))
			throw new LabError(`The input "${path}" does not say its shape.`, 'Save the model with the shape of its input.');
		const [batch, ...rest] = given.map((n) => (typeof n === 'number' && n >= 0 ? n : null));
		const open: Shape = [batch || null, ...rest];
		const shape = this.options.open ? open : filled(open, this.options.inputShape);
		checkShapes({ className: 'InputLayer', path }, [], [shape]);
		const reference = this.#free(layer.name);
		const dtype = inputType(config['dtype']);
		const node = { id: reference, type: 'Input', attributes: {}, inputs: [], shape, dtype, weights: [], group: [] };
		this.#push(() => ({ node, compute: () => [] }), reference);
		return { reference, shape };
	}

	#model(plan: ModelPlan, given: readonly Value[], group: readonly string[]): Value[] {
		let order = this.#orders.get(plan);
		if (!order) this.#orders.set(plan, (order = ordered(plan)));
		const values = new Map<string, readonly Value[]>();
		plan.inputs.forEach(({ layer }, i) => values.set(`${layer}:0`, [given[i] as Value]));
		const read = ({ layer, call, output }: Reference, who: string): Value => {
			const value = values.get(`${layer}:${call}`)?.[output];
			const { path, className } = plan.layers[layer] as LayerPlan;
			if (value) return value;
			throw new LabError(
				className === 'InputLayer'
					? `The input "${path}" is not among the inputs of its model.`
					: `${who} output ${output} of the layer "${path}", which has none by that number.`,
				'Save the model again.'
			);
		};
		for (const { layer, index, call } of order) {
			if (values.has(`${index}:${call}`)) continue;
			const { inputs } = layer.calls[call] ?? { inputs: [] };
			const sources = inputs.map((input) => read(input, `The layer "${layer.path}" reads`));
			const outputs = this.#used(layer, layer.calls[call] ?? { inputs }, sources, group);
			const stuck = !layer.inner && sources.some((source) => source.stuck);
			const marked = stuck ? outputs.map((output): Value => ({ stuck: 'shaped', ...output })) : outputs;
			values.set(`${index}:${call}`, marked);
		}
		return plan.outputs.map((output) => read(output, 'An output of the model is'));
	}

	#used(layer: LayerPlan, call: Call, inputs: readonly Value[], group: readonly string[]): readonly Value[] {
		if (layer.inner) return this.#nested(layer, layer.inner, inputs, group);
		if (layer.code !== undefined) return this.#stuck(layer, inputs, group, layer.code);
		if (inputs.some(({ stuck }) => stuck === 'shapeless')) return this.#stuck(layer, inputs, group, null);
		try {
			return layer.operation ? this.#operation(layer, call, inputs, group) : this.#computed(layer, call, inputs, group);
		} catch (error) {
			// What the file says of shapes behind a layer that is code may be wrong.
			if (error instanceof LabError && inputs.some(({ stuck }) => stuck))
				return this.#stuck(layer, inputs, group, null);
			if (!(error instanceof UnknownLayer)) throw error;
			return this.#stuck(layer, inputs, group, error.message.replace(/\.$/, ''));
		}
	}

	/** A node that is shown and never computed. @param why null behind another such, where its shape is not known */
	#stuck(layer: LayerPlan, inputs: readonly Value[], group: readonly string[], why: string | null): Value[] {
		const id = this.#free([...group, layer.name].join('/'));
		if (why !== null) this.obstacles.push(id);
		this.stuck.set(layer, why ?? '');
		for (const { reference, stuck } of inputs) if (!stuck) this.reached.add(reference);
		const [shape = null, ...others] = layer.shapes ?? [];
		const type = layer.operation ? operationName(layer) : layer.className;
		const given = inputs.map(({ reference }) => reference);
		this.#push((weights) => shownStep({ id, type, inputs: given, group }, shape, weights(layer)), id);
		return [shape, ...others].map((own, k) => ({
			reference: k ? `${id}:${k}` : id,
			shape: own ?? [],
			stuck: own ? 'shaped' : 'shapeless'
		}));
	}

	#operation(layer: LayerPlan, call: Call, inputs: readonly Value[], group: readonly string[]): readonly Value[] {
		const shapes = inputs.map(({ shape }) => shape);
		const found = operation(layer, call, shapes);
		if (!found?.stages.every(({ type }) => operators.get(type)?.compute))
			throw new UnknownLayer(
				`The layer "${layer.path}" cannot be computed: its operation ${operationName(layer)} is not known.`
			);
		checkShapes(layer, shapes, [found.shape]);
		const id = this.#free([...group, layer.name].join('/'));
		const given = found.inputs.map((input) => inputs[input] as Value);
		return [this.#chain(id, found.stages, given, found.shape, group)];
	}

	#computed(layer: LayerPlan, call: Call, inputs: readonly Value[], group: readonly string[]): readonly Value[] {
		const { className, path, config } = layer;
		if (!inputs.length && className !== 'InputLayer')
			throw new LabError(`The layer "${path}" (${className}) is given nothing.`, 'Save the model again.');
		checkSettings(className, path, config);
		refuseSilentTraps(className, path, config);
		const id = this.#free([...group, layer.name].join('/'));
		const rank = inputs[0]?.shape.length ?? 0;
		const own = this.#marked(layer, inputs, id, group) ?? this.#own(layer, inputs, id, group);
		if (own) return this.#masked(layer, inputs, own, id, group);
		if (isAttention(className)) {
			const { order, causal } = attended(layer, call);
			const given = order.map((input) => inputs[input] as Value);
			return this.#masked(
				layer,
				inputs,
				this.#single(layer, given, group, id, causal ? { use_causal_mask: true } : {}),
				id,
				group
			);
		}
		const outputs =
			config['data_format'] === 'channels_first' && rank > 2
				? this.#channelsFirst(layer, inputs, group, id)
				: this.#single(layer, inputs, group, id);
		return this.#masked(layer, inputs, outputs, id, group);
	}

	/** The marks of what goes in, as those of what comes out. */
	#masked(layer: LayerPlan, inputs: readonly Value[], outputs: readonly Value[], id: string, group: readonly string[]) {
		const masks = [...new Set(inputs.flatMap(({ mask }) => mask ?? []))];
		const rank = inputs[0]?.shape.length ?? 0;
		if (masks.length && maskUse(layer, rank) === 'ignored') this.unmasked.add(layer);
		const [first] = outputs;
		if (!first || first.mask !== undefined || !masks.length || !handsOn(layer, rank)) return outputs;
		const shape = first.shape.slice(0, 2);
		const given = masks.map((reference) => ({ reference, shape }));
		const mask =
			masks.length === 1
				? (masks[0] as string)
				: this.#chain(this.#free(`${id}/mask`), [{ type: 'Multiply', attributes: {} }], given, shape, group).reference;
		return [{ ...first, mask }, ...outputs.slice(1)];
	}

	/** The layers that mark steps as padding. */
	#marked(layer: LayerPlan, inputs: readonly Value[], id: string, group: readonly string[]): Value[] | null {
		const { className, config } = layer;
		const [given] = inputs as [Value];
		const words = className === 'Embedding' && config['mask_zero'] === true;
		if ((!words && className !== 'Masking') || given.shape.length !== (words ? 2 : 3)) return null;
		const shape = given.shape.slice(0, 2);
		const attributes: Mapped['attributes'] = words
			? { value: 0 }
			: { value: (config['mask_value'] ?? 0) as number, last: true };
		const marks = this.#chain(this.#free(`${id}/mask`), [{ type: 'StepMask', attributes }], [given], shape, group);
		const [value] = words
			? this.#single(layer, inputs, group, id)
			: [this.#chain(id, [{ type: 'Masking', attributes: {} }], [given, marks], given.shape, group)];
		return [{ ...(value as Value), mask: marks.reference }];
	}

	#nested(layer: LayerPlan, inner: ModelPlan, inputs: readonly Value[], group: readonly string[]): Value[] {
		if (inputs.length !== inner.inputs.length)
			throw new LabError(
				`The model "${layer.path}" wants ${inner.inputs.length} inputs and is given ${inputs.length}.`,
				'Save the model again.'
			);
		// A model that is used twice gets two groups, as its inner nodes are computed twice.
		const instance = this.#free([...group, layer.name].join('/'));
		this.#taken.add(instance);
		const last = instance.slice([...group, ''].join('/').length);
		return this.#model(inner, inputs, [...group, last]);
	}

	/** @returns null for what tfjs-layers makes */
	#own(layer: LayerPlan, inputs: readonly Value[], id: string, group: readonly string[]): Value[] | null {
		const shapes = inputs.map(({ shape }) => shape);
		if (layer.className === 'Activation') {
			const activation = this.#activation(layer, shapes[0] as Shape);
			return [this.#chain(id, activation ? [activation] : [], inputs, shapes[0] as Shape, group)];
		}
		const [{ mask, shape } = { shape: [] }] = inputs;
		if (mask !== undefined && layer.className === 'GlobalAveragePooling1D') {
			const keepDims = layer.config['keepdims'] === true;
			const left = keepDims ? [shape[0] ?? null, 1, shape[2] ?? null] : [shape[0] ?? null, shape[2] ?? null];
			const marks = { reference: mask, shape: shape.slice(0, 2) };
			const pool = { type: 'MaskedAveragePool', attributes: { keepDims } };
			return [this.#chain(id, [pool], [inputs[0] as Value, marks], left, group)];
		}
		const merging = merged(layer.className, shapes);
		if (merging) {
			const ready = inputs.map((value, i) => {
				const before = merging.before[i];
				return before ? this.#chain(this.#free(`${id}/reshape`), [before], [value], before.shape, group) : value;
			});
			return [this.#chain(id, [merging.stage], ready, merging.shape, group)];
		}
		const own = ownLayer({ ...layer, shapes });
		return own && [this.#chain(id, own.stages, inputs, own.shape, group)];
	}

	/** Several operators one after the other; the last one carries the layer's name. */
	#chain(
		id: string,
		stages: readonly Mapped[],
		given: readonly Value[],
		shape: Shape,
		group: readonly string[]
	): Value {
		const all = stages.length ? stages : [{ type: 'Identity', attributes: {} }];
		let inputs = given.map(({ reference }) => reference);
		let reference = id;
		all.forEach(({ type, attributes }, k) => {
			reference = k === all.length - 1 ? id : this.#free(`${id}/${type}`);
			const node = { id: reference, type, attributes, inputs, shape, dtype: 'float32', weights: [], group };
			this.#push(() => operatorStep(node), reference);
			inputs = [reference];
		});
		return { reference, shape };
	}

	/** Computed channels last, between two transpositions. */
	#channelsFirst(layer: LayerPlan, inputs: readonly Value[], group: readonly string[], id: string): Value[] {
		const turned = (value: Value, into: string, back: boolean): Value => {
			const axes = value.shape.map((_, i) => i);
			const permutation = back ? [0, axes.length - 1, ...axes.slice(1, -1)] : [0, ...axes.slice(2), 1];
			const shape = permutation.map((axis) => value.shape[axis] as number | null);
			return this.#chain(this.#free(into), [{ type: 'Transpose', attributes: { permutation } }], [value], shape, group);
		};
		const last = inputs.map((value) => turned(value, `${id}/channels_last`, false));
		const change = { data_format: 'channels_last' };
		const outputs = this.#single(layer, last, group, id, change);
		const rank = inputs[0]?.shape.length;
		return outputs.map((value) => (value.shape.length === rank ? turned(value, `${id}/channels_first`, true) : value));
	}

	#single(
		layer: LayerPlan,
		values: readonly Value[],
		group: readonly string[],
		id: string,
		change: JsonObject = {}
	): Value[] {
		const { className, config: file } = layer;
		const shapes = values.map(({ shape }) => shape);
		const own = this.#made(layer, change);
		const outputs = applied(own, layer, shapes);
		const config = own.getConfig() as Record<string, AttributeValue>;
		const { byTfjs } = this.options;
		const mapped = mapLayer(className, config, file, { shape: shapes[0] ?? [], byTfjs });
		const marks = maskUse(layer, shapes[0]?.length ?? 0) === 'used' ? values[0]?.mask : undefined;
		const inputs = [...values.map(({ reference }) => reference), ...(marks === undefined ? [] : [marks])];
		const base: Base = { inputs, shape: mapped?.shape ?? (outputs[0] as Shape), dtype: 'float32', group };
		if (mapped?.shape) checkShapes(layer, shapes, [mapped.shape]);
		if (!mapped) {
			this.#push((weights) => {
				const roles = weights(layer).map((weight) => ({ ...weight, role: role(weight.name, className) }));
				const node: GraphNode = { ...base, id, type: className, attributes: initialisers(file), weights: roles };
				return { node, compute: (tensors) => called(own, tensors, marks !== undefined) };
			}, id);
			return outputs.map((shape, k) => ({ reference: k ? `${id}:${k}` : id, shape }));
		}
		const attributes = { ...mapped.attributes, ...initialisers(file) };
		const names = own.weights.map(({ originalName }) => role(originalName, mapped.type));
		this.#push((weights) => {
			const all = weights(layer);
			const roles = Object.fromEntries(names.map((name, i) => [name, (all[i] as WeightInfo).name]));
			return operatorStep({ ...base, id, type: mapped.type, attributes, weights: all }, roles);
		}, id);
		const whole = { reference: id, shape: base.shape };
		const activation = this.#activation(layer, base.shape);
		if (!activation) return [whole];
		return [
			this.#chain(this.#free(`${id}/${activation.type.toLowerCase()}`), [activation], [whole], base.shape, group)
		];
	}

	#activation({ config, path }: LayerPlan, shape: Shape): Activation | null {
		try {
			return activationOf(config['activation'], this.options.keras, (className, settings) => {
				checkSettings(className, path, settings);
				const { alpha = className === 'ELU' ? 1 : 0.3, axis = -1 } = settings;
				const { byTfjs } = this.options;
				return mapLayer(className, { alpha, axis } as Record<string, AttributeValue>, settings, { shape, byTfjs });
			});
		} catch (error) {
			if (!(error instanceof LabError)) throw error;
			throw new LabError(`The layer "${path}" cannot be computed: ${error.message}`, error.hint);
		}
	}

	#made(layer: LayerPlan, change: JsonObject): Layer {
		const known = this.layers.get(layer);
		if (known) return known;
		const linear: JsonObject = isMapped(layer.className) && layer.config['activation'] ? { activation: 'linear' } : {};
		// Slopes and factors that TF.js refuses are the operators' own.
		if (layer.className === 'ELU') linear['alpha'] = 1;
		if (layer.className === 'Rescaling') Object.assign(linear, { scale: 1, offset: 0 });
		const { keras, maxSize } = this.options;
		const own = made(layer, { id: `layer${this.layers.size}`, keras, maxSize, change: { ...linear, ...change } });
		this.layers.set(layer, own);
		return own;
	}

	/** A shared layer is a node per use. */
	#free(requested: string): string {
		// `name:1` is the second output of `name`.
		const id = requested.replace(/:(?=\d+$)/, '_') || 'layer';
		if (!this.#taken.has(id)) return id;
		let k = 2;
		while (this.#taken.has(`${id}#${k}`)) k++;
		return `${id}#${k}`;
	}

	#push(make: (weights: Weights) => Step, id: string): void {
		if (this.#steps.length >= MAX_STEPS)
			throw new LabError(`The network has more than ${MAX_STEPS} steps.`, 'Save a smaller model.');
		this.#taken.add(id);
		this.#steps.push(make);
	}
}
