import { LabError } from '#contracts/errors.ts';
import type { WeightInfo } from '#contracts/graph.ts';
import type { Flow } from '#engine/model/layers/flow.ts';
import type { Layer, Variable } from '#engine/model/layers/made.ts';
import { isOptimiser, pathOf, assign, type Assignment, type Slot } from '#engine/model/layers/assignment.ts';
import type { LayerPlan, ModelPlan } from '#engine/model/layers/plan.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import * as tf from '#engine/tf.ts';
import { product } from '#maths/product.ts';

/** The weights of all layers, filled with the file's. */
export interface Stock {
	/** In the order in which the layer has them. */
	byLayer: ReadonlyMap<LayerPlan, readonly WeightInfo[]>;
	/** Those of layers that are only shown: not held by any layer. */
	loose: readonly tf.Tensor[];
	/** By their names in the graph, where they lie. */
	tensors: ReadonlyMap<string, tf.Tensor>;
	/** Sentences to show beside the open model. */
	warnings: readonly string[];
}

/** Whether a weight is that of a layer that is only shown. */
const belongs = ([name, { location }]: Stored[number], { path, name: own }: LayerPlan) =>
	location && location.index !== null
		? location.layer === path
		: name.startsWith(`${own}/`) || name.startsWith(`${path}/`);

interface Owned {
	layer: LayerPlan;
	/** Among the weights of its layer. */
	index: number;
	variable: Variable;
	slot: Slot;
}

type Stored = readonly (readonly [name: string, weight: StoredWeight])[];

/** Every weight in the order of the file: layer by layer, nested models in their order. */
function* owned(
	{ layers }: ModelPlan,
	made: ReadonlyMap<LayerPlan, Layer>,
	models: readonly string[],
	trainable: boolean,
	top?: number
): Generator<Owned> {
	for (const [i, layer] of layers.entries()) {
		const trained = trainable && layer.trainable;
		if (layer.inner) {
			yield* owned(layer.inner, made, [...models, layer.name], trained, top ?? i);
			continue;
		}
		for (const [index, variable] of (made.get(layer)?.weights ?? []).entries()) {
			// tfjs-layers knows the layer by a name of ours.
			const [, ...own] = variable.originalName.split('/');
			const name = [layer.name, ...own].join('/');
			const shape = variable.shape as number[];
			const slot = { models, name, shape, trainable: trained && variable.trainable, top: top ?? i };
			yield { layer, index, variable, slot };
		}
	}
}

/**
 * First what the file has a location for, then within the nested models that it has a group for, then by name alone.
 * @throws LabError as `assign`, and for a weight of another shape than its slot
 */
function assignAll(all: readonly Owned[], stored: Stored, lacking: boolean): Assignment {
	const keyed = new Map<string, number>();
	const groups = new Map<string, number[]>([['', []]]);
	for (const [i, [, { location }]] of stored.entries())
		if (location && location.index !== null) keyed.set(`${location.index} ${location.layer}`, i);
		else groups.set(location?.layer ?? '', [...(groups.get(location?.layer ?? '') ?? []), i]);
	const assigned = all.map(({ layer, index, slot }) => {
		const found = keyed.get(`${index} ${layer.path}`) ?? null;
		const shape = found === null ? slot.shape : stored[found]![1].shape;
		if (shape.join() === slot.shape.join()) return found;
		throw new LabError(
			`The weight "${pathOf(slot)}" has the shape [${shape.join(', ')}]; the network wants [${slot.shape.join(', ')}].`,
			'The weights belong to another model.'
		);
	});
	let renamed = false;
	for (const [group, entries] of groups) {
		const mine = all.flatMap(({ slot }, i) => {
			const own = slot.models[0] !== undefined && groups.has(slot.models[0]) ? slot.models[0] : '';
			return assigned[i] === null && own === group ? [i] : [];
		});
		const named = entries.map((i) => ({ name: stored[i]![0], shape: stored[i]![1].shape }));
		const found = assign(
			mine.map((i) => all[i]!.slot),
			named,
			lacking
		);
		mine.forEach((i, k) => (assigned[i] = found.assigned[k] === null ? null : entries[found.assigned[k]!]!));
		renamed ||= found.renamed;
	}
	return { assigned, renamed };
}

/**
 * Finds every weight of the network among the stored ones, and fills it.
 * @param lacking whether weights may be absent: their files are missing
 * @throws LabError naming the weight that is missing, of another shape, or not to be told from another
 */
export function stocked(
	plan: ModelPlan,
	{ layers, stuck }: Pick<Flow, 'layers' | 'stuck'>,
	given: Stored,
	lacking: boolean
): Stock {
	const all = [...owned(plan, layers, [], true)];
	const shown = new Map([...stuck.keys()].map((layer) => [layer, given.filter((one) => belongs(one, layer))]));
	const aside = new Set([...shown.values()].flat());
	const stored = given.filter((one) => !aside.has(one));
	const names = stored.map(([name, { shape }]) => ({ name, shape }));
	const { assigned, renamed } = assignAll(all, stored, lacking);
	const byLayer = new Map<LayerPlan, WeightInfo[]>();
	const tensors = new Map<string, tf.Tensor>();
	const taken = new Set<string>();
	const counts = new Map<string, number>();
	for (const entry of assigned) if (entry !== null) counts.set(nameAt(entry), (counts.get(nameAt(entry)) ?? 0) + 1);
	function nameAt(entry: number): string {
		return (names[entry] as { name: string }).name;
	}
	for (const [i, { layer, variable, slot }] of all.entries()) {
		const entry = assigned[i] ?? null;
		const weight = entry === null ? undefined : stored[entry]?.[1];
		const given = entry === null || weight?.location?.named === false ? undefined : nameAt(entry);
		const name = free(given !== undefined && counts.get(given) === 1 ? given : pathOf(slot), taken);
		const { stored: storage } = weight ?? {};
		const { dtype } = variable;
		const info: WeightInfo = { name, shape: slot.shape, dtype, trainable: slot.trainable };
		if (weight?.values) {
			fill(variable, weight, weight.values, name);
			tensors.set(name, variable.read());
		} else info.missing = true;
		const list = byLayer.get(layer) ?? [];
		list.push(storage ? { ...info, stored: storage } : info);
		byLayer.set(layer, list);
	}
	const loose: tf.Tensor[] = [];
	for (const [layer, own] of shown)
		byLayer.set(
			layer,
			own.map(([given, weight]): WeightInfo => {
				const name = free(weight.location?.named === false ? `${layer.path}/${weight.location.index}` : given, taken);
				const { shape, dtype, values, stored: storage } = weight;
				if (values) loose.push(tf.tensor(values, shape, dtype));
				if (values) tensors.set(name, loose.at(-1) as tf.Tensor);
				return { name, shape, dtype, ...(storage ? { stored: storage } : {}), ...(values ? {} : { missing: true }) };
			})
		);
	const warnings = renamed
		? [
				'The weights do not bear the names of the network’s layers: they were taken in the order of the file, in which all shapes agree.'
			]
		: [];
	const used = new Set(assigned);
	const left = names.flatMap(({ name }, i) =>
		used.has(i) || WITHOUT_LAYER.test(name) || isOptimiser(name) ? [] : [name]
	);
	if (left.length) warnings.push(unused(left));
	return { byLayer, tensors, loose, warnings };
}

/** What layers keep beside their weights: how many examples were counted, the state of a random generator. */
const WITHOUT_LAYER = /(^|\/)(count|seed_generator_state)(:\d+)?$/;

function unused(names: readonly string[]): string {
	const shown = names.slice(0, 3).map((name) => `"${name.slice(0, 100)}"`);
	const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
	return names.length === 1
		? `The weight files hold a weight that no layer uses: ${shown.join()}.`
		: `The weight files hold ${names.length} weights that no layer uses: ${shown.join(', ')}${more}.`;
}

function free(name: string, taken: Set<string>): string {
	let found = name;
	for (let k = 2; taken.has(found); k++) found = `${name}#${k}`;
	taken.add(found);
	return found;
}

function fill(
	variable: Variable,
	{ shape, dtype }: StoredWeight,
	values: NonNullable<StoredWeight['values']>,
	name: string
): void {
	if (values.length !== product(shape))
		throw new LabError(`The weight "${name}" holds ${values.length} numbers; its shape wants more or fewer.`);
	// Layers compute in float32, whatever the file holds.
	tf.tidy(() => void variable.write(tf.cast(tf.tensor(values, shape, dtype), variable.dtype)));
}
