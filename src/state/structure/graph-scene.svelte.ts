import type { Graph } from '#contracts/graph.ts';
import { isAbort } from '#contracts/errors.ts';
import type { Scene } from '#contracts/structure.ts';
import { Latest } from '#state/lab/latest.ts';
import { LayoutThread } from '#state/structure/layout-thread.ts';

/** The drawing of one graph, laid out downwards by a thread of its own; whoever made it disposes of it. */
export class GraphScene {
	scene = $state.raw<Scene | null>(null);
	#open: readonly string[] = [];
	#thread: LayoutThread;
	#jobs = new Latest(() => {});

	constructor(
		readonly graph: Graph,
		private readonly failed: (error: unknown) => void
	) {
		this.#thread = new LayoutThread(graph);
		void this.#lay(null);
	}

	async #lay(open: readonly string[] | null): Promise<void> {
		try {
			await this.#jobs.run(
				'layout',
				async (signal) => {
					const requested = open ?? (await this.#thread.summary(signal)).open;
					const take = (scene: Scene) => {
						if (signal.aborted) return;
						this.#open = requested;
						this.scene = scene;
					};
					take(await this.#thread.layout({ open: requested, direction: 'down' }, signal, take));
				},
				() => undefined
			);
		} catch (error) {
			if (!isAbort(error)) this.failed(error);
		}
	}

	/** Opens or folds a group. */
	toggle(group: string): void {
		const open = this.#open;
		void this.#lay(open.includes(group) ? open.filter((id) => id !== group) : [...open, group]);
	}

	dispose(): void {
		this.#jobs.cancel('layout');
		this.#thread.dispose();
	}
}
