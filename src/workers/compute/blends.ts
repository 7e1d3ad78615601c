import { LabError } from '#contracts/errors.ts';
import { keyOf } from '#contracts/identity.ts';
import type { Blends, BlendsApi } from '#contracts/map-regions.ts';
import {
	predictionsFor,
	images,
	inputFor,
	itemSize,
	type Inputs,
	type Outlets,
	type Turn
} from '#workers/compute/activation-rows.ts';
import { breath } from '#engine/breath.ts';
import type { Session } from '#workers/compute/session.ts';
import { Transferred, type Served } from '#workers/rpc.ts';

/** What the open model predicts for mixtures of inputs. */

/** Numbers of prepared images that are kept, and images decoded at a time. */
const [MAX_KEPT_VALUES, TOGETHER] = [32e6, 16];

/** Images as the model takes them, by the caller's numbers for them: the oldest go first. */
class Prepared {
	#of = '';
	#session: Session | null = null;
	#rows = new Map<number, Float32Array>();

	/** @returns one row per id */
	async rows(session: Session, blobs: readonly Blob[], key: string, ids: Int32Array, { signal }: Outlets) {
		const input = inputFor(session, blobs);
		const of = keyOf([key, input.id, session.preprocessingOf(input.id)]);
		// Another model may take its images at another size.
		if (this.#of !== of || this.#session !== session) this.#rows.clear();
		[this.#of, this.#session] = [of, session];
		const missing = [...ids.keys()].filter((n) => !this.#rows.has(ids[n]!));
		for (let first = 0; first < missing.length; first += TOGETHER) {
			await breath(signal);
			const part = missing.slice(first, first + TOGETHER);
			const batch = await images(session, blobs, input, part);
			const values = await batch.data().finally(() => batch.dispose());
			const size = values.length / part.length;
			part.forEach((n, k) => this.#rows.set(ids[n]!, Float32Array.from(values.subarray(k * size, (k + 1) * size))));
		}
		const own = Array.from(ids, (id) => this.#rows.get(id)!);
		const max = MAX_KEPT_VALUES / Math.max(1, own[0]?.length ?? 1);
		for (const id of this.#rows.keys()) {
			if (this.#rows.size <= max) break;
			this.#rows.delete(id);
		}
		return own;
	}
}

/** @param rows of the items, as a function of their number @returns one mixture after the other */
function mixed({ k, items, weights }: Blends, rows: (item: number) => Float32Array, size: number): Float32Array {
	const out = new Float32Array((items.length / k) * size);
	items.forEach((item, n) => {
		if (item < 0) return;
		const row = rows(item);
		const weight = weights[n]!;
		const at = Math.floor(n / k) * size;
		for (let d = 0; d < size; d++) out[at + d]! += weight * row[d]!;
	});
	return out;
}

export function blending(opened: () => Session, together: Turn): Served<BlendsApi> {
	const prepared = new Prepared();
	return {
		predictBlends: (inputs: Inputs, { key, ids }, blends, context) =>
			together(context.signal, async () => {
				const session = opened();
				let rows: (item: number) => Float32Array;
				let size: number;
				if (inputs instanceof Float32Array) {
					size = itemSize(inputFor(session, inputs));
					rows = (item) => inputs.subarray(item * size, (item + 1) * size);
				} else {
					const own = await prepared.rows(session, inputs, key, ids, context);
					size = own[0]?.length ?? 0;
					if (size !== itemSize(inputFor(session, inputs)))
						throw new LabError('The model does not take its images at one size.', '', { code: 'refused' });
					rows = (item) => own[item]!;
				}
				const predictions = await predictionsFor(session, mixed(blends, rows, size), context);
				return new Transferred(predictions, [predictions.scores.buffer]);
			})
	};
}
