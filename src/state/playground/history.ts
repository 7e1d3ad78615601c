import type { Metrics, PlaygroundSpec, Snapshot } from '#contracts/playground.ts';

/** What training went through: curves that keep their whole length, and weights to go back to. */

export interface Moment {
	metrics: Metrics;
	snapshot: Snapshot;
	/** What was trained, and a number that changes when weights are set or settings changed. */
	spec: PlaygroundSpec;
	era: number;
}

const MAX_METRICS = 1200;
const MAX_MOMENTS = 240;
const MAX_HISTORY_BYTES = 2 ** 26;

const bytesOf = ({ parameters, running, slots }: Snapshot) => 4 * (parameters.length + running.length + slots.length);

/** Every second one, and the first and the last. */
const thinned = <T>(all: readonly T[]) => all.filter((_, i) => i % 2 === 0 || i === all.length - 1);

export interface History {
	metrics: readonly Metrics[];
	moments: readonly Moment[];
}

export const NO_HISTORY: History = { metrics: [], moments: [] };

/** With what is known now; what lay after it belongs to another branch and goes. */
export function advanced({ metrics, moments }: History, now: Moment): History {
	const { step } = now.snapshot;
	const curve = [...metrics.filter((one) => one.step < now.metrics.step), now.metrics];
	const kept = [...moments.filter(({ snapshot }) => snapshot.step < step), now];
	const full =
		kept.length > MAX_MOMENTS || (kept.length > 3 && kept.length * bytesOf(now.snapshot) > MAX_HISTORY_BYTES);
	return {
		metrics: curve.length > MAX_METRICS ? thinned(curve) : curve,
		moments: full ? thinned(kept) : kept
	};
}

/**
 * From which kept moment a step is reached, by so many updates more: none where weights or settings were changed on the way,
 * which training again would not repeat. @param spec of the trainer
 */
export function reached(
	{ moments }: History,
	step: number,
	spec: PlaygroundSpec | undefined
): { moment: number; more: number } | null {
	const moment = moments.findLastIndex(({ snapshot }) => snapshot.step <= step);
	const [kept, next] = [moments[moment], moments[moment + 1]];
	if (!kept) return null;
	const same = next?.era === kept.era && kept.spec === spec;
	return { moment, more: same ? step - kept.snapshot.step : 0 };
}
