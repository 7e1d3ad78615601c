import type { FileKind } from '#contracts/kind.ts';
import type { Source } from '#contracts/source.ts';
import { counted } from '#maths/format.ts';
import { dataLoaders } from '#loaders/data-registry.ts';
import { tableFiles } from '#loaders/several-tables.ts';

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
		const tables = best <= 0 || loader?.single ? await tableFiles(source, all) : [];
		if (tables.length > 1) {
			const uses = tables.map(({ file }) => source.files.indexOf(file));
			return { sure: data ? 0.99 : Math.max(best, 0.5), uses, what: `a data set: ${counted(uses.length)} tables` };
		}
		if (best <= 0 || !loader) return null;
		const alone = (at: number) => loader.match({ ...source, files: [source.files[at]!] } satisfies Source);
		const used = source.files.length > FEW ? [] : await Promise.all(source.files.map((_, at) => alone(at)));
		const some = source.files.filter((_, at) => (used[at] ?? 0) > 0);
		// Files that only make sense together, or with what says how they are read, are all used.
		const enough = some.length > 0 && (await loader.match({ ...source, files: some })) >= best;
		const every = source.files.map((file) => !enough || some.includes(file));
		// Tables beside pictures or tensors may say of what they are.
		const beside = loader.single || every.every(Boolean) ? [] : await tableFiles(source, all);
		for (const { file } of beside) every[source.files.indexOf(file)] = true;
		const uses = every.flatMap((one, at) => (one ? [at] : []));
		const files = uses.length > 1 ? `, ${counted(uses.length)} files` : '';
		return { sure: data ? Math.max(best, 0.99) : best, uses, what: `a data set: ${loader.title}${files}` };
	}
};

export default kind;
