import { untrack } from 'svelte';
import { useViewState } from '#state/lab/context.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import type { Identity } from '#contracts/identity.ts';
import { Newest } from '#contracts/newest.ts';
import type {
	TrainingState,
	Metrics,
	PlaneNetwork,
	PlaygroundApi,
	PlaygroundSpec,
	Snapshot,
	TrainerKind,
	TrainerSpeed
} from '#contracts/playground.ts';
import { planeNetwork } from '#state/playground/model.ts';
import { dataset } from '#maths/playground/data.ts';
import { outputsOf } from '#maths/playground/layout.ts';
import { stepsPerEpoch } from '#maths/playground/schedule.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { advanced, NO_HISTORY, reached, type History, type Moment } from '#state/playground/history.ts';
import { Measured, Pace } from '#state/playground/pace.ts';
import { PlaygroundPictures } from '#state/playground/pictures.svelte.ts';
import { Pending } from '#state/playground/pending.svelte.ts';
import { trainingProblem } from '#state/playground/problem.ts';
import { SetUp } from '#state/playground/set-up.svelte.ts';
import { continues, keepsWeights, sameSpec } from '#state/playground/settings.ts';
import { Trainers } from '#state/playground/trainers.ts';
import type { Remote } from '#workers/rpc.ts';

/** Milliseconds between two reports of training. */
const INTERVAL = 50;

/** A trainer in one of the threads. */
interface Running {
	spec: PlaygroundSpec;
	/** Training points, and classes of the data. */
	samples: number;
	classes: number;
	api: Remote<PlaygroundApi>;
	handle: number;
	kind: TrainerKind;
}

/** The playground: what is set up, the network that learns it, and what it went through. Needs no open model. */
export class Playground extends SetUp implements ViewState {
	/** It trains while it is looked at. */
	visible = $state(false);
	readonly pictures: PlaygroundPictures;
	playing = $state(false);
	/** Epochs a second; 0 is as fast as it goes. */
	speed = $state(60);
	metrics = $state.raw<Metrics | null>(null);
	history = $state.raw<History>(NO_HISTORY);
	/** The trainer in use, and how fast it was found to be. */
	engine = $state.raw<TrainerSpeed | null>(null);
	/** Trained samples a second. */
	pace = $state(0);
	/** Why this set-up cannot be trained, or empty. */
	problem = $state('');
	/** The weights that are shown. */
	shown = $state.raw<Snapshot | null>(null);
	/** Asked for, and not shown yet. */
	readonly #pending = new Pending();
	/** What is shown. */
	#shownSpec = $state.raw<PlaygroundSpec | null>(null);
	#working = $state(0);
	#running: Running | null = null;
	readonly #trainers: Trainers;
	/** What was known of the trainers when the running one was made. */
	#trainerKey = '';
	readonly #training = new Newest();
	/** What was asked is done one after the other. */
	#queue: Promise<unknown> = Promise.resolve();
	/** What is trained, or about to be. */
	requestedSpec = $state.raw<PlaygroundSpec | null>(null);
	readonly #updates = new Newest();
	/** When the page was last told of what is trained, and whether it was of the curves. */
	#lastUpdate = -Infinity;
	#curvesUpdated = false;
	/** The moment that was asked for last. */
	#sought: Moment | null = null;
	/** Counts what training alone does not do: weights that are set, settings that change. */
	#eras = 0;
	#era = 0;

	constructor(context: ViewContext) {
		super(context);
		this.pictures = new PlaygroundPictures(context);
		this.#trainers = new Trainers(context);
	}

	/** Whether the pictures are of another network, or of other data, than what is set up. */
	readonly outdated = $derived.by(() => {
		const { requestedSpec, spec } = this;
		return (
			!!requestedSpec && requestedSpec !== spec && !sameSpec(requestedSpec, spec) && !keepsWeights(requestedSpec, spec)
		);
	});
	/** Keys of what is asked for, of the facets that SHOWN has. */
	readonly requested = $derived.by<Identity>(() => {
		const { now } = this.#pending;
		const shown = this.#shownSpec;
		return shown && !sameSpec(shown, this.spec) ? { ...now, parameters: 'requested' } : now;
	});
	/** The shown weights as a network, while they fit the set-up. */
	readonly network = $derived.by<PlaneNetwork | null>(() =>
		this.shown && this.shown.parameters.length === this.layout.parameters
			? planeNetwork(this.spec, this.outputs, this.shown)
			: null
	);

	watch(): void {
		// The trainer is chosen once it is known what engines there are; without any, a thread of its own still trains.
		$effect(() => {
			if (!this.visible || !this.context.started) return;
			const [spec] = [this.spec, this.#trainers.key];
			untrack(() => void this.use(spec));
		});
		$effect(() => {
			if (!this.visible) untrack(() => this.pause());
		});
		$effect(() => {
			const data = this.visible ? this.data : null;
			if (data) untrack(() => this.pictures.evaluate(data));
		});
	}

	/** Training is no work that anyone waits for. */
	get busy(): boolean {
		return this.#working > 0;
	}
	reset(): void {
		// Another model is open: nothing here depends on it.
	}
	async restore(): Promise<void> {
		const running = this.#running;
		if (running?.kind !== 'webgpu') return;
		this.pause();
		this.#running = null;
		this.#trainers.forget();
		const [spec, kept] = [running.spec, this.shown];
		await this.#do(() => this.#create(spec, kept));
	}

	/** Has the trainer of a specification: the one that runs if it may go on, else a fresh one. */
	async use(spec: PlaygroundSpec): Promise<void> {
		const { key } = this.#trainers;
		if (key === this.#trainerKey && this.requestedSpec && sameSpec(this.requestedSpec, spec)) return;
		this.#trainerKey = key;
		const before = this.requestedSpec;
		const goesOn = !!before && continues(before, spec);
		const stays = goesOn || (!!before && keepsWeights(before, spec));
		this.requestedSpec = spec;
		const plays = this.playing;
		this.pause();
		// Another network, or other data: what is known is of neither.
		if (!stays) {
			this.#forget();
			const old = this.#running;
			this.#running = null;
			if (old) void this.#queued(() => this.#dispose(old));
		}
		await this.#do(async () => {
			if (spec !== this.requestedSpec) return;
			// What a lost engine no longer tells was shown last.
			const running = this.#running;
			const last = stays && running ? await this.#state(running).catch(() => ({ snapshot: this.shown })) : null;
			const keep = last?.snapshot ?? null;
			const other = spec.learning.optimiser.kind !== this.#running?.spec.learning.optimiser.kind;
			if (keep && other) keep.slots.fill(0);
			// Of other points the curves are others.
			if (keep && !goesOn) [keep.step, this.history, this.metrics] = [0, NO_HISTORY, null];
			await this.#create(spec, keep);
		});
		if (plays && stays && !this.problem) this.play();
	}

	/** Goes on with weights that were trained elsewhere. */
	async adopt(spec: PlaygroundSpec, snapshot: Snapshot): Promise<void> {
		this.pause();
		this.requestedSpec = spec;
		this.#trainerKey = this.#trainers.key;
		await this.#do(async () => {
			if (spec !== this.requestedSpec) return;
			this.#forget();
			await this.#create(spec, snapshot);
		});
	}

	#forget(): void {
		this.pictures.forget();
		this.metrics = this.shown = this.#shownSpec = null;
		this.history = NO_HISTORY;
	}

	/** The same set-up from its first weights: the same seed replays the same training. */
	async restart(): Promise<void> {
		this.pause();
		const spec = this.requestedSpec;
		if (spec) await this.#do(() => this.#create(spec, null));
	}

	/** At once, or when the trainer that is being made is there. */
	play(): void {
		if (!this.requestedSpec || this.playing || this.problem) return;
		const signal = this.#training.next();
		this.playing = true;
		void this.#queued(async () => {
			try {
				const running = this.#running;
				if (running && !signal.aborted) await this.#play(running, signal);
			} catch (error) {
				if (!isAbort(error)) this.context.failed(error);
			} finally {
				if (this.#training.end(signal)) this.playing = false;
			}
		});
	}

	pause(): void {
		this.#training.cancel();
		if (!this.playing) return;
		this.playing = false;
		// Where it stopped, exactly.
		void this.#do(async () => {
			const running = this.#running;
			if (!running || this.playing) return;
			await running.api.playStep(running.handle, 0, INTERVAL);
			await this.#update(running, false);
		});
	}

	/** So many updates, then a rest. */
	async step(updates: number): Promise<void> {
		this.pause();
		await this.#do(async () => {
			const running = this.#running;
			if (!running || this.problem) return;
			await running.api.playStep(running.handle, updates, INTERVAL);
			await this.#update(running, false);
		});
	}

	/** Sets one parameter, by its index in the layout; what is shown follows. */
	async setParameter(index: number, value: number): Promise<void> {
		if (!Number.isFinite(value)) return;
		const set = async () => {
			const running = this.#running;
			if (!running) return;
			await running.api.playSetParameter(running.handle, 0, index, value);
			this.#era = ++this.#eras;
			await this.#update(running, this.playing);
		};
		// Threads answer while they train: nothing has to stop.
		await this.#pending.during('weights', () =>
			this.playing ? set().catch((error: unknown) => this.context.failed(error)) : this.#do(set)
		);
	}

	/** Back, or forth, to kept weights, and so many updates on; going on from there is a branch. */
	async seek(moment: number, more = 0): Promise<void> {
		const kept = this.history.moments[moment];
		if (!kept) return;
		this.pause();
		this.#sought = kept;
		const seek = async () => {
			const running = this.#running;
			if (!running || this.#sought !== kept || !this.history.moments.includes(kept)) return;
			await running.api.playRestore(running.handle, 0, kept.snapshot);
			if (kept.spec === running.spec) this.#era = kept.era;
			if (more) await running.api.playStep(running.handle, more, INTERVAL);
			const { metrics, snapshot } = more ? await this.#state(running) : kept;
			const turn = this.#updates.next();
			this.#show(running, snapshot, false);
			await this.pictures.drawn();
			if (!turn.aborted) [this.metrics, this.shown] = [metrics, snapshot];
		};
		await this.#pending.during('moment', () => this.#do(seek));
	}

	/** Back, or forth, to any step, or the nearest that is known: from the weights kept before it, which train the same again. */
	async seekStep(step: number): Promise<void> {
		const found = reached(this.history, step, this.#running?.spec);
		if (found) await this.seek(found.moment, found.more);
	}

	#queued<T>(action: () => Promise<T>): Promise<T> {
		const run = this.#queue.then(action);
		this.#queue = run.catch(() => undefined);
		return run;
	}

	async #do(action: () => Promise<void>): Promise<void> {
		this.#working++;
		try {
			await this.#queued(action);
		} catch (error) {
			if (!isAbort(error)) this.context.failed(error);
		} finally {
			this.#working--;
		}
	}

	#state({ api, handle }: Running): Promise<TrainingState> {
		return api.playState(handle, 0);
	}

	async #dispose({ api, handle }: Running): Promise<void> {
		await api.playDispose(handle).catch(() => undefined);
	}

	async #create(spec: PlaygroundSpec, from: Snapshot | null): Promise<void> {
		const before = this.#running;
		this.#running = null;
		if (before) await this.#dispose(before);
		if (!from) this.#forget();
		this.problem = trainingProblem(spec);
		if (this.problem) return;
		try {
			const { train, classes } = dataset(spec.data);
			const { api, speed } = await this.#trainers.choose([spec]);
			this.engine = speed;
			const handle = await api.playCreate([spec]);
			const running: Running = { spec, samples: train.y.length, classes, api, handle, kind: speed.kind };
			this.#running = running;
			this.#era = ++this.#eras;
			if (from) await api.playRestore(handle, 0, from);
			await this.#update(running, false);
		} catch (error) {
			if (!(error instanceof LabError)) throw error;
			this.problem = [error.message, error.hint].filter(Boolean).join(' ');
		}
	}

	/** Takes in what is trained now. */
	async #update(running: Running, moving: boolean): Promise<void> {
		const { metrics, snapshot } = await this.#state(running);
		if (running !== this.#running) return;
		const turn = this.#updates.next();
		this.#show(running, snapshot, moving);
		// Figures come to the screen with the picture of the same step.
		await this.pictures.drawn();
		if (running !== this.#running || turn.aborted) return;
		this.metrics = metrics;
		this.#shownSpec = running.spec;
		const now = performance.now();
		// Where pictures are quick, curves and weights follow in a beat of their own, by turns: no frame lays out both.
		if (moving && now - this.#lastUpdate < this.pictures.beat / 2) return;
		this.#lastUpdate = now;
		const both = !moving || this.pictures.slow;
		this.#curvesUpdated = !this.#curvesUpdated;
		if (both || this.#curvesUpdated)
			this.history = advanced(this.history, { metrics, snapshot, spec: running.spec, era: this.#era });
		if (both || !this.#curvesUpdated) this.shown = snapshot;
	}

	/** Drawn by the GPU where there is a real one, whoever trains. */
	#show({ spec, classes, api }: Running, snapshot: Snapshot, moving: boolean): void {
		const { engine } = this.context;
		const drawer = engine?.backend === 'webgpu' && !engine.software ? this.context.compute : api;
		const network = planeNetwork(spec, outputsOf(spec.learning.loss, classes), snapshot);
		this.pictures.show(network, snapshot.step, drawer, moving);
	}

	async #play(running: Running, signal: AbortSignal): Promise<void> {
		const { samples } = running;
		let looking = false;
		const report = () => {
			if (looking || signal.aborted) return;
			looking = true;
			void this.#update(running, true)
				.then(() => this.pictures.drawn())
				.then(() => (this.pace = measured.at(this.metrics?.epoch ?? 0, performance.now()) * samples))
				.catch(() => undefined)
				.finally(() => (looking = false));
		};
		const pace = new Pace(stepsPerEpoch(samples, running.spec.learning.batch), performance.now());
		const measured = new Measured(this.metrics?.epoch ?? 0, performance.now(), this.pace / samples);
		while (!signal.aborted) {
			const { speed } = this;
			if (speed && pace.rests) await new Promise((resolve) => setTimeout(resolve, 40));
			const began = performance.now();
			const due = pace.due(speed, began);
			if (!due || signal.aborted) continue;
			await running.api.with({ signal }).playStep(running.handle, due, INTERVAL);
			pace.done(due, performance.now() - began);
			report();
			// Where pictures take long, training takes the processor from them.
			if (!speed && this.pictures.slow) await this.pictures.presented();
		}
	}
}

/** The state of this page, for any component of its view. */
export const usePlayground = (): Playground => useViewState(Playground);
