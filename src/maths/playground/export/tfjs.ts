import { graphTopology } from '#maths/playground/export/graph.ts';
import { hasLayers, layersTopology } from '#maths/playground/export/layers.ts';
import type { PlaneNetwork } from '#maths/playground/field.ts';

/** A playground's network as TF.js files. */

export interface TfjsFiles {
	/** Keras layers where they have all that it is made of, else a graph. */
	format: 'layers-model' | 'graph-model';
	/** model.json */
	json: string;
	/** weights.bin, which model.json names. */
	weights: Uint8Array<ArrayBuffer>;
}

/** The model takes a point [batch, 2] as the playground has it, derives its inputs, and gives what a field shows as `outputs`. */
export function tfjsFiles(plane: PlaneNetwork): TfjsFiles {
	const format = hasLayers(plane) ? 'layers-model' : 'graph-model';
	const made =
		format === 'layers-model'
			? { ...layersTopology(plane), extra: {} }
			: (({ topology, weights, signature }) => ({ topology, weights, extra: { signature } }))(graphTopology(plane));
	const total = made.weights.reduce((sum, { values }) => sum + values.length, 0);
	const bytes = new Uint8Array(4 * total);
	const view = new DataView(bytes.buffer);
	let at = 0;
	for (const { values } of made.weights)
		for (const value of values) {
			if (values instanceof Int32Array) view.setInt32(at, value, true);
			else view.setFloat32(at, value, true);
			at += 4;
		}
	const json = JSON.stringify({
		format,
		generatedBy: 'Vitrine playground',
		convertedBy: null,
		...made.extra,
		modelTopology: made.topology,
		weightsManifest: [
			{
				paths: ['weights.bin'],
				weights: made.weights.map(({ name, shape, values }) => {
					return { name, shape, dtype: values instanceof Int32Array ? 'int32' : 'float32' };
				})
			}
		]
	});
	return { format, json, weights: bytes };
}
