import type { Metrics, Snapshot } from '#contracts/playground.ts';

/** What training went through: curves that keep their whole length, and weights to go back to. */

export interface Moment {
	metrics: Metrics;
	snapshot: Snapshot;
}

const MOST_METRICS = 1200;
const MOST_MOMENTS = 240;
const MOST_BYTES = 2 ** 26;

const bytesOf = ({ parameters, running, slots }: Snapshot) => 4 * (parameters.length + running.length + slots.length);

/** Every second one, and the first and the last. */
const thinned = <T>(all: readonly T[]) => all.filter((_, i) => i % 2 === 0 || i === all.length - 1);

export interface History {
	metrics: readonly Metrics[];
	moments: readonly Moment[];
}

export const NO_HISTORY: History = { metrics: [], moments: [] };

/** With what is known now; what lay after it belongs to another branch and goes. */
export function advanced({ metrics, moments }: History, now: Metrics, snapshot: Snapshot | null): History {
	const curve = [...metrics.filter(({ step }) => step < now.step), now];
	const kept = snapshot
		? [...moments.filter((moment) => moment.snapshot.step < snapshot.step), { metrics: now, snapshot }]
		: moments;
	const full =
		kept.length > MOST_MOMENTS || (snapshot && kept.length > 3 && kept.length * bytesOf(snapshot) > MOST_BYTES);
	return {
		metrics: curve.length > MOST_METRICS ? thinned(curve) : curve,
		moments: full ? thinned(kept) : kept
	};
}
