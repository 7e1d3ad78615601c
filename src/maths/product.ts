/** How many numbers a tensor of that shape holds: 1 for a scalar. */
export const product = (sizes: readonly number[]): number => sizes.reduce((all, n) => all * n, 1);
