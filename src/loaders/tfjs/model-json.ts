import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { LabError } from '#contracts/errors.ts';
import { isObject } from '#maths/json.ts';

export interface ModelJson {
	file: SourceFile;
	kind: 'layers' | 'graph';
	topology: unknown;
	manifest: unknown;
	signature: unknown;
	/** What the writer says of itself; for the title of the format. */
	generatedBy: string;
}

/** No model.json comes near this; what is larger is something else. */
const LARGEST = 64 << 20;

const parsed = new WeakMap<Blob, Promise<unknown>>();

/** The JSON in a file, or undefined if there is none. Parsed once, however many formats ask. */
export function jsonOf(file: SourceFile): Promise<unknown> {
	let promise = parsed.get(file.blob);
	if (!promise) {
		promise = read(file.blob);
		parsed.set(file.blob, promise);
	}
	return promise;
}

async function read(blob: Blob): Promise<unknown> {
	if (blob.size > LARGEST || !/^\s*[{[]/.test(await blob.slice(0, 64).text())) return undefined;
	try {
		return JSON.parse(await blob.text()) as unknown;
	} catch {
		return undefined;
	}
}

async function inspected(file: SourceFile): Promise<ModelJson | null> {
	const json = await jsonOf(file);
	if (!isObject(json) || !isObject(json['modelTopology'])) return null;
	const topology = json['modelTopology'];
	const graph = json['format'] === 'graph-model' || Array.isArray(topology['node']);
	const userDefined = isObject(json['userDefinedMetadata']) ? json['userDefinedMetadata'] : {};
	return {
		file,
		kind: graph ? 'graph' : 'layers',
		topology,
		manifest: json['weightsManifest'],
		signature: json['signature'] ?? userDefined['signature'],
		generatedBy: typeof json['generatedBy'] === 'string' ? json['generatedBy'] : ''
	};
}

/** Every TF.js model description among the files. */
export async function modelJsons(source: Source): Promise<ModelJson[]> {
	const found = await Promise.all(source.files.map(inspected));
	return found.filter((json) => json !== null);
}

/**
 * The one model of a source: its only one, or the one called model.json.
 * @throws LabError if there are several and none stands out
 */
export async function theModel(source: Source, kind: ModelJson['kind']): Promise<ModelJson> {
	const all = await modelJsons(source);
	const named = all.filter((json) => baseName(json.file.path) === 'model.json');
	const choice = all.length === 1 ? all[0] : named.length === 1 ? named[0] : undefined;
	if (choice?.kind === kind) return choice;
	const names = all.map((json) => json.file.path).join(', ');
	throw new LabError(`There are ${all.length} models in these files: ${names}.`, 'Open one of them at a time.');
}
