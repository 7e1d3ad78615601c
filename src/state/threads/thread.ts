import { connect, type Call, type Connection, type Remote } from '#workers/rpc.ts';

/**
 * One thread of the lab, the one way to start it, to learn that it died, and to replace it: it starts when it is first
 * asked for, and again when it is asked for after its end.
 */
export class Thread<Api> {
	#worker: Worker | null = null;
	#connection: Connection<Api> | null = null;
	#closed = false;

	/**
	 * @param begin makes the worker: its address must be written where it is made, for the bundler
	 * @param died told when it has died: it could not be loaded, or was ended because it no longer answered. Not when `end` ends it.
	 */
	constructor(
		private readonly begin: () => Worker,
		private readonly died: (why: 'failed' | 'silent', reason?: Error) => void = () => undefined
	) {}

	get api(): Remote<Api> {
		return this.#connected.remote;
	}

	/** One call, by its name: for what stands between. */
	readonly call: Call = (...args) => this.#connected.call(...args);

	/** Hands it what is no call: a channel to another thread. */
	post(message: unknown, transfer: Transferable[]): void {
		void this.#connected;
		this.#worker?.postMessage(message, transfer);
	}

	/** Hears an event of it; one that takes its place is heard only after it was asked for again. */
	on(name: string, listener: (value: unknown) => void): void {
		this.#connected.on(name, listener);
	}

	/** What waits may be wanted sooner or later than before. */
	urge(): void {
		this.#connection?.urge();
	}

	get #connected(): Connection<Api> {
		if (this.#connection) return this.#connection;
		if (this.#closed) return (this.#connection = nowhere<Api>());
		const worker = this.begin();
		const over = (why: 'failed' | 'silent', reason?: Error) => {
			if (this.#worker !== worker) return;
			this.end(reason);
			this.died(why, reason);
		};
		// One that has spoken lives on after an error outside its calls.
		let heard = false;
		worker.addEventListener('message', () => (heard = true), { once: true });
		worker.addEventListener('error', ({ message }) => {
			if (!heard) over('failed', new Error(message || 'A part of the lab could not be loaded.'));
		});
		this.#worker = worker;
		return (this.#connection = connect<Api>(worker, { dead: () => over('silent') }));
	}

	get started(): boolean {
		return this.#worker !== null;
	}

	/** Ends it for good: who asks later, as what is late does, is told that it was cancelled. */
	close(): void {
		this.end();
		this.#closed = true;
	}

	/** Ends it; what waits is rejected as `Remote.close` says. */
	end(reason?: Error): void {
		const connection = this.#connection;
		this.#worker?.terminate();
		this.#worker = this.#connection = null;
		connection?.close(reason);
	}
}

/** A channel that nobody is behind any more. */
function nowhere<Api>(): Connection<Api> {
	const connection = connect<Api>({ postMessage: () => undefined, addEventListener: () => undefined });
	connection.close();
	return connection;
}
