import { throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Source } from '#contracts/source.ts';
import { expanded } from '#loaders/archive.ts';
import { readAs } from '#loaders/foreign-faults.ts';
import { loaders } from '#loaders/registry.ts';
import { labelsBeside } from '#loaders/labels-beside.ts';
import { nothingIn } from '#loaders/nothing.ts';

/**
 * Asks every format, opens with the surest one, and adds class names that lie beside the model.
 * @throws LabError that says what the files are missing
 */
export async function openSource(packed: Source, context: LoadContext): Promise<LoadedModel> {
	context.progress(0, 'Looking at the files');
	const source = await expanded(packed, context.signal);
	throwIfAborted(context.signal);
	const sure = await Promise.all(
		[...loaders.values()].map(async (loader) => ({ loader, sure: await loader.match(source) }))
	);
	const best = sure.sort((a, b) => b.sure - a.sure)[0];
	if (!best || best.sure <= 0) throw await nothingIn(source);
	const { loader } = best;
	const loaded = await readAs(source, loader.title, () => loader.load(source, context));
	if (loaded.labels) return loaded;
	const labels = await labelsBeside(source);
	return labels ? { ...loaded, labels } : loaded;
}
