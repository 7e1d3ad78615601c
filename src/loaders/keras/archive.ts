import { LabError } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import type { StoredWeight } from '#engine/model/stored-weight.ts';
import { unzipped } from '#loaders/archive/unzip.ts';
import { zipEntries } from '#loaders/archive/zip-directory.ts';
import { isHdf5, openHdf5 } from '#loaders/hdf5/open.ts';
import { bag, checkSizes, code, network } from '#loaders/keras/model.ts';
import { ofNetwork } from '#loaders/keras/legacy.ts';
import { locatedWeights } from '#loaders/keras/located.ts';
import { isObject, parseJson, type Json, type JsonObject } from '#maths/json.ts';
import { headOf } from '#loaders/head.ts';

/** A `.keras` file: a zip, or the folder that comes of it where somebody unpacked it. */

const [CONFIG, METADATA, WEIGHTS] = ['config.json', 'metadata.json', 'model.weights.h5'] as const;
const MINE: ReadonlySet<string> = new Set([CONFIG, METADATA, WEIGHTS, 'model.weights.npz']);
/** Files that are looked into. */
const MAX_FILES = 50;

interface Archive {
	path: string;
	/** What it is made of among the files. */
	files: readonly SourceFile[];
	/** @throws LabError for an archive that is damaged */
	parts(signal: AbortSignal): Promise<ReadonlyMap<string, SourceFile>>;
}

async function isKerasZip({ path, blob }: SourceFile): Promise<boolean> {
	const head = await headOf(blob, 4);
	if (head[0] !== 0x50 || head[1] !== 0x4b) return false;
	// By what is in it; one that is broken by its name.
	const entries = await zipEntries(blob, path).catch(() => null);
	return entries ? entries.some((entry) => entry.path === CONFIG) : /\.keras$/i.test(path);
}

const folderOf = (path: string) => path.slice(0, path.length - baseName(path).length);

/** All that there are among the files. Does not throw. */
export async function kerasArchives({ files }: Source): Promise<Archive[]> {
	const found: Archive[] = [];
	for (const file of files.slice(0, MAX_FILES)) {
		if (await isKerasZip(file))
			found.push({
				path: file.path,
				files: [file],
				parts: async (signal) => {
					const all = await unzipped(file.blob, file.path, (path) => !MINE.has(path), signal);
					return new Map(all.map((part) => [part.path, part]));
				}
			});
		if (baseName(file.path) !== WEIGHTS || !(await isHdf5(file.blob))) continue;
		const folder = folderOf(file.path);
		const parts = new Map(
			files.filter(({ path }) => folderOf(path) === folder).map((part) => [baseName(part.path), part])
		);
		const own = [...parts].flatMap(([name, part]) => (MINE.has(name) ? [part] : []));
		if (parts.has(CONFIG)) found.push({ path: folder || CONFIG, files: own, parts: () => Promise.resolve(parts) });
	}
	return found;
}

async function jsonIn(file: SourceFile | undefined, path: string): Promise<Json> {
	if (!file) return null;
	try {
		return parseJson(await file.blob.text());
	} catch (cause) {
		throw new LabError(`“${baseName(file.path)}” in “${path}” is not valid JSON.`, 'Save the model again.', { cause });
	}
}

/** @throws LabError in one sentence */
export async function loadArchive(source: Source, context: LoadContext): Promise<LoadedModel> {
	const archives = await kerasArchives(source);
	const [archive] = archives;
	if (!archive || archives.length > 1)
		throw new LabError(
			`There are ${archives.length} Keras models in these files: ${archives
				.map(({ path }) => path)
				.slice(0, 5)
				.join(', ')}.`,
			'Open one of them at a time.'
		);
	context.progress(0.1, 'Unpacking the model');
	const parts = await archive.parts(context.signal);
	const config = await jsonIn(parts.get(CONFIG), archive.path);
	const metadata = await jsonIn(parts.get(METADATA), archive.path);
	if (!isObject(config) || typeof config['class_name'] !== 'string')
		throw new LabError(`“${archive.path}” is no Keras model: its ${CONFIG} describes none.`, 'Save the model again.');
	const version = isObject(metadata) ? metadata['keras_version'] : null;
	return withWeights(archive.path, config, typeof version === 'string' ? version : '3', parts, context);
}

async function withWeights(
	path: string,
	config: JsonObject,
	version: string,
	parts: ReadonlyMap<string, SourceFile>,
	context: LoadContext
): Promise<LoadedModel> {
	const stored = parts.get(WEIGHTS);
	if (!stored)
		throw new LabError(
			parts.has('model.weights.npz')
				? `The weights of “${path}” are pickled objects (model.weights.npz), which could run code and are not read.`
				: `“${path}” holds a network and no weights: ${WEIGHTS} is missing.`,
			'Save the model again where h5py is installed.'
		);
	const file = await openHdf5(stored.blob, `${path}/${WEIGHTS}`);
	const datasets = file.datasets().filter(ofNetwork);
	checkSizes(
		datasets.map(({ shape }) => shape),
		context
	);
	context.progress(0.4, 'Reading the weights');
	const why = code(config);
	if (!why) {
		const topology = { keras_version: version, model_config: config };
		return network(topology, locatedWeights(config, datasets), `Keras ${version} model (.keras)`, context);
	}
	const weights = datasets.map((dataset): [string, StoredWeight] => [
		dataset.path.replace('/vars/', '/'),
		dataset.read()
	]);
	return bag(weights, `Keras ${version} weights (.keras)`, context, why);
}
