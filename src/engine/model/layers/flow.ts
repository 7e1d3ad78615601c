import { LabError } from '#contracts/errors.ts';
import type { AttributeValue, GraphNode, Shape, WeightInfo } from '#contracts/graph.ts';
import { filled } from '#engine/model/input-shape.ts';
import { activationOf, type Activation } from '#engine/model/layers/activations.ts';
import { initialisers } from '#engine/model/layers/initialiser.ts';
import { applied, checkShapes, disposeLayer, made, type Layer } from '#engine/model/layers/made.ts';
import { isMapped, mapLayer, refuseSilentTraps, ROLES, type Mapped } from '#engine/model/layers/mapping.ts';
import { ordered } from '#engine/model/layers/order.ts';
import { ownLayer } from '#engine/model/layers/own.ts';
import type { LayerPlan, ModelPlan, Reference, Use } from '#engine/model/layers/plan.ts';
import { checkSettings } from '#engine/model/layers/settings.ts';
import { operatorStep } from '#engine/model/operators/index.ts';
import type { Step } from '#engine/model/step.ts';
import * as tf from '#engine/tf.ts';
import type { JsonObject } from '#maths/json.ts';

/** What a reference stands for while the network is laid out. */
interface Value {
	reference: string;
	shape: Shape;
}

/** Models within models may repeat each other without end: 2 uses each, 30 deep, are a thousand million steps. */
const MOST_STEPS = 100_000;

export interface FlowOptions {
	keras: 2 | 3;
	inputShape?: readonly [height: number, width: number, channels: number] | undefined;
	/** Numbers in the largest weight of the files. */
	largest: number;
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
	readonly #orders = new Map<ModelPlan, readonly Use[]>();
	readonly #taken = new Set<string>();

	constructor(private readonly options: FlowOptions) {}

	/** @returns references of inputs and outputs. @throws LabError naming the layer */
	whole(plan: ModelPlan): { inputs: string[]; outputs: string[] } {
		const inputs = plan.inputs.map(({ layer }) => this.#input(plan.layers[layer] as LayerPlan));
		const outputs = this.#model(plan, inputs, []);
		return { inputs: inputs.map(({ reference }) => reference), outputs: outputs.map(({ reference }) => reference) };
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
			values.set(`${index}:${call}`, this.#used(layer, sources, group));
		}
		return plan.outputs.map((output) => read(output, 'An output of the model is'));
	}

	#used(layer: LayerPlan, inputs: readonly Value[], group: readonly string[]): readonly Value[] {
		if (layer.inner) return this.#nested(layer, layer.inner, inputs, group);
		const { className, path, config } = layer;
		if (!inputs.length && className !== 'InputLayer')
			throw new LabError(`The layer "${path}" (${className}) is given nothing.`, 'Save the model again.');
		checkSettings(className, path, config);
		refuseSilentTraps(className, path, config);
		const id = this.#free([...group, layer.name].join('/'));
		const own = this.#own(
			layer,
			inputs.map(({ shape }) => shape)
		);
		if (own) return [this.#chain(id, own.stages, inputs, own.shape, group)];
		return config['data_format'] === 'channels_first' && (inputs[0]?.shape.length ?? 0) > 2
			? this.#channelsFirst(layer, inputs, group, id)
			: this.#single(layer, inputs, group, id);
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

	#own(layer: LayerPlan, shapes: readonly Shape[]): { stages: readonly Mapped[]; shape: Shape } | null {
		if (layer.className !== 'Activation') return ownLayer({ ...layer, shapes });
		const [shape] = shapes;
		const activation = this.#activation(layer, shape?.length ?? 0);
		return { stages: activation ? [activation] : [], shape: shape as Shape };
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
		const inputs = values.map(({ reference }) => reference);
		const base: Base = { inputs, shape: outputs[0] as Shape, dtype: 'float32', group };
		const rank = shapes[0]?.length ?? 0;
		const mapped = mapLayer(className, own.getConfig() as Record<string, AttributeValue>, file, rank);
		if (!mapped) {
			this.#push((weights) => {
				const roles = weights(layer).map((weight) => ({ ...weight, role: role(weight.name, className) }));
				const node: GraphNode = { ...base, id, type: className, attributes: initialisers(file), weights: roles };
				return { node, compute: (tensors) => called(own, tensors) };
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
		const activation = this.#activation(layer, base.shape.length);
		if (!activation) return [whole];
		return [
			this.#chain(this.#free(`${id}/${activation.type.toLowerCase()}`), [activation], [whole], base.shape, group)
		];
	}

	#activation({ config, path }: LayerPlan, rank: number): Activation | null {
		try {
			return activationOf(config['activation'], this.options.keras, (className, settings) => {
				checkSettings(className, path, settings);
				const { alpha = className === 'ELU' ? 1 : 0.3, axis = -1 } = settings;
				return mapLayer(className, { alpha, axis } as Record<string, AttributeValue>, settings, rank);
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
		const { keras, largest } = this.options;
		const own = made(layer, { id: `layer${this.layers.size}`, keras, largest, change: { ...linear, ...change } });
		this.layers.set(layer, own);
		return own;
	}

	/** A shared layer is a node per use. */
	#free(id: string): string {
		if (!this.#taken.has(id)) return id;
		let k = 2;
		while (this.#taken.has(`${id}#${k}`)) k++;
		return `${id}#${k}`;
	}

	#push(make: (weights: Weights) => Step, id: string): void {
		if (this.#steps.length >= MOST_STEPS)
			throw new LabError(`The network has more than ${MOST_STEPS} steps.`, 'Save a smaller model.');
		this.#taken.add(id);
		this.#steps.push(make);
	}
}

function inputType(dtype: unknown): string {
	if (dtype === 'string')
		throw new LabError(
			'The model takes text, which is not computed here.',
			'Export the model without its preprocessing of text.'
		);
	return typeof dtype === 'string' && /^u?int/.test(dtype) ? 'int32' : dtype === 'bool' ? 'bool' : 'float32';
}

function role(name: string, type: string): string {
	const last = name.split('/').pop() as string;
	if (type === 'SeparableConv2D') return last.replace('_kernel', '');
	return ROLES.get(last) ?? last;
}

function called(layer: Layer, values: readonly tf.Tensor[]): tf.Tensor[] {
	const [first, ...rest] = values as [tf.Tensor, ...tf.Tensor[]];
	// A recurrent layer may be given the state to begin with.
	const recurrent = rest.length > 0 && 'cell' in layer;
	const result = layer.call(recurrent || !rest.length ? first : [...values], {
		training: false,
		...(recurrent ? { initialState: rest } : {})
	});
	return Array.isArray(result) ? result : [result];
}
