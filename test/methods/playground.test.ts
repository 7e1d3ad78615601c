import { expect, it } from 'vitest';
import { TypedTraining } from '#maths/playground/training.ts';
import { ROWS, rowSpec, SOLVED, type PlaygroundRow } from '../tools/playground-rows.ts';

/** Epochs until the test loss is below 0.05; Infinity for never. */
function epochsTo(row: PlaygroundRow, seed: number, every: number): number {
	const training = new TypedTraining(rowSpec(row, seed));
	for (let epoch = 1; epoch <= row.epochs; epoch++) {
		for (let i = 0; i < training.perEpoch; i++) training.train();
		if (epoch % every === 0 && training.metrics().test.loss < SOLVED) return epoch;
	}
	return Infinity;
}

// Ten seeds of what is solved, five of what must fail.
it.each<PlaygroundRow>(Object.values(ROWS))('$name: $atLeast of ten seeds solve it in $epochs epochs', (row) => {
	const seeds = Array.from({ length: row.atLeast ? 10 : 5 }, (_, i) => i + 1);
	const every = row.atLeast ? (row.epochs > 1000 ? 5 : 1) : 10;
	const solved = seeds.filter((seed) => epochsTo(row, seed, every) <= row.epochs).length;
	if (row.atLeast) expect(solved).toBeGreaterThanOrEqual(row.atLeast);
	else expect(solved).toBe(0);
});
