import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Source } from '#contracts/source.ts';
import { setOfFiles } from '#loaders/bag/sets.ts';
import { openBag, type FileTensor } from '#loaders/bag/tensors.ts';
import { isSafetensors, safetensorsOf } from '#loaders/safetensors/header.ts';

/** One file, or a set of them. @throws LabError */
export async function loadSafetensors(source: Source, context: LoadContext): Promise<LoadedModel> {
	const all = await Promise.all(source.files.map(async (file) => ((await isSafetensors(file)) ? file : null)));
	const files = all.filter((file) => file !== null);
	const { front, warnings } = await setOfFiles(source, files);
	const tensors: FileTensor[] = [];
	const metadata = new Map<string, string>();
	for (const file of files) {
		const found = await safetensorsOf(file);
		for (const tensor of found.tensors) tensors.push({ ...tensor, name: front(file) + tensor.name });
		for (const [key, value] of found.metadata) metadata.set(key, metadata.get(key) ?? value);
	}
	const name = files.length === 1 ? files[0]!.path : source.name;
	return openBag(name, { tensors, format: 'safetensors', metadata: [...metadata], warnings }, context);
}
