/**
 * What TF.js 4.22 says in words alone, as codes: this is the one place that reads its sentences (tfjs-core, `tape.ts` and
 * `gradients.ts`), and what the lab itself says carries its code from the start.
 */

/** Why there is no gradient: an operation on the path has none, or there is no path. */
export type GradientFault = { code: 'no-gradient'; kernel: string } | { code: 'unreached' };

/** An operation whose gradient is not known, as the lab says it. */
export class NoGradient extends Error {
	override readonly name = 'NoGradient';
	constructor(readonly kernel: string) {
		super(`The gradient of ${kernel} is not known.`);
	}
}

/** @returns null for all other errors */
export function gradientFault(error: unknown): GradientFault | null {
	if (error instanceof NoGradient) return { code: 'no-gradient', kernel: error.kernel };
	if (!(error instanceof Error)) return null;
	const missing = /gradient function not found for (\w+)/.exec(error.message);
	if (missing) return { code: 'no-gradient', kernel: missing[1] as string };
	return error.message.startsWith('Cannot compute gradient of y=f(x)') ? { code: 'unreached' } : null;
}
