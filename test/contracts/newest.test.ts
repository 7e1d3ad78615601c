import { describe, expect, it } from 'vitest';
import { isAbort } from '#contracts/errors.ts';
import { Newest, OneAtATime, REPLACED } from '#contracts/newest.ts';

describe('of requests that take each other’s place', () => {
	it('only the newest counts; the one before is aborted, as a job is', () => {
		const newest = new Newest();
		expect(newest.running).toBe(false);
		const first = newest.next();
		expect([newest.is(first), newest.running, first.aborted]).toEqual([true, true, false]);
		const second = newest.next();
		expect([newest.is(first), newest.is(second)]).toEqual([false, true]);
		expect([first.aborted, second.aborted]).toEqual([true, false]);
		expect(first.reason).toBe(REPLACED);
		expect(isAbort(REPLACED)).toBe(true);
		// A late answer to the first ends nothing.
		expect(newest.end(first)).toBe(false);
		expect(newest.running).toBe(true);
		expect(newest.end(second)).toBe(true);
		expect([newest.running, newest.is(second)]).toEqual([false, false]);
	});

	it('one that was answered is not aborted any more', () => {
		const newest = new Newest();
		const first = newest.next();
		newest.end(first);
		newest.cancel();
		newest.next();
		expect(first.aborted).toBe(false);
	});

	it('one that is cancelled is not said to be replaced', () => {
		const newest = new Newest();
		const first = newest.next();
		newest.cancel();
		expect([first.aborted, newest.running, newest.end(first)]).toEqual([true, false, false]);
		expect(isAbort(first.reason)).toBe(true);
		expect(first.reason).not.toBe(REPLACED);
	});

	it('one that is asked for by what hears of the end of another is the newest', () => {
		const newest = new Newest();
		let third: AbortSignal | null = null;
		newest.next().addEventListener('abort', () => (third = newest.next()));
		newest.cancel();
		expect(newest.is(third!)).toBe(true);
	});
});

describe('of requests that are answered one at a time', () => {
	function setUp() {
		const begun: string[] = [];
		const dropped: string[] = [];
		const answers: (() => void)[] = [];
		const requests = new OneAtATime<string>(
			(request) => {
				begun.push(request);
				return new Promise((resolve) => answers.push(resolve));
			},
			(request) => dropped.push(request)
		);
		const answer = () => {
			answers.shift()!();
			return new Promise((resolve) => setTimeout(resolve));
		};
		return { requests, begun, dropped, answer };
	}

	it('the first begins at once, and of those that come meanwhile the newest is next', async () => {
		const { requests, begun, dropped, answer } = setUp();
		requests.ask('a');
		expect([begun, requests.waiting]).toEqual([['a'], false]);
		requests.ask('b');
		requests.ask('c');
		expect([begun, dropped, requests.waiting]).toEqual([['a'], ['b'], true]);
		await answer();
		expect([begun, requests.waiting]).toEqual([['a', 'c'], false]);
		await answer();
		requests.ask('d');
		expect(begun).toEqual(['a', 'c', 'd']);
		expect(dropped).toEqual(['b']);
	});

	it('what waits can be forgotten; what is being answered goes on', async () => {
		const { requests, begun, dropped, answer } = setUp();
		requests.ask('a');
		requests.ask('b');
		requests.forget();
		expect([dropped, requests.waiting]).toEqual([['b'], false]);
		await answer();
		expect(begun).toEqual(['a']);
	});

	it('one whose request is nothing is answered, too', async () => {
		let times = 0;
		const requests = new OneAtATime<void>(() => Promise.resolve(void times++));
		requests.ask();
		requests.ask();
		await new Promise((resolve) => setTimeout(resolve));
		expect(times).toBe(2);
	});
});
