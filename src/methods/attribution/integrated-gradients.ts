import { throwIfAborted } from '#contracts/errors.ts';
import { choice, flag, number } from '#contracts/parameter.ts';
import type { AttributionContext, AttributionMethod, AttributionStep, BaselineKind, Fact } from '#contracts/method.ts';
import { breath } from '#engine/breath.ts';
import * as tf from '#engine/tf.ts';
import { gaussLegendre } from '#maths/quadrature.ts';
import { inputGradient, scoreOf } from '#methods/input-gradient.ts';

/** The gap that counts as closed, of |f(x) - f(x')|. */
const CLOSED = 0.01;

/**
 * Sundararajan, Taly & Yan 2017, arXiv 1703.01365. The path integral by Gauss-Legendre quadrature; the steps are doubled
 * until the attributions add up to the change of the score (completeness) within 1 %, or the limit is reached. Kinks of
 * the network make the gap fall unevenly, so it is always shown.
 */
const method: AttributionMethod = {
	id: 'integrated-gradients',
	title: 'Integrated Gradients',
	family: 'attribution',
	order: 3,
	summary:
		'Integral of the gradients along the straight path from a baseline to the input. The values sum to the difference of the two scores (completeness).',
	paper: {
		authors: 'Sundararajan, Taly & Yan',
		year: 2017,
		title: 'Axiomatic Attribution for Deep Networks',
		url: 'https://arxiv.org/abs/1703.01365'
	},
	equation: '(x − x′) · ∫₀¹ ∂s/∂x (x′ + α(x − x′)) dα',
	signed: true,
	grid: 'input',
	inputGradient: true,
	parameters: [
		choice('baseline', 'Baseline', 'Reference image that stands for missing evidence. Preprocessed like the input.', {
			black: 'Black',
			white: 'White',
			grey: 'Grey',
			mean: 'Mean colour',
			blur: 'Blurred image'
		}),
		number('steps', 'Initial steps', 'Points of the path in the first pass.', 50, {
			min: 2,
			max: 500,
			step: 1,
			integer: true
		}),
		number('limit', 'Max steps', 'Steps double until the convergence gap is below 1 %, up to this number.', 200, {
			min: 2,
			max: 2000,
			step: 1,
			integer: true
		}),
		flag('times-input', 'Multiply by (x − baseline)', 'Off: the mean gradient along the path.', true)
	],
	async *run(context) {
		const { input, parameters } = context;
		const baseline = context.baseline(parameters['baseline'] as BaselineKind);
		const difference = tf.sub(input, baseline);
		try {
			const change = (await scoreOf(context, input)) - (await scoreOf(context, baseline));
			let steps = parameters['steps'] as number;
			const limit = Math.max(steps, parameters['limit'] as number);
			for (;;) {
				const final = steps * 2 > limit;
				const result = yield* integral(context, baseline, difference, steps, change, final);
				if (result === 'closed' || final) return;
				steps *= 2;
			}
		} finally {
			tf.dispose([baseline, difference]);
		}
	}
};

/** One quadrature with `steps` nodes, yielding the estimate so far after each batch. */
async function* integral(
	context: AttributionContext,
	baseline: tf.Tensor,
	difference: tf.Tensor,
	steps: number,
	change: number,
	final: boolean
): AsyncGenerator<AttributionStep, 'closed' | 'open', void> {
	const { nodes, weights } = gaussLegendre(steps);
	const column = [-1, ...difference.shape.slice(1).map(() => 1)];
	let sum = tf.zerosLike(difference);
	try {
		let weighed = 0;
		for (let first = 0; first < steps; first += context.batch) {
			throwIfAborted(context.signal);
			const last = Math.min(steps, first + context.batch);
			const next = tf.tidy(() => {
				const alphas = tf.reshape(tf.tensor1d(Float32Array.from(nodes.subarray(first, last))), column);
				const shares = tf.reshape(tf.tensor1d(Float32Array.from(weights.subarray(first, last))), column);
				const gradients = inputGradient(context, tf.add(baseline, tf.mul(alphas, difference)));
				return tf.add(sum, tf.sum(tf.mul(gradients, shares), 0, true));
			});
			sum.dispose();
			sum = next;
			weighed += weights.subarray(first, last).reduce((a, b) => a + b, 0);
			if (last === steps) break;
			const map = scaled(context, sum, difference, weighed);
			yield { map, facts: [], done: (0.99 * last) / steps, at: `step ${last} of ${steps}` };
			await breath(context.signal);
		}
		const total = tf.tidy(() => tf.sum(tf.mul(sum, difference)));
		const [attributed] = await total.data();
		total.dispose();
		const { fact, closed } = convergence((attributed as number) - change, change, steps);
		const map = scaled(context, sum, difference, 1);
		if (closed || final) yield { map, facts: fact, done: 1 };
		else yield { map, facts: fact, done: 0.99, at: `step ${steps} of ${2 * steps}` };
		return closed ? 'closed' : 'open';
	} finally {
		sum.dispose();
	}
}

function scaled({ parameters }: AttributionContext, sum: tf.Tensor, difference: tf.Tensor, weighed: number): tf.Tensor {
	return tf.tidy(() => {
		const mean = tf.div(sum, weighed);
		return parameters['times-input'] ? tf.mul(mean, difference) : tf.clone(mean);
	});
}

/** How far the attributions are from adding up to f(x) - f(x'). */
function convergence(gap: number, change: number, steps: number): { fact: Fact[]; closed: boolean } {
	const share = Math.abs(gap) / Math.abs(change);
	const flat = Math.abs(change) < 1e-6;
	const closed = flat ? Math.abs(gap) < 1e-6 : share < CLOSED;
	const text = flat ? gap.toExponential(1) : `${(100 * share).toFixed(share < 0.1 ? 2 : 1)} %`;
	return {
		closed,
		fact: [
			{
				id: 'gap',
				title: 'convergence gap',
				text,
				value: flat ? Math.abs(gap) : share,
				...(closed ? {} : { tone: 'warning' as const }),
				help: `Error of the sum of the map against f(x) − f(x′) = ${change.toPrecision(4)}.`
			},
			{ id: 'steps', title: 'steps', text: String(steps), value: steps }
		]
	};
}

export default method;
