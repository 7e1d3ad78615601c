/**
 * The one door to tfjs: nothing outside `engine/` imports `@tensorflow/*`. Gradients and chained operations (which
 * tfjs-layers calls) register themselves on import and must come after the core, which has neither.
 */
export * from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
