import { throwIfAborted } from '#contracts/errors.ts';
import { urgencyOf } from '#contracts/urgency.ts';

/** Milliseconds for which a worker does not listen while it computes. */
export const SLICE = 8;

/** The jobs of this thread: those that have begun and not ended, and those that wait for their next slice. */
const begun = new Set<{ readonly signal: AbortSignal }>();
const waiting = new Set<{ readonly signal: AbortSignal; go(): void }>();
let choosing = false;

/** Lets messages in: a timer would cost four milliseconds. */
function heard(): Promise<void> {
	return new Promise((resolve) => {
		const { port1, port2 } = new MessageChannel();
		port1.onmessage = () => {
			port1.close();
			resolve();
		};
		port2.postMessage(null);
	});
}

/** The most urgent go on, those of one urgency by turns; the others wait until none of these is left. */
async function choose(): Promise<void> {
	if (choosing) return;
	choosing = true;
	await heard();
	choosing = false;
	const top = Math.max(...[...begun, ...waiting].map(({ signal }) => urgencyOf(signal)));
	for (const one of waiting) {
		const { signal } = one;
		if (!signal.aborted && urgencyOf(signal) < top) signal.addEventListener('abort', wake);
		else if (waiting.delete(one)) one.go();
	}
	// The end of one that has begun lets the others go on; what has not may go without a word.
	if (waiting.size && ![...begun].some(({ signal }) => urgencyOf(signal) === top)) wake();
}

const wake = () => void choose();

/**
 * Between two slices of a job: lets messages in, and jobs that are more urgent go first. Without a signal only messages:
 * for what has no end, and would hold up all others for ever.
 * @throws AbortError when the job was cancelled
 */
export async function breath(signal?: AbortSignal): Promise<void> {
	if (!signal) return heard();
	await new Promise<void>((go) => {
		waiting.add({ signal, go });
		wake();
	});
	throwIfAborted(signal);
}

/** Runs a job that has an end: until then less urgent ones wait where they breathe. */
export async function begin<T>(signal: AbortSignal, job: () => Promise<T>): Promise<T> {
	const one = { signal };
	begun.add(one);
	try {
		return await job();
	} finally {
		begun.delete(one);
		if (waiting.size) wake();
	}
}
