import { LabError } from '#contracts/errors.ts';
import { baseName, decodedPath, type Source, type SourceFile } from '#contracts/source.ts';
import type { External } from '#loaders/onnx/tensors.ts';

/** Data files beside a model: found among what was dropped, and nowhere else. */

/** Folders of a path, without `.`; null for one that leads out. */
function parts(path: string): string[] | null {
	const list = path.split(/[/\\]/).filter((part) => part && part !== '.');
	return list.includes('..') || /^([/\\]|[a-z]:)/i.test(path) ? null : list;
}

/** The file of that name: beside the model, else the only one that is called so. */
export function fileBeside(source: Source, model: SourceFile, location: string): SourceFile | undefined {
	const own = parts(location);
	if (!own)
		throw new LabError(
			`The model wants its weights from “${location}”, outside of its folder.`,
			'Export the model with its data beside it.'
		);
	const folder = model.path.split(/[/\\]/).slice(0, -1);
	const requested = [...folder, ...own].join('/');
	const exact = source.files.find(({ path }) => path.split(/[/\\]/).join('/') === requested);
	const called = source.files.filter(({ path }) => baseName(path) === baseName(decodedPath(location)));
	return exact ?? (called.length === 1 ? called[0] : undefined);
}

/** @throws LabError where the file ends before */
export function within(file: SourceFile, { offset, length }: External, name: string): Blob {
	if (offset + length > file.blob.size)
		throw new LabError(
			`“${file.path}” holds ${file.blob.size} bytes; the tensor "${name}" would end at ${offset + length}.`,
			'The file was cut short or belongs to another model: copy it again.'
		);
	return file.blob.slice(offset, offset + length);
}
