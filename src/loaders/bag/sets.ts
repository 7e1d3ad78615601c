import { LabError } from '#contracts/errors.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { enumerated } from '#maths/format.ts';
import { isObject, JsonError, parseJson } from '#maths/json.ts';

/** Weights in several files, which an index names or which are numbered: which of them are missing. */

const INDEX = /\.(?:safetensors|bin|pt|pth)\.index(?:\.[^./]+)?\.json$/i;
const NUMBERED = /-(\d{5})-of-(\d{5})\.[^./]+$/;
/** No index comes near this. */
const MAX_INDEX_BYTES = 64 << 20;

export const isIndex = ({ path, blob }: SourceFile) => INDEX.test(path) && blob.size < MAX_INDEX_BYTES;

/** The files that an index names. @throws LabError for what is none */
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

/** Names of a set's files; null where the files are no set. @throws LabError for a damaged index */
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

/**
 * @param files those that hold weights
 * @returns what is put before names so that those of different models are told apart, and what is missing, in sentences
 */
export async function setOfFiles(
	source: Source,
	files: readonly SourceFile[]
): Promise<{ front(file: SourceFile): string; warnings: string[] }> {
	const set = await setOf(source, files);
	const missing = [...(set ?? [])].filter((name) => !files.some(({ path }) => baseName(path) === name));
	const shown = missing.length > 4 ? [...missing.slice(0, 3), `${missing.length - 3} more`] : missing;
	const what = missing.length === 1 ? 'A weight file is' : `${missing.length} weight files are`;
	return {
		front: ({ path }) => (set || files.length === 1 ? '' : `${path.replace(/\.[^./]*$/, '')}/`),
		warnings: missing.length ? [`${what} missing: ${enumerated(shown)}.`] : []
	};
}
