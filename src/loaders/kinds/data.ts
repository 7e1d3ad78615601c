import type { FileKind } from '#contracts/kind.ts';
import type { Source } from '#contracts/source.ts';
import { counted } from '#maths/format.ts';
import { dataLoaders } from '#loaders/data-registry.ts';

/** Of so many files it is asked which are used. */
const FEW = 100;

/** Rows or pictures, in any format that the lab opens. */
const kind: FileKind = {
	id: 'data',
	title: 'a data set',
	extensions: [
		...new Set([...dataLoaders.values()].flatMap(({ extensions }) => extensions)),
		'.zip',
		'.gz',
		'.tar',
		'.tgz'
	],

	async match(source, { data }) {
		const all = [...dataLoaders.values()];
		const sure = await Promise.all(all.map((loader) => loader.match(source)));
		const best = Math.max(0, ...sure);
		const loader = all[sure.indexOf(best)];
		if (best <= 0 || !loader) return null;
		const alone = (at: number) => loader.match({ ...source, files: [source.files[at]!] } satisfies Source);
		const used = source.files.length > FEW ? [] : await Promise.all(source.files.map((_, at) => alone(at)));
		// Files that only make sense together are all used.
		const every = used.some((one) => one > 0) ? used.map((one) => one > 0) : source.files.map(() => true);
		const uses = every.flatMap((one, at) => (one ? [at] : []));
		const files = uses.length > 1 ? `, ${counted(uses.length)} files` : '';
		return { sure: data ? Math.max(best, 0.99) : best, uses, what: `a data set: ${loader.title}${files}` };
	}
};

export default kind;
