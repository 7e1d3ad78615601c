import { describe, expect, it, vi } from 'vitest';
import type { Alternative, AlternativesRequest } from '#contracts/compute.ts';
import { PRESETS, type Preprocessing } from '#contracts/preprocessing.ts';
import { PreprocessingOptions } from '#state/input/preprocessing-options.svelte.ts';
import type { ViewContext } from '#state/lab/view-context.ts';

const way: Preprocessing = {
	...{ width: 32, height: 32, channels: 3, fit: 'crop', order: 'rgb', invert: false },
	normalisation: { kind: 'range', low: 0, high: 1 }
};
const answers: readonly Partial<Alternative>[] = [
	{ probability: 0.5 },
	{ probability: 0.1 },
	{ probability: 1, beyond: 1000 },
	{ probability: 0.8 },
	{ probability: NaN }
];

/** Five usual ways, of which the first is that in use. */
function open({ kind = 'classes', drawn = () => {} }: { kind?: string; drawn?: () => void } = {}) {
	const bitmap = {} as ImageBitmap;
	const alternatives = vi.fn(({ ways }: AlternativesRequest) =>
		Promise.resolve(
			ways.map((_, k) => ({ unit: 0, score: k, entropy: null, beyond: 0, probability: 0, ...answers[k] }))
		)
	);
	const now = { model: 'm', input: 'one' };
	const failed = vi.fn();
	const context = {
		head: { kind, output: 'y' },
		inputs: [],
		image: { width: 9, height: 9 },
		preprocessing: way,
		ownPreprocessing: { input: 'x', preprocessing: { ...way, width: 64, height: 64 }, reason: 'why' },
		preprocessingByInput: new Map([
			['x', way],
			['other', { ...way, width: 8, height: 8, channels: 1 }]
		]) as ReadonlyMap<string, Preprocessing>,
		identity: () => ({ ...now }),
		inputData: () => {
			drawn();
			return Promise.resolve({ x: { kind: 'image', bitmap } });
		},
		compute: { with: () => ({ alternatives }) },
		failed
	};
	const viewState = new PreprocessingOptions(context as unknown as ViewContext);
	return { viewState, context, alternatives, now, failed };
}
const places = ({ found }: PreprocessingOptions) => found?.value.map(({ score }) => score);

describe('what other preprocessing gives', () => {
	it('the surest first, then what is not known, and what is implausible last', async () => {
		const { viewState, failed } = open();
		await viewState.ask();
		expect(places(viewState)).toEqual([3, 0, 1, 4, 2]);
		expect(failed).not.toHaveBeenCalled();
		expect(viewState.reason).toBe('why');
	});

	it('of yes or no, a sure no is sure; values have no order', async () => {
		const binary = open({ kind: 'binary' });
		await binary.viewState.ask();
		expect(places(binary.viewState)).toEqual([1, 3, 0, 4, 2]);
		const value = open({ kind: 'value' });
		await value.viewState.ask();
		expect(places(value.viewState)).toEqual([0, 1, 2, 3, 4]);
	});

	it('prepares the other pictures alike, each at its own size', async () => {
		const { viewState, alternatives } = open();
		await viewState.ask();
		const { ways, output } = alternatives.mock.calls[0]![0];
		expect(output).toBe('y');
		expect(ways).toHaveLength(5);
		expect(ways[3]?.get('x')).toEqual({ ...way, normalisation: PRESETS[3]!.normalisation });
		expect(ways[3]?.get('other')).toEqual({ ...way, width: 8, height: 8, channels: 1, normalisation: PRESETS[3]!.normalisation }); // prettier-ignore
	});

	it('is of what it was asked for: another picture, size or inversion makes it old, one of the ways does not', async () => {
		const { viewState, context, now } = open();
		context.preprocessingByInput = new Map([['x', way]]);
		expect(viewState.old).toBe(true);
		await viewState.ask();
		expect(viewState.old).toBe(false);
		const own = viewState.found!.value.filter((one) => viewState.isOwn(one));
		expect(own.map(({ title }) => title)).toEqual(['0 to 1']);
		context.preprocessing = { ...way, normalisation: PRESETS[2]!.normalisation };
		expect(viewState.old).toBe(false);
		expect(viewState.found!.value.filter((one) => viewState.inUse(one)).map(({ title }) => title)).toEqual([
			'0 to 255'
		]);
		for (const change of [{ invert: true }, { width: 9 }, { fit: 'pad' }] as const) {
			context.preprocessing = { ...way, ...change };
			expect(viewState.old).toBe(true);
		}
		context.preprocessing = way;
		expect(viewState.old).toBe(false);
		now.input = 'two';
		expect(viewState.old).toBe(true);
		viewState.reset();
		expect(viewState.found).toBeNull();
	});

	it('is not asked for where another picture came while it was drawn', async () => {
		const { viewState, alternatives, now } = open({ drawn: () => void (now.input = 'two') });
		await viewState.ask();
		expect(alternatives).not.toHaveBeenCalled();
		expect(viewState.found).toBeNull();
		expect(viewState.busy).toBe(false);
	});
});
