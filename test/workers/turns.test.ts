import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from '#contracts/identity.ts';
import { Turns } from '#workers/compute/turns.ts';
import { connect, serve, setSubject, type Remote } from '#workers/rpc.ts';

/** What is open in a worker, and what may be asked of it: a real pair of ends, in this thread. */
interface Api {
	change(to: Identity): Promise<void>;
	ask(): Promise<Identity>;
	fail(): Promise<void>;
}

let open: Identity | null;
let log: string[];
let gate: Promise<void>;
let letGo: () => void;
let remote: Remote<Api>;
let ports: MessagePort[];

beforeEach(() => {
	[open, log] = [{ model: 'model#1', weights: '[]', input: 'image#1' }, []];
	gate = Promise.resolve();
	const turns = new Turns(() => open);
	const { port1, port2 } = new MessageChannel();
	serve<Api>(port1 as never, {
		change: (to, { signal }) =>
			turns.alone(signal, async () => {
				log.push('change');
				await gate;
				open = to;
				log.push('changed');
			}),
		ask: ({ signal }) =>
			turns.together(signal, async () => {
				log.push('ask');
				await gate;
				log.push('asked');
				return open ?? {};
			}),
		fail: ({ signal }) => turns.alone(signal, () => Promise.reject(new Error('no')))
	});
	ports = [port1, port2];
	for (const port of ports) port.start();
	remote = connect<Api>(port2 as never).remote;
});
afterEach(() => ports.forEach((port) => port.close()));

const shut = () => {
	gate = new Promise((resolve) => (letGo = resolve));
};
const heard = () => new Promise((resolve) => setTimeout(resolve, 20));
function about(of: Identity): { signal: AbortSignal } {
	const { signal } = new AbortController();
	setSubject(signal, of);
	return { signal };
}

describe('a question', () => {
	it('about what is open is answered, whatever it leaves open', async () => {
		expect(await remote.with(about({ model: 'model#1', input: 'image#1' })).ask()).toEqual(open);
		// What only the page knows, and what the worker does not know yet, says nothing.
		expect(await remote.with(about({ model: 'model#1', target: '3' })).ask()).toEqual(open);
		expect(await remote.ask()).toEqual(open);
		open = null;
		expect(await remote.with(about({ model: 'model#1' })).ask()).toEqual({});
	});

	it.each([
		['model', { model: 'model#2', weights: '[]', input: 'image#1' }],
		['weights', { model: 'model#1', weights: '[1]', input: 'image#1' }],
		['input', { model: 'model#1', weights: '[]', input: 'image#2' }]
	])('about another %s is dropped, not answered', async (facet, next) => {
		const of = { [facet]: (open as Record<string, string>)[facet] as string };
		await remote.change(next);
		const requested = remote.with(about(of)).ask();
		await expect(requested).rejects.toMatchObject({ name: 'AbortError' });
		expect(log).toEqual(['change', 'changed']);
	});

	it('that waited for a change is judged by what is open after it', async () => {
		shut();
		const changed = remote.change({ model: 'model#2' });
		const [old, next] = [
			remote
				.with(about({ model: 'model#1' }))
				.ask()
				.catch((error: unknown) => error),
			remote.with(about({ model: 'model#2' })).ask()
		];
		await heard();
		expect(log).toEqual(['change']);
		letGo();
		await changed;
		expect(await old).toMatchObject({ name: 'AbortError' });
		expect(await next).toEqual({ model: 'model#2' });
	});

	it('that was cancelled while it waited is not begun', async () => {
		shut();
		void remote.change({ model: 'model#1' });
		const controller = new AbortController();
		const requested = remote.with({ signal: controller.signal }).ask();
		controller.abort();
		await expect(requested).rejects.toMatchObject({ name: 'AbortError' });
		await heard();
		letGo();
		await heard();
		expect(log).toEqual(['change', 'changed']);
	});
});

describe('turns', () => {
	it('questions run beside each other; a change waits for them, and what comes later for the change', async () => {
		shut();
		const all = [remote.ask(), remote.ask()];
		await heard();
		expect(log).toEqual(['ask', 'ask']);
		const changed = remote.change({ model: 'model#2' });
		const later = remote.ask();
		await heard();
		expect(log).toEqual(['ask', 'ask']);
		letGo();
		await Promise.all([...all, changed]);
		expect(await later).toEqual({ model: 'model#2' });
		expect(log).toEqual(['ask', 'ask', 'asked', 'asked', 'change', 'changed', 'ask', 'asked']);
	});

	it('a change that fails stops nobody', async () => {
		await expect(remote.fail()).rejects.toThrow('no');
		await remote.change({ model: 'model#3' });
		expect(await remote.ask()).toEqual({ model: 'model#3' });
	});
});
