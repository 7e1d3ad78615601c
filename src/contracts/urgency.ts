/** How soon a job is wanted: what is looked at comes first, and what the whole page waits for before it. */
export const URGENCY = { unseen: 0, visible: 1, focused: 2, page: 3 } as const;
export type Urgency = (typeof URGENCY)[keyof typeof URGENCY];

const urgencies = new WeakMap<AbortSignal, Urgency>();

/** It goes with the job's signal; it may change while the job runs. */
export function setUrgency(signal: AbortSignal, urgency: Urgency): void {
	urgencies.set(signal, urgency);
}

/** The whole page waits for a job of which nothing else was said. */
export const urgencyOf = (signal: AbortSignal): Urgency => urgencies.get(signal) ?? URGENCY.page;
