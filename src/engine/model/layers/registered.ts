import * as tf from '#engine/tf.ts';

type LayerClass = Parameters<typeof tf.serialization.registerClass>[0];

const own = new Set<string>();

/** Makes tfjs-layers know a layer that it has not. */
export function registerOwn(made: LayerClass): void {
	own.add(made.className);
	tf.serialization.registerClass(made);
}

/** Whether TF.js has the layer only as long as the lab is there. */
export const isOwn = (className: string): boolean => own.has(className);
