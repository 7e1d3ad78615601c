import type { GraphNode } from '#contracts/graph.ts';
import type { OperatorTraits } from '#contracts/operator.ts';
import type { Operator, Operators } from '#engine/model/operators/operator.ts';
import { byName } from '#engine/model/rules/by-name.ts';

const modules = import.meta.glob<Operators>(['./*.ts', '!./index.ts', '!./operator.ts'], {
	eager: true,
	import: 'default'
});

/** The operator table: every format's nodes become these. A new file in this folder joins it. */
export const operators: ReadonlyMap<string, Operator> = new Map(
	Object.values(modules)
		.flatMap((table) => Object.entries(table))
		// Most are called what they are called in code.
		.map(([type, operator]) => [type, { ...operator, word: operator.word ?? type }])
);

const entries = Object.values(modules).reduce((sum, table) => sum + Object.keys(table).length, 0);
if (entries !== operators.size) throw new Error('Two operators share a name.');

/** Its entry; for a type that has none, what its name suggests. */
export const operatorOf = (type: string): Operator => operators.get(type) ?? byName(type);

/** What the page is told of these nodes' types. */
export function traitsOf(nodes: readonly Pick<GraphNode, 'type'>[]): ReadonlyMap<string, OperatorTraits> {
	return new Map(
		[...new Set(nodes.map(({ type }) => type))].map((type) => {
			const { note, family, figure, sign, word, strip } = operatorOf(type);
			return [type, { note, family, figure, sign, word, strip }];
		})
	);
}
