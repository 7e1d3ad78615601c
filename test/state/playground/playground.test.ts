import { describe, expect, it } from 'vitest';
import type { SentField } from '#contracts/field.ts';
import { differing } from '#contracts/identity.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import { typedEngine } from '#engine/playground/typed-engine.ts';
import { planeField } from '#maths/playground/field.ts';
import { networkLayout } from '#maths/playground/layout.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { PICTURED, SHOWN } from '#state/playground/pending.svelte.ts';
import { advanced, NO_HISTORY, reached } from '#state/playground/history.ts';
import { Pace } from '#state/playground/pace.ts';
import { continues, formatHidden, parseHidden, parseInputs, specOf } from '#state/playground/settings.ts';
import { Playground } from '#state/playground/playground.svelte.ts';
import { playground as served } from '#workers/compute/playground.ts';
import { connect, remote, serve } from '#workers/rpc.ts';
import { playground as reference } from '../../tools/playground.ts';

const linked = (settings: Record<string, string>) => (key: string, otherwise: string) => settings[key] ?? otherwise;

describe('what a link says', () => {
	it('is the default page without one, and any text is a set-up that can be trained', () => {
		expect(specOf(linked({}), null)).toEqual(reference());
		for (const text of ['', 'NaN', '-1', '1e999', 'Infinity', '<b>', '0,0', 'zeros', 'spirals', '7'.repeat(400)]) {
			const settings = Object.fromEntries(
				'data noise size share seed activation initialiser l1 l2 dropout norm rate batch optimiser momentum decay loss schedule every factor order inputs hidden'
					.split(' ')
					.map((key) => [key, text])
			);
			expect(() => new TypedTraining(specOf(linked(settings), null))).not.toThrow();
		}
	});

	it('chooses what fits the data', () => {
		expect(specOf(linked({ data: 'plane', loss: 'cross-entropy' }), null).learning.loss).toBe('squared');
		expect(specOf(linked({ data: 'spirals', loss: 'logistic' }), null).learning.loss).toBe('cross-entropy');
		expect(specOf(linked({ noise: '25', share: '80', dropout: '50' }), null)).toMatchObject({
			data: { noise: 0.25, trainShare: 0.8 },
			network: { dropout: 0.5 }
		});
		expect(specOf(linked({ schedule: 'cosine', every: '30', factor: '0.1' }), null).learning.schedule).toEqual({
			kind: 'cosine',
			over: 30,
			floor: 0.1
		});
	});

	it('keeps layers and inputs', () => {
		for (const hidden of [[], [1], [4, 2], [4096, 1, 3], Array.from({ length: 40 }, () => 2)])
			expect(parseHidden(formatHidden(hidden))).toEqual(hidden);
		for (const text of ['0', '-3', '1.5', '1,,2', '1e400', 'x']) expect(parseHidden(text)).toEqual([4, 2]);
		expect(parseInputs('sin-x2,x1,nonsense')).toEqual(['x1', 'sin-x2']);
	});

	it('says whether training may go on', () => {
		const base = reference();
		expect(continues(base, reference({ learning: { rate: 1 }, network: { l1: 0.1, l2: 0.1 } }))).toBe(true);
		expect(continues(base, reference({ network: { hidden: [4, 3] } }))).toBe(false);
		expect(continues(base, reference({ data: { noise: 0.1 } }))).toBe(false);
	});
});

/** A playground on a real thread's answers, in this thread. */
function viewState(settings: Record<string, string> = {}) {
	const { port1, port2 } = new MessageChannel();
	const sent: SentField[] = [];
	const failures: unknown[] = [];
	serve<PlaygroundApi>(
		port1 as never,
		served(typedEngine, (field) => sent.push(field))
	);
	port1.start();
	const context = {
		playground: connect<PlaygroundApi>(port2 as never).remote,
		draw: remote(() => Promise.resolve(null)),
		engine: null,
		option: (key: string, otherwise: string) => linked(settings)(key.replace('playground.', ''), otherwise),
		failed: (error: unknown) => failures.push(error)
	} as unknown as ViewContext;
	const close = () => {
		port1.close();
		port2.close();
	};
	return { viewState: new Playground(context), sent, failures, close };
}

const until = async (condition: () => boolean) => {
	for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
	expect(condition()).toBe(true);
};

describe('the playground', () => {
	it('steps as the reference does, replays after a reset, and goes back and branches', async () => {
		const { viewState: play, failures, close } = viewState();
		const twin = new TypedTraining(reference());
		await play.use(play.spec);
		expect(play.engine?.kind).toBe('typed-arrays');
		expect(play.problem).toBe('');
		await play.step(25);
		for (let i = 0; i < 25; i++) twin.train();
		expect(play.metrics).toEqual(twin.metrics());
		const [after] = [play.metrics];
		await play.step(75);
		await play.restart();
		expect(play.metrics?.step).toBe(0);
		expect(play.history.moments).toHaveLength(1);
		await play.step(25);
		expect(play.metrics).toEqual(after);
		await play.step(25);
		await play.seek(1);
		expect(play.metrics).toEqual(after);
		expect(play.history.moments.map(({ snapshot }) => snapshot.step)).toEqual([0, 25, 50]);
		await play.step(1);
		expect(play.history.moments.map(({ snapshot }) => snapshot.step)).toEqual([0, 25, 26]);
		expect(failures).toEqual([]);
		close();
	});

	it('plays without being at work, stops exactly, and learns the circle', async () => {
		const { viewState: play, failures, close } = viewState();
		await play.use(play.spec);
		play.play();
		await until(() => (play.metrics?.step ?? 0) > 0);
		expect(play.metrics!.epoch).toBeLessThan(60);
		play.speed = 0;
		await until(() => (play.metrics?.test.loss ?? 1) < 0.05);
		expect([play.playing, play.busy]).toEqual([true, false]);
		// Figures and weights that are kept together are of one step.
		expect(play.history.moments.filter(({ metrics, snapshot }) => metrics.step !== snapshot.step)).toEqual([]);
		await play.setParameter(0, 0.5);
		expect(play.playing).toBe(true);
		play.pause();
		await until(() => !play.busy);
		// Any step of the way can be had again, as it was.
		const [first, second] = play.history.moments.slice(0, 2);
		const between = second!.snapshot.step - 1;
		await play.seekStep(between);
		expect(play.shown?.step).toBe(between);
		await play.step(1);
		expect(play.shown?.parameters).toEqual(second!.snapshot.parameters);
		expect(first!.snapshot.step).toBe(0);
		const { step } = play.metrics!;
		expect(play.shown?.step).toBe(step);
		await new Promise((resolve) => setTimeout(resolve, 60));
		await play.step(1);
		expect(play.metrics?.step).toBe(step + 1);
		expect(failures).toEqual([]);
		close();
	});

	it('plays as soon as the trainer is there that is being made when it is asked to', async () => {
		const { viewState: play, failures, close } = viewState();
		await play.use(play.spec);
		const made = play.restart();
		play.play();
		expect(play.playing).toBe(true);
		await made;
		await until(() => (play.metrics?.step ?? 0) > 0);
		play.pause();
		// Stopped before its trainer is there, it does not begin.
		const again = play.restart();
		play.play();
		play.pause();
		await again;
		await until(() => !play.busy);
		expect([play.playing, play.metrics?.step]).toEqual([false, 0]);
		expect(failures).toEqual([]);
		close();
	});

	it('shows figures with the picture of their step, and none of another network or other data', async () => {
		const settings: Record<string, string> = {};
		const { viewState: play, close } = viewState(settings);
		await play.use(play.spec);
		// Pictures that take as long as the test wants.
		let drawn: () => void = () => {};
		play.pictures.drawn = () => new Promise((resolve) => (drawn = resolve));
		const stepped = play.step(5);
		await new Promise((resolve) => setTimeout(resolve, 100));
		expect([play.metrics?.step, play.shown?.step, play.history.metrics.length]).toEqual([0, 0, 1]);
		drawn();
		await stepped;
		expect([play.metrics?.step, play.shown?.step, play.history.metrics.length]).toEqual([5, 5, 2]);

		const other = reference({ data: { kind: 'xor' } });
		const used = play.use(other);
		expect([play.metrics, play.shown, play.history.metrics.length]).toEqual([null, null, 0]);
		expect([play.pictures.boundary, play.pictures.pointOutputs]).toEqual([null, null]);
		await new Promise((resolve) => setTimeout(resolve, 100));
		// What was to be shown of the old one does not come after all.
		expect(play.metrics).toBeNull();
		drawn();
		await used;
		expect([play.metrics?.step, play.history.metrics.length]).toEqual([0, 1]);
		// Weights that stay, of other settings: their figures stay with them.
		const faster = play.use(reference({ data: { kind: 'xor' }, learning: { rate: 0.5 } }));
		expect(play.metrics?.step).toBe(0);
		await new Promise((resolve) => setTimeout(resolve, 100));
		drawn();
		await faster;
		close();
	});

	it('says that figures are of other settings, another moment or other weights until the requested ones are shown', async () => {
		const settings: Record<string, string> = {};
		const { viewState: play, failures, close } = viewState(settings);
		const differs = (of = SHOWN) => differing(of, play.requested);
		await play.use(play.spec);
		expect(differs()).toEqual([]);
		await play.step(5);
		// Pictures that take as long as the test wants.
		let drawn: () => void = () => {};
		const pending = () => new Promise<void>((resolve) => (drawn = resolve));
		play.pictures.drawn = pending;
		const later = () => new Promise((resolve) => setTimeout(resolve, 100));

		const sought = play.seek(0);
		await later();
		expect([differs(), differs(PICTURED)]).toEqual([['moment'], ['moment']]);
		drawn();
		await sought;
		const set = play.setParameter(0, 0.5);
		await later();
		expect([differs(), differs(PICTURED)]).toEqual([['weights'], ['weights']]);
		drawn();
		await set;
		expect(differs()).toEqual([]);

		// A setting is another one at once; the picture is of the same weights.
		const faster = reference({ learning: { rate: 0.5 } });
		Object.defineProperty(play, 'spec', { value: faster });
		expect([differs(), differs(PICTURED)]).toEqual([['parameters'], []]);
		const used = play.use(faster);
		await later();
		expect(differs()).toEqual(['parameters']);
		drawn();
		await used;
		expect([differs(), failures]).toEqual([[], []]);
		close();
	});

	it('gives every picture the step of its weights', async () => {
		const { viewState: play, close } = viewState();
		await play.use(play.spec);
		play.pictures.evaluate(play.data!);
		play.pictures.resize(16);
		const steps = () => [play.pictures.boundary?.step, play.pictures.neurons?.step, play.pictures.pointOutputs?.step];
		await until(() => steps().every((step) => step === 0));
		await play.step(7);
		await until(() => steps().every((step) => step === 7));
		expect(play.shown?.step).toBe(7);
		close();
	});

	it('shows how a network learns that takes long for each update', async () => {
		const { viewState: play, failures, close } = viewState({ hidden: '256,256,256,256', batch: '30' });
		await play.use(play.spec);
		const seen = new Set<number>();
		play.play();
		await until(() => (seen.add(play.metrics?.step ?? 0), seen.size > 3));
		expect(Math.min(...[...seen].filter(Boolean))).toBeLessThan(20);
		play.pause();
		await until(() => !play.busy);
		expect(failures).toEqual([]);
		close();
	}, 30_000);

	it('draws the weights that it shows, also edited ones', async () => {
		const { viewState: play, sent, close } = viewState();
		await play.use(play.spec);
		play.pictures.resize(64);
		await until(() => play.pictures.boundary !== null && play.pictures.neurons !== null);
		const layout = networkLayout(play.spec.network, 1);
		await play.setParameter(layout.layers[2]!.bias, 4);
		expect(play.shown?.parameters[layout.layers[2]!.bias]).toBe(4);
		await until(() => {
			const last = sent.find(({ key }) => key === play.pictures.boundary?.key);
			if (last?.payload.kind !== 'array' || !play.network) return false;
			const { window, width, height } = play.pictures.boundary!;
			const field = planeField(play.network, { window, width, height, content: 'outputs' });
			return Buffer.compare(Buffer.from(field.buffer), Buffer.from(last.payload.values.buffer)) === 0;
		});
		close();
	});

	it('says what is missing, and takes own points', async () => {
		const { viewState: play, close } = viewState({ data: 'points' });
		await play.use(play.spec);
		expect(play.problem).toMatch(/no points yet/);
		const points = {
			x1: Float64Array.of(-1, -2, 1, 2),
			x2: Float64Array.of(0, 0, 0, 0),
			y: Float64Array.of(0, 0, 1, 1),
			classes: 2
		};
		play.setOwn({ points, axes: play.axes, labels: ['a', 'b'], source: 'test' });
		await play.use(play.spec);
		expect(play.problem).toBe('');
		expect(play.data?.train.y.length).toBe(2);
		expect(play.spec.data.size).toBe(4);
		close();
	});
});

it('history keeps the ends, thins the middle, and drops another branch', () => {
	let history = NO_HISTORY;
	const metrics = (step: number) => ({ ...new TypedTraining(reference()).metrics(), step });
	const base = metrics(0);
	const snapshot = (step: number) => ({
		step,
		parameters: new Float32Array(4),
		running: new Float32Array(),
		slots: new Float32Array()
	});
	const spec = reference();
	const moment = (step: number, era = 0) => ({ metrics: { ...base, step }, snapshot: snapshot(step), spec, era });
	for (let step = 0; step < 3000; step++) history = advanced(history, moment(step));
	expect(history.moments.length).toBeLessThanOrEqual(240);
	expect(history.metrics.length).toBeLessThanOrEqual(1200);
	expect([history.moments[0]!.snapshot.step, history.moments.at(-1)!.snapshot.step]).toEqual([0, 2999]);
	history = advanced(history, moment(100));
	expect(history.moments.at(-1)!.snapshot.step).toBe(100);
	expect(history.metrics.at(-1)!.step).toBe(100);

	// Training alone leads from 100 to 200, not from 200, where a weight was set on the way to 300.
	history = advanced(advanced(history, moment(200)), moment(300, 1));
	const at = history.moments.length - 1;
	expect(reached(history, 150, spec)).toEqual({ moment: at - 2, more: 50 });
	expect(reached(history, 250, spec)).toEqual({ moment: at - 1, more: 0 });
	expect(reached(history, 150, reference())).toEqual({ moment: at - 2, more: 0 });
	expect(reached(history, 999, spec)).toEqual({ moment: at, more: 0 });
	expect(reached(history, -1, spec)).toBeNull();
});

it('updates that are due follow the clock, and the trainer where it is slower', () => {
	const pace = new Pace(25, 0);
	// 60 epochs a second, one update a millisecond: it keeps up with two thirds of 1,500.
	let [now, done] = [0, 0];
	while (now < 4000) {
		const due = pace.due(60, now);
		expect(due).toBeLessThanOrEqual(101);
		const took = due;
		done += due;
		if (due) pace.done(due, took);
		now += took + (pace.rests ? 40 : 0);
	}
	expect(done).toBeGreaterThan(3500);
	// One a second is not more than that, however fast.
	const slow = new Pace(1, 0);
	const few = Array.from({ length: 100 }, (_, i) => slow.due(1, 40 * i) && (slow.done(1, 0.1), 1));
	expect(few.filter(Boolean).length).toBe(3);
});
