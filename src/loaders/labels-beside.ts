import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { classNamesIn, textOf } from '#loaders/class-names.ts';
import { modelJsons } from '#loaders/tfjs/model-json.ts';

/** No list of class names comes near this. */
const MAX_LIST_BYTES = 4 << 20;

const readable = ({ path, blob }: SourceFile) => {
	const name = baseName(path);
	const text = !name.includes('.') || /\.(txt|json|names|csv|tsv|pbtxt|ya?ml|labels?)$/i.test(name);
	return text && blob.size > 0 && blob.size < MAX_LIST_BYTES;
};

/** Whether a file is called as class names are. */
export const calledLabels = ({ path }: SourceFile) => /label|class|metadata|names|synset|categor/i.test(baseName(path));

/** The files that may hold class names, those that are called so first. */
export async function labelFiles(source: Source): Promise<SourceFile[]> {
	if (source.files.length > 2000) return [];
	const models = new Set((await modelJsons(source)).map((json) => json.file));
	const found = source.files.filter((file) => readable(file) && !models.has(file));
	return found.sort((a, b) => Number(calledLabels(b)) - Number(calledLabels(a)));
}

/** Class names that lie beside a model, in a file that is called so. */
export async function labelsBeside(source: Source): Promise<readonly string[] | null> {
	for (const file of (await labelFiles(source)).filter(calledLabels)) {
		const found = classNamesIn(await textOf(file));
		if (found) return found.names;
	}
	return null;
}
