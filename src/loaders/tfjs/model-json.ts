import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { LabError } from '#contracts/errors.ts';
import { isObject, JsonError, parseJson } from '#maths/json.ts';

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
const MAX_MODEL_JSON_BYTES = 64 << 20;

const parsed = new WeakMap<Blob, Promise<unknown>>();

/** The JSON in a file, or undefined if there is none. Parsed once, however many formats ask. */
async function jsonOf(file: SourceFile): Promise<unknown> {
	const json = await attempted(file);
	return json instanceof JsonError ? undefined : json;
}

/** Why a file that looks like JSON cannot be read: a sentence, or null if it can. */
export async function jsonFault(file: SourceFile): Promise<string | null> {
	const json = await attempted(file);
	if (!(json instanceof JsonError)) return null;
	return json.reason === 'deep'
		? `“${file.path}” nests its parts too deeply to be read.`
		: `“${file.path}” is not valid JSON.`;
}

function attempted(file: SourceFile): Promise<unknown> {
	let promise = parsed.get(file.blob);
	if (!promise) {
		promise = read(file.blob);
		parsed.set(file.blob, promise);
	}
	return promise;
}

/** By its byte order mark; UTF-8 without one. */
async function textOf(blob: Blob): Promise<string> {
	const [a, b] = new Uint8Array(await blob.slice(0, 2).arrayBuffer());
	const encoding = a === 0xff && b === 0xfe ? 'utf-16le' : a === 0xfe && b === 0xff ? 'utf-16be' : 'utf-8';
	return new TextDecoder(encoding).decode(await blob.arrayBuffer());
}

async function read(blob: Blob): Promise<unknown> {
	if (blob.size > MAX_MODEL_JSON_BYTES || !/^\s*[{[]/.test(await textOf(blob.slice(0, 64))))
		return new JsonError('invalid');
	try {
		return parseJson(await textOf(blob));
	} catch (error) {
		if (error instanceof JsonError) return error;
		throw error;
	}
}

async function inspected(file: SourceFile): Promise<ModelJson | null> {
	const json = await jsonOf(file);
	const bare = bareManifest(json);
	if (bare) return { file, kind: 'weights', topology: null, manifest: bare, signature: null, generatedBy: '' };
	if (!isObject(json)) return null;
	const topology = isNetwork(json) ? json : textAsJson(json['modelTopology']);
	if (!isObject(topology)) return null;
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

/** What `model.to_json()` of Keras writes: a structure without weights. */
const isNetwork = ({ class_name, config, modelTopology }: Record<string, unknown>) =>
	typeof class_name === 'string' && isObject(config) && modelTopology === undefined;

/** Some writers put JSON into JSON as a text. */
function textAsJson(value: unknown): unknown {
	if (typeof value !== 'string' || value.length > MAX_MODEL_JSON_BYTES) return value;
	try {
		return parseJson(value);
	} catch {
		return value;
	}
}

/** A manifest on its own (`weights_manifest.json`), or one whose network is absent or null; else null. */
function bareManifest(json: unknown): unknown[] | null {
	const manifest = isObject(json) && !isObject(textAsJson(json['modelTopology'])) ? json['weightsManifest'] : json;
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

/** The weight files that a manifest names. */
export function shardPaths(manifest: unknown): string[] {
	if (!Array.isArray(manifest)) return [];
	return manifest.flatMap((group: unknown) => {
		const paths = isObject(group) ? group['paths'] : null;
		return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
	});
}

/** The weight files that a model.json names; empty for anything else. */
export async function shardsOf(blob: Blob): Promise<string[]> {
	const model = await inspected({ path: '', blob });
	return model ? shardPaths(model.manifest) : [];
}
