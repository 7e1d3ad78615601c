import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { NotFinite, PlaceContext } from '#contracts/model.ts';
import * as tf from '#engine/tf.ts';
import { notFinite } from '#maths/not-finite.ts';

/** A weight whose numbers still lie in its file. */
export interface LaterWeight {
	/** On the device. */
	bytes: number;
	shape: readonly number[];
	/** Its numbers, as they go to the device. */
	read(): Promise<{ values: Float32Array | Int32Array | Uint8Array; dtype: 'float32' | 'int32' | 'bool' }>;
}

/** Weights that views have looked at lately stay on the device up to so many bytes. */
const KEPT_BYTES = 128 << 20;

interface Held {
	tensor: Promise<tf.Tensor>;
	bytes: number;
	users: number;
}

/** Weights that are read when they are asked for: one at a time by views, or all of them so that the model runs. */
export class LaterWeights {
	readonly #held = new Map<string, Held>();
	#gone = false;
	#placing: Promise<NotFinite[]> | null = null;

	/** @param placed where they go when all are there @param waits by name */
	constructor(
		private readonly placed: Map<string, tf.Tensor>,
		private readonly waits: Map<string, LaterWeight>
	) {}

	get bytes(): number {
		return [...this.waits.values()].reduce((sum, { bytes }) => sum + bytes, 0);
	}

	has(name: string): boolean {
		return this.waits.has(name);
	}

	/** @throws LabError where its file cannot be read, or is not what it says */
	async hold<T>(name: string, use: (weight: tf.Tensor) => Promise<T>): Promise<T> {
		const held = this.#held.get(name) ?? this.#fetched(name);
		// The last one that was asked for is the last one to go.
		this.#held.delete(name);
		this.#held.set(name, held);
		held.users++;
		try {
			return await use(await held.tensor);
		} finally {
			held.users--;
			this.#giveUp(this.#gone ? 0 : KEPT_BYTES);
		}
	}

	#fetched(name: string): Held {
		const weight = this.waits.get(name);
		if (!weight) throw new LabError(`The model has no weight "${name}", or the file that holds it is missing.`);
		const tensor = weight.read().then(({ values, dtype }) => tf.tensor(values, [...weight.shape], dtype));
		tensor.catch(() => this.#held.delete(name));
		return { tensor, bytes: weight.bytes, users: 0 };
	}

	#giveUp(most: number): void {
		let sum = [...this.#held.values()].reduce((all, { bytes }) => all + bytes, 0);
		for (const [name, { tensor, bytes, users }] of this.#held) {
			if (sum <= most) return;
			if (users) continue;
			this.#held.delete(name);
			sum -= bytes;
			void tensor.then((one) => one.dispose()).catch(() => undefined);
		}
	}

	/** Puts all of them on the device; where that does not come to its end, none. @throws LabError, AbortError */
	place(context: PlaceContext): Promise<NotFinite[]> {
		this.#placing ??= this.#place(context).finally(() => (this.#placing = null));
		return this.#placing;
	}

	async #place({ signal, progress }: PlaceContext): Promise<NotFinite[]> {
		const total = this.bytes;
		const next = new Map<string, tf.Tensor>();
		const bad: NotFinite[] = [];
		let done = 0;
		try {
			for (const [name, { bytes, shape, read }] of this.waits) {
				const { values, dtype } = await read();
				throwIfAborted(signal);
				if (this.#gone) throw new DOMException('The model was closed.', 'AbortError');
				const count = dtype === 'float32' ? notFinite(values) : 0;
				if (count) bad.push({ name, count, of: values.length });
				next.set(name, tf.tensor(values, [...shape], dtype));
				progress((done += bytes) / total);
			}
		} catch (error) {
			next.forEach((tensor) => tensor.dispose());
			throw error;
		}
		this.waits.clear();
		next.forEach((tensor, name) => this.placed.set(name, tensor));
		this.#giveUp(0);
		return bad;
	}

	dispose(): void {
		this.#gone = true;
		this.waits.clear();
		this.#giveUp(0);
	}
}
