import { errorData, errorFrom, LabError, type ErrorData } from '#contracts/errors.ts';
import type { Identity } from '#contracts/identity.ts';
import { setUrgency, type Urgency } from '#contracts/urgency.ts';
import { Watch, WATCH_TIMES, type WatchTimes } from '#workers/watch.ts';

/**
 * Calls across a thread. An API is an interface of functions that return promises; each call gets an abort signal and a
 * progress callback on the far side. Errors travel as data and are thrown again on the near side; a worker that dies
 * rejects everything that waits. Calls that read what is foreign are watched: a far side that no longer breathes, or does
 * not stop when they are cancelled, is reported dead.
 */

type Message =
	| {
			type: 'call';
			id: number;
			name: string;
			args: unknown[];
			about: Identity | undefined;
			urgency: Urgency | undefined;
	  }
	| { type: 'urgency'; id: number; urgency: Urgency }
	| { type: 'abort'; id: number }
	| { type: 'ping' }
	| { type: 'pong' }
	| { type: 'progress'; id: number; value: unknown }
	| { type: 'done'; id: number; value: unknown }
	| { type: 'failed'; id: number; error: ErrorData }
	| { type: 'event'; name: string; value: unknown };

const subjects = new WeakMap<AbortSignal, Identity>();

/**
 * What a job takes for granted travels with its signal, to the far side too: there a job finds out that what it asks
 * about is no more what is open.
 */
export function setSubject(signal: AbortSignal, about: Identity): void {
	subjects.set(signal, about);
}

export const subjectOf = (signal: AbortSignal): Identity | undefined => subjects.get(signal);

/** What a served function gets after its arguments. */
export interface CallContext {
	signal: AbortSignal;
	progress(value: unknown, transfer?: Transferable[]): void;
}

/** A result that hands its buffers over instead of copying them. */
export class Transferred<T> {
	constructor(
		readonly value: T,
		readonly transfer: Transferable[]
	) {}
}

/** The far side of an API: the same functions, with a context after the arguments. */
export type Served<Api> = {
	[K in keyof Api]: Api[K] extends (...args: infer A) => Promise<infer R>
		? (...args: [...A, CallContext]) => Promise<R | Transferred<R>> | R | Transferred<R>
		: never;
};

/** Either end of a channel. */
export interface Endpoint {
	postMessage(message: unknown, transfer: Transferable[]): void;
	addEventListener(type: 'message', listener: (event: MessageEvent) => void): void;
}

/**
 * Answers calls on `endpoint` with `api`.
 * @returns a function that sends an event to the near side, e.g. the loss of the device
 */
export function serve<Api>(endpoint: Endpoint, api: Served<Api>): (name: string, value: unknown) => void {
	const running = new Map<number, AbortController>();
	const send = (message: Message, transfer: Transferable[] = []) => endpoint.postMessage(message, transfer);
	const functions = new Map(Object.entries(api as unknown as Record<string, (...args: unknown[]) => unknown>));

	async function answer({ id, name, args, about, urgency }: Extract<Message, { type: 'call' }>) {
		const controller = new AbortController();
		if (about) setSubject(controller.signal, about);
		if (urgency !== undefined) setUrgency(controller.signal, urgency);
		running.set(id, controller);
		const context: CallContext = {
			signal: controller.signal,
			progress: (value, transfer) => send({ type: 'progress', id, value }, transfer)
		};
		try {
			const method = functions.get(name);
			if (!method) throw new Error(`There is no function ${name} on the far side.`);
			const result = await method(...args, context);
			if (result instanceof Transferred) send({ type: 'done', id, value: result.value }, result.transfer);
			else send({ type: 'done', id, value: result });
		} catch (error) {
			send({ type: 'failed', id, error: errorData(error) });
		} finally {
			running.delete(id);
		}
	}

	endpoint.addEventListener('message', ({ data }: MessageEvent<Message>) => {
		if (data.type === 'call') void answer(data);
		else if (data.type === 'abort') running.get(data.id)?.abort();
		else if (data.type === 'urgency') {
			const controller = running.get(data.id);
			if (controller) setUrgency(controller.signal, data.urgency);
		} else if (data.type === 'ping') send({ type: 'pong' });
	});
	return (name, value) => send({ type: 'event', name, value });
}

export interface CallOptions {
	transfer?: Transferable[];
	signal?: AbortSignal;
	progress?: (value: unknown) => void;
	/**
	 * It reads what is foreign: a far side that falls silent over it is given up. What only computes may take long, and is
	 * given up `when cancelled` and it does not stop. Its first progress says that it has been begun.
	 */
	watched?: boolean | 'when cancelled';
	/** How soon it is wanted, asked for now and whenever `urge` says that it may have changed. */
	urgency?: () => Urgency;
}

export interface ConnectOptions {
	/** The far side no longer answers: end it, and `close`. */
	dead?: () => void;
	times?: WatchTimes;
}

/** The far side as an object: its functions are called as if they were here. */
export type Remote<Api> = Api & Calls<Api>;

/** What an object that stands for a far side has besides the functions of its API. */
interface Calls<Api> {
	/**
	 * The same functions, called with a signal, a listener to progress, or buffers to hand over. An aborted call rejects at
	 * once with an AbortError; the far side is told and its answer is dropped.
	 */
	with(options: CallOptions): Api;
}

/** What carries one call to where it is answered. */
export type Call = (name: string, args: unknown[], options?: CallOptions) => Promise<unknown>;

/** An object whose functions are all `call`: each by its name. */
export function remote<Api>(call: Call): Remote<Api> {
	const bound = (options?: CallOptions, own: Readonly<Record<string, unknown>> = {}): unknown =>
		new Proxy(own, {
			get: (_, name) => {
				// A promise that resolves to it asks whether it is one itself.
				if (typeof name !== 'string' || name === 'then') return undefined;
				return own[name] ?? ((...args: unknown[]) => call(name, args, options));
			}
		});
	return bound(undefined, { with: (options: CallOptions) => bound(options) }) as Remote<Api>;
}

/** The same far side; its calls have these options, too, where they do not say otherwise. */
export function having<Api>(far: Remote<Api>, own: CallOptions): Remote<Api> {
	return remote<Api>((name, args, options) => {
		const named = Reflect.get(far.with({ ...own, ...options }) as object, name) as (
			...args: unknown[]
		) => Promise<unknown>;
		return named(...args);
	});
}

/** The near side of a channel. */
export interface Connection<Api> {
	readonly remote: Remote<Api>;
	/** What `remote` is made of: for what stands between. */
	readonly call: Call;
	on(name: string, listener: (value: unknown) => void): void;
	/** Calls that wait may be wanted sooner or later than before: the far side is told. */
	urge(): void;
	/**
	 * Rejects all that waits: the far side is gone. Without a reason, watched calls are told what came in between (code
	 * `ended` if they may simply be asked again), and all others count as cancelled.
	 */
	close(reason?: Error): void;
}

interface Waiting {
	resolve(value: unknown): void;
	reject(error: Error): void;
	progress: ((value: unknown) => void) | undefined;
	urgency: (() => Urgency) | undefined;
	/** As the far side knows it. */
	reported: Urgency | undefined;
}

const cancelled = () => new DOMException('The job was cancelled.', 'AbortError');

/** The near side of an API served on `endpoint`. */
export function connect<Api>(endpoint: Endpoint, options: ConnectOptions = {}): Connection<Api> {
	const times = options.times ?? WATCH_TIMES;
	const ask = () => endpoint.postMessage({ type: 'ping' } satisfies Message, []);
	const watch = new Watch(ask, () => options.dead?.(), times);
	const waiting = new Map<number, Waiting>();
	const listeners = new Map<string, (value: unknown) => void>();
	let next = 0;
	let closed: Error | null = null;

	endpoint.addEventListener('message', ({ data }: MessageEvent<Message>) => {
		watch.heard();
		if (data.type === 'event') return listeners.get(data.name)?.(data.value);
		if (!('id' in data) || data.type === 'call' || data.type === 'abort' || data.type === 'urgency') return;
		if (data.type === 'progress') watch.progressed(data.id);
		else watch.answered(data.id);
		const call = waiting.get(data.id);
		if (!call) return;
		if (data.type === 'progress') return call.progress?.(data.value);
		waiting.delete(data.id);
		if (data.type === 'done') call.resolve(data.value);
		else call.reject(errorFrom(data.error));
	});

	const call: Call = (name, args, { transfer = [], signal, progress, watched, urgency } = {}) =>
		new Promise<unknown>((resolve, reject) => {
			if (closed) return reject(closed);
			if (signal?.aborted) return reject(cancelled());
			const id = next++;
			const abort = () => {
				if (!waiting.delete(id)) return;
				watch.cancelled(id);
				endpoint.postMessage({ type: 'abort', id } satisfies Message, []);
				reject(cancelled());
			};
			signal?.addEventListener('abort', abort, { once: true });
			const finish =
				<T>(settle: (value: T) => void) =>
				(value: T) => {
					signal?.removeEventListener('abort', abort);
					settle(value);
				};
			const reported = urgency?.();
			waiting.set(id, { resolve: finish(resolve), reject: finish(reject), progress, urgency, reported });
			if (watched) watch.add(id, watched === 'when cancelled');
			const about = signal && subjectOf(signal);
			endpoint.postMessage({ type: 'call', id, name, args, about, urgency: reported } satisfies Message, transfer);
		});

	return {
		remote: remote<Api>(call),
		call,
		on: (name, listener) => void listeners.set(name, listener),
		urge() {
			for (const [id, one] of waiting) {
				const urgency = one.urgency?.();
				if (urgency === undefined || urgency === one.reported) continue;
				one.reported = urgency;
				endpoint.postMessage({ type: 'urgency', id, urgency } satisfies Message, []);
			}
		},
		close(reason) {
			closed = reason ?? cancelled();
			for (const [id, { reject }] of waiting)
				reject(reason ?? (watch.begun(id) ? standstill(times) : watch.watches(id) ? ended() : cancelled()));
			waiting.clear();
			watch.stop();
		}
	};
}

const standstill = ({ tick, breaths }: WatchTimes) =>
	new LabError(
		`Reading it came to a standstill and was ended after ${Math.round((tick * breaths) / 1000)} seconds.`,
		'The files may be damaged, or too much for this machine; what was open stays open.'
	);

const ended = () =>
	new LabError('The thread that should read it was ended before it began.', 'Try again.', { code: 'ended' });
