/** softmax(x W + b): everything about its boundary has a closed form. */
export interface Linear {
	/** [inputs][classes] */
	w: readonly (readonly number[])[];
	b: readonly number[];
}

export const scoresOf = ({ w, b }: Linear, x: ArrayLike<number>): number[] =>
	b.map((bias, k) => w.reduce((sum, row, i) => sum + (row[k] as number) * (x[i] as number), bias));

export const softmaxOf = (scores: readonly number[]): number[] => {
	const top = Math.max(...scores);
	const powers = scores.map((score) => Math.exp(score - top));
	const sum = powers.reduce((a, b) => a + b);
	return powers.map((power) => power / sum);
};
