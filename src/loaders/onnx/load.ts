import type { ModelProto, TensorProto } from 'onnx-buf';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Obstacle } from '#contracts/model.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { onnxModel } from '#engine/model/onnx/model.ts';
import type { OnnxModel } from '#engine/model/onnx/definition.ts';
import { notFiniteSentence } from '#loaders/not-finite.ts';
import { notFinite } from '#maths/not-finite.ts';
import { messageOf, modelOf, tensorsOf } from '#loaders/onnx/decode.ts';
import { fileBeside, within } from '#loaders/onnx/external.ts';
import { sliced } from '#loaders/onnx/slices.ts';
import { externalOf, mayWait, type Elsewhere, type External } from '#loaders/onnx/tensors.ts';

/** Reads the structure, and finds where the weights lie: in the file or beside it. */
export async function loadOnnx(source: Source, file: SourceFile, context: LoadContext): Promise<LoadedModel> {
	context.progress(0.1, 'Reading the structure');
	const { bytes, location } = await sliced(file.blob, file.path, context.signal);
	const message = messageOf(bytes, file.path);
	throwIfAborted(context.signal);
	context.progress(0.4, 'Finding the weights');
	const { outside, missing } = await beside(source, file, message, location);
	throwIfAborted(context.signal);
	context.progress(0.6, 'Building the network');
	const described = modelOf(message, outside);
	const { model, notes } = await onnxModel({
		model: described,
		inputShape: context.inputShape,
		obstacle: obstacleOf(missing)
	});
	const stored = storedAs(described);
	const labels = labelsOf(message);
	return {
		model,
		format: `ONNX model${stored.length ? `, ${stored.join(' and ')} weights` : ''}`,
		...(labels ? { labels } : {}),
		...(described.producer ? { producer: described.producer } : {}),
		warnings: [...notes, ...invalid(described)]
	};
}

/** Bytes of the tensors that lie elsewhere, and which files are not there. @param own what the file itself is called there */
async function beside(source: Source, file: SourceFile, message: ModelProto, own: string) {
	const outside = new Map<TensorProto, Elsewhere>();
	const missing = new Set<string>();
	const requested = tensorsOf(message).flatMap((tensor): [TensorProto, External][] => {
		const external = externalOf(tensor, own);
		return external ? [[tensor, external]] : [];
	});
	for (const [tensor, external] of requested) {
		const found = external.location === own ? file : fileBeside(source, file, external.location);
		if (!found) missing.add(external.location);
		const part = found && within(found, external, tensor.name);
		const waits = mayWait(tensor, external.length);
		outside.set(tensor, part ? (waits ? () => part.arrayBuffer() : await part.arrayBuffer()) : null);
	}
	return { outside, missing };
}

function obstacleOf(missing: ReadonlySet<string>): Obstacle | null {
	if (!missing.size) return null;
	const names = [...missing].slice(0, 3).map((name) => `“${name}”`);
	const more = missing.size > 3 ? ` and ${missing.size - 3} more` : '';
	return {
		kind: 'weights',
		message: `The weights of the model lie in ${names.join(', ')}${more}, which ${missing.size > 1 ? 'are' : 'is'} not here.`,
		hint: 'Open the model together with its data files, or their folder.',
		nodes: []
	};
}

/** Types of the weights, where they are not plain float32; of what is more than a few settings. */
function storedAs({ graph }: OnnxModel): string[] {
	const large = [...graph.constants.values()].filter(
		({ shape, stored }) => stored && stored !== 'int64' && shape.length > 1
	);
	return [...new Set(large.map(({ stored }) => stored as string))];
}

/** What exporters write among the metadata: `{0: 'cat', 1: 'dog'}`, a list as JSON, or names with commas. */
function labelsOf({ metadataProps }: ModelProto): string[] | null {
	const given = metadataProps.find(({ key }) => /^(names|classes|labels|class_names)$/i.test(key))?.value.trim();
	if (!given || given.length > 1e6) return null;
	const quoted = [...given.matchAll(/(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')(?!\s*:)/g)].map(
		([, a, b]) => a ?? b ?? ''
	);
	const list = /^[{[]/.test(given) ? quoted : given.split(',').map((name) => name.trim());
	return list.length > 1 ? list : null;
}

/** Of those that have been read. */
function invalid({ graph }: OnnxModel): string[] {
	const bad = [...graph.constants.values()].flatMap(({ name, kind, values }) => {
		// An infinite bound is one: it cuts nothing off.
		if (kind !== 'float' || !values || (values.length === 1 && !Number.isNaN(values[0]))) return [];
		const count = notFinite(values);
		return count ? [{ name, count, of: values.length }] : [];
	});
	return notFiniteSentence(bad);
}

/** The one model of a source. @throws LabError if there are several */
export function theOnnx(found: readonly SourceFile[]): SourceFile {
	const [file, other] = found as [SourceFile, SourceFile?];
	if (other)
		throw new LabError(
			`There are ${found.length} models in these files: ${found
				.map(({ path }) => path)
				.slice(0, 5)
				.join(', ')}.`,
			'Open one of them at a time.'
		);
	return file;
}
