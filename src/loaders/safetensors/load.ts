import { LabError } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { enumerated } from '#maths/format.ts';
import { isObject, JsonError, parseJson } from '#maths/json.ts';
import { openBag, type FileTensor } from '#loaders/bag/tensors.ts';
import { stem } from '#loaders/data-files.ts';
import { isSafetensors, safetensorsOf } from '#loaders/safetensors/header.ts';

/** Sets of safetensors files: one, or several that an index names, or that are numbered. */

const INDEX = /\.safetensors\.index(?:\.[^./]+)?\.json$/i;
const NUMBERED = /-(\d{5})-of-(\d{5})\.[^./]+$/;
/** No index comes near this. */
const LARGEST = 64 << 20;

export const isIndex = ({ path, blob }: SourceFile) => INDEX.test(path) && blob.size < LARGEST;

/** The files that an index names; null for what is none. @throws LabError */
async function indexed(file: SourceFile): Promise<ReadonlySet<string>> {
	try {
		const json = parseJson(await file.blob.text());
		const map = isObject(json) ? json['weight_map'] : null;
		if (isObject(map)) return new Set(Object.values(map).map((name) => baseName(String(name))));
	} catch (error) {
		if (!(error instanceof JsonError)) throw error;
	}
	throw new LabError(`“${file.path}” is no proper index of weight files.`, 'Copy or download it again.');
}

/** Names of a set's files, said by an index or by their numbers; null where the files are no set. */
async function setOf(source: Source, files: readonly SourceFile[]): Promise<ReadonlySet<string> | null> {
	const index = source.files.find(isIndex);
	if (index) return indexed(index);
	const numbered = files.map(({ path }) => NUMBERED.exec(path));
	const [first] = numbered;
	const count = Number(first?.[2]);
	if (!first || count > 9999 || numbered.some((one) => one?.[2] !== first[2])) return null;
	const name = baseName(files[0]!.path);
	return new Set(
		Array.from({ length: count }, (_, k) => name.replace(`-${first[1]}-of-`, `-${String(k + 1).padStart(5, '0')}-of-`))
	);
}

export async function loadSafetensors(source: Source, context: LoadContext): Promise<LoadedModel> {
	const all = await Promise.all(source.files.map(async (file) => ((await isSafetensors(file)) ? file : null)));
	const files = all.filter((file) => file !== null);
	const set = await setOf(source, files);
	const warnings: string[] = [];
	const missing = [...(set ?? [])].filter((name) => !files.some(({ path }) => baseName(path) === name));
	if (missing.length)
		warnings.push(
			`${missing.length === 1 ? 'A weight file is' : `${missing.length} weight files are`} missing: ${enumerated(
				missing.length > 4 ? [...missing.slice(0, 3), `${missing.length - 3} more`] : missing
			)}.`
		);
	const tensors: FileTensor[] = [];
	const metadata: (readonly [string, string])[] = [];
	for (const file of files) {
		const found = await safetensorsOf(file);
		const front = set || files.length === 1 ? '' : `${stem(file.path)}/`;
		tensors.push(...found.tensors.map((tensor) => ({ ...tensor, name: front + tensor.name })));
		for (const [key, value] of found.metadata) if (!metadata.some(([other]) => other === key)) metadata.push([key, value]);
	}
	const name = files.length === 1 ? files[0]!.path : source.name;
	return openBag(name, { tensors, format: 'safetensors', metadata, warnings }, context);
}
