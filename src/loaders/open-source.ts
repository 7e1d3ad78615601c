import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { parseLabels } from '#maths/labels.ts';
import { expanded } from '#loaders/archive.ts';
import { loaders } from '#loaders/registry.ts';
import { jsonFault, modelJsons } from '#loaders/tfjs/model-json.ts';

/**
 * Asks every format, opens with the surest one, and adds class names that lie beside the model.
 * @throws LabError that says what the files are missing
 */
export async function openSource(packed: Source, context: LoadContext): Promise<LoadedModel> {
	context.progress(0, 'Looking at the files');
	const source = await expanded(packed);
	throwIfAborted(context.signal);
	const sure = await Promise.all(
		[...loaders.values()].map(async (loader) => ({ loader, sure: await loader.match(source) }))
	);
	const best = sure.sort((a, b) => b.sure - a.sure)[0];
	if (!best || best.sure <= 0) throw await nothingIn(source);
	const loaded = await best.loader.load(source, context);
	if (loaded.labels) return loaded;
	const labels = await labelsBeside(source);
	return labels ? { ...loaded, labels } : loaded;
}

async function labelsBeside(source: Source): Promise<string[] | null> {
	const models = new Set((await modelJsons(source)).map((json) => json.file));
	const candidates = source.files.filter(
		(file) => !models.has(file) && file.blob.size < 1 << 20 && /\.(txt|json|names|csv)$/i.test(file.path)
	);
	candidates.sort((a, b) => Number(likely(b)) - Number(likely(a)));
	for (const file of candidates) {
		if (!likely(file)) continue;
		const labels = parseLabels(await file.blob.text());
		if (labels) return labels;
	}
	return null;
}

const likely = (file: SourceFile) => /label|class|metadata|names/i.test(baseName(file.path));

/** Why nothing could be opened, as exactly as it can be told. */
async function nothingIn(source: Source): Promise<LabError> {
	const names = source.files.map((file) => baseName(file.path));
	const json = source.files.find((file) => file.path.toLowerCase().endsWith('.json'));
	if (!source.files.length)
		return new LabError('There are no files in it.', 'Open a model.json with its weight files.');
	const fault = json && (await jsonFault(json));
	if (fault) return new LabError(fault, 'Save or download the model again.');
	if (json)
		return new LabError(
			`"${json.path}" is no TF.js model: it has no modelTopology.`,
			'Open the model.json that tensorflowjs_converter or model.save() wrote.'
		);
	if (names.some((name) => /shard\d+of\d+|\.bin$/.test(name)))
		return new LabError('These are weight files without their model.json.', 'Open model.json together with them.');
	const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
	return new LabError(
		`No model was found in ${shown}.`,
		'Open a TF.js model: model.json with its weight files, a folder or a zip.'
	);
}
