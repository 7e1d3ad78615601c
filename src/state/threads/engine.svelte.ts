import type { ComputeApi } from '#contracts/compute-api.ts';
import type { BackendId, EngineReport } from '#contracts/compute.ts';
import type { DrawApi } from '#contracts/draw.ts';
import type { MethodSpec } from '#contracts/method.ts';
import type { PlaygroundApi } from '#contracts/playground.ts';
import type { DataThread } from '#state/threads/data-thread.ts';
import { Workers } from '#state/threads/workers.ts';
import type { Remote } from '#workers/rpc.ts';

export interface EngineEvents {
	/** The device is gone; a fresh engine is on its way when this is called. */
	lost(reason: string): void;
	/** The engine no longer answered and was ended; a fresh one is on its way. */
	silent(): void;
	/** The fresh engine is there: open, feed and explain again. */
	recovered(): Promise<void>;
	/** The GPU reported an error without throwing. */
	failed(message: string): void;
}

/** Deaths in a row after which the next engine is not the same kind. */
const PATIENCE = 3;

/** The engine behind the page: started, watched, and started anew when its device is lost. */
export class EngineState {
	report = $state.raw<EngineReport | null>(null);
	methods = $state.raw<readonly MethodSpec[]>([]);
	#workers = new Workers(() => {
		this.events.silent();
		void this.#replace(this.#force);
	});
	#force: BackendId | null = null;
	#deaths = 0;
	#fresh = Promise.resolve();

	constructor(private readonly events: EngineEvents) {}

	get compute(): Remote<ComputeApi> {
		return this.#workers.compute;
	}

	/** What is asked of it may be wanted sooner or later than before. */
	urge(): void {
		this.#workers.urge();
	}

	get draw(): Remote<DrawApi> {
		return this.#workers.draw;
	}

	/** The thread that trains on typed arrays: started when it is first asked for. */
	get playground(): Remote<PlaygroundApi> {
		return this.#workers.playground;
	}

	/** The thread that reads what is foreign. */
	get reader(): DataThread {
		return this.#workers.reader;
	}

	/** @throws LabError if no engine, or not the forced one, can be started */
	async start(force: BackendId | null): Promise<void> {
		this.#force = force;
		this.#workers.start();
		const { compute } = this.#workers;
		this.#workers.on('device-lost', (reason) => void this.#recover(String(reason)));
		this.#workers.on('gpu-error', (message) => this.events.failed(String(message)));
		const broken = new Promise<never>((_, reject) => this.#workers.onFailure(reject));
		this.report = await Promise.race([compute.start(force), broken]);
		this.methods = await compute.methods();
	}

	async #recover(reason: string): Promise<void> {
		this.#deaths++;
		this.events.lost(reason);
		// A GPU that dies again and again is left alone.
		const force = this.#deaths > PATIENCE && this.report?.backend === 'webgpu' ? 'wasm' : this.#force;
		await this.#replace(force);
	}

	async #replace(force: BackendId | null): Promise<void> {
		this.#fresh = this.#restart(force);
		await this.#fresh;
		await this.events.recovered();
	}

	/** Settles when the engine that takes the place of a dead one is there. */
	get fresh(): Promise<void> {
		return this.#fresh;
	}

	/** A crashed GPU process needs a moment to come back; if it does not, any engine will do. */
	async #restart(force: BackendId | null): Promise<void> {
		try {
			await this.start(force);
		} catch {
			await new Promise((resolve) => setTimeout(resolve, 1000));
			await this.start(force).catch(() => this.start(null));
		}
	}

	stop(): void {
		this.#workers.dispose();
	}
}
