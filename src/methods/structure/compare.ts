import type { ChangeKind, ComparisonRow, Difference, RowState, WeightPair } from '#contracts/comparison.ts';
import {
	fileShape,
	parseReference,
	type AttributeValue,
	type Graph,
	type GraphNode,
	type WeightInfo
} from '#contracts/graph.ts';
import { lastShape } from '#engine/model/outputs-last.ts';
import { matchNodes, type NodeMatch } from '#methods/structure/match-nodes.ts';

/** The structural difference of two graphs, as the rows of a side-by-side view. */

/** Weightiest first. */
const ORDER: readonly ChangeKind[] = ['shape', 'attributes', 'inputs', 'weights'];
/** Letters of one attribute that are told. */
const LONGEST = 200;

const times = (shape: readonly (number | null)[]) => shape.map((n) => n ?? '?').join(' × ');
/** Weights whose network is not known: nothing but them is compared. */
const isBag = ({ type }: GraphNode) => type === 'Weights';

/** Without the batch. */
const shapeText = (node: GraphNode) => {
	const shape = fileShape(node);
	return node.unknown ? 'unknown' : shape.length > 1 ? times(shape.slice(1)) : shape.length ? times(shape) : 'a number';
};

/** What a pair is shown as: by the weightiest of its changes. */
export function stateOf(changes: Iterable<ChangeKind>): RowState {
	const all = new Set(changes);
	return ORDER.find((kind) => all.has(kind)) ?? 'same';
}

/**
 * Rows in an order that keeps that of both models as far as both have one: what was removed stands before what was added
 * in its place. Differences of the weights' numbers are not in it: they are found on the device.
 */
export function compareGraphs(first: Graph, second: Graph): ComparisonRow[] {
	const match = matchNodes(first, second);
	const of = new Map(match.pairs.map((pair) => [pair.first, pair]));
	const taken = new Set(match.pairs.map((pair) => pair.second));
	const wired = wiring(first, second, match);
	const rows: ComparisonRow[] = [];
	let [i, j] = [0, 0];
	const until = (end: number, otherEnd: number) => {
		for (; i < end; i++) {
			const node = first.nodes[i] as GraphNode;
			const pair = of.get(i);
			rows.push(
				pair ? matched(node, second.nodes[pair.second] as GraphNode, pair.found, wired) : single(node, 'removed')
			);
		}
		for (; j < otherEnd; j++) if (!taken.has(j)) rows.push(single(second.nodes[j] as GraphNode, 'added'));
	};
	for (const [end, otherEnd] of match.chain) {
		until(end, otherEnd);
		until(end + 1, otherEnd + 1);
	}
	until(first.nodes.length, second.nodes.length);
	return rows;
}

function single(node: GraphNode, state: 'added' | 'removed'): ComparisonRow {
	const text = shapeText(node);
	return {
		first: state === 'removed' ? node.id : null,
		second: state === 'added' ? node.id : null,
		type: node.type,
		state,
		found: null,
		differences: [],
		weights: [],
		shapes: state === 'added' ? ['', text] : [text, '']
	};
}

type Wiring = (a: GraphNode, b: GraphNode) => Difference[];

function matched(a: GraphNode, b: GraphNode, found: 'name' | 'structure', wired: Wiring): ComparisonRow {
	const { pairs, differences: ofWeights } = weightPairs(a, b);
	const shapes = [shapeText(a), shapeText(b)] as const;
	const bag = isBag(a) || isBag(b);
	const ofShape: Difference[] =
		shapes[0] === shapes[1] || a.unknown || b.unknown
			? []
			: [{ kind: 'shape', name: 'output', first: shapes[0], second: shapes[1] }];
	const differences = [...ofShape, ...ofWeights, ...(bag ? [] : attributeDifferences(a, b)), ...wired(a, b)];
	const state = stateOf(differences.map(({ kind }) => kind));
	return {
		first: a.id,
		second: b.id,
		type: isBag(a) ? b.type : a.type,
		state,
		found,
		differences,
		weights: pairs,
		shapes
	};
}

function attributeText(value: AttributeValue | undefined): string {
	if (value === undefined) return '';
	const text = typeof value === 'string' ? value : JSON.stringify(value);
	return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function attributeDifferences(a: GraphNode, b: GraphNode): Difference[] {
	const names = [...new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)])];
	const found = names
		.filter((name) => JSON.stringify(a.attributes[name]) !== JSON.stringify(b.attributes[name]))
		.map((name) => ({
			kind: 'attributes' as const,
			name,
			first: attributeText(a.attributes[name]),
			second: attributeText(b.attributes[name])
		}));
	if (a.dtype === b.dtype) return found;
	return [...found, { kind: 'attributes', name: 'number type', first: a.dtype, second: b.dtype }];
}

/** By role, else by index. */
function weightPairs(a: GraphNode, b: GraphNode): { pairs: WeightPair[]; differences: Difference[] } {
	const pairs: WeightPair[] = [];
	const differences: Difference[] = [];
	const left = [...b.weights];
	const roleOf = (weight: GraphNode['weights'][number], k: number) => weight.role ?? `tensor ${k + 1}`;
	a.weights.forEach((weight, k) => {
		const role = roleOf(weight, k);
		const index = left.findIndex((other) => (weight.role ? other.role === weight.role : !other.role));
		const [other] = index < 0 ? [] : left.splice(index, 1);
		if (!other)
			return differences.push({ kind: 'shape', name: role, first: times(weight.shape) || 'a number', second: '' });
		const turned: WeightPair['turned'] | null = weight.order === other.order ? null : weight.order ? 'first' : 'second';
		const plain = (one: WeightInfo) => times(turned ? lastShape(one) : one.shape);
		const alike = plain(weight) === plain(other);
		const comparable = alike && !weight.missing && !other.missing;
		const { name, shape } = weight;
		const order = turned ? { turned } : {};
		pairs.push({ role, first: name, second: other.name, shape, secondShape: other.shape, comparable, ...order });
		if (!alike) differences.push({ kind: 'shape', name: role, first: times(weight.shape), second: times(other.shape) });
		const [stored, otherStored] = [weight.stored ?? weight.dtype, other.stored ?? other.dtype];
		if (stored !== otherStored)
			differences.push({ kind: 'attributes', name: `${role} stored as`, first: stored, second: otherStored });
		return undefined;
	});
	left.forEach((other, k) =>
		differences.push({ kind: 'shape', name: roleOf(other, k), first: '', second: times(other.shape) || 'a number' })
	);
	return { pairs, differences };
}

/**
 * Whether a pair reads from other nodes. A layer put in between or taken out is no news of those after it: only inputs
 * that have a partner count, and those with the wrong one.
 */
function wiring(first: Graph, second: Graph, { pairs }: NodeMatch): Wiring {
	const partner = new Map(
		pairs.map((pair) => [(first.nodes[pair.first] as GraphNode).id, (second.nodes[pair.second] as GraphNode).id])
	);
	const partnered = new Set(partner.values());
	return (a, b) => {
		const wrong = a.inputs.some((reference, k) => {
			const [id, output] = parseReference(reference);
			const [other, otherOutput] = parseReference(b.inputs[k] ?? '');
			const expected = partner.get(id);
			return expected !== undefined && partnered.has(other) && (expected !== other || output !== otherOutput);
		});
		if (isBag(a) || isBag(b) || (!wrong && a.inputs.length === b.inputs.length)) return [];
		return [{ kind: 'inputs', name: 'reads', first: a.inputs.join(', '), second: b.inputs.join(', ') }];
	};
}
