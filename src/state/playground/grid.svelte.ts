import type { RegionGridRequest } from '#contracts/draw.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import { Newest, OneAtATime } from '#contracts/newest.ts';
import type { Metrics, PlaygroundApi, Snapshot, StepReport, TrainerKind, TrainerSpeed } from '#contracts/playground.ts';
import { untrack } from 'svelte';
import { dataset } from '#maths/playground/data.ts';
import { outputsOf } from '#maths/playground/layout.ts';
import { WHOLE } from '#maths/playground/plane-view.ts';
import { useViewState } from '#state/lab/context.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import type { GridPlan } from '#state/playground/axes.ts';
import { trainingProblem } from '#state/playground/problem.ts';
import { Trainers } from '#state/playground/trainers.ts';
import type { Remote } from '#workers/rpc.ts';

/** Milliseconds between two reports of training. */
const INTERVAL = 300;
/** Moments of the curves. */
const MAX_MOMENTS = 160;
/** Milliseconds that the pictures may take while training, and at rest. */
const QUICK = 120;
const PATIENT = 1500;
/** Rows of a texture that every GPU has. */
const MAX_GRID_TEXTURE_ROWS = 8192;

/** The planes of one network of each cell. */
export interface GridField {
	key: string;
	planes: number;
	/** Which of a cell's seeds it is of, and after how many updates. */
	seed: number;
	step: number;
	/** Of each cell. */
	cells: readonly { first: number; outputs: number; loss: GridPlan['networks'][number]['spec']['learning']['loss'] }[];
}

interface Running {
	plan: GridPlan;
	api: Remote<PlaygroundApi>;
	handle: number;
	kind: TrainerKind;
}

const outputsIn = ({ spec }: GridPlan['networks'][number]) => outputsOf(spec.learning.loss, dataset(spec.data).classes);

/** A sentence on the first network that cannot be trained, or empty. */
function planProblem({ networks }: GridPlan): string {
	for (const { spec } of networks) {
		const problem = trainingProblem(spec);
		if (problem) return problem;
	}
	return '';
}

/** Many networks that learn at the same time: their losses, their curves, their views of the plane. */
export class PlaygroundGrid implements ViewState {
	/** It trains while it is looked at. */
	visible = $state(false);
	status = $state<'empty' | 'making' | 'training' | 'resting'>('empty');
	/** What was made; null before. */
	plan = $state.raw<GridPlan | null>(null);
	/** Of each network now, and as it was. */
	metrics = $state.raw<readonly Metrics[]>([]);
	history = $state.raw<readonly (readonly Metrics[])[]>([]);
	engine = $state.raw<TrainerSpeed | null>(null);
	/** Milliseconds of training so far. */
	spent = $state(0);
	/** Updates to be done altogether. */
	target = $state(0);
	problem = $state('');
	field = $state.raw<GridField | null>(null);
	/** Which of a cell's seeds is pictured. */
	seed = $state(0);
	/** Device pixels of a cell. */
	#pixels = 0;
	#running: Running | null = null;
	#trainers: Trainers;
	/** Of making and of training. */
	readonly #jobs = new Newest();
	readonly #fields = new OneAtATime<void>(() => this.#draw());
	#count = 0;
	#kept = new Set<string>();
	/** Milliseconds for a number of a field. */
	#pace = 0;

	constructor(private readonly context: ViewContext) {
		this.#trainers = new Trainers(context);
	}

	watch(): void {
		$effect(() => {
			if (!this.visible) untrack(() => this.pause());
		});
	}

	get busy(): boolean {
		return this.status === 'making';
	}
	readonly step = $derived(this.metrics[0]?.step ?? 0);
	reset(): void {
		// Another model is open: nothing here depends on it.
	}
	async restore(): Promise<void> {
		this.#trainers.forget();
		if (this.#running?.kind === 'webgpu') await this.clear();
	}

	/** Makes the networks of a plan and trains them. */
	async start(plan: GridPlan, updates: number): Promise<void> {
		await this.clear();
		this.problem = planProblem(plan);
		if (this.problem) return;
		const signal = this.#jobs.next();
		this.status = 'making';
		try {
			const specs = plan.networks.map(({ spec }) => spec);
			const { api, speed } = await this.#trainers.choose(specs, { signal });
			const handle = await api.with({ signal }).playCreate(specs);
			const running = { plan, api, handle, kind: speed.kind };
			if (signal.aborted) return void (await api.playDispose(handle));
			this.#running = running;
			this.engine = speed;
			this.plan = plan;
			this.seed = Math.min(this.seed, plan.seeds.length - 1);
			this.#take(await api.playMetrics(handle), 0);
		} catch (error) {
			if (isAbort(error)) return;
			if (!(error instanceof LabError)) return this.context.failed(error);
			this.problem = [error.message, error.hint].filter(Boolean).join(' ');
			return;
		} finally {
			if (this.status === 'making') this.status = this.#running ? 'resting' : 'empty';
		}
		await this.train(updates);
	}

	/** So many updates of each. */
	async train(updates: number): Promise<void> {
		const running = this.#running;
		if (!running || this.status !== 'resting') return;
		const signal = this.#jobs.next();
		this.status = 'training';
		this.target = this.step + updates;
		const before = this.spent;
		try {
			const progress = (value: unknown) => {
				const { metrics, milliseconds } = value as StepReport;
				if (running === this.#running) this.#take(metrics, before + milliseconds);
			};
			const done = await running.api.with({ signal, progress }).playStep(running.handle, updates, INTERVAL);
			if (running === this.#running) this.#take(done.metrics, before + done.milliseconds);
		} catch (error) {
			if (!isAbort(error)) this.context.failed(error);
			// Where it stopped, exactly.
			else if (running === this.#running)
				this.#take((await running.api.playStep(running.handle, 0, INTERVAL)).metrics, this.spent);
		} finally {
			if (running === this.#running) {
				this.status = 'resting';
				this.#ask();
			}
		}
	}

	/** Stops training, or making. */
	pause(): void {
		this.#jobs.cancel();
	}

	/** Lets go of the networks. */
	async clear(): Promise<void> {
		this.pause();
		const running = this.#running;
		this.#running = this.plan = null;
		this.metrics = this.history = [];
		this.spent = this.target = this.#pace = 0;
		this.status = 'empty';
		this.#drop(this.field);
		this.field = null;
		await running?.api.playDispose(running.handle).catch(() => undefined);
	}

	async snapshot(network: number): Promise<Snapshot | null> {
		const running = this.#running;
		if (!running) return null;
		try {
			return await running.api.playSnapshot(running.handle, network);
		} catch (error) {
			this.context.failed(error);
			return null;
		}
	}

	show(seed: number): void {
		this.seed = seed;
		this.#ask();
	}

	/** Device pixels of a cell's side. */
	resize(pixels: number): void {
		if (pixels === this.#pixels) return;
		this.#pixels = pixels;
		this.#ask();
	}

	async picture(request: RegionGridRequest): Promise<ImageBitmap> {
		// The draw thread waits for fields that it does not have: for one that is gone it would wait for ever.
		if (!this.#kept.has(request.field)) throw new DOMException('This field is gone.', 'AbortError');
		return this.context.draw.regionGrid(request);
	}

	#take(metrics: readonly Metrics[], spent: number): void {
		this.metrics = metrics;
		this.spent = spent;
		const step = metrics[0]?.step ?? 0;
		const all = [...this.history.filter(([first]) => (first?.step ?? 0) < step), metrics];
		this.history = all.length > MAX_MOMENTS ? all.filter((_, i) => i % 2 === 0 || i === all.length - 1) : all;
		this.#ask();
	}

	#drop(field: GridField | null): void {
		if (!field) return;
		this.#kept.delete(field.key);
		void this.context.draw.drop([field.key]).catch(() => undefined);
	}

	#ask(): void {
		if (this.#running && this.#pixels) this.#fields.ask();
	}

	async #draw(): Promise<void> {
		try {
			const side = await this.#fill(QUICK);
			const resting = this.status === 'resting' && !this.#fields.waiting;
			if (side && resting && this.#side(PATIENT) > side) await this.#fill(PATIENT);
		} catch (error) {
			if (!isAbort(error)) this.context.failed(error);
		}
	}

	/** Numbers of a cell's side that take so many milliseconds. */
	#side(milliseconds: number): number {
		const planes = this.field?.planes ?? MAX_GRID_TEXTURE_ROWS / 32;
		const affordable = this.#pace ? Math.sqrt(milliseconds / this.#pace / planes) : 24;
		return Math.max(12, Math.floor(Math.min(this.#pixels, affordable, MAX_GRID_TEXTURE_ROWS / planes)));
	}

	async #fill(milliseconds: number): Promise<number> {
		const running = this.#running;
		if (!running) return 0;
		const [{ plan, api, handle }, { seed }] = [running, this];
		const n = plan.seeds.length;
		const networks = Array.from({ length: plan.networks.length / n }, (_, cell) => cell * n + seed);
		let planes = 0;
		const cells = networks.map((network) => {
			const made = plan.networks[network] as GridPlan['networks'][number];
			const first = planes;
			const outputs = outputsIn(made);
			planes += outputs;
			return { first, outputs, loss: made.spec.learning.loss };
		});
		const side = Math.min(this.#side(milliseconds), Math.floor(MAX_GRID_TEXTURE_ROWS / planes));
		const request = { window: WHOLE, width: side, height: side, content: 'outputs' } as const;
		const began = performance.now();
		const args = [handle, networks, request, `playground-grid:${this.#count++}`] as const;
		const { key, step } = await api.playFields(...args);
		this.#kept.add(key);
		const field = { key, planes, seed, step, cells };
		if (running !== this.#running) {
			this.#drop(field);
			return 0;
		}
		const pace = (performance.now() - began) / (planes * side ** 2);
		this.#pace = this.#pace ? 0.5 * (this.#pace + pace) : pace;
		const before = this.field;
		this.field = field;
		// The picture that is on its way may still need the last one.
		setTimeout(() => this.#drop(before), 500);
		return side;
	}
}

/** The state of this page, for any component of its view. */
export const usePlaygroundGrid = (): PlaygroundGrid => useViewState(PlaygroundGrid);
