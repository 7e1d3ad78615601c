import { describe, expect, it } from 'vitest';
import type { SentField } from '#contracts/field.ts';
import type { PlaygroundApi, TrainerKind } from '#contracts/playground.ts';
import { typedEngine } from '#engine/playground/typed-engine.ts';
import { planeField } from '#maths/playground/field.ts';
import { WHOLE } from '#maths/playground/plane-view.ts';
import { TypedTraining } from '#maths/playground/training.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { GRID_AXES, gridPlan, parseValues, samePlan, type GridAxis } from '#state/playground/axes.ts';
import { idleAxes, lossRefusal, planCost, rankingFigure } from '#state/playground/grid-checks.ts';
import { PlaygroundGrid } from '#state/playground/grid.svelte.ts';
import { Playground } from '#state/playground/playground.svelte.ts';
import { Trainers } from '#state/playground/trainers.ts';
import { playground as served } from '#workers/compute/playground.ts';
import { connect, remote, serve } from '#workers/rpc.ts';

const linked = (settings: Record<string, string>) => (key: string, otherwise: string) => settings[key] ?? otherwise;
const axis = (id: string) => GRID_AXES.find((one) => one.id === id) as GridAxis;
const chosen = (id: string, text: string) => ({ axis: axis(id), values: parseValues(axis(id), text).values });

describe('the axes of a grid', () => {
	it('each make networks that can be trained from their first values', () => {
		for (const x of GRID_AXES) {
			const { values, wrong } = parseValues(x, x.values);
			expect([x.id, wrong, values.length > 0]).toEqual([x.id, [], true]);
			const y = chosen(x.id === 'rate' ? 'l2' : 'rate', '0.01');
			for (const { spec } of gridPlan({ axis: x, values }, y, 1, linked({}), null).networks)
				expect(() => new TypedTraining(spec)).not.toThrow();
			expect(new Set(values.map(x.label)).size).toBe(values.length);
		}
	});

	it('take values as people write them, each once and within bounds, and name what is none', () => {
		expect(parseValues(axis('rate'), '0.1, .1;1e-2 99 x')).toEqual({ values: ['0.1', '0.01', '10'], wrong: ['x'] });
		expect(parseValues(axis('activation'), 'ReLU,tanh,nonsense')).toEqual({
			values: ['relu', 'tanh'],
			wrong: ['nonsense']
		});
		expect(parseValues(axis('layers'), '8-8, none, 4-999, 04').values).toEqual(['8-8', 'none', '4-999', '4']);
		expect(parseValues(axis('width'), '0, 257, 1.5, 16, 1e9').values).toEqual(['257', '16']);
		expect(parseValues(axis('data'), 'points').values).toEqual([]);
	});

	it('vary what they say and nothing else; width and depth together make the shape', () => {
		const option = linked({ hidden: '3,3,3', seed: '5', optimiser: 'adam' });
		const plan = gridPlan(chosen('width', '2,7'), chosen('depth', '0,2'), 2, option, null);
		expect(plan.networks.map(({ spec }) => spec.network.hidden)).toEqual(
			[[], [], [], [], [2, 2], [2, 2], [7, 7], [7, 7]].map((hidden) => hidden)
		);
		expect(plan.networks.map(({ spec }) => [spec.seed, spec.data.seed])).toEqual(
			Array.from({ length: 8 }, (_, i) => [5 + (i % 2), 5 + (i % 2)])
		);
		expect(plan.networks.every(({ spec }) => spec.learning.optimiser.kind === 'adam')).toBe(true);
		// Whichever way they lie.
		const turned = gridPlan(chosen('depth', '0,2'), chosen('width', '2,7'), 1, option, null);
		expect(turned.networks.map(({ spec }) => spec.network.hidden)).toEqual([[], [2, 2], [], [7, 7]]);
		// 2-2 with two inputs and one output: 6 + 6 + 3.
		expect(planCost({ ...turned, networks: turned.networks.slice(1, 2) }).parameters).toBe(15);
	});

	it('leave the number of generated points alone where there are own ones, and the other way round', () => {
		const y = Float64Array.from({ length: 60 }, (_, i) => i % 2);
		const points = { x1: y, x2: y, y, classes: 2 };
		const sizes = (settings: Record<string, string>) =>
			gridPlan(chosen('size', '20,50,100'), chosen('rate', '1'), 1, linked(settings), points).networks.map(
				({ spec, settings }) => [spec.data.size, settings['size'], settings['own-size']]
			);
		expect(sizes({ data: 'points', size: '30' })).toEqual([
			[20, '30', '20'],
			[50, '30', '50'],
			[60, '30', '100']
		]);
		expect(sizes({ 'own-size': '30' }).map(([size]) => size)).toEqual([20, 50, 100]);
	});

	it('may be the seed itself, which then has no third axis', () => {
		const plan = gridPlan(chosen('seed', '3,9'), chosen('noise', '0,50'), 4, linked({}), null);
		expect(plan.seeds).toHaveLength(1);
		expect(plan.networks.map(({ spec }) => [spec.seed, spec.data.noise])).toEqual([
			...[
				[3, 0],
				[9, 0]
			],
			...[
				[3, 0.5],
				[9, 0.5]
			]
		]);
		expect(samePlan(plan, gridPlan(chosen('seed', '3,9'), chosen('noise', '0,50'), 1, linked({}), null))).toBe(true);
		expect(samePlan(plan, gridPlan(chosen('seed', '3,8'), chosen('noise', '0,50'), 1, linked({}), null))).toBe(false);
	});
});

describe('what is said of a grid before it is trained', () => {
	const plan = (x: [string, string], y: [string, string], settings: Record<string, string> = {}) =>
		gridPlan(chosen(...x), chosen(...y), 2, linked(settings), null);

	it('what an update of each network costs, by its own batch and shape', () => {
		// 250 points to train on. No hidden layer: 2 products, three times; 4 neurons: 12.
		const { update, operations } = planCost(plan(['batch', '10,100'], ['layers', 'none,4']));
		expect(operations).toBe(2 * 2 * (6 + 36));
		// 25 updates of 10, and 3 updates for 250.
		expect(update).toBeCloseTo(2 * (6 + 36) * (10 + 250 / 3), 9);
	});

	it('a loss that the classes do not fit is refused, not replaced', () => {
		const spirals = { data: 'spirals' };
		expect(lossRefusal(plan(['loss', 'cross-entropy,logistic'], ['rate', '0.1'], spirals))).toMatch(
			/wants two classes/
		);
		expect(lossRefusal(plan(['data', 'circle,spirals'], ['loss', 'logistic']))).toMatch(/wants two classes/);
		expect(lossRefusal(plan(['rate', '0.1'], ['loss', 'logistic'], { data: 'plane' }))).toMatch(/regression/);
		expect(lossRefusal(plan(['loss', 'cross-entropy,logistic'], ['rate', '0.1']))).toBeNull();
		expect(lossRefusal(plan(['rate', '0.1,1'], ['l2', '0'], { ...spirals, loss: 'logistic' }))).toBeNull();
	});

	it('cells are ranked by their loss where losses are alike, else by accuracy, if all have one', () => {
		expect(rankingFigure(plan(['rate', '0.1,1'], ['l2', '0']))).toBe('test-loss');
		expect(rankingFigure(plan(['loss', 'squared-tanh,logistic'], ['l2', '0']))).toBe('test-accuracy');
		expect(rankingFigure(plan(['data', 'circle,moons'], ['l2', '0']))).toBe('test-loss');
		expect(rankingFigure(plan(['data', 'circle,spirals'], ['l2', '0']))).toBe('test-accuracy');
		expect(rankingFigure(plan(['data', 'circle,plane'], ['l2', '0']))).toBeNull();
	});

	it('an axis along which the networks are the same is named, with the reason', () => {
		const both = idleAxes(plan(['momentum', '0,0.9'], ['decay', '0,0.1']));
		expect(both).toEqual([
			'Momentum changes nothing here: only the optimiser “Momentum” uses it.',
			'Weight decay changes nothing here: only the optimiser “AdamW” uses it.'
		]);
		expect(idleAxes(plan(['momentum', '0,0.9'], ['decay', '0,0.1'], { optimiser: 'adamw' }))).toHaveLength(1);
		expect(idleAxes(plan(['momentum', '0,0.9'], ['optimiser', 'sgd,momentum']))).toEqual([]);
		expect(idleAxes(plan(['every', '1,9'], ['factor', '0.1,0.2']))).toHaveLength(2);
		expect(idleAxes(plan(['width', '2,4'], ['rate', '0.1,1'], { hidden: 'none' }))).toEqual([
			'Width changes nothing here: the networks have no hidden layers.'
		]);
		expect(idleAxes(plan(['activation', 'tanh,relu'], ['rate', '1'], { hidden: 'none' }))).toHaveLength(1);
		expect(idleAxes(plan(['width', '2,4'], ['depth', '0,1']))).toEqual([]);
		expect(idleAxes(plan(['seed', '1,2'], ['rate', '0.1']))).toEqual([]);
		expect(idleAxes(plan(['noise', '0,50'], ['batch', '1']))).toEqual([]);
	});
});

/** A grid on a real thread's answers, in this thread. */
function viewState(settings: Record<string, string> = {}) {
	const { port1, port2 } = new MessageChannel();
	const sent: SentField[] = [];
	const dropped: string[] = [];
	const failures: unknown[] = [];
	serve<PlaygroundApi>(
		port1 as never,
		served(typedEngine, (field) => sent.push(field))
	);
	port1.start();
	const context = {
		playground: connect<PlaygroundApi>(port2 as never).remote,
		draw: remote((_, [keys]) => Promise.resolve(dropped.push(...(keys as string[])))),
		engine: null,
		option: (key: string, otherwise: string) => linked(settings)(key.replace('playground.', ''), otherwise),
		failed: (error: unknown) => failures.push(error)
	} as unknown as ViewContext;
	const close = () => {
		port1.close();
		port2.close();
	};
	return { context, grid: new PlaygroundGrid(context), sent, dropped, failures, close };
}

const until = async (condition: () => boolean) => {
	for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
	expect(condition()).toBe(true);
};

describe('a grid of networks', () => {
	const plan = () =>
		gridPlan(chosen('rate', '0.03,0.3'), chosen('loss', 'squared-tanh,cross-entropy'), 2, linked({}), null);

	it('trains each as it is trained alone, pauses exactly and goes on; any of them can be taken out', async () => {
		const { context, grid, failures, close } = viewState();
		await grid.start(plan(), 40);
		expect([grid.status, grid.step, grid.target, grid.problem]).toEqual(['resting', 40, 40, '']);
		const twins = plan().networks.map(({ spec }) => new TypedTraining(spec));
		for (const twin of twins) for (let i = 0; i < 40; i++) twin.train();
		expect(grid.metrics).toEqual(twins.map((twin) => twin.metrics()));

		const training = grid.train(1_000_000);
		await until(() => grid.step > 40);
		grid.pause();
		await training;
		const { step } = grid;
		expect([grid.status, grid.metrics.every((one) => one.step === step)]).toEqual(['resting', true]);
		expect(grid.history.map(([first]) => first?.step)).toEqual(
			[...new Set(grid.history.map(([first]) => first!.step))].sort((a, b) => a - b)
		);
		await grid.train(3);
		expect(grid.step).toBe(step + 3);

		// In the playground proper it is the same network, and may be trained on.
		const play = new Playground(context);
		const snapshot = await grid.snapshot(3);
		const made = grid.plan!.networks[3]!;
		await play.adopt(made.spec, snapshot!);
		expect(play.metrics).toEqual(grid.metrics[3]);
		await play.use({ ...made.spec });
		await play.step(1);
		expect(play.metrics?.step).toBe(step + 4);
		await play.restart();
		expect(play.metrics?.step).toBe(0);
		expect(failures).toEqual([]);
		close();
	});

	it('pictures one seed of each cell, whatever their outputs, and lets go of what it drew', async () => {
		const { grid, sent, dropped, failures, close } = viewState();
		grid.resize(20);
		await grid.start(plan(), 10);
		const pictured = async (seed: number) => {
			grid.show(seed);
			await until(() => {
				const { field } = grid;
				const last = sent.find(({ key }) => key === field?.key);
				if (!field || last?.payload.kind !== 'array') return false;
				const [rows, values] = [last.height / field.planes, last.payload.values];
				return field.cells.every(({ first, outputs }, cell) => {
					const twin = new TypedTraining(grid.plan!.networks[cell * 2 + seed]!.spec);
					for (let i = 0; i < 10; i++) twin.train();
					const request = { window: WHOLE, width: last.width, height: rows, content: 'outputs' } as const;
					const expected = planeField(twin.planeNetwork(), request);
					const own = values.subarray(first * rows * last.width, (first + outputs) * rows * last.width);
					return own.length === expected.length && own.every((value, i) => Math.abs(value - expected[i]!) < 1e-6);
				});
			});
			expect(grid.field?.cells.map(({ outputs }) => outputs)).toEqual([1, 1, 2, 2]);
			expect(grid.field?.planes).toBe(6);
			expect([grid.field?.seed, grid.field?.step]).toEqual([seed, 10]);
		};
		await pictured(0);
		await pictured(1);
		const { key } = grid.field!;
		await grid.clear();
		expect([grid.status, grid.field, grid.metrics, dropped.includes(key)]).toEqual(['empty', null, [], true]);
		await expect(grid.picture({ field: key } as never)).rejects.toThrow('gone');
		expect(failures).toEqual([]);
		close();
	});

	it('says why it cannot be trained, and can be cancelled while it is made', async () => {
		const { grid, failures, close } = viewState({ trainer: 'webgpu' });
		await grid.start(plan(), 10);
		expect(grid.problem).toMatch(/WebGPU is not the engine now/);
		expect(grid.status).toBe('empty');
		await grid.start(gridPlan(chosen('rate', '1'), chosen('l2', '0'), 1, linked({ data: 'points' }), null), 10);
		expect(grid.problem).toMatch(/no points yet/);
		close();
		const other = viewState();
		const making = other.grid.start(plan(), 1e9);
		await until(() => other.grid.status === 'making');
		other.grid.pause();
		await making;
		expect([other.grid.status, other.grid.problem]).toEqual(['empty', '']);
		expect([...failures, ...other.failures]).toEqual([]);
		other.close();
	});
});

describe('who trains', () => {
	const thread = (kind: TrainerKind, samples: number) => {
		const calls: string[] = [];
		const api = remote<PlaygroundApi>((name) => {
			calls.push(name);
			return Promise.resolve({ kind, samples });
		});
		return { api, calls };
	};
	const specs = plan2();
	function plan2() {
		return gridPlan(chosen('rate', '0.03'), chosen('width', '4'), 1, linked({}), null).networks.map(({ spec }) => spec);
	}

	it('is the faster one, measured once for networks of a size, unless the link names one', async () => {
		const [typed, gpu] = [thread('typed-arrays', 10), thread('webgpu', 20)];
		const settings: Record<string, string> = {};
		const context = {
			playground: typed.api,
			compute: gpu.api,
			engine: { backend: 'webgpu' },
			option: (key: string, otherwise: string) => settings[key] ?? otherwise
		} as unknown as ViewContext;
		const trainers = new Trainers(context);
		expect((await trainers.choose(specs)).speed.kind).toBe('webgpu');
		await trainers.choose(specs);
		expect([typed.calls.length, gpu.calls.length]).toEqual([1, 1]);
		await trainers.choose([...specs, ...specs, ...specs, ...specs]);
		expect([typed.calls.length, gpu.calls.length]).toEqual([2, 2]);
		settings['playground.trainer'] = 'typed-arrays';
		const chosen = await trainers.choose(specs);
		expect([chosen.speed.kind, chosen.api === typed.api]).toEqual(['typed-arrays', true]);
		expect(gpu.calls.length).toBe(2);
		settings['playground.trainer'] = 'nonsense';
		expect(trainers.choice).toBe('fastest');
	});
});
