import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import { notFiniteSentence } from '#loaders/not-finite.ts';

/** A model whose weights still lie in its files, with all of them on the device. @throws LabError, AbortError */
export async function placed(
	loaded: LoadedModel,
	{ signal, progress }: Pick<LoadContext, 'signal' | 'progress'>,
	from = 0.6
): Promise<LoadedModel> {
	const { model, warnings } = loaded;
	if (!model.unread || !model.place) return loaded;
	const note = 'Reading the weights';
	progress(from, note);
	const bad = await model.place({ signal, progress: (done) => progress(from + (1 - from) * done, note) });
	return { ...loaded, warnings: [...warnings, ...notFiniteSentence(bad)] };
}
