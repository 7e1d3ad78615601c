/**
 * The one door to tfjs: nothing outside `engine/` imports `@tensorflow/*`. The gradients register themselves on import
 * and must come after the core (tfjs-core alone has none).
 */
export * from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
