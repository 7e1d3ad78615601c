import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { LabError } from '#contracts/errors.ts';
import { isObject } from '#maths/json.ts';

export interface ModelJson {
	file: SourceFile;
	/** `weights`: a manifest of weights and no network. */
	kind: 'layers' | 'graph' | 'weights';
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
	const bare = bareManifest(json);
	if (bare) return { file, kind: 'weights', topology: null, manifest: bare, signature: null, generatedBy: '' };
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

/** A manifest on its own (`weights_manifest.json`), or one whose network is absent or null; else null. */
function bareManifest(json: unknown): unknown[] | null {
	const manifest = isObject(json) && !isObject(json['modelTopology']) ? json['weightsManifest'] : json;
	const group = Array.isArray(manifest) ? (manifest[0] as unknown) : null;
	return isObject(group) && Array.isArray(group['paths']) && Array.isArray(group['weights'])
		? (manifest as unknown[])
		: null;
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
	const found = await modelJsons(source);
	const networks = found.filter((json) => json.kind !== 'weights');
	// A manifest beside a network is its own, as older writers keep the two apart.
	const all = networks.length ? networks : found;
	const named = all.filter((json) => baseName(json.file.path) === 'model.json');
	const choice = all.length === 1 ? all[0] : named.length === 1 ? named[0] : undefined;
	if (choice?.kind === kind) return choice;
	const names = all.map((json) => json.file.path).join(', ');
	throw new LabError(`There are ${all.length} models in these files: ${names}.`, 'Open one of them at a time.');
}
