import { expect, it } from 'vitest';
import type { ComputeApi } from '#contracts/compute-api.ts';
import type { MapReport } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import type { MapOrigin } from '#state/attribution/map.ts';
import { Maps, type MapRequest } from '#state/attribution/maps.svelte.ts';
import { RetiredImages } from '#state/input/retired-images.ts';
import { remote, subjectOf, type CallOptions } from '#workers/rpc.ts';

interface Call {
	key: string;
	options: CallOptions;
	resolve(report: MapReport): void;
	reject(error: unknown): void;
}

/** An engine that answers when the test says so. */
function setUp() {
	const calls: Call[] = [];
	const dropped: string[] = [];
	const compute = remote<ComputeApi>((_, [requested], options = {}) => {
		const { key } = requested as { key: string };
		return new Promise((resolve, reject) => {
			calls.push({ key, options, resolve, reject });
			options.signal?.addEventListener('abort', () => reject(new DOMException('', 'AbortError')));
		});
	});
	const drop = (keys: readonly string[]) => void dropped.push(...keys);
	const images = new RetiredImages(drop);
	const maps = new Maps(drop, images);
	const run = (request: MapRequest) => maps.run(compute, request);
	return { maps, images, run, calls, dropped };
}

const request = (image: string): MapRequest => ({
	method: 'gradient',
	of: { input: image },
	from: { image: { key: image, title: image, width: 1, height: 1 }, className: `class of ${image}` } as MapOrigin
});
const report = (key: string, done = 1, at?: string) =>
	({ key, done, facts: [{ id: 'gap' }], ...(at ? { at } : {}) }) as unknown as MapReport;
const settle = () => new Promise((resolve) => setTimeout(resolve));

it('the old map stays with all that it was computed from until a newer one is there', async () => {
	const { maps, images, run, calls, dropped } = setUp();
	void run(request('a'));
	expect(maps.settled).toBe(false);
	calls[0]!.resolve(report(calls[0]!.key));
	await settle();
	expect(maps.settled).toBe(true);

	images.retire('a');
	void run(request('b'));
	expect(subjectOf(calls[1]!.options.signal!)).toEqual({ input: 'b' });
	const old = maps.all['gradient']!;
	expect(old).toMatchObject({
		running: true,
		shown: { of: { input: 'a' }, value: { from: { className: 'class of a' } } }
	});
	expect(maps.settled).toBe(false);
	expect(dropped).toEqual([]);

	calls[1]!.options.progress?.(report(calls[1]!.key, 0.5, 'step 1 of 2'));
	expect(maps.all['gradient']).toMatchObject({ running: true, done: 0.5, shown: { of: { input: 'b' } } });
	expect(maps.settled).toBe(true);
	// Field and image of the old map go with it.
	expect(dropped).toEqual([calls[0]!.key]);
	calls[1]!.resolve(report(calls[1]!.key));
	await settle();
	expect(dropped).toEqual([calls[0]!.key, 'a']);
});

it('an answer to an older question is dropped', async () => {
	const { maps, run, calls } = setUp();
	void run(request('a'));
	void run(request('b'));
	calls[1]!.resolve(report('b'));
	calls[0]!.resolve(report('a'));
	calls[0]!.options.progress?.(report('a'));
	await settle();
	expect(maps.all['gradient']?.shown).toMatchObject({ of: { input: 'b' }, value: { report: { key: 'b' } } });
});

it('what was stopped says where, and claims nothing', async () => {
	const { maps, run, calls } = setUp();
	void run(request('a'));
	calls[0]!.options.progress?.(report('a', 0.6, 'step 30 of 50'));
	maps.cancel('gradient');
	await settle();
	expect(maps.all['gradient']).toMatchObject({
		running: false,
		error: '',
		shown: { value: { stopped: 'step 30 of 50', report: { facts: [] } } }
	});
	// One that was stopped before its first picture leaves the older one as it was.
	void run(request('b'));
	expect(maps.cancelAll()).toEqual(['gradient']);
	expect(maps.all['gradient']).toMatchObject({ running: false, shown: { of: { input: 'a' } } });
});

it('a map that failed or was refused leaves no older one in its place', async () => {
	const { maps, run, calls, dropped } = setUp();
	void run(request('a'));
	calls[0]!.resolve(report('a'));
	await settle();
	void run(request('b'));
	calls[1]!.reject(new LabError('It cannot be explained.', '', { code: 'refused' }));
	await settle();
	expect(maps.all['gradient']).toMatchObject({ shown: null, refusal: 'It cannot be explained.', running: false });
	expect(dropped).toEqual(['a']);
	void run(request('c'));
	calls[2]!.options.progress?.(report('c', 0.5));
	calls[2]!.reject(new Error('lost'));
	await settle();
	// What is there of the very question stays, with the error.
	expect(maps.all['gradient']).toMatchObject({ shown: { of: { input: 'c' } }, error: 'lost' });
});

it('a question that the far side dropped leaves what was shown as it was', async () => {
	const { maps, run, calls } = setUp();
	void run(request('a'));
	calls[0]!.resolve(report('a'));
	await settle();
	void run(request('b'));
	calls[1]!.reject(new DOMException('This is no more what is open.', 'AbortError'));
	await settle();
	expect(maps.all['gradient']).toMatchObject({ shown: { of: { input: 'a' } }, running: false, error: '' });
});

it('an image goes when no map lies over it, and not before', async () => {
	const { maps, images, run, calls, dropped } = setUp();
	images.retire('never shown');
	expect(dropped).toEqual(['never shown']);
	void run(request('a'));
	images.retire('a');
	calls[0]!.resolve(report('map of a'));
	await settle();
	expect(dropped).not.toContain('a');
	maps.clear();
	expect(dropped).toEqual(['never shown', 'map of a', 'a']);
	expect(maps.all).toEqual({});
});
