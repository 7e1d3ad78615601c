import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Model, Obstacle } from '#contracts/model.ts';
import type { Source } from '#contracts/source.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import { theModel, type ModelJson } from '#loaders/tfjs/model-json.ts';
import { missingFiles } from '#loaders/tfjs/missing.ts';
import { deviceBytes, invalidWeights, parseManifest, readWeights, type Weights } from '#loaders/tfjs/weights.ts';

const isEmpty = (manifest: unknown) => Array.isArray(manifest) && !manifest.length;

type Build = (
	json: ModelJson,
	weights: Weights,
	/** Set where weights are missing. */
	obstacle: Obstacle | null,
	warn: (sentence: string) => void
) => Promise<Model> | Model;

/** What both TF.js formats have in common: model.json, its manifest, its shards; only the network differs. */
export async function loadTfjs(
	source: Source,
	context: LoadContext,
	kind: ModelJson['kind'],
	build: Build
): Promise<LoadedModel> {
	const json = await theModel(source, kind);
	const groups =
		json.manifest === undefined || json.manifest === null || isEmpty(json.manifest) ? [] : parseManifest(json.manifest);
	const sizes = groups.flatMap((group) => group.entries.map(deviceBytes));
	context.checkSize(
		sizes.reduce((sum, size) => sum + size, 0),
		sizes.reduce((max, size) => Math.max(max, size), 0)
	);
	context.progress(0.1, 'Reading the weights');
	const { weights, missing } = await readWeights(source, json.file, groups, (share) =>
		context.progress(0.1 + 0.5 * share, 'Reading the weights')
	);
	throwIfAborted(context.signal);
	context.progress(0.7, 'Building the network');
	const warnings: string[] = [];
	const model = await build(json, weights, missingFiles(groups, missing), (sentence) => warnings.push(sentence));
	const stored = [...new Set(weights.map(([, weight]) => weight.stored).filter((s) => s !== undefined))];
	const warning = invalidWeights(weights);
	return {
		model,
		format: `TF.js ${kind === 'weights' ? 'weights' : `${kind} model`}${stored.length ? `, ${stored.join(' and ')} weights` : ''}`,
		warnings: warning ? [...warnings, warning] : warnings
	};
}
