import type { MapReport, Target } from '#contracts/compute.ts';
import type { Result } from '#contracts/identity.ts';
import type { OpenImage } from '#contracts/lab.ts';
import type { Parameters } from '#contracts/parameter.ts';
import type { Rectangle } from '#contracts/preprocessing.ts';

/** What a map is drawn over, called and saved as: all of it as it was when the map was asked for. */
export interface MapOrigin {
	image: OpenImage | null;
	/** The part of the image that the model saw, in image pixels. */
	crop: Rectangle | null;
	model: string;
	input: string;
	/** Id of the input that is explained. */
	explained: string;
	target: Target;
	className: string;
	parameters: Parameters;
	seed: number;
	channels: 'sum' | 'magnitude' | 'largest';
}

/** A map, and what it was computed from. */
interface ComputedMap {
	report: MapReport;
	from: MapOrigin;
	/** Where it was stopped before its end (`step 30 of 50`), or empty. */
	stopped: string;
}

export interface MapState {
	/** The newest map that there is, perhaps of an older question: drawn by `Computed` only. */
	shown: Result<ComputedMap> | null;
	running: boolean;
	/** 0..1 */
	done: number;
	/** What went wrong, in a sentence, or empty. */
	error: string;
	/** Why the method cannot run on this model and score, or empty. */
	refusal: string;
}
