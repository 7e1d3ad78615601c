import type { InputSpec } from '#contracts/compute.ts';

/** What may be asked about the inputs of a model. */

/** Whole numbers, such as the indices of words: nothing lies between two of them, and they have no gradient. */
export const isWhole = ({ dtype }: Pick<InputSpec, 'dtype'>): boolean => /^int|^uint|^bool/.test(dtype);

/** Those that can be explained: pictures and real numbers. */
export const explainable = (inputs: readonly InputSpec[]): readonly InputSpec[] =>
	inputs.filter((input) => input.kind === 'image' || !isWhole(input));

/**
 * The input that is explained: the wanted one, else the first picture, else the first of real numbers, else the first.
 * @param requested its id; one that cannot be explained is no choice
 */
export function explainedInput(inputs: readonly InputSpec[], requested: string | null): InputSpec | undefined {
	const all = explainable(inputs);
	return all.find(({ id }) => id === requested) ?? all.find(({ kind }) => kind === 'image') ?? all[0] ?? inputs[0];
}
