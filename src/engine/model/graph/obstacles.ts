import type { Obstacle } from '#contracts/model.ts';
import { isMapped } from '#engine/model/graph/mapping.ts';

/** What of a TensorFlow graph cannot be computed here, in words. */

/** A node that cannot be computed, and why. */
export interface Blocked {
	id: string;
	op: string;
	/** `dynamic`: it decides while it runs what is computed; `unknown`: no such operation is known; else a sentence. */
	why: 'dynamic' | 'unknown' | { message: string; hint: string };
}

const DYNAMIC =
	/^(LoopCond|Switch|Merge|Enter|Exit|NextIteration|(Stateless)?(If|While)|TensorArray\w*|TensorList\w*|EmptyTensorList|NonMaxSuppression\w*|Where|ListDiff|HashTable\w*|LookupTable\w*|InitializeTable\w*|String\w*|StaticRegexReplace|Ragged\w*)$/;

/** @param category of the converter's own table of operations; undefined where it has none by that name */
export function blockedBy({ op, category }: { op: string; category?: unknown }): 'dynamic' | 'unknown' | null {
	if (DYNAMIC.test(op)) return 'dynamic';
	return category === undefined && op !== 'Const' && !isMapped(op) ? 'unknown' : null;
}

/** Kinds of operations named in a sentence before it says "and N more". */
const NAMED = 5;

/** `Switch (12), Merge (8) and 3 more kinds`. */
function counted(blocked: readonly Blocked[]): string {
	const counts = new Map<string, number>();
	for (const { op } of blocked) counts.set(op, (counts.get(op) ?? 0) + 1);
	const kinds = [...counts].sort(([, a], [, b]) => b - a);
	const named = kinds.slice(0, NAMED).map(([op, n]) => (n > 1 ? `${op} (${n})` : op));
	const rest = kinds.length - named.length;
	return named.join(', ') + (rest > 0 ? ` and ${rest} more ${rest === 1 ? 'kind' : 'kinds'}` : '');
}

function sentence(blocked: readonly Blocked[], what: { one: string; many: string }): string {
	const [first] = blocked;
	if (!first) return '';
	return blocked.length === 1
		? `The operation “${first.id}” (${first.op}) ${what.one}.`
		: `${blocked.length} operations ${what.many}: ${counted(blocked)}.`;
}

/** One obstacle of all that stands in the way, or null. */
export function obstacleOf(blocked: readonly Blocked[]): Obstacle | null {
	if (!blocked.length) return null;
	const of = (why: Blocked['why']) => blocked.filter((one) => one.why === why);
	const reasons = blocked.map(({ why }) => why).filter((why) => typeof why === 'object');
	const [dynamic, unknown] = [of('dynamic'), of('unknown')];
	const messages = [
		sentence(dynamic, {
			one: 'decides while it runs what is computed',
			many: 'decide while they run what is computed'
		}),
		sentence(unknown, { one: 'is not known', many: 'are not known' }),
		reasons[0]?.message ?? ''
	];
	const hint =
		dynamic.length || unknown.length
			? 'To run it here, export the network without its loops, conditions, tables and box selection, in common operations.'
			: (reasons[0]?.hint ?? '');
	return { kind: 'operations', message: messages.filter(Boolean).join(' '), hint, nodes: blocked.map(({ id }) => id) };
}

/** Two reasons at once: both are said. */
export function joined(first: Obstacle | null, second: Obstacle | null): Obstacle | null {
	if (!first || !second) return first ?? second;
	const nodes = [...new Set([...first.nodes, ...second.nodes])];
	return { kind: first.kind, message: `${first.message} ${second.message}`, hint: first.hint, nodes };
}
