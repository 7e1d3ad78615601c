import { LabError } from '#contracts/errors.ts';
import { baseName, type Source } from '#contracts/source.ts';
import { knownFormat } from '#loaders/known-formats.ts';
import { jsonFault } from '#loaders/tfjs/model-json.ts';

/** Why nothing could be opened, as exactly as it can be told. */
export async function nothingIn({ files }: Source): Promise<LabError> {
	const names = files.map((file) => baseName(file.path));
	if (!files.length) return new LabError('There are no files in it.', 'Open a model, a data set or an image.');
	for (const file of files.slice(0, 50)) {
		const known = await knownFormat(file);
		if (known) return new LabError(known.message, known.hint);
	}
	const empty = files.find(({ blob }) => !blob.size);
	if (empty && files.length === 1) return new LabError(`“${empty.path}” is empty.`, 'Save or download it again.');
	const json = files.find((file) => /\.json$/i.test(file.path));
	const fault = json && (await jsonFault(json));
	if (fault) return new LabError(fault, 'Save or download it again.');
	if (json)
		return new LabError(
			`“${json.path}” is no TF.js model: it has no modelTopology.`,
			'Open the model.json that tensorflowjs_converter or model.save() wrote.'
		);
	if (names.some((name) => /shard\d+of\d+|\.bin$/.test(name)))
		return new LabError('These are weight files without their model.json.', 'Open model.json together with them.');
	const shown = names.slice(0, 3).join(', ') + (names.length > 3 ? ` and ${names.length - 3} more` : '');
	return new LabError(
		`Nothing that the lab knows was found in ${shown}.`,
		'Open a model (ONNX, Keras, TensorFlow, TF.js), weights, a data set, an image or class names.'
	);
}
