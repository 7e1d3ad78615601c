import { planeField } from '#maths/playground/field.ts';
import type { PlaygroundEngine } from '#engine/playground/engine.ts';
import { TypedTrainer } from '#engine/playground/typed-trainer.ts';
import type { PlaneNetwork, PlaneRequest } from '#contracts/playground.ts';

const planes = async (network: PlaneNetwork, request: PlaneRequest) => {
	const values = planeField(network, request) as Float32Array<ArrayBuffer>;
	return { payload: { kind: 'array' as const, values }, transfer: [values.buffer] };
};

/** Everything on typed arrays, in the calling thread. */
export const typedEngine: PlaygroundEngine = {
	kind: 'typed-arrays',
	mostBytes: 2 ** 30,
	create: async (specs) => new TypedTrainer(specs),
	planes,
	trainedPlanes: async (trainer, network, request) =>
		planes((trainer as TypedTrainer).training(network).planeNetwork(), request)
};
