import { LabError } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import { baseName, type SourceFile } from '#contracts/source.ts';
import { openBag } from '#loaders/bag/tensors.ts';
import { ggufOf } from '#loaders/gguf/header.ts';

/** Large models come in several files, each with a head of its own: the first says of all. */
const PART = /-\d{5}-of-(\d{5})\.gguf$/i;

/** @param files those that begin as GGUF does */
export async function loadGguf(files: readonly SourceFile[], context: LoadContext): Promise<LoadedModel> {
	const ordered = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
	const [first] = ordered;
	if (!first || (ordered.length > 1 && !ordered.every(({ path }) => PART.test(path))))
		throw new LabError(
			`There are ${files.length} models in these files: ${files.map(({ path }) => baseName(path)).join(', ')}.`,
			'Open one of them at a time.'
		);
	const parts = await Promise.all(ordered.map(ggufOf));
	const count = Number(PART.exec(first.path)?.[1] ?? 1);
	const warnings =
		count > parts.length ? [`${count - parts.length} of the ${count} files of this model are missing.`] : [];
	const [{ metadata }] = parts as [(typeof parts)[0]];
	return openBag(
		first.path,
		{ tensors: parts.flatMap(({ tensors }) => tensors), format: 'GGUF', metadata, warnings },
		context
	);
}
