import type { NodeTimes } from '#contracts/structure.ts';
import { breath } from '#engine/breath.ts';
import { report } from '#engine/device.ts';
import { nodeTimes } from '#methods/structure/timing.ts';
import type { Session } from '#workers/compute/session.ts';
import type { CallContext } from '#workers/rpc.ts';

/** Milliseconds between two reports. */
const PAUSE = 200;

/** How long each node of the open model takes for the current input. */
export async function times(
	session: Session,
	{ runs }: { runs: number },
	{ signal, progress }: CallContext
): Promise<NodeTimes> {
	const { backend: engine } = report();
	const feeds = session.feeds(session.explained().tensor);
	let last: NodeTimes = { milliseconds: {}, engine, runs, done: 0 };
	let lastReport = performance.now();
	for await (const { milliseconds, done } of nodeTimes({ model: session.model, feeds, runs, signal })) {
		last = { milliseconds, engine, runs, done };
		if (performance.now() - lastReport < PAUSE) continue;
		lastReport = performance.now();
		progress(last);
		await breath(signal);
	}
	return last;
}
