import type { Notices } from '#state/lab/notices.svelte.ts';
import type { EngineEvents } from '#state/threads/engine.svelte.ts';

const AGAIN = 'your model and image are opened again.';

/** What is said when the engine fails. @param recovered opens again what was open */
export const engineEvents = (notes: Notices, recovered: () => Promise<void>): EngineEvents => ({
	lost: (reason) => notes.add('warning', `The GPU was lost: ${reason}`, `A fresh engine is being started; ${AGAIN}`),
	silent: () =>
		notes.add('warning', 'The engine no longer answered and was ended.', `A fresh one is being started; ${AGAIN}`),
	recovered,
	failed: (message) =>
		notes.add('error', `The GPU reported an error: ${message}`, 'Choose another engine if it comes again.')
});
