import type { PlaneNetwork, PlaneRequest } from '#contracts/playground.ts';
import { breath, SLICE } from '#engine/playground/breath.ts';
import type { PlaygroundEngine } from '#engine/playground/engine.ts';
import { TypedTrainer } from '#engine/playground/typed-trainer.ts';
import { planeRows, planesOf } from '#maths/playground/field.ts';

/** In slices of time: who trains in this thread goes on meanwhile, so the weights are kept as they are now. */
async function planes(network: PlaneNetwork, request: PlaneRequest) {
	const { width, height, content } = request;
	const kept = { ...network, parameters: network.parameters.slice(), running: network.running.slice() };
	const values = new Float32Array(planesOf(network, content) * height * width);
	for (let [row, rows] = [0, 1]; row < height;) {
		const last = Math.min(height, row + rows);
		const began = performance.now();
		planeRows(kept, request, row, last, values);
		const took = performance.now() - began;
		row = last;
		rows = Math.max(1, Math.floor(rows * Math.min(4, SLICE / Math.max(took, 0.1))));
		if (row < height) await breath();
	}
	return { payload: { kind: 'array' as const, values }, transfer: [values.buffer] };
}

/** Everything on typed arrays, in the calling thread. */
export const typedEngine: PlaygroundEngine = {
	kind: 'typed-arrays',
	mostBytes: 2 ** 30,
	create: async (specs) => new TypedTrainer(specs),
	planes,
	trainedPlanes: async (trainer, network, request) =>
		planes((trainer as TypedTrainer).training(network).planeNetwork(), request)
};
