import * as tf from '#engine/tf.ts';
import { sumTo } from '#engine/gradients/axes.ts';

/**
 * tfjs 4.22: the gradient of a matrix product does not sum over a broadcast batch, Einsum has none, and WASM has no
 * Einsum at all. To be deleted when tfjs mends them.
 */

interface Equation {
	operands: string[];
	output: string;
}

function parsed(equation: string): Equation {
	const [left = '', output = ''] = equation.replace(/\s/g, '').split('->');
	return { operands: left.split(','), output };
}

/** Any Einsum without repeated letters in an operand: all operands over all letters, multiplied, summed. */
function einsum(equation: string, tensors: readonly tf.Tensor[]): tf.Tensor {
	const { operands, output } = parsed(equation);
	const letters = [...new Set([...output, ...operands.join('')])];
	return tf.tidy(() => {
		const aligned = tensors.map((tensor, k) => {
			const own = [...(operands[k] as string)];
			if (new Set(own).size < own.length)
				throw new Error(`Einsum "${equation}" repeats a letter, which is not known here.`);
			const present = letters.filter((letter) => own.includes(letter));
			const turned = tf.transpose(
				tensor,
				present.map((letter) => own.indexOf(letter))
			);
			const sizes = letters.map((letter) => (own.includes(letter) ? (tensor.shape[own.indexOf(letter)] as number) : 1));
			return tf.reshape(turned, sizes);
		});
		const product = aligned.reduce((a, b) => tf.mul(a, b));
		const summed = letters.map((_, axis) => axis).slice(output.length);
		return summed.length ? tf.sum(product, summed) : product;
	});
}

/** The gradient at operand k is an Einsum of dy and the others; letters that only k has are repeated. */
function einsumGradient(equation: string, k: number, dy: tf.Tensor, tensors: readonly tf.Tensor[]): tf.Tensor {
	const { operands, output } = parsed(equation);
	const own = operands[k] as string;
	const others = operands.filter((_, i) => i !== k);
	const known = new Set([...output, ...others.join('')]);
	const shared = [...own].filter((letter) => known.has(letter)).join('');
	return tf.tidy(() => {
		const inputs = [dy, ...tensors.filter((_, i) => i !== k)];
		const partial = einsum(`${[output, ...others].join(',')}->${shared}`, inputs);
		const shape = (tensors[k] as tf.Tensor).shape;
		if (shared === own) return partial;
		const kept = [...own].map((letter, axis) => (known.has(letter) ? (shape[axis] as number) : 1));
		return tf.mul(tf.reshape(partial, kept), tf.ones(shape));
	});
}

export function mendProducts(): void {
	const matMul = tf.getGradient('BatchMatMul');
	tf.registerGradient({
		...matMul,
		gradFunc: (dy, saved, attributes) => {
			const [a, b] = saved as [tf.Tensor, tf.Tensor];
			const gradients = matMul.gradFunc(dy, saved, attributes);
			return {
				a: () => tf.tidy(() => sumTo((gradients['a'] as () => tf.Tensor)(), a.shape)),
				b: () => tf.tidy(() => sumTo((gradients['b'] as () => tf.Tensor)(), b.shape))
			};
		}
	});
	// Inputs carry their position as their name: save them all, in order.
	tf.registerGradient({
		kernelName: 'Einsum',
		saveAllInputs: true,
		gradFunc: (dy, saved, { equation }) =>
			Object.fromEntries(saved.map((_, k) => [k, () => einsumGradient(equation as string, k, dy as tf.Tensor, saved)]))
	});
	if (!tf.getKernel('Einsum', 'wasm'))
		tf.registerKernel({
			kernelName: 'Einsum',
			backendName: 'wasm',
			kernelFunc: ({ inputs, attrs }) =>
				einsum(attrs?.['equation'] as string, Object.values(inputs) as unknown as tf.Tensor[])
		});
}
