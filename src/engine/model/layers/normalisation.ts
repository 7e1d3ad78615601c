import { layers, type Shape } from '@tensorflow/tfjs-layers';
import { LabError } from '#contracts/errors.ts';
import { registerOwn } from '#engine/model/layers/registered.ts';
import * as tf from '#engine/tf.ts';

/** Layers of Keras with weights that TF.js does not know: here they get them; the operators of those names compute. */

type Config = tf.serialization.ConfigDict;

abstract class Weighted extends layers.Layer {
	constructor(protected readonly settings: Config) {
		super(settings as ConstructorParameters<typeof layers.Layer>[0]);
	}

	override build(inputShape: Shape | Shape[]): void {
		this.weigh((Array.isArray(inputShape[0]) ? inputShape[0] : inputShape) as number[]);
		this.built = true;
	}

	protected abstract weigh(shape: readonly number[]): void;

	override computeOutputShape(inputShape: Shape | Shape[]): Shape | Shape[] {
		return inputShape;
	}

	override getConfig(): Config {
		return { ...this.settings, ...super.getConfig() };
	}
}

/** Mean and variance of the data that it was adapted to: in the weights, or in the settings. */
class Normalization extends Weighted {
	static className = 'Normalization';

	protected weigh(shape: readonly number[]): void {
		const { mean = null, axis = -1 } = this.settings;
		if (mean !== null) return;
		const kept = axis === null ? [] : [axis as number | number[]].flat();
		const sizes = kept.map((a) => shape.at(a) as number);
		this.addWeight('mean', sizes, 'float32', undefined, undefined, false);
		this.addWeight('variance', sizes, 'float32', undefined, undefined, false);
	}
}

class GroupNormalization extends Weighted {
	static className = 'GroupNormalization';

	protected weigh(shape: readonly number[]): void {
		const { scale = true, center = true } = this.settings;
		if (scale) this.addWeight('gamma', [shape.at(-1) as number]);
		if (center) this.addWeight('beta', [shape.at(-1) as number]);
	}
}

class RMSNormalization extends Weighted {
	static className = 'RMSNormalization';

	protected weigh(shape: readonly number[]): void {
		const kept = [(this.settings['axis'] ?? -1) as number | number[]].flat().map((a) => (a < 0 ? a + shape.length : a));
		// Axes in the middle would want their numbers stretched.
		if (!kept.every((a, i) => a === shape.length - kept.length + i))
			throw new LabError('it has other axes than the last');
		this.addWeight(
			'scale',
			kept.map((a) => shape[a] as number)
		);
	}
}

registerOwn(RMSNormalization);
registerOwn(Normalization);
registerOwn(GroupNormalization);
