import type { OpenedModel, OpenOptions, OpeningProgress } from '#contracts/compute.ts';
import { throwIfAborted } from '#contracts/errors.ts';
import type { LoadedModel } from '#contracts/loader.ts';
import type { Source } from '#contracts/source.ts';
import { checkSize, room } from '#engine/device.ts';
import { sizeObstacle } from '#engine/model/fit.ts';
import { openSource } from '#loaders/open-source.ts';
import { placed } from '#loaders/placed.ts';
import { Session } from '#workers/compute/session.ts';
import { firstStatistics } from '#workers/compute/statistics.ts';
import type { Turns } from '#workers/compute/turns.ts';

/** A model is opened: its structure is shown while a large one's weights are still read. */

/** Bytes of weights that are read before anybody would see a structure without them. */
const SHORT = 32 << 20;
/** Share of the progress that the structure takes. */
const STRUCTURE = 0.2;

interface Opening {
	alone: Turns['alone'];
	/** It takes the place of what was open, which goes. */
	take(session: Session): void;
	/** It is the same model, which can more now. */
	renew(session: Session): void;
}

export async function openModel(
	source: Source,
	{ inputShape, key }: OpenOptions,
	{ signal, progress }: { signal: AbortSignal; progress(value: OpeningProgress): void },
	{ alone, take, renew }: Opening
): Promise<OpenedModel> {
	const report = (done: number, note: string) => progress({ done, note });
	const first = await alone(signal, async () => {
		const loaded = await openSource(source, {
			signal,
			progress: (done, note) => report(done, note),
			checkSize,
			later: true,
			...(inputShape ? { inputShape } : {})
		});
		try {
			throwIfAborted(signal);
			const refusal = sizeObstacle(loaded.model, room());
			const waits = loaded.model.obstacle?.kind === 'unread' && !refusal;
			const short = waits && (loaded.model.unread ?? 0) <= SHORT;
			const own = short ? await placed(loaded, { signal, progress: report }, STRUCTURE) : loaded;
			const session = new Session(own, source.name, key, await firstStatistics(own.model), refusal);
			const opened = session.opened();
			throwIfAborted(signal);
			// Only now: whatever fails before leaves what was open.
			take(session);
			return { loaded: own, opened, waits: session.obstacle?.kind === 'unread' };
		} catch (error) {
			loaded.model.dispose();
			throw error;
		}
	});
	if (!first.waits) return first.opened;
	progress({ done: STRUCTURE, note: 'Reading the weights', structure: first.opened });
	// Meanwhile views may ask for single weights.
	const loaded: LoadedModel = await placed(first.loaded, { signal, progress: report }, STRUCTURE);
	return alone(signal, async () => {
		const session = new Session(loaded, source.name, key, await firstStatistics(loaded.model));
		renew(session);
		return session.opened();
	});
}
