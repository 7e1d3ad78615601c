import type { PlaneNetwork, PlaygroundSpec, Snapshot } from '#contracts/playground.ts';
import { tfjsFiles, type TfjsFiles } from '#maths/playground/export/tfjs.ts';
import type { DroppedFile } from '#state/opening/files.ts';

/** A network of the playground as a model of the lab, and as files of one's own. */

/** The model's input: x1 and x2 as the playground has them. */
export const POINT_INPUT = 'point';

const blobOf = ({ json, weights }: TfjsFiles) => ({
	json: new Blob([json], { type: 'application/json' }),
	weights: new Blob([weights], { type: 'application/octet-stream' })
});

/** What the lab opens, as if it had been dropped. */
export function modelFiles(network: PlaneNetwork): DroppedFile[] {
	const { json, weights } = blobOf(tfjsFiles(network));
	return [
		{ path: 'model.json', file: json },
		{ path: 'weights.bin', file: weights }
	];
}

/** The same files in a zip, which the lab and TF.js (unpacked) open. */
export async function modelZip(network: PlaneNetwork): Promise<Blob> {
	const { strToU8, zipSync } = await import('fflate');
	const { json, weights } = tfjsFiles(network);
	// A fixed time: the same network gives the same file.
	const zip = zipSync({ 'model.json': strToU8(json), 'weights.bin': weights }, { mtime: new Date(2000, 0, 1) });
	return new Blob([zip], { type: 'application/zip' });
}

/** Weights of a set-up as a network that pictures are made of. */
export const planeNetwork = (
	{ network, learning: { loss } }: PlaygroundSpec,
	outputs: number,
	{ parameters, running }: Snapshot
): PlaneNetwork => ({ network, loss, outputs, parameters, running });
