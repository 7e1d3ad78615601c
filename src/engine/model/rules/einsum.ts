import type * as tf from '#engine/tf.ts';
import type { Kit } from '#engine/model/operators/operator.ts';

/** Sums of products over named axes, two operands at a time, as products of matrices. */

interface Named {
	letters: string;
	tensor: tf.Tensor;
}

const sizes = (named: readonly Named[]) => {
	const found = new Map<string, number>();
	for (const { letters, tensor } of named)
		[...letters].forEach((letter, i) => found.set(letter, Math.max(found.get(letter) ?? 1, tensor.shape[i] as number)));
	return found;
};

/** Without the axes that nobody else asks for. */
function summed(tf: Kit, { letters, tensor }: Named, kept: string): Named {
	const axes = [...letters].flatMap((letter, i) => (kept.includes(letter) ? [] : [i]));
	if (!axes.length) return { letters, tensor };
	return { letters: [...letters].filter((letter) => kept.includes(letter)).join(''), tensor: tf.sum(tensor, axes) };
}

function turned(tf: Kit, { letters, tensor }: Named, order: string): tf.Tensor {
	return letters === order
		? tensor
		: tf.transpose(
				tensor,
				[...order].map((letter) => letters.indexOf(letter))
			);
}

function pair(tf: Kit, a: Named, b: Named, kept: string): Named {
	const [x, y] = [summed(tf, a, b.letters + kept), summed(tf, b, a.letters + kept)];
	const shared = [...x.letters].filter((letter) => y.letters.includes(letter));
	const batch = shared.filter((letter) => kept.includes(letter)).join('');
	const inner = shared.filter((letter) => !kept.includes(letter)).join('');
	const only = (own: Named, other: Named) =>
		[...own.letters].filter((letter) => !other.letters.includes(letter)).join('');
	const [left, right] = [only(x, y), only(y, x)];
	const size = sizes([x, y]);
	const times = (letters: string) => [...letters].reduce((n, letter) => n * (size.get(letter) as number), 1);
	const matrices = (own: Named, order: string, rows: string, columns: string) =>
		tf.reshape(turned(tf, own, order), [times(batch), times(rows), times(columns)]);
	const product = tf.matMul(
		matrices(x, batch + left + inner, left, inner),
		matrices(y, batch + inner + right, inner, right)
	);
	const letters = batch + left + right;
	return {
		letters,
		tensor: tf.reshape(
			product,
			[...letters].map((letter) => size.get(letter) as number)
		)
	};
}

/** @param equation `bij,bjk->bik`, without dots */
export function einsum(tf: Kit, equation: string, inputs: readonly tf.Tensor[]): tf.Tensor {
	const [left = '', output = ''] = equation.split('->');
	const named = left.split(',').map((letters, k): Named => ({ letters, tensor: inputs[k] as tf.Tensor }));
	const last = named.reduce((all, one, k) =>
		pair(
			tf,
			all,
			one,
			output +
				named
					.slice(k + 1)
					.map(({ letters }) => letters)
					.join('')
		)
	);
	return turned(tf, summed(tf, last, output), output);
}
