import type { ComparisonApi, ComparisonRow } from '#contracts/comparison.ts';
import { LabError, throwIfAborted } from '#contracts/errors.ts';
import { checkSize, room } from '#engine/device.ts';
import { sizeObstacle } from '#engine/model/fit.ts';
import { openSource } from '#loaders/open-source.ts';
import { placed } from '#loaders/placed.ts';
import { activationDistances } from '#methods/comparison/activations.ts';
import { weightDistances } from '#methods/comparison/weights.ts';
import { compareGraphs } from '#methods/structure/compare.ts';
import { Session } from '#workers/compute/session.ts';
import type { Served } from '#workers/rpc.ts';

/** The second model, beside the open one. */

interface Second {
	key: number;
	session: Session;
	rows: readonly ComparisonRow[];
}

type Turn = <T>(signal: AbortSignal, job: () => Promise<T>) => Promise<T>;

export interface ComparisonContext {
	/** The open model. @throws LabError without one */
	opened(): Session;
	/** Changes a session: nothing else runs meanwhile. */
	alone: Turn;
	/** Reads sessions. */
	together: Turn;
}

export interface Comparing {
	api: Served<ComparisonApi>;
	/** The second model, by the key that it was opened with. @throws LabError if it is not open any more */
	current(key: number): Second;
	/** The open model has changed: what it was compared with goes. */
	forget(): void;
}

export function comparing({ opened, alone, together }: ComparisonContext): Comparing {
	let second: Second | null = null;
	let keys = 0;

	function forget(): void {
		second?.session.dispose();
		second = null;
	}

	/** A late question is of a model that is gone. */
	function current(key: number): Second {
		if (second?.key !== key)
			throw new LabError('The second model is not open any more.', 'Choose it again.', { code: 'refused' });
		return second;
	}

	const api: Served<ComparisonApi> = {
		openSecond: (source, { inputShape }, { signal, progress }) =>
			alone(signal, async () => {
				const first = opened();
				const taken = first.model.bytes - first.model.unread;
				const loaded = await openSource(source, {
					signal,
					progress: (done, note) => progress({ done, note }),
					checkSize: (bytes, maxTensorBytes) => checkSize(bytes + taken, maxTensorBytes),
					later: true,
					...(inputShape ? { inputShape } : {})
				});
				try {
					throwIfAborted(signal);
					const { tensor, total } = room();
					const refusal = sizeObstacle(loaded.model, { tensor, total: total - taken });
					const runs = loaded.model.obstacle?.kind === 'unread' && !refusal;
					const report = (done: number, note: string) => progress({ done, note });
					const own = runs ? await placed(loaded, { signal, progress: report }) : loaded;
					const session = new Session(own, source.name, '', undefined, refusal);
					const rows = compareGraphs(first.model.graph, session.model.graph);
					forget();
					second = { key: keys++, session, rows };
					return { key: second.key, second: session.opened(), rows };
				} catch (error) {
					loaded.model.dispose();
					throw error;
				}
			}),

		weighSecond: (key, { signal, progress }) =>
			together(signal, async () => {
				const { session, rows } = current(key);
				for await (const step of weightDistances(opened().model, session.model, rows, signal)) progress(step);
			}),

		contrast: async (key, inputs, preprocessingByInput, { signal, progress }) => {
			await alone(signal, async () => {
				current(key).session.feed(inputs, preprocessingByInput);
				return Promise.resolve();
			});
			return together(signal, async () => {
				const { session, rows } = current(key);
				const running = (one: Session) => ({ model: one.model, feeds: one.feeds(one.explained().tensor) });
				const before = await opened().predict();
				const predictions = await session.predict();
				const activations = await activationDistances(running(opened()), running(session), rows, {
					signal,
					progress
				});
				return { before, predictions, activations };
			});
		},

		closeSecond: ({ signal }) =>
			alone(signal, async () => {
				forget();
				return Promise.resolve();
			})
	};
	return { api, current, forget };
}
