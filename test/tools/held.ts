import { remote, type CallOptions, type Remote } from '#workers/rpc.ts';

/** A question that waits for its answer. */
export interface HeldCall {
	name: string;
	args: readonly unknown[];
	options: CallOptions;
	answer(value: unknown): void;
	fail(error: unknown): void;
}

/** A slow engine: what is asked of it waits until the test answers. It drops what is cancelled, as a real one does. */
export class HeldEngine {
	readonly calls: HeldCall[] = [];

	call(name: string, args: readonly unknown[], options: CallOptions = {}): Promise<unknown> {
		return new Promise((answer, fail) => {
			this.calls.push({ name, args, options, answer, fail });
			options.signal?.addEventListener('abort', () => fail(new DOMException('', 'AbortError')));
		});
	}

	/** As a view state sees it. */
	remote<Api>(): Remote<Api> {
		return remote<Api>((name, args, options) => this.call(name, args, options));
	}

	/** The newest question of that name. */
	last(name: string): HeldCall {
		const found = this.calls.findLast((one) => one.name === name);
		if (!found) throw new Error(`Nobody asked “${name}”; asked was ${this.calls.map((one) => one.name).join(', ')}.`);
		return found;
	}
}

/** Answers that have come are taken. */
export const taken = () => new Promise((resolve) => setTimeout(resolve));
