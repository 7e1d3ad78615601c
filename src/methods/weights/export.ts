import type { WeightFormat } from '#contracts/weights.ts';
import type { ExportFormat } from '#methods/export.ts';
import { allWeights, storageNotes } from '#methods/weights/all.ts';
import { weightFile, weightOf } from '#methods/weights/files.ts';

/** All weights of a model in one file, by the names that its own file gives them. */
export const weightsAs = (format: WeightFormat): Pick<ExportFormat, 'refusal' | 'write'> => ({
	refusal: (model) => (allWeights(model).length ? null : 'The model has no weights whose numbers are there.'),
	async write({ model, title, signal, progress }) {
		const weights = allWeights(model);
		const named = weights.map((weight) => weightOf(model, weight));
		const blob = await weightFile(named, format, { signal, progress });
		const some = (test: RegExp) => format === 'npz' && weights.some(({ name }) => test.test(name));
		const notes = [
			...storageNotes(weights),
			...(some(/:/) ? ['Colons in names are written as “_”: members of a zip have none.'] : []),
			...(some(/^\//) ? ['Names that begin with “/” are written without it: members of a zip do not.'] : [])
		];
		return { files: [{ path: `${title}.${format}`, blob }], notes };
	}
});
