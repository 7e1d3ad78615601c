import type { PlaneNetwork, PlaneRequest } from '#contracts/playground.ts';
import { breath, SLICE } from '#engine/breath.ts';
import type { PlaygroundEngine } from '#engine/playground/engine.ts';
import { TypedTrainer } from '#engine/playground/typed-trainer.ts';
import { planeRows, planesOf } from '#maths/playground/field.ts';

/** In slices of time: who trains in this thread goes on meanwhile, so the weights are kept as they are now. */
export async function typedPlanes(networks: readonly PlaneNetwork[], request: PlaneRequest) {
	const kept = networks.map(({ parameters, running, ...rest }) => {
		return { ...rest, parameters: parameters.slice(), running: running.slice() };
	});
	const { width, height } = request;
	const sizes = kept.map((network) => planesOf(network, request) * height * width);
	const values = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
	let [offset, rows, began] = [0, 1, performance.now()];
	for (const [n, network] of kept.entries()) {
		const own = values.subarray(offset, (offset += sizes[n] as number));
		for (let row = 0; row < height;) {
			const last = Math.min(height, row + rows);
			const start = performance.now();
			planeRows(network, request, row, last, own);
			const took = performance.now() - start;
			row = last;
			rows = Math.max(1, Math.floor(rows * Math.min(4, SLICE / Math.max(took, 0.1))));
			if (performance.now() - began < SLICE) continue;
			await breath();
			began = performance.now();
		}
	}
	return { payload: { kind: 'array' as const, values }, transfer: [values.buffer] };
}

/** Everything on typed arrays, in the calling thread. */
export const typedEngine: PlaygroundEngine = {
	kind: 'typed-arrays',
	slice: SLICE,
	maxBytes: 2 ** 30,
	create: async (specs) => new TypedTrainer(specs),
	planes: (network, request) => typedPlanes([network], request),
	trainedPlanes: async (trainer, networks, request) =>
		typedPlanes(
			networks.map((network) => (trainer as TypedTrainer).training(network).planeNetwork()),
			request
		)
};
