import * as tf from '#engine/tf.ts';

/**
 * TF.js 4.22 lets go of what it saved on the way to a score only at the end of its gradient: one that fails, since nothing
 * leads from the input to the score or an operation has none, leaves all of it.
 */
export function mendFailures(): void {
	const engine = tf.engine();
	const gradients = engine.gradients.bind(engine);
	engine.gradients = ((...args: Parameters<typeof gradients>) => {
		try {
			return gradients(...args);
		} catch (error) {
			const { state } = engine;
			if (state.gradientDepth === 0) {
				for (const { saved = [] } of state.activeTape ?? []) tf.dispose(saved);
				state.activeTape = [];
			}
			throw error;
		}
	}) as typeof engine.gradients;
}
