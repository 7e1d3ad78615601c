import { expect, it } from 'vitest';
import type { ComputeApi } from '#contracts/compute-api.ts';
import { LabError } from '#contracts/errors.ts';
import { picked, type Facet } from '#contracts/identity.ts';
import type { LayerParting } from '#contracts/parting.ts';
import type { Comparison } from '#state/comparison/comparison.svelte.ts';
import { PartingState } from '#state/comparison/parting.svelte.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { remote, type CallOptions } from '#workers/rpc.ts';

/** The state of where two part, on an engine that answers as the test says. */

const layer = (a: string, relative: number) => ({ a, b: `${a}-b`, relative, unlike: 0, order: 'same' }) as LayerParting;

function setUp(answers: Record<string, (args: unknown[], options?: CallOptions) => Promise<unknown>>) {
	const calls: [string, unknown[]][] = [];
	const now = { model: 'm', input: 'i', weights: '[]', preprocessing: 'p' };
	const failures: unknown[] = [];
	const context = {
		compute: remote<ComputeApi>((name, args, options) => {
			calls.push([name, args]);
			return answers[name]!(args, options);
		}),
		engine: { backend: 'wasm' },
		fed: {},
		identity: (facets: readonly Facet[]) => picked(now, facets),
		option: (_: string, otherwise: string) => otherwise,
		failed: (error: unknown) => failures.push(error)
	} as unknown as ViewContext;
	const comparison = {
		requested: { second: '1' },
		feeding: () => Promise.resolve({ key: 3, inputs: { x: 'data' }, preprocessingByInput: new Map() })
	} as unknown as Comparison;
	const state = new PartingState(context);
	const part = () => state.part({ kind: 'second' }, 'Other', comparison);
	return { state, calls, failures, part, now, comparison };
}

it('keeps layers with all that they are of, and looks at the first beyond the tolerance', async () => {
	const layers = [layer('a', 0), layer('b', 0.5), layer('c', 1)];
	const { state, calls, part, comparison } = setUp({
		part: (_, options) => {
			options?.progress?.({ layers: layers.slice(0, 1), done: 0.5 });
			expect(state.parting?.value).toMatchObject({ whole: false, layers: [{ a: 'a' }] });
			expect(state.running['part']).toBe(0.5);
			expect(state.busy).toBe(true);
			return Promise.resolve(layers);
		},
		partDetail: () => Promise.resolve({ a: 'b' })
	});
	expect(state.ready).toBe(true);
	await part();
	expect(state.parting?.value).toMatchObject({ whole: true, title: 'Other', layers });
	const { parameters } = state.identityOf({ kind: 'second' }, comparison);
	const of = { model: 'm', input: 'i', weights: '[]', preprocessing: 'p', second: '1', parameters };
	expect(state.parting?.of).toEqual(of);
	expect(state.detail).toEqual({ value: { a: 'b' }, of });
	expect(calls).toEqual([
		['part', [3, { x: 'data' }, new Map()]],
		['partDetail', [3, { a: 'b', b: 'b-b', order: 'same' }]]
	]);
	// Another engine is another setting, and no second model has a part in it.
	const engine = state.identityOf({ kind: 'engine', backend: 'cpu' }, comparison);
	expect(engine.parameters).not.toBe(parameters);
	expect(engine.second).toBeUndefined();
	state.reset();
	expect([state.parting, state.detail, state.problem]).toEqual([null, null, null]);
});

it('keeps what was known when it is cancelled, and says why it could not', async () => {
	let end: () => void = () => {};
	const { state, failures, part } = setUp({
		part: (_, options) => {
			options?.progress?.({ layers: [layer('a', 0)], done: 0.5 });
			return new Promise((_, reject) => {
				end = () => reject(new DOMException('The job was cancelled.', 'AbortError'));
				options?.signal?.addEventListener('abort', end);
			});
		}
	});
	const work = part();
	await expect.poll(() => state.parting?.value.layers.length).toBe(1);
	state.cancel('part');
	await work;
	expect(state.parting?.value.whole).toBe(false);
	expect(state.busy).toBe(false);
	expect(failures).toEqual([]);
	const refused = setUp({ part: () => Promise.reject(new LabError('No.', 'Why.')) });
	await refused.part();
	expect(refused.state.problem).toEqual({ message: 'No.', hint: 'Why.' });
	expect(refused.state.parting).toBeNull();
});
