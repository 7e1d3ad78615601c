import { errorData, errorFrom, type ErrorData } from '#contracts/errors.ts';

/**
 * Calls across a thread. An API is an interface of functions that return promises; each call gets an abort signal and a
 * progress callback on the far side. Errors travel as data and are thrown again on the near side; a worker that dies
 * rejects everything that waits.
 */

type Message =
	| { type: 'call'; id: number; name: string; args: unknown[] }
	| { type: 'abort'; id: number }
	| { type: 'progress'; id: number; value: unknown }
	| { type: 'done'; id: number; value: unknown }
	| { type: 'failed'; id: number; error: ErrorData }
	| { type: 'event'; name: string; value: unknown };

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

type Method = (...args: never[]) => Promise<unknown>;
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
	const functions = api as unknown as Record<string, ((...args: unknown[]) => unknown) | undefined>;

	async function answer(id: number, name: string, args: unknown[]) {
		const controller = new AbortController();
		running.set(id, controller);
		const context: CallContext = {
			signal: controller.signal,
			progress: (value, transfer) => send({ type: 'progress', id, value }, transfer)
		};
		try {
			const method = functions[name];
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
		if (data.type === 'call') void answer(data.id, data.name, data.args);
		else if (data.type === 'abort') running.get(data.id)?.abort();
	});
	return (name, value) => send({ type: 'event', name, value });
}

export interface CallOptions {
	transfer?: Transferable[];
	signal?: AbortSignal;
	progress?: (value: unknown) => void;
}

export interface Remote<Api> {
	/**
	 * Calls a function of the far side. An aborted call rejects at once with an AbortError; the far side is told and its
	 * answer is dropped.
	 */
	call<K extends keyof Api & string>(
		name: K,
		args: Api[K] extends Method ? Parameters<Api[K]> : never,
		options?: CallOptions
	): Api[K] extends Method ? ReturnType<Api[K]> : never;
	on(name: string, listener: (value: unknown) => void): void;
	/** Rejects all that waits: the far side is gone. */
	close(reason: Error): void;
}

interface Waiting {
	resolve(value: unknown): void;
	reject(error: Error): void;
	progress: ((value: unknown) => void) | undefined;
}

/** The near side of an API served on `endpoint`. */
export function connect<Api>(endpoint: Endpoint): Remote<Api> {
	const waiting = new Map<number, Waiting>();
	const listeners = new Map<string, (value: unknown) => void>();
	let next = 0;
	let closed: Error | null = null;

	endpoint.addEventListener('message', ({ data }: MessageEvent<Message>) => {
		if (data.type === 'event') return listeners.get(data.name)?.(data.value);
		if (data.type === 'call' || data.type === 'abort') return;
		const call = waiting.get(data.id);
		if (!call) return;
		if (data.type === 'progress') return call.progress?.(data.value);
		waiting.delete(data.id);
		if (data.type === 'done') call.resolve(data.value);
		else call.reject(errorFrom(data.error));
	});

	function call(name: string, args: unknown[], { transfer = [], signal, progress }: CallOptions = {}) {
		return new Promise<unknown>((resolve, reject) => {
			if (closed) return reject(closed);
			const cancelled = () => new DOMException('The job was cancelled.', 'AbortError');
			if (signal?.aborted) return reject(cancelled());
			const id = next++;
			const abort = () => {
				if (!waiting.delete(id)) return;
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
			waiting.set(id, { resolve: finish(resolve), reject: finish(reject), progress });
			endpoint.postMessage({ type: 'call', id, name, args } satisfies Message, transfer);
		});
	}

	return {
		call: call as unknown as Remote<Api>['call'],
		on: (name, listener) => void listeners.set(name, listener),
		close(reason) {
			closed = reason;
			for (const { reject } of waiting.values()) reject(reason);
			waiting.clear();
		}
	};
}
