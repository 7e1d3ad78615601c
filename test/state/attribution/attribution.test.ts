import { expect, it } from 'vitest';
import type { ComputeApi } from '#contracts/compute-api.ts';
import { picked, type Facet, type Identity } from '#contracts/identity.ts';
import type { MethodSpec } from '#contracts/method.ts';
import { Attribution } from '#state/attribution/attribution.svelte.ts';
import { RetiredImages } from '#state/input/retired-images.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { DEFAULT_DISPLAY, DEFAULT_SETTINGS } from '#state/lab/settings.ts';
import { remote } from '#workers/rpc.ts';
import { HeldEngine, taken } from '../../tools/held.ts';

const method = (id: string) =>
	({
		id,
		signed: true,
		parameters: [{ id: 'steps', kind: 'number', default: 10, min: 1, max: 100, step: 1, title: '', help: '' }]
	}) as unknown as MethodSpec;

const report = (call: { args: readonly unknown[] }) => ({
	key: (call.args[0] as { key: string }).key,
	done: 1,
	facts: [],
	stats: { min: -1, max: 1, tail: [] }
});

/** The state of a lab whose engine answers when the test says so. */
function setUp() {
	const engine = new HeldEngine();
	const now: Record<Facet, string> = {
		...({} as Record<Facet, string>),
		model: 'm',
		input: 'a',
		target: '3',
		seed: '1'
	};
	const answered = () => ({ value: {}, of: { model: now.model, input: now.input } }) as unknown as ViewContext['fed'];
	const context = {
		compute: engine.remote<ComputeApi>(),
		draw: remote(() => Promise.resolve(null)),
		fed: answered(),
		methods: [method('gradient'), method('smooth')],
		settings: DEFAULT_SETTINGS,
		display: DEFAULT_DISPLAY,
		target: { output: 'out', unit: 3, kind: 'logit' },
		image: null,
		preprocessing: null,
		explained: null,
		modelTitle: 'A model',
		inputTitle: 'An input',
		retired: new RetiredImages(() => undefined),
		identity: (facets: readonly Facet[]): Identity => picked(now, facets),
		labelOf: (unit: number) => `class ${unit}`,
		set: (change: Partial<ViewContext['settings']>) => (context.settings = { ...context.settings, ...change })
	};
	const viewState = new Attribution(context as unknown as ViewContext);
	/** As the effects of the page would have it. */
	const follow = () => viewState.follow();
	/** Another input: fed, and then answered. */
	const input = (key: string) => {
		[now.input, context.fed] = [key, null];
		follow();
		context.fed = answered();
		follow();
	};
	const requested = () => engine.calls.splice(0).map((call) => (call.args[0] as { method: string }).method);
	return { engine, context, now, viewState, follow, input, requested, answered };
}

it('maps are asked for when their view is looked at and the answer is there', () => {
	const { context, viewState, follow, requested, answered } = setUp();
	follow();
	expect(requested()).toEqual([]);
	viewState.visible = true;
	context.fed = null;
	follow();
	expect([requested(), viewState.busy]).toEqual([[], false]);
	context.fed = answered();
	follow();
	expect([requested(), viewState.busy]).toEqual([['gradient', 'smooth'], true]);
	follow();
	expect(requested()).toEqual([]);
});

it('only what depends on a change is asked for anew', async () => {
	const { engine, now, viewState, follow, requested } = setUp();
	viewState.visible = true;
	follow();
	for (const call of engine.calls) call.answer(report(call));
	await taken();
	expect(requested()).toEqual(['gradient', 'smooth']);
	viewState.setParameter('smooth', 'steps', 20);
	follow();
	expect(requested()).toEqual(['smooth']);
	expect(viewState.settingsOf('smooth')).not.toEqual(viewState.settingsOf('gradient'));
	now.target = '4';
	follow();
	expect(requested()).toEqual(['gradient', 'smooth']);
	viewState.setChannels('magnitude');
	follow();
	expect(requested()).toEqual(['gradient', 'smooth']);
});

it('while a newer input is answered what was on its way stops, and comes again though it is the same one', async () => {
	const { engine, context, viewState, follow, input, requested, answered } = setUp();
	viewState.visible = true;
	follow();
	const [first, second] = engine.calls;
	first!.answer(report(first!));
	await taken();
	requested();
	context.fed = null;
	follow();
	expect(second!.options.signal!.aborted).toBe(true);
	expect(viewState.busy).toBe(false);
	context.fed = answered();
	follow();
	// The map that was finished is of this very input.
	expect(requested()).toEqual(['smooth']);
	input('b');
	expect(requested()).toEqual(['gradient', 'smooth']);
	expect(viewState.maps['gradient']?.shown?.of.input).toBe('a');
});

it('what somebody stopped stays as it was', async () => {
	const { viewState, follow, requested } = setUp();
	viewState.visible = true;
	follow();
	viewState.cancel('smooth');
	await taken();
	requested();
	follow();
	expect(requested()).toEqual([]);
	expect(viewState.maps['smooth']?.running).toBe(false);
});

it('a method that is hidden is let go, and one that is shown again is computed', () => {
	const { context, viewState, follow, requested } = setUp();
	viewState.visible = true;
	follow();
	requested();
	viewState.setShown('smooth', false);
	follow();
	expect([context.settings.methods, Object.keys(viewState.maps)]).toEqual([['gradient'], ['gradient']]);
	viewState.setShown('smooth', true);
	follow();
	expect([context.settings.methods, requested()]).toEqual([null, ['smooth']]);
});

it('maps stay while another view is looked at, until they would be of something else', async () => {
	const { engine, viewState, follow, input, requested } = setUp();
	viewState.visible = true;
	follow();
	for (const call of engine.calls) call.answer(report(call));
	await taken();
	requested();
	viewState.visible = false;
	follow();
	expect(Object.keys(viewState.maps)).toEqual(['gradient', 'smooth']);
	input('b');
	expect([requested(), viewState.maps]).toEqual([[], {}]);
	viewState.visible = true;
	follow();
	expect(requested()).toEqual(['gradient', 'smooth']);
});

it('a fresh engine is asked for all of them, once it was fed', async () => {
	const { engine, context, viewState, follow, requested, answered } = setUp();
	viewState.visible = true;
	follow();
	for (const call of engine.calls) call.answer(report(call));
	await taken();
	requested();
	context.fed = null;
	follow();
	await viewState.restore();
	follow();
	expect(requested()).toEqual([]);
	context.fed = answered();
	follow();
	expect(requested()).toEqual(['gradient', 'smooth']);
	expect(viewState.maps['gradient']?.shown).not.toBeNull();
	viewState.reset();
	expect(viewState.maps).toEqual({});
});
