import { describe, expect, it } from 'vitest';
import { LabError } from '#contracts/errors.ts';
import type { Identity, Result } from '#contracts/identity.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { subjectOf } from '#workers/rpc.ts';
import { HeldEngine, taken } from '../../tools/held.ts';

interface Api {
	count(of: string): Promise<number>;
}

/** A view state as views have them: a result goes with what it was computed from. */
class Counting extends JobViewState {
	result: Result<number> | null = null;
	private readonly engine = new HeldEngine();
	readonly calls = this.engine.calls;
	input = 'a';

	ask(name = 'count'): Promise<void> {
		const of: Identity = { input: this.input };
		return this.job(
			name,
			(signal, progress) =>
				this.engine
					.remote<Api>()
					.with({ signal, progress: (done) => progress(done as number) })
					.count(this.input),
			(value) => (this.result = { value, of }),
			of
		);
	}
}

function viewState() {
	const failures: unknown[] = [];
	const counting = new Counting({ failed: (error: unknown) => failures.push(error) } as unknown as ViewContext);
	return { counting, calls: counting.calls, failures };
}

describe('the jobs of a room', () => {
	it('take the answer with what it was asked of, though another thing is chosen when it comes', async () => {
		const { counting, calls } = viewState();
		const job = counting.ask();
		counting.input = 'b';
		expect(subjectOf(calls[0]!.options.signal!)).toEqual({ input: 'a' });
		expect(counting.result).toBeNull();
		calls[0]!.answer(1);
		await job;
		expect(counting.result).toEqual({ value: 1, of: { input: 'a' } });
	});

	it('keep the old result until the newest of a name is answered, whatever comes before', async () => {
		const { counting, calls, failures } = viewState();
		void counting.ask();
		calls[0]!.answer(1);
		await taken();
		counting.input = 'b';
		const second = counting.ask();
		counting.input = 'c';
		const third = counting.ask();
		expect(calls[1]!.options.signal!.aborted).toBe(true);
		expect(calls[2]!.options.signal!.aborted).toBe(false);
		await second;
		// Cancelled is not answered, and the newest still runs.
		expect(counting.result).toEqual({ value: 1, of: { input: 'a' } });
		expect(counting.running).toEqual({ count: 0 });
		calls[2]!.answer(3);
		await third;
		expect(counting.result).toEqual({ value: 3, of: { input: 'c' } });
		expect(counting.running).toEqual({});
		expect(failures).toEqual([]);
	});

	it('do not take an answer that was on its way when a newer one was asked for', async () => {
		const { counting, calls } = viewState();
		void counting.ask();
		// The answer is there, but nobody has heard it.
		calls[0]!.answer(1);
		counting.input = 'b';
		const second = counting.ask();
		await taken();
		expect(counting.result).toBeNull();
		calls[1]!.answer(2);
		await second;
		expect(counting.result).toEqual({ value: 2, of: { input: 'b' } });
	});

	it('of another name go on beside it', async () => {
		const { counting, calls } = viewState();
		void counting.ask('one');
		void counting.ask('other');
		expect(calls.map(({ options }) => options.signal!.aborted)).toEqual([false, false]);
		calls[0]!.options.progress!(0.5);
		expect(counting.running).toEqual({ one: 0.5, other: 0 });
		calls[1]!.answer(2);
		await taken();
		expect(counting.running).toEqual({ one: 0.5 });
	});

	it('that are cancelled, or dropped by the far side, leave what was shown, and nobody is told', async () => {
		const { counting, calls, failures } = viewState();
		void counting.ask();
		calls[0]!.answer(1);
		await taken();
		counting.input = 'b';
		void counting.ask();
		counting.cancel('count');
		expect(counting.running).toEqual({});
		calls[1]!.answer(2);
		calls[1]!.options.progress!(0.5);
		await taken();
		expect([counting.result, counting.running]).toEqual([{ value: 1, of: { input: 'a' } }, {}]);
		void counting.ask();
		calls[2]!.fail(new DOMException('This is no more what is open.', 'AbortError'));
		await taken();
		expect([counting.result, counting.running]).toEqual([{ value: 1, of: { input: 'a' } }, {}]);
		expect(failures).toEqual([]);
	});

	it('that fail are told once, and leave what was shown', async () => {
		const { counting, calls, failures } = viewState();
		void counting.ask();
		calls[0]!.answer(1);
		await taken();
		void counting.ask();
		const error = new LabError('It is too large.');
		calls[1]!.fail(error);
		await taken();
		expect(failures).toEqual([error]);
		expect([counting.result?.value, counting.running]).toEqual([1, {}]);
	});

	it('that fail after a newer one was asked for leave the newer one running', async () => {
		const { counting, calls } = viewState();
		const first = counting.ask();
		const second = counting.ask();
		await first;
		expect(counting.running).toEqual({ count: 0 });
		calls[1]!.answer(2);
		await second;
		expect(counting.result?.value).toBe(2);
	});
});
