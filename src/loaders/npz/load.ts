import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { ELEMENTS, type ElementType } from '#loaders/bag/elements.ts';
import { firstFastest, gathered } from '#loaders/bag/strides.ts';
import { checkedShape, openBag, type FileTensor } from '#loaders/bag/tensors.ts';
import { arrayNames } from '#loaders/npz/names.ts';
import { lookedAt } from '#loaders/npy/arrays.ts';
import { bytesPerItem, strangeType } from '#maths/read-npy.ts';

const KINDS: Readonly<Record<string, string>> = { f: 'float', i: 'int', u: 'uint' };

function elementOf(type: string): ElementType | null {
	if (type[1] === 'b') return ELEMENTS.get('bool')!;
	return ELEMENTS.get(`${KINDS[type[1] ?? ''] ?? ''}${8 * bytesPerItem(type)}`) ?? null;
}

async function tensorOf(file: SourceFile, name: string): Promise<FileTensor> {
	const { header, items } = await lookedAt(file);
	const shape = checkedShape(file.path, name, header.shape);
	const element = elementOf(header.type);
	if (!element) return { name, shape, stored: strangeType(header), read: null };
	const read = async () => {
		const bytes = await file.blob.slice(header.start, header.start + (items * element.bits) / 8).arrayBuffer();
		const stored = element.read(bytes, items, header.type[0] !== '>');
		return header.fortran ? gathered(stored, shape, firstFastest(shape)) : stored;
	};
	return { name, shape, stored: element.name, read };
}

/** @param files arrays of NumPy @throws LabError */
export async function loadArrays(
	source: Source,
	files: readonly SourceFile[],
	context: LoadContext
): Promise<LoadedModel> {
	const names = arrayNames(files);
	const tensors = await Promise.all(files.map((file, k) => tensorOf(file, names[k]!)));
	return openBag(source.name, { tensors, format: 'NumPy arrays' }, context);
}
