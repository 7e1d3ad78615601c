/**
 * What a worker is called `with` whose answer comes in parts: each is taken, and says how far it is.
 * @param progress of the job that the call belongs to
 */
export const inParts = <Part extends { done: number }>(
	signal: AbortSignal,
	progress: (done: number) => void,
	take?: (part: Part) => void
) => ({
	signal,
	progress(value: unknown): void {
		if (signal.aborted) return;
		take?.(value as Part);
		progress((value as Part).done);
	}
});
