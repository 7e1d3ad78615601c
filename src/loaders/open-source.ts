import { throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import { baseName, type Source } from '#contracts/source.ts';
import { expanded } from '#loaders/archive.ts';
import { readAs } from '#loaders/foreign-faults.ts';
import { loaders } from '#loaders/registry.ts';
import { labelsBeside } from '#loaders/labels-beside.ts';
import { nothingIn } from '#loaders/nothing.ts';
import { placed } from '#loaders/placed.ts';

/**
 * Asks every format, opens with the surest one, adds class names that lie beside the model, and puts on it the weights
 * that the source names apart.
 * @throws LabError that says what the files are missing
 */
export async function openSource(packed: Source, context: LoadContext): Promise<LoadedModel> {
	const { onto, ...own } = packed;
	const loaded = await opened(own, context);
	if (!onto) return context.later ? loaded : onDevice(loaded, context);
	let bag: LoadedModel | null = null;
	try {
		await onDevice(loaded, context);
		bag = await opened({ name: packed.name, files: onto }, context);
		await onDevice(bag, context, true);
		const { putOnto } = await import('#engine/model/onto/put.ts');
		throwIfAborted(context.signal);
		const file = baseName(onto[0]?.path ?? packed.name);
		const report = putOnto(loaded.model, bag.model, file);
		return { ...loaded, warnings: [...report, ...bag.warnings, ...loaded.warnings] };
	} catch (error) {
		loaded.model.dispose();
		throw error;
	} finally {
		bag?.model.dispose();
	}
}

/** With its weights on the device, where it can run or whatever it is. @throws LabError where they do not fit */
async function onDevice(loaded: LoadedModel, context: LoadContext, any = false): Promise<LoadedModel> {
	const { model } = loaded;
	if (!model.unread || (!any && model.obstacle?.kind !== 'unread')) return loaded;
	try {
		const sizes = model.graph.nodes.flatMap(({ weights }) =>
			weights.map(({ shape }) => 4 * shape.reduce((n, m) => n * m, 1))
		);
		context.checkSize(
			model.bytes,
			sizes.reduce((a, b) => Math.max(a, b), 0)
		);
		return await placed(loaded, context);
	} catch (error) {
		model.dispose();
		throw error;
	}
}

async function opened(packed: Source, context: LoadContext): Promise<LoadedModel> {
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
