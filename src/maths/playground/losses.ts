import type { Loss } from '#maths/playground/spec.ts';

/** Losses on flat arrays, for the typed-array trainer and for fields. */

/**
 * @param z outputs before their activation; a sample's begin at `at`
 * @param d takes the slopes at the same index, times `scale`; null leaves them out
 * @returns the loss of the sample
 */
export function lossAt(
	kind: Loss,
	z: Float64Array,
	at: number,
	outputs: number,
	y: number,
	d: Float64Array | null,
	scale: number
): number {
	let loss = 0;
	switch (kind) {
		case 'cross-entropy': {
			let top = -Infinity;
			for (let k = at; k < at + outputs; k++) top = Math.max(top, z[k] as number);
			let all = 0;
			for (let k = at; k < at + outputs; k++) all += Math.exp((z[k] as number) - top);
			if (d)
				for (let k = 0; k < outputs; k++)
					d[at + k] = scale * (Math.exp((z[at + k] as number) - top) / all - (k === y ? 1 : 0));
			return Math.log(all) + top - (z[at + y] as number);
		}
		case 'logistic': {
			const v = z[at] as number;
			if (d) d[at] = scale * (1 / (1 + Math.exp(-v)) - y);
			return Math.max(v, 0) - v * y + Math.log1p(Math.exp(-Math.abs(v)));
		}
		case 'squared-tanh':
			for (let k = 0; k < outputs; k++) {
				const t = outputs === 1 ? 2 * y - 1 : k === y ? 1 : -1;
				const a = 1 - 2 / (Math.exp(2 * (z[at + k] as number)) + 1);
				loss += 0.5 * (a - t) * (a - t);
				if (d) d[at + k] = scale * (a - t) * (1 - a * a);
			}
			return loss;
		case 'squared': {
			const e = (z[at] as number) - y;
			if (d) d[at] = scale * e;
			return 0.5 * e * e;
		}
	}
}

/** Whether the largest output is that of the class; a single output decides by its sign. Never where one is no number. */
export function isRight(z: Float64Array, at: number, outputs: number, y: number): boolean {
	for (let k = at; k < at + outputs; k++) if (!Number.isFinite(z[k])) return false;
	if (outputs === 1) return (z[at] as number) > 0 === (y === 1);
	let best = 0;
	for (let k = 1; k < outputs; k++) if ((z[at + k] as number) > (z[at + best] as number)) best = k;
	return best === y;
}

/** Outputs as one shows them, in place: probabilities, tanh, or the value itself. */
export function outputActivation(kind: Loss, z: Float64Array, at: number, outputs: number): void {
	switch (kind) {
		case 'cross-entropy': {
			let top = -Infinity;
			for (let k = at; k < at + outputs; k++) top = Math.max(top, z[k] as number);
			let all = 0;
			for (let k = at; k < at + outputs; k++) all += z[k] = Math.exp((z[k] as number) - top);
			for (let k = at; k < at + outputs; k++) z[k] = (z[k] as number) / all;
			return;
		}
		case 'logistic':
			z[at] = 1 / (1 + Math.exp(-(z[at] as number)));
			return;
		case 'squared-tanh':
			for (let k = at; k < at + outputs; k++) z[k] = Math.tanh(z[k] as number);
			return;
		case 'squared':
	}
}
