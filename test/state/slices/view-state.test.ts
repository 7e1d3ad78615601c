import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { SlicesApi } from '#contracts/slices.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { type PlaneRequest } from '#state/slices/inputs.ts';
import { Slices } from '#state/slices/slices.svelte.ts';
import { Session } from '#workers/compute/session.ts';
import { slicing } from '#workers/compute/slices.ts';
import { connect, remote, serve, type Call } from '#workers/rpc.ts';
import { useBackend } from '../../tools/backends.ts';
import { linearModel } from '../../tools/linear-classifier.ts';
import { FLOWERS } from '../../tools/tabular-model.ts';

const linked = (settings: Record<string, string>) => (key: string, otherwise: string) => settings[key] ?? otherwise;

/** However busy the machine is. */
const soon = (holds: () => void) => vi.waitFor(holds, { timeout: 50_000, interval: 10 });

/** The state on a real worker's answers, in this thread. @param pace that the worker says, in the place of its own */
function viewState(settings: Record<string, string> = {}, pace: number | null = null) {
	const session = new Session(linearModel(FLOWERS), 'flowers');
	session.feed({ x: { kind: 'values', values: FLOWERS.row } });
	const { port1, port2 } = new MessageChannel();
	const calls: string[] = [];
	const dropped: string[] = [];
	const failures: unknown[] = [];
	const { api } = slicing({
		opened: () => session,
		together: (_, job) => job(),
		send: (field) => void calls.push(field.key)
	});
	serve<SlicesApi>(port1 as never, api);
	port1.start();
	port2.start();
	const { call } = connect<SlicesApi>(port2 as never);
	const slowed: Call = async (name, args, options) => {
		const reply = await call(name, args, options);
		return name === 'slicePlane' && pace !== null ? { ...(reply as object), pace } : reply;
	};
	const context = {
		compute: remote(slowed),
		draw: remote((name, [keys]) => {
			if (name === 'drop') dropped.push(...(keys as string[]));
			return Promise.resolve();
		}),
		inputs: session.inputs,
		explained: session.explainedSpec,
		identity: () => ({ model: '' }),
		option: (key: string, otherwise: string) => linked(settings)(key.replace('slices.', ''), otherwise),
		failed: (error: unknown) => failures.push(error)
	} as unknown as ViewContext;
	const planeRequest: PlaneRequest = {
		head: { output: 'probabilities', unit: 0 },
		plane: { kind: 'features', first: 2, second: 3 },
		inputs: ['current'],
		whole: { x1: [0, 7], x2: [0, 3] },
		box: null,
		metric: false
	};
	const still = (slices: Slices) => soon(() => expect(slices.busy).toBe(false));
	return {
		slices: new Slices(context),
		session,
		planeRequest,
		calls,
		dropped,
		failures,
		still,
		close: () => [port1, port2].forEach((port) => port.close())
	};
}

describe('the room', () => {
	beforeAll(() => useBackend('wasm'));

	it('spans, draws, and lets go of what is shown no more', async () => {
		const { slices, planeRequest, dropped, failures, still, close } = viewState({ side: '64' });
		await slices.show(planeRequest);
		await still(slices);
		expect(slices.field).toMatchObject({ width: 64, height: 64, done: 1, classes: [0, 1, 2] });
		expect(slices.window).toEqual(planeRequest.whole);
		const first = slices.field!.key;
		// Of three parts in a row, the newest is drawn.
		slices.zoomTo({ x1: [0, 1], x2: [0, 1] });
		slices.zoomTo({ x1: [0, 2], x2: [0, 1] });
		slices.zoomTo({ x1: [0, 3], x2: [0, 1] });
		await still(slices);
		expect(slices.field!.box).toEqual({ x1: [0, 3], x2: [0, 1] });
		await soon(() => expect(dropped).toContain(first));
		expect(dropped).not.toContain(slices.field!.key);
		await expect(slices.regions({ field: first } as never)).rejects.toThrow('gone');
		slices.aim([4.3, 1.3]);
		await soon(() => expect(slices.point?.label).toBe(1));
		await slices.findStep('line', false);
		expect(slices.step?.found).toBe(true);
		expect(failures).toEqual([]);
		slices.reset();
		expect([slices.plane, slices.field, slices.step, slices.point]).toEqual([null, null, null, null]);
		close();
	});

	it('keeps the window while the axes stay: for another row, other weights, not for another plane', async () => {
		const { slices, session, planeRequest, failures, still, close } = viewState({ side: '64' });
		const show = async (next: PlaneRequest) => {
			await slices.show(next);
			await still(slices);
			return slices.window;
		};
		await show(planeRequest);
		const part = { x1: [3, 5], x2: [1, 2] } as const;
		slices.zoomTo(part);
		session.feed({ x: { kind: 'values', values: FLOWERS.row.map((value) => value + 0.2) } });
		expect(await show(planeRequest)).toBe(part);
		expect(slices.field!.box).toBe(part);
		// Other weights: the state forgets the plane, and spans the same one.
		slices.reset();
		expect(await show({ ...planeRequest })).toBe(part);
		expect(await show({ ...planeRequest, whole: { x1: [10, 20], x2: [0, 3] } })).toEqual({ x1: [10, 20], x2: [0, 3] });
		await show(planeRequest);
		slices.zoomTo(part);
		expect(await show({ ...planeRequest, plane: { kind: 'features', first: 0, second: 3 } })).toEqual(
			planeRequest.whole
		);
		await show(planeRequest);
		// Shown whole it stays whole, with a new range.
		const range = { x1: [0, 9], x2: [0, 9] } as const;
		expect(await show({ ...planeRequest, whole: range })).toBe(range);
		expect(failures).toEqual([]);
		close();
	});

	it('says of which output and axes a plane is, whatever is asked for meanwhile', async () => {
		const { slices, planeRequest, failures, still, close } = viewState({ side: '32' });
		await slices.show(planeRequest);
		await still(slices);
		slices.aim([4.3, 1.3]);
		await soon(() => expect(slices.point).not.toBe(null));
		await slices.follow('black', 0);
		await slices.vary({ feature: 2, range: [1, 6], steps: 3, rows: [] }, 4.7);
		const { handle } = slices.plane!;
		expect(slices.path).toMatchObject({ head: planeRequest.head, plane: handle });
		expect(slices.partial).toMatchObject({ head: planeRequest.head, feature: 2, here: 4.7 });
		expect(slices.point).toMatchObject({ head: planeRequest.head, kind: planeRequest.plane });

		// The old plane stays what it is until the first picture of the new one.
		const other = { ...planeRequest, plane: { kind: 'features', first: 0, second: 1 }, metric: true } as const;
		const shown = slices.show(other);
		expect(slices.plane).toMatchObject({ handle, planeRequest });
		await shown;
		expect(slices.plane!.planeRequest).toBe(other);
		// A way through the old one does not lie in this one.
		expect(slices.path!.plane).not.toBe(slices.plane!.handle);
		expect(slices.point?.kind).toEqual(planeRequest.plane);
		expect(failures).toEqual([]);
		close();
	});

	it('asks of a set after its picture, anew for another plane', async () => {
		const { slices, planeRequest, failures, still, close } = viewState({ side: '32' });
		const set = [FLOWERS.row, [5.1, 3.5, 1.4, 0.2], [6, 2.5, 6.5, 2.5], [7.2, 3.2, 6, 1.8]];
		await slices.show({ ...planeRequest, plane: { kind: 'pca', set }, whole: null, metric: true });
		await soon(() => expect(slices.set).not.toBe(null));
		expect(slices.set?.labels).toEqual([1, 0, 2, 1]);
		expect(slices.set?.planeLabels).toHaveLength(4);
		await slices.show(planeRequest);
		await still(slices);
		expect(slices.set).toBeNull();
		expect(failures).toEqual([]);
		close();
	});

	it('says why there is no plane, where it was asked; what does not lie in it stays', async () => {
		const { slices, planeRequest, failures, still, close } = viewState({ side: '32' });
		await slices.show(planeRequest);
		await still(slices);
		await slices.vary({ feature: 1, range: [0, 1], steps: 3, rows: [] }, 0.5);
		const { partial } = slices;
		expect([partial?.feature, partial?.here]).toEqual([1, 0.5]);
		await slices.show({ ...planeRequest, plane: { kind: 'three' }, inputs: ['current', 'current', FLOWERS.row] });
		expect(slices.plane).toBeNull();
		expect(slices.problem).toContain('the same');
		expect([slices.partial, slices.of.partial === undefined]).toEqual([partial, false]);
		expect(failures).toEqual([]);
		close();
	});

	it('asks before a picture that takes long', async () => {
		const { slices, planeRequest, still, calls, close } = viewState({ side: '64', every: '1' }, 100);
		await slices.show(planeRequest);
		await still(slices);
		expect(slices.cost).toEqual({ side: 64, evaluations: 4096, milliseconds: 409_600 });
		expect(slices.field).toBeNull();
		expect(calls).toEqual([]);
		slices.redraw(true);
		await still(slices);
		expect(slices.cost).toBeNull();
		expect(slices.field).toMatchObject({ evaluated: 4096, bound: 0, done: 1 });
		close();
	});
});
