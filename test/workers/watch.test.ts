import { afterEach, expect, it, vi } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import { connect, serve, type CallContext } from '#workers/rpc.ts';

/** Calls to a far side that may stop breathing. */
interface Api {
	read(how: 'well' | 'hangs' | 'deaf' | 'queued'): Promise<string>;
	other(): Promise<string>;
}

const times = { tick: 1000, breaths: 10, grace: 2000 };

/** A far side in this thread; `held` stops its ear as an endless loop would. */
function thread() {
	const far = { held: false, listeners: new Set<(event: MessageEvent) => void>() };
	const near = new Set<(event: MessageEvent) => void>();
	const give = (to: typeof near, data: unknown) => queueMicrotask(() => to.forEach((f) => f({ data } as MessageEvent)));
	const dead = vi.fn();
	serve<Api>(
		{
			postMessage: (data) => !far.held && give(near, data),
			addEventListener: (_, listener) => far.listeners.add(listener)
		},
		{
			async read(how: string, { signal, progress }: CallContext) {
				if (how !== 'queued') progress('begun');
				if (how === 'hangs') far.held = true;
				if (how === 'well') return new Promise((resolve) => setTimeout(() => resolve('read'), 30_000));
				return new Promise((_, reject) => {
					if (how !== 'deaf') signal.addEventListener('abort', () => reject(new Error('stopped')));
				});
			},
			other: () => new Promise(() => undefined)
		}
	);
	const { remote, close } = connect<Api>(
		{
			postMessage: (data) => !far.held && give(far.listeners, data),
			addEventListener: (_, listener) => near.add(listener)
		},
		{ dead, times }
	);
	return { remote, close, dead, far };
}

const settled = async (promise: Promise<unknown>) => promise.catch((error: unknown) => error);

afterEach(() => vi.useRealTimers());

it('a call that takes long but breathes is left alone', async () => {
	vi.useFakeTimers();
	const { remote, dead } = thread();
	const reply = remote.with({ watched: true }).read('well');
	await vi.advanceTimersByTimeAsync(30_000);
	expect(await reply).toBe('read');
	await vi.advanceTimersByTimeAsync(60_000);
	expect(dead).not.toHaveBeenCalled();
});

it('a thread that does not breathe is given up after ten seconds, once', async () => {
	vi.useFakeTimers();
	const { remote, close, dead } = thread();
	const reply = settled(remote.with({ watched: true }).read('hangs'));
	const waits = settled(remote.with({ watched: true }).read('queued'));
	const other = settled(remote.other());
	await vi.advanceTimersByTimeAsync(9_900);
	expect(dead).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(1_200);
	expect(dead).toHaveBeenCalledTimes(1);
	close();
	expect(await reply).toBeInstanceOf(LabError);
	expect(((await reply) as LabError).message).toMatch(/standstill/);
	expect(await waits).toMatchObject({ name: 'LabError', code: 'ended' });
	expect(await other).toMatchObject({ name: 'AbortError' });
	await vi.advanceTimersByTimeAsync(60_000);
	expect(dead).toHaveBeenCalledTimes(1);
});

it('a page that slept asks, and does not hold the time it slept against the thread', async () => {
	vi.useFakeTimers();
	const { remote, dead } = thread();
	void settled(remote.with({ watched: true }).read('queued'));
	await vi.advanceTimersByTimeAsync(3_000);
	vi.setSystemTime(Date.now() + 3_600_000);
	await vi.advanceTimersByTimeAsync(30_000);
	expect(dead).not.toHaveBeenCalled();
});

it('a cancelled call that does not stop is given up after two seconds, though it breathes', async () => {
	vi.useFakeTimers();
	const { remote, dead } = thread();
	const controller = new AbortController();
	const reply = settled(remote.with({ watched: true, signal: controller.signal }).read('deaf'));
	await vi.advanceTimersByTimeAsync(500);
	controller.abort();
	expect(await reply).toMatchObject({ name: 'AbortError' });
	await vi.advanceTimersByTimeAsync(1_900);
	expect(dead).not.toHaveBeenCalled();
	await vi.advanceTimersByTimeAsync(300);
	expect(dead).toHaveBeenCalledTimes(1);
});

it.each(['queued', 'hangs'] as const)(
	'a cancelled call that stops, or is not watched, ends nothing: %s',
	async (how) => {
		vi.useFakeTimers();
		const { remote, dead } = thread();
		const controller = new AbortController();
		void settled(remote.with({ watched: how === 'queued', signal: controller.signal }).read(how));
		await vi.advanceTimersByTimeAsync(500);
		controller.abort();
		await vi.advanceTimersByTimeAsync(60_000);
		expect(dead).not.toHaveBeenCalled();
	}
);

it('what computes may be silent as long as it likes, until it is cancelled', async () => {
	vi.useFakeTimers();
	const { remote, dead } = thread();
	const stop = new AbortController();
	const reply = settled(remote.with({ watched: 'when cancelled', signal: stop.signal }).read('hangs'));
	await vi.advanceTimersByTimeAsync(120_000);
	expect(dead).not.toHaveBeenCalled();
	stop.abort();
	expect(await reply).toMatchObject({ name: 'AbortError' });
	await vi.advanceTimersByTimeAsync(2_200);
	expect(dead).toHaveBeenCalledTimes(1);
});

it('what computes is not blamed for the silence of what reads', async () => {
	vi.useFakeTimers();
	const { remote, close, dead } = thread();
	const computes = settled(remote.with({ watched: 'when cancelled' }).read('well'));
	const reads = settled(remote.with({ watched: true }).read('hangs'));
	await vi.advanceTimersByTimeAsync(11_200);
	expect(dead).toHaveBeenCalledTimes(1);
	close();
	expect(await computes).toMatchObject({ name: 'AbortError' });
	expect(((await reads) as LabError).message).toMatch(/standstill/);
});
