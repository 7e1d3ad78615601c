import { parseReference } from '#contracts/graph.ts';
import { product } from '#engine/model/onnx/arrays.ts';
import type { Translation } from '#engine/model/onnx/translation.ts';
import type { Value } from '#engine/model/onnx/value.ts';

/**
 * A network whose end cannot be computed, the selection of boxes say, is opened up to there: what goes into that end are
 * its outputs, and all views work on what comes before.
 */

const nodeOf = (ref: string) => parseReference(ref)[0];

/** The share of its weights that a network must have before the cut, to be still that network. */
const MOST = 0.9;

/**
 * @param frontier what goes into nodes that cannot be computed
 * @param outputs the file's own
 * @returns the new outputs; null where too little of the network lies before them
 */
export function cutBefore(t: Translation, frontier: Iterable<Value>, outputs: readonly Value[]): Value[] | null {
	const drafts = new Map(t.drafts.map((draft) => [draft.node.id, draft]));
	const before = (refs: readonly string[]) => {
		const seen = new Set<string>();
		const stack = refs.map(nodeOf);
		while (stack.length) {
			const id = stack.pop() as string;
			const draft = drafts.get(id);
			if (seen.has(id) || !draft) continue;
			seen.add(id);
			stack.push(...draft.node.inputs.map(nodeOf));
		}
		return seen;
	};
	const isInput = ({ ref }: Value) => drafts.get(nodeOf(ref))?.node.type === 'Input';
	const whole = outputs.filter((one) => !one.unknown);
	const candidates = [...frontier].filter((one) => one.dtype === 'float32' && !isInput(one) && one.shape.length > 0);
	const unique = [...new Map([...whole, ...candidates].map((one) => [one.ref, one])).values()];
	// What another of them is made of is looked at as a layer.
	const inner = new Set(
		unique.flatMap(({ ref }) => [...before(drafts.get(nodeOf(ref))?.node.inputs.filter((one) => one !== ref) ?? [])])
	);
	const ends = unique.filter((one) => whole.includes(one) || !inner.has(nodeOf(one.ref)));
	const kept = before(ends.map(({ ref }) => ref));
	const sizeOf = (ids: Iterable<string>) => {
		const names = new Set([...ids].flatMap((id) => drafts.get(id)?.node.weights.map(({ name }) => name) ?? []));
		return [...names].reduce((sum, name) => sum + product(t.weights.get(name)?.info.shape ?? []), 0);
	};
	const [own, all] = [sizeOf(kept), sizeOf(drafts.keys())];
	if (!ends.length || !(own > 0) || own < MOST * all) return null;
	t.drafts.splice(0, t.drafts.length, ...t.drafts.filter(({ node }) => kept.has(node.id) || node.type === 'Input'));
	const left = new Set(t.drafts.flatMap(({ node }) => node.weights.map(({ name }) => name)));
	for (const name of t.weights.keys()) if (!left.has(name)) t.weights.delete(name);
	return ends;
}
