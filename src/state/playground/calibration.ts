import { isAbort } from '#contracts/errors.ts';
import type { PlaygroundApi, PlaygroundSpec, TrainerKind, TrainerSpeed } from '#contracts/playground.ts';
import type { CallOptions, Remote } from '#workers/rpc.ts';

export interface Calibration {
	fastest: TrainerKind;
	/** Of the trainers that can be used here. */
	speeds: readonly TrainerSpeed[];
}

/**
 * Measures the trainers of the given workers on such networks, one after the other so that they do not get in each
 * other's way. A worker that cannot train such networks is left out.
 * @throws the last worker's error if none can
 */
export async function calibrate(
	workers: readonly Remote<PlaygroundApi>[],
	specs: readonly PlaygroundSpec[],
	milliseconds = 100,
	options: CallOptions = {}
): Promise<Calibration> {
	const speeds: TrainerSpeed[] = [];
	let failure: unknown = new Error('There is no trainer.');
	for (const worker of workers)
		try {
			speeds.push(await worker.with(options).playMeasure(specs, milliseconds));
		} catch (error) {
			if (isAbort(error)) throw error;
			failure = error;
		}
	const [first, ...others] = speeds;
	if (!first) throw failure;
	return { fastest: others.reduce((best, one) => (one.samples > best.samples ? one : best), first).kind, speeds };
}
