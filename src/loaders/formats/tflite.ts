import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel, Loader } from '#contracts/loader.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { unzipped } from '#loaders/archive/unzip.ts';
import { labelsBeside } from '#loaders/labels-beside.ts';
import { headOf } from '#loaders/head.ts';
import { product } from '#maths/product.ts';

const MAX_FILE_BYTES = 2 ** 31;

async function isTflite({ blob }: SourceFile): Promise<boolean> {
	const head = await headOf(blob, 8);
	return String.fromCharCode(...head.subarray(4)) === 'TFL3';
}

async function tfliteFiles({ files }: Source): Promise<SourceFile[]> {
	const found = await Promise.all(files.slice(0, 2000).map(isTflite));
	return files.filter((_, i) => found[i]);
}

/** Class names that the metadata tools pack behind the model, as a zip; none where there is no sound one. */
async function packedLabels(file: SourceFile): Promise<readonly string[] | null> {
	try {
		const files = await unzipped(file.blob, file.path, () => false);
		return await labelsBeside({ name: file.path, files });
	} catch (error) {
		if (error instanceof LabError) return null;
		throw error;
	}
}

/** One .tflite file (FlatBuffers, identifier TFL3), with the labels that its metadata pack behind it. */
const loader: Loader = {
	id: 'tflite',
	title: 'TensorFlow Lite model',
	extensions: ['.tflite'],
	match: async (source) => ((await tfliteFiles(source)).length ? 1 : 0),
	uses: tfliteFiles,

	async load(source: Source, context: LoadContext): Promise<LoadedModel> {
		const found = await tfliteFiles(source);
		const [file] = found;
		if (!file || found.length > 1)
			throw new LabError(
				`There are ${found.length} TensorFlow Lite models in “${source.name}”.`,
				'Open one of them at a time.'
			);
		if (file.blob.size > MAX_FILE_BYTES)
			throw new LabError(`“${file.path}” is larger than 2 GB.`, 'Open a smaller model.');
		context.progress(0.1, 'Reading the model');
		const [{ parseTflite, damaged }, { tfliteGraph }, { preprocessingOf }, { graphModel }] = await Promise.all([
			import('#loaders/tflite/schema.ts'),
			import('#loaders/tflite/graph.ts'),
			import('#loaders/tflite/metadata.ts'),
			import('#engine/model/graph/model.ts')
		]);
		const parsed = parseTflite(new Uint8Array(await file.blob.arrayBuffer()), file.path);
		const sizes = parsed.tensors.filter(({ data }) => data.byteLength).map(({ shape }) => 4 * product(shape));
		context.checkSize(
			sizes.reduce((sum, size) => sum + size, 0),
			sizes.reduce((max, size) => Math.max(max, size), 0)
		);
		throwIfAborted(context.signal);
		context.progress(0.5, 'Building the network');
		let graph;
		try {
			graph = tfliteGraph(parsed, file.path);
		} catch (error) {
			if (error instanceof RangeError) throw damaged(file.path, 'it ends before all that it speaks of', error);
			throw error;
		}
		const { topology, signature, weights, single, quantised } = graph;
		const model = graphModel({ topology, signature, weights, single, inputShape: context.inputShape });
		const labels = await packedLabels(file);
		const preprocessing = preprocessingOf(parsed);
		return {
			model,
			format: `TensorFlow Lite model${quantised.length ? `, quantised to ${quantised.join(' and ')}` : ''}`,
			...(labels ? { labels } : {}),
			...(preprocessing ? { preprocessing } : {}),
			warnings: quantised.length
				? [
						'Quantised numbers are computed in floating point: outputs differ a little from those of the quantised runtime.'
					]
				: []
		};
	}
};

export default loader;
