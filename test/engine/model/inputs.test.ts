import { describe, expect, it } from 'vitest';
import { explainable, explainedInput } from '#contracts/inputs.ts';
import { guessPreprocessing } from '#engine/model/guess.ts';
import { behind, camLayers, headSpecs, inputSpecs } from '#engine/model/inspect.ts';
import { graph, node } from '../../tools/networks.ts';

/** Models of several inputs. */

describe('the input that is explained', () => {
	const spec = (id: string, kind: 'image' | 'values', dtype = 'float32') => ({ id, kind, dtype, shape: [null, 4] });
	const words = spec('words', 'values', 'int32');
	const row = spec('row', 'values');
	const [one, two] = [spec('one', 'image'), spec('two', 'image', 'uint8')];

	it('is the wanted one, else the first picture, else the first of real numbers', () => {
		const all = [words, row, one, two];
		expect(explainable(all)).toEqual([row, one, two]);
		expect(explainedInput(all, 'two')).toBe(two);
		expect(explainedInput(all, 'row')).toBe(row);
		for (const none of [null, 'words', 'gone', '__proto__']) expect(explainedInput(all, none)).toBe(one);
		expect(explainedInput([words, row], null)).toBe(row);
		expect(explainedInput([words], null)).toBe(words);
		expect(explainedInput([], null)).toBeUndefined();
	});
});

describe('of two pictures', () => {
	const inputs = [
		node('x', 'Input', [], { shape: [null, 32, 32, 3] }),
		node('y', 'Input', [], { shape: [null, 20, 30, 1] })
	];

	it('each has the layers that look at it', () => {
		const grid = { shape: [null, 16, 16, 8] };
		const both = graph([
			...inputs,
			node('cx', 'Conv2D', ['x'], grid),
			node('cy', 'Conv2D', ['y'], grid),
			node('sum', 'Add', ['cx', 'cy'], grid),
			node('d', 'Dense', ['sum'])
		]);
		const layers = (...ids: string[]) => camLayers(both, ['d'], ids).map(({ id }) => id);
		expect(layers('x', 'y')).toEqual(['sum', 'cy', 'cx']);
		expect(layers('y')).toEqual(['sum', 'cy']);
		expect([...behind(both, ['x'])]).toEqual(['x', 'cx', 'sum', 'd']);
	});

	it('each is prepared at its own size and channels, as its own layers say', () => {
		const rescaled = node('r', 'Rescale', ['x'], { shape: [null, 32, 32, 3] });
		const both = graph([...inputs, rescaled, node('d', 'Dense', ['r', 'y'])]);
		const [first, second] = inputSpecs(both).map((input) =>
			guessPreprocessing({ graph: both, input, heads: headSpecs(both), name: '' })
		);
		expect([first?.sure, second?.sure]).toEqual([true, false]);
		expect(first?.preprocessing).toMatchObject({ width: 32, height: 32, channels: 3, normalisation: { high: 255 } });
		expect(second?.preprocessing).toMatchObject({ width: 30, height: 20, channels: 1, normalisation: { high: 1 } });
	});
});
