import { throwIfAborted } from '#contracts/errors.ts';
import { parseReference } from '#contracts/graph.ts';
import type { Feeds, Model } from '#contracts/model.ts';
import { finished } from '#engine/finished.ts';
import * as tf from '#engine/tf.ts';

export interface TimingContext {
	model: Model;
	feeds: Feeds;
	/** Runs per node, after one that is not counted. */
	runs: number;
	signal: AbortSignal;
	now?: () => number;
}

/** A node that takes longer than this is run fewer times. */
const PATIENCE = 400;

/**
 * Runs every node from its inputs, one after the other, and waits for the engine each time: median milliseconds, less
 * what an empty wait takes. Activations are freed as soon as nothing needs them.
 * @yields what is known so far
 */
export async function* nodeTimes({
	model,
	feeds,
	runs,
	signal,
	now = () => performance.now()
}: TimingContext): AsyncGenerator<{ milliseconds: Record<string, number>; done: number }> {
	const { nodes, inputs, outputs } = model.graph;
	const known = new Set(nodes.map(({ id }) => id));
	const canonical = (reference: string) =>
		reference.endsWith(':0') && !known.has(reference) ? reference.slice(0, -2) : reference;
	const left = new Map<string, number>();
	const requested = new Map<string, Set<string>>();
	for (const reference of [...nodes.flatMap((node) => node.inputs), ...outputs].map(canonical)) {
		left.set(reference, (left.get(reference) ?? 0) + 1);
		const id = known.has(reference) ? reference : parseReference(reference)[0];
		const own = requested.get(id) ?? new Set();
		requested.set(id, own.add(reference));
	}
	const values = new Map<string, tf.Tensor>();
	const milliseconds: Record<string, number> = {};
	const timed = async (job: () => tf.Tensor[]): Promise<[number, tf.Tensor[]]> => {
		const began = now();
		const made = job();
		await finished();
		return [now() - began, made];
	};
	try {
		for (const [reference, tensor] of Object.entries(feeds)) values.set(canonical(reference), tf.clone(tensor));
		const empty: number[] = [];
		for (let i = 0; i < 5; i++) empty.push((await timed(() => []))[0]);
		const nothing = median(empty);
		for (const [i, node] of nodes.entries()) {
			throwIfAborted(signal);
			if (!inputs.includes(node.id)) {
				const fetches = [...(requested.get(node.id) ?? [node.id])];
				const own = Object.fromEntries(
					node.inputs.map(canonical).map((reference) => [reference, values.get(reference) as tf.Tensor])
				);
				const times: number[] = [];
				for (let run = 0; run <= runs; run++) {
					const [time, made] = await timed(() => model.run(own, fetches));
					if (run === 0) fetches.forEach((reference, k) => values.set(reference, made[k] as tf.Tensor));
					else tf.dispose(made);
					// The first run also compiles and uploads.
					if (run) times.push(time);
					else if (time > PATIENCE) run = runs - 1;
					throwIfAborted(signal);
				}
				milliseconds[node.id] = Math.max(0, median(times) - nothing);
			}
			for (const reference of node.inputs.map(canonical)) {
				const remaining = (left.get(reference) ?? 0) - 1;
				left.set(reference, remaining);
				if (remaining <= 0) values.get(reference)?.dispose();
			}
			yield { milliseconds, done: (i + 1) / nodes.length };
		}
	} finally {
		values.forEach((tensor) => tensor.dispose());
	}
}

const median = (times: number[]) => times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
