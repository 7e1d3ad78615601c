import { expect, it } from 'vitest';
import type { DataSet } from '#contracts/data-set.ts';
import { columnMeans, mixtureInputs } from '#state/embedding/mixture-inputs.ts';

const data: DataSet = {
	name: 'd',
	count: 4,
	rows: { values: Float32Array.of(1, 2, 3, NaN, 5, 6, 7, 8), width: 2, names: ['a', 'b'] },
	images: ['p', 'q', 'r', 's'].map((text) => new Blob([text])),
	columns: [],
	label: null
};
const blends = {
	k: 2,
	items: Int32Array.of(0, 1, 3, 1, 1, -1),
	weights: Float32Array.of(0.5, 0.5, 0.25, 0.75, 1, 0)
};

it('only the items of the mixtures that are asked about go to the model, what is missing being the mean', async () => {
	const means = await columnMeans(data.rows!.values, 2);
	expect([...means]).toEqual([4, expect.closeTo(16 / 3, 5)]);
	const part = mixtureInputs(data, 'rows', means, blends, 1, 3);
	expect([...part.ids]).toEqual([3, 1]);
	expect([...part.blends.items]).toEqual([0, 1, 1, -1]);
	expect([...part.blends.weights]).toEqual([0.25, 0.75, 1, 0]);
	expect([...(part.inputs as Float32Array)]).toEqual([7, 8, 3, expect.closeTo(16 / 3, 5)]);
	const pictures = mixtureInputs(data, 'images', means, blends, 0, 1).inputs as readonly Blob[];
	expect(await Promise.all(pictures.map((blob) => blob.text()))).toEqual(['p', 'q']);
});

it('a column without a number has the mean 0, and many numbers leave the page its turns', async () => {
	expect([...(await columnMeans(Float32Array.of(NaN, 1, NaN, 3), 2))]).toEqual([0, 2]);
	let turns = 0;
	const timer = setInterval(() => turns++);
	await columnMeans(new Float32Array(3 << 20), 8);
	clearInterval(timer);
	expect(turns).toBeGreaterThan(0);
});
