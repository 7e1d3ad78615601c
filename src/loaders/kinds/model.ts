import type { FileKind } from '#contracts/kind.ts';
import { baseName } from '#contracts/source.ts';
import { calledLabels, labelFiles } from '#loaders/labels-beside.ts';
import { loaders } from '#loaders/registry.ts';
import { modelJsons, shardPaths } from '#loaders/tfjs/model-json.ts';

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
		const sure = await Promise.all([...loaders.values()].map((loader) => loader.match(source)));
		const best = Math.max(0, ...sure);
		if (best <= 0) return null;
		const models = await modelJsons(source);
		const named = new Set(models.flatMap((model) => shardPaths(model.manifest)).map(baseName));
		const own = await Promise.all([...loaders.values()].map(async (loader) => (await loader.files?.(source)) ?? []));
		const labels = (await labelFiles(source)).filter(calledLabels);
		const mine = new Set([...models.map(({ file }) => file), ...own.flat(), ...labels]);
		const uses = source.files.flatMap((file, i) => {
			const part =
				mine.has(file) || named.has(baseName(file.path)) || /\.(bin|weights)$|shard\d+of\d+/i.test(file.path);
			return part ? [i] : [];
		});
		return { sure: best, uses, what: 'a model' };
	}
};

export default kind;
