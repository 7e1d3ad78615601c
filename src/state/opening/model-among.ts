import { LabError } from '#contracts/errors.ts';
import type { Source } from '#contracts/source.ts';
import { filesOf, type DroppedFile } from '#state/opening/files.ts';
import { filesSource } from '#state/opening/model-sources.ts';
import type { DataThread } from '#state/threads/data-thread.ts';

const NO_MODEL = { message: 'There was no model in it.', hint: 'Choose a model.json with its weight files, or a zip.' };

/** The model among files that were given for one, whatever else they may be. @throws LabError where there is none */
export async function modelAmong(
	files: readonly DroppedFile[],
	{ api }: Pick<DataThread, 'api'>,
	signal: AbortSignal
): Promise<Source> {
	const source = { name: '', files: files.map(({ path, file }) => ({ path, blob: file })) };
	const sorting = await api.with({ signal, watched: true }).sort(source, { units: null, data: false });
	const model = sorting.readings.find(({ kind }) => kind === 'model');
	if (model) return filesSource(filesOf(sorting, model), '', files);
	const { message, hint } = sorting.nothing ?? sorting.readings[0]?.problem ?? NO_MODEL;
	throw new LabError(message, hint);
}
