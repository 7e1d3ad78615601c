import { LabError } from '#contracts/errors.ts';
import { parseReference, type Graph, type GraphNode, type WeightInfo } from '#contracts/graph.ts';
import { assign } from '#engine/model/layers/assignment.ts';
import { lastShape } from '#engine/model/outputs-last.ts';
import { squeezed, wayTo, type Slot, type Way } from '#engine/model/onto/way.ts';
import { commonSubsequence } from '#maths/sequence-match.ts';

/** Which weights of a bag are which of a model: by name, then layers by their order, with all shapes of a layer alike. */

interface Fit {
	slot: WeightInfo;
	stored: WeightInfo;
	found: 'name' | 'order';
	way: Way;
}

export interface Match {
	fits: readonly Fit[];
	/** Of the model, that keep their numbers; of the bag, that are not used. */
	kept: readonly WeightInfo[];
	unused: readonly WeightInfo[];
}

interface Layer<T> {
	weights: readonly T[];
	owner: string;
}
type Owned = Slot & { owner: string; top: number };

/** Counts steps of training, which is no weight. */
const COUNTER = 'num_batches_tracked';

const roleOf = ({ role, name }: WeightInfo) => role ?? name.split(/[./]/).at(-1) ?? name;
/** In the words of Keras, with slashes: `layer1.0.conv.weight` -> `layer1/0/conv/kernel`. */
const pathOf = (info: WeightInfo): string[] => {
	const name = info.name.replace(/:\d+$/, '');
	const parts = name.split(name.includes('/') ? '/' : '.');
	return [...parts.slice(0, -1), roleOf(info)];
};
/** With outputs last and without axes of one, as names are compared with. */
const plainShape = (info: WeightInfo) => squeezed(lastShape(info));

/** The grid that a layer before a matrix lays out in one row. */
function gridBefore({ inputs }: GraphNode, nodes: ReadonlyMap<string, GraphNode>): Slot['grid'] {
	let node = nodes.get(parseReference(inputs[0] ?? '')[0]);
	// What comes between changes no positions.
	for (let k = 0; node && k < 4; k++) {
		const before = nodes.get(parseReference(node.inputs[0] ?? '')[0]);
		const [, height, width, channels, more] = before?.shape ?? [];
		if (node.type === 'Flatten' || node.type === 'Reshape')
			return height && width && channels && more === undefined ? [height, width, channels] : null;
		if (node.shape.length !== 2) return null;
		node = before;
	}
	return null;
}

function slotsOf({ nodes }: Graph): Owned[] {
	const byId = new Map(nodes.map((node) => [node.id, node]));
	const seen = new Set<string>();
	return nodes.flatMap((node, top) =>
		node.weights
			.filter(({ name, missing }) => !missing && !seen.has(name) && seen.add(name))
			.map((info) => ({ info, top, owner: node.id, grid: info.shape.length === 2 ? gridBefore(node, byId) : null }))
	);
}

function byName(slots: readonly Owned[], stored: readonly WeightInfo[]): (number | null)[] {
	const requested = slots.map(({ info, top }) => {
		const path = pathOf(info);
		const late = info.role === 'mean' || info.role === 'variance';
		return {
			models: path.slice(0, -2),
			name: path.slice(-2).join('/'),
			shape: plainShape(info),
			trainable: !late,
			top
		};
	});
	try {
		const names = stored.map((info) => ({ name: pathOf(info).join('/'), shape: plainShape(info) }));
		return assign(requested, names, true).assigned;
	} catch (error) {
		// Names that say nothing: then the order does.
		if (error instanceof LabError) return slots.map(() => null);
		throw error;
	}
}

/** Layers, in their order, with what each wants. */
function layers<T>(all: readonly T[], ownerOf: (one: T) => string): Layer<T>[] {
	const found = new Map<string, T[]>();
	for (const one of all) found.set(ownerOf(one), [...(found.get(ownerOf(one)) ?? []), one]);
	return [...found].map(([owner, weights]) => ({ owner, weights }));
}

const signature = (infos: readonly WeightInfo[]) =>
	infos
		.map((info) => `${roleOf(info)} ${plainShape(info).join('x')}`)
		.sort()
		.join();

function byOrder(slots: readonly Owned[], stored: readonly WeightInfo[]): [Owned, WeightInfo][] {
	const left = layers(slots, ({ owner }) => owner);
	const right = layers(stored, (info) => pathOf(info).slice(0, -1).join('/'));
	const symbols = new Map<string, number>();
	const symbol = (infos: readonly WeightInfo[]) => {
		const text = signature(infos);
		const known = symbols.get(text) ?? symbols.size;
		symbols.set(text, known);
		return known;
	};
	const common = commonSubsequence(
		left.map(({ weights }) => symbol(weights.map(({ info }) => info))),
		right.map(({ weights }) => symbol(weights))
	);
	return common.flatMap(([i, j]) => {
		const rest = [...right[j]!.weights];
		return left[i]!.weights.map((slot): [Owned, WeightInfo] => {
			const at = rest.findIndex((info) => roleOf(info) === roleOf(slot.info) && signature([info]) === signature([slot.info])); // prettier-ignore
			return [slot, rest.splice(at, 1)[0]!];
		});
	});
}

export function matchWeights(model: Graph, bag: Graph): Match {
	const slots = slotsOf(model);
	const stored = bag.nodes.flatMap(({ weights }) =>
		weights.filter(({ missing, role }) => !missing && role !== COUNTER)
	);
	const fits: Fit[] = [];
	const [filled, used] = [new Set<Owned>(), new Set<WeightInfo>()];
	const take = (slot: Owned, info: WeightInfo, found: Fit['found']) => {
		const way = wayTo(slot, info);
		if (!way) return;
		fits.push({ slot: slot.info, stored: info, found, way });
		filled.add(slot);
		used.add(info);
	};
	for (const [k, entry] of byName(slots, stored).entries()) if (entry !== null) take(slots[k]!, stored[entry]!, 'name');
	const open = slots.filter((slot) => !filled.has(slot));
	const free = stored.filter((info) => !used.has(info));
	for (const [slot, info] of byOrder(open, free)) take(slot, info, 'order');
	return {
		fits,
		kept: slots.filter((slot) => !filled.has(slot)).map(({ info }) => info),
		unused: stored.filter((info) => !used.has(info))
	};
}
