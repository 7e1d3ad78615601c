import type { OutputFacts, OutputKind, OutputReading } from '#contracts/output.ts';
import { registry } from '#contracts/registry.ts';

/** Every kind of output: one file in `kinds/` each. */
export const outputKinds = registry(import.meta.glob<OutputKind>('./kinds/*.ts', { eager: true, import: 'default' }));

/** All ways to read an output, the likeliest first. */
export function readingsOf(facts: OutputFacts): OutputReading[] {
	const found = [...outputKinds.values()].flatMap(({ id, title, match, read }) => {
		const matched = match(facts);
		return matched ? [{ kind: id, title, plain: !read, parameters: [], ...matched }] : [];
	});
	return found.sort((a, b) => b.sure - a.sure);
}
