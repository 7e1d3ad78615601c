import { expect, it } from 'vitest';
import type { LabError } from '#contracts/errors.ts';
import { Thread } from '#state/threads/thread.ts';

/** A real thread that speaks the protocol of calls, and loops for ever when asked to. */
const SOURCE = `
	addEventListener('message', ({ data }) => {
		if (data.type === 'ping') postMessage({ type: 'pong' });
		if (data.type !== 'call') return;
		postMessage({ type: 'progress', id: data.id, value: 0 });
		if (data.name === 'hang') for (;;);
		postMessage({ type: 'done', id: data.id, value: data.args[0] });
	});
`;

interface Api {
	hang(): Promise<void>;
	echo(value: string): Promise<string>;
}

function looping() {
	const url = URL.createObjectURL(new Blob([SOURCE], { type: 'text/javascript' }));
	let ended: (why: string) => void = () => undefined;
	const died = new Promise<string>((resolve) => (ended = resolve));
	return { thread: new Thread<Api>(() => new Worker(url), ended), died };
}

it('a thread in an endless loop is ended after ten seconds, and another takes its place', async () => {
	const { thread, died } = looping();
	const began = performance.now();
	const error = await thread.api
		.with({ watched: true })
		.hang()
		.catch((reason: unknown) => reason);
	expect((error as LabError).message).toMatch(/standstill and was ended after 10 seconds/);
	expect(performance.now() - began).toBeGreaterThan(9_000);
	expect(performance.now() - began).toBeLessThan(20_000);
	expect(await died).toBe('silent');
	expect(await thread.api.echo('again')).toBe('again');
	thread.end();
});

it('cancel ends a thread that does not listen within two seconds or so', async () => {
	const { thread, died } = looping();
	const controller = new AbortController();
	const call = thread.api
		.with({
			watched: true,
			signal: controller.signal,
			progress: () => controller.abort()
		})
		.hang();
	await expect(call).rejects.toMatchObject({ name: 'AbortError' });
	const began = performance.now();
	expect(await died).toBe('silent');
	expect(performance.now() - began).toBeLessThan(5_000);
	expect(await thread.api.echo('again')).toBe('again');
	thread.end();
});

it('a thread that cannot be loaded says so to all that wait', async () => {
	const thread = new Thread<Api>(() => new Worker('/there-is-no-such-thing.js', { type: 'module' }));
	await expect(thread.api.echo('a')).rejects.toThrow();
});
