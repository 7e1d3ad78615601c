import { LabError } from '#contracts/errors.ts';
import { parseReference } from '#contracts/graph.ts';
import type { Model, Obstacle } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { ExecutableModel } from '#engine/model/executor.ts';
import { LaterWeights, type LaterWeight } from '#engine/model/later-weights.ts';
import { joined, obstacleOf } from '#engine/model/graph/obstacles.ts';
import { product } from '#engine/model/onnx/arrays.ts';
import { BatchMixed } from '#engine/model/onnx/batch.ts';
import { OWN, type Constant, type OnnxInput, type OnnxModel, type Values } from '#engine/model/onnx/definition.ts';
import { Scope, Walk } from '#engine/model/onnx/graph.ts';
import { cutBefore } from '#engine/model/onnx/cut.ts';
import { fed, mayBeBatched, type Fed, type Sizes } from '#engine/model/onnx/inputs.ts';
import { settings } from '#engine/model/onnx/settings.ts';
import { NumbersNeeded, type Later } from '#engine/model/onnx/later.ts';
import { isListed } from '#engine/model/onnx/lists.ts';
import { handlerOf } from '#engine/model/onnx/nodes/index.ts';
import { whole as wholeNumbers } from '#engine/model/onnx/nodes/quantised.ts';
import { needed, reads } from '#engine/model/onnx/sorted.ts';
import { dtypeOf, Translation } from '#engine/model/onnx/translation.ts';
import { channelsLast, isConstant, inverse, natural, sameOrder, type Value } from '#engine/model/onnx/value.ts';

export interface OnnxParts {
	model: OnnxModel;
	inputShape?: readonly [height: number, width: number, channels: number] | undefined;
	/** Set where weights are missing: the rest is built all the same. */
	obstacle?: Obstacle | null;
}

/** Translations that read only what they lack; then all of no more than so many numbers. */
const [PATIENCE, MANY] = [8, 2 ** 20];

/** For sequences of free length, until one fits. */
const LENGTHS = [32, 128, 512, 1024, 16384];

interface Translated {
	t: Translation;
	walk: Walk;
	inputs: readonly Fed[];
	outputs: readonly Value[];
	/** The batch is left open. */
	symbolic: boolean;
}

/**
 * An ONNX graph under the one interface: constants are folded, kernels turned, the layout chosen, and every node becomes steps
 * of the operator table. What cannot be computed is the model's obstacle; the rest can be looked at.
 * @throws LabError for what is no graph
 */
export async function onnxModel({ model, inputShape, obstacle = null }: OnnxParts): Promise<{
	model: Model;
	notes: string[];
}> {
	const { t, walk, inputs, outputs, symbolic } = await withNumbers(model, () =>
		translated(model, inputShape, obstacle !== null)
	);
	const stored = [...t.weights.values()];
	const weights = new Map<string, tf.Tensor>();
	const waits = new Map<string, LaterWeight>();
	try {
		for (const one of stored) {
			const { constant, info } = one;
			const values = constant.values ?? constant.later?.known;
			if (values)
				weights.set(info.name, tf.tensor(placedAs(values, constant.kind), [...info.shape], dtypeOf(constant)));
			else if (constant.later) waits.set(info.name, laterOf(constant, constant.later, info.shape));
		}
		const missing = stored.some(({ info }) => info.missing);
		const blocked = obstacleOf(walk.blocked);
		const executable = new ExecutableModel({
			steps: t.steps(),
			inputs: inputs.map(({ input }) => idOf(t, input)),
			outputs: outputs.map(({ ref }) => ref),
			weights,
			later: waits.size ? new LaterWeights(weights, waits) : undefined,
			obstacle: joined(
				missing ? obstacle : null,
				blocked && { ...blocked, message: `${blocked.message} ${counted(walk)}` }
			),
			single: !symbolic && inputs.every(({ shape }) => shape[0] === 1),
			dispose: () => weights.forEach((tensor) => tensor.dispose())
		});
		return { model: executable, notes: [...t.notes, ...assumptions(inputs)] };
	} catch (error) {
		weights.forEach((tensor) => tensor.dispose());
		throw error;
	}
}

/** Reads what cannot be done without as it turns out, and translates anew. */
async function withNumbers<T>({ graph }: OnnxModel, translate: () => T): Promise<T> {
	for (let times = 1; ; times++) {
		try {
			return translate();
		} catch (error) {
			if (!(error instanceof NumbersNeeded)) throw error;
			const all =
				times < PATIENCE
					? []
					: [...graph.constants.values()]
							.filter(({ shape }) => product(shape) <= MANY)
							.flatMap(({ later }) => later ?? []);
			for (const one of new Set([...error.sources, ...all])) one.known ??= await one.read();
		}
	}
}

const laterOf = (constant: Constant, later: Later, shape: readonly number[]): LaterWeight => ({
	bytes: product(shape) * (constant.kind === 'bool' ? 1 : 4),
	shape,
	read: async () => ({ values: placedAs(await later.read(), constant.kind), dtype: dtypeOf(constant) })
});

function placedAs(values: Values, kind: Constant['kind']): Float32Array | Int32Array | Uint8Array {
	if (kind === 'bool') return Uint8Array.from(values);
	if (kind === 'int') return Int32Array.from(values, clamped);
	return values instanceof Float32Array ? values : Float32Array.from(values);
}

/** Of 64 bits, mostly as an end that means the last one. */
const clamped = (n: number) => Math.max(-(2 ** 31), Math.min(2 ** 31 - 1, n));

const assumptions = (inputs: readonly Fed[]) =>
	inputs.flatMap(({ input, shape, assumed }) =>
		assumed.length
			? [
					`The input “${input.name}” may be of any length (${assumed.join(', ')}): it is opened for [${shape.slice(1).join(', ')}].`
				]
			: []
	);

const ids = new WeakMap<Translation, Map<OnnxInput, string>>();
const idOf = (t: Translation, input: OnnxInput) => ids.get(t)?.get(input) ?? input.name;

const counted = ({ met, blocked }: Walk) => `${met - blocked.length} of its ${met} nodes are known.`;

interface Asked {
	model: OnnxModel;
	inputs: readonly OnnxInput[];
	set: ReadonlyMap<OnnxInput, Constant>;
	picture: OnnxParts['inputShape'];
}

/** With the batch left open where that goes, else for the number of rows that the file says. */
function translated(model: OnnxModel, picture: OnnxParts['inputShape'], missing: boolean): Translated {
	const { graph } = model;
	if (!graph.outputs.length) throw new LabError('The graph has no output.', 'Export the model again.');
	const nodes = needed(graph.nodes, graph.outputs);
	const read = new Set([...graph.nodes.flatMap((node) => reads(node)), ...graph.outputs]);
	const all = graph.inputs.filter(({ name }) => !graph.constants.has(name) && read.has(name));
	const found = settings(graph, all);
	const set: ReadonlyMap<OnnxInput, Constant> = found.size < all.length ? found : new Map();
	const inputs = all.filter((input) => !set.has(input));
	if (!inputs.length) throw new LabError('The graph has no input.', 'Export the model with its input.');
	const asked = { model, inputs, set, picture };
	const stuck = missing || nodes.some(({ op, domain }) => !known(model, op, domain));
	const whole = fitting(asked, stuck);
	if (missing || !whole.walk.blocked.length) return whole;
	const ends = cutBefore(whole.t, whole.walk.frontier, whole.outputs);
	if (!ends) return whole;
	// It runs after all: now the sizes of its input matter.
	const sized = stuck && inputs.some(({ shape }) => shape?.slice(1).includes(null)) ? fitting(asked, false) : whole;
	return cut(sized, sized === whole ? ends : cutBefore(sized.t, sized.walk.frontier, sized.outputs));
}

/** Up to what cannot be computed, and a note that says so. */
function cut(found: Translated, ends: readonly Value[] | null): Translated {
	const { t, walk } = found;
	const blocked = obstacleOf(walk.blocked);
	if (!ends || !blocked) return found;
	t.notes.add(`${blocked.message} ${counted(walk)} The model is opened up to there.`);
	walk.blocked.length = 0;
	return { ...found, outputs: ends.map((end) => delivered(t, `${end.ref.replaceAll(':', '_')}/end`, end)) };
}

function fitting(asked: Asked, stuck: boolean): Translated {
	const { inputs } = asked;
	let failure: unknown;
	for (const free of inputs.some(({ shape }) => shape?.slice(1).includes(null)) ? LENGTHS : LENGTHS.slice(0, 1))
		for (const symbolic of mayBeBatched(inputs) ? [true, false] : [false]) {
			try {
				const found = attempt(asked, { symbolic, free, picture: asked.picture, stuck });
				const { blocked } = found.walk;
				// What no size would change needs no other.
				if (stuck || blocked.every(({ why }) => typeof why === 'string')) return found;
				failure ??= found;
				// What fails for every number of rows is no matter of theirs.
			} catch (error) {
				if (!(error instanceof BatchMixed)) throw error;
			}
		}
	if (failure) return failure as Translated;
	throw new LabError(
		'The graph mixes the rows of a batch in a way that cannot be followed.',
		'Export the model for one row.'
	);
}

const known = ({ functions }: OnnxModel, op: string, domain: string) =>
	functions.has(`${domain}/${op}`) ||
	handlerOf(op, domain) !== undefined ||
	(OWN.has(domain) && (isListed(op) || /^(If|Loop|Scan|Shape|ConstantOfShape|Range|NonZero)$/.test(op)));

function attempt({ model, inputs, set }: Asked, sizes: Sizes): Translated {
	const { graph, opset } = model;
	const t = new Translation();
	const walk = new Walk(t, model);
	const scope = new Scope(null, graph.constants);
	ids.set(t, new Map());
	const given = inputs.map((input) => {
		const one = fed(graph, input, sizes);
		const id = t.unique(input.name);
		ids.get(t)?.set(input, id);
		const { dtype } = input;
		scope.set(input.name, t.input(id, one.shape, one.order, dtype === 'string' ? 'float32' : dtype));
		return one;
	});
	for (const [{ name }, constant] of set) {
		scope.set(name, { ...constant, name });
		const value = constant.kind === 'bool' ? String(Boolean(constant.values?.[0])) : constant.values?.[0];
		t.notes.add(`The input “${name}” decides what the network computes: it is opened for ${value}.`);
	}
	walk.nodes(graph.nodes, graph.outputs, scope, opset);
	const outputs = graph.outputs.flatMap((name) => {
		const operand = scope.get(name);
		if (!operand) throw new LabError(`The output "${name}" is not made by any node.`, 'Export the model again.');
		const items = (!isConstant(operand) && operand.items) || [operand];
		return items.map((one) => delivered(t, name, isConstant(one) ? t.computed(one) : one));
	});
	return { t, walk, inputs: given, outputs, symbolic: sizes.symbolic };
}

/** As it leaves: in the file's order, but pictures with their channels last; and as whole numbers where it is quantised. */
function delivered(t: Translation, name: string, value: Value): Value {
	if (value.unknown) return value;
	// A transposed input lies as it came: its node does not say so.
	const giver = t.drafts.find(({ node }) => node.id === parseReference(value.ref)[0])?.node;
	const declared = giver?.axes ?? natural(value.order.length);
	const picture = value.order.length === 4 && sameOrder(value.order, channelsLast(4));
	const fits = picture || sameOrder(value.order, natural(value.order.length));
	const asDeclared = sameOrder(inverse(value.order), declared);
	if (!value.quantised && fits && asDeclared) return value;
	const from = t.drafts.length;
	t.id = t.unique(name);
	const own = value.quantised ? wholeNumbers(t, value) : fits ? t.one('Identity', [value], value) : value;
	return t.named([picture ? own : t.natural(own)], from)[0] as Value;
}
