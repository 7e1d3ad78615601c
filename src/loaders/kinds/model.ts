import type { FileKind } from '#contracts/kind.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { calledLabels, labelFiles } from '#loaders/labels-beside.ts';
import { loaders } from '#loaders/registry.ts';
import { modelJsons, shardPaths } from '#loaders/tfjs/model-json.ts';

/** What TF.js models are made of. */
async function tfjsFiles(source: Source): Promise<SourceFile[]> {
	const models = await modelJsons(source);
	const named = new Set(models.flatMap((model) => shardPaths(model.manifest)).map(baseName));
	const jsons = new Set(models.map(({ file }) => file));
	return source.files.filter(
		(file) =>
			jsons.has(file) || named.has(baseName(file.path)) || /\.(bin|weights)$|shard\d+of\d+/i.test(file.path)
	);
}

/** A network with its weights, in any format that the lab opens. */
const kind: FileKind = {
	id: 'model',
	title: 'a model',
	extensions: [
		...new Set([...loaders.values()].flatMap(({ extensions }) => extensions)),
		'.zip',
		'.gz',
		'.tar',
		'.tgz'
	],

	async match(source) {
		const all = [...loaders.values()];
		const sure = await Promise.all(all.map((loader) => loader.match(source)));
		const best = Math.max(0, ...sure);
		const loader = all[sure.indexOf(best)];
		if (best <= 0 || !loader) return null;
		const own = await (loader.uses?.(source) ?? tfjsFiles(source));
		const used = new Set([...own, ...(await labelFiles(source)).filter(calledLabels)]);
		const uses = source.files.flatMap((file, i) => (used.has(file) ? [i] : []));
		return { sure: best, uses, what: loader.holds ?? 'a model' };
	}
};

export default kind;
