import type { BackendId } from '#contracts/compute.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import { keyOf, PREDICTED, type Identity, type Result } from '#contracts/identity.ts';
import type { LayerParting, PartingDetail, PartingProgress } from '#contracts/parting.ts';
import { firstBeyond, toleranceOf } from '#state/comparison/beyond.ts';
import type { Comparison } from '#state/comparison/comparison.svelte.ts';
import { OtherEngine } from '#state/comparison/other-engine.ts';
import { useViewState } from '#state/lab/context.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { saveFile } from '#state/lab/saving.ts';
import type { ViewState } from '#state/lab/view-context.ts';

/** Bytes of outputs that travel from one engine to the other at once. */
const TRAVEL = 32 << 20;

/** What the open model runs beside: the second model, or itself on another engine. */
export type Beside = { kind: 'second' } | { kind: 'engine'; backend: BackendId };

export interface Parting {
	beside: Beside;
	/** What the other run is called. */
	title: string;
	layers: readonly LayerParting[];
	/** All pairs are known. */
	whole: boolean;
}

/** Where two runs part: the open model's beside another one's on the same input. */
export class PartingState extends JobViewState implements ViewState {
	protected override readonly titles = { part: 'Finding where two models part', outputs: 'Saving outputs of layers' };
	parting = $state.raw<Result<Parting> | null>(null);
	/** The layers that are looked at, of the same identity. */
	detail = $state.raw<Result<PartingDetail> | null>(null);
	problem = $state.raw<{ message: string; hint: string } | null>(null);
	#other: OtherEngine | null = null;
	/** What the second model has been fed, and by which key it is known. */
	#key = -1;

	get busy(): boolean {
		return Object.keys(this.running).length > 0;
	}

	/** The open model has answered for the chosen input. */
	get ready(): boolean {
		return this.context.fed !== null;
	}

	/** What a result beside this is of now. */
	identityOf(beside: Beside, comparison: Comparison): Identity {
		return beside.kind === 'second'
			? { ...comparison.requested, parameters: keyOf(['second']) }
			: { parameters: keyOf(['engine', this.context.engine?.backend, beside.backend]) };
	}

	async part(beside: Beside, title: string, comparison: Comparison): Promise<void> {
		const of = { ...this.context.identity(PREDICTED), ...this.identityOf(beside, comparison) };
		this.problem = null;
		const take = (layers: readonly LayerParting[], whole: boolean) =>
			(this.parting = { value: { beside, title, layers, whole }, of });
		try {
			await this.jobs.run(
				'part',
				async (signal, progress) => {
					this.jobs.cancel('detail');
					const told = ({ layers, done }: PartingProgress) => {
						if (signal.aborted) return;
						take(layers, false);
						progress(done);
					};
					return beside.kind === 'second'
						? this.#files(comparison, signal, told)
						: this.#engines(beside.backend, of, signal, told, progress);
				},
				(layers) => take(layers, true),
				of
			);
		} catch (error) {
			this.#failed(error);
			return;
		}
		const first = this.parting && firstBeyond(this.parting.value.layers, toleranceOf(this.context.option('compare.tolerance', ''))); // prettier-ignore
		if (first) await this.show(first);
	}

	async #files(
		comparison: Comparison,
		signal: AbortSignal,
		told: (step: PartingProgress) => void
	): Promise<readonly LayerParting[]> {
		const { key, inputs, preprocessingByInput } = await comparison.feeding();
		this.#key = key;
		return this.context.compute
			.with({ signal, progress: (step) => told(step as PartingProgress) })
			.part(key, inputs, preprocessingByInput);
	}

	async #engines(
		backend: BackendId,
		of: Identity,
		signal: AbortSignal,
		told: (step: PartingProgress) => void,
		progress: (done: number) => void
	): Promise<readonly LayerParting[]> {
		const { graph, opened, ablations, compute } = this.context;
		if (!graph || !opened) throw new LabError('There is no model yet.', 'Choose one or open your own.');
		if (this.#other?.backend !== backend) this.#end();
		const other = (this.#other ??= new OtherEngine(backend));
		const inputs = await compute.with({ signal }).layerValues(graph.inputs);
		const run = { key: of.model ?? '', ...opened, ablations, inputs };
		await other.prepare(run, signal, (done) => progress(0.2 * (done || 0)));
		const ids = graph.nodes.filter(({ dtype }) => dtype !== 'string').map(({ id }) => id);
		const sizes = new Map(graph.nodes.map(({ id, shape }) => [id, 4 * shape.slice(1).reduce<number>((n, m) => n * (m ?? 1), 1)])); // prettier-ignore
		const found: LayerParting[] = [];
		for (let from = 0; from < ids.length;) {
			let [to, bytes] = [from, 0];
			while (to < ids.length && (to === from || bytes < TRAVEL)) bytes += sizes.get(ids[to++] as string) ?? 0;
			const values = await other.values(ids.slice(from, to), signal);
			const transfer = values.map((one) => one.values.buffer);
			found.push(...(await this.context.compute.with({ signal, transfer }).partValues(values)));
			from = to;
			told({ layers: [...found], done: 0.2 + (0.8 * from) / ids.length });
		}
		return found;
	}

	/** The numbers of a pair beside each other. */
	async show(pair: LayerParting): Promise<void> {
		const { parting } = this;
		if (!parting) return;
		const { beside } = parting.value;
		await this.jobs
			.run(
				'detail',
				async (signal) => {
					if (beside.kind === 'second') {
						const { a, b, order } = pair;
						return this.context.compute.with({ signal }).partDetail(this.#key, { a, b, order });
					}
					const [values] = (await this.#other?.values([pair.b], signal)) ?? [];
					if (!values) throw new LabError('The other engine is not there any more.', 'Compare again.');
					return this.context.compute.with({ signal, transfer: [values.values.buffer] }).partValuesDetail(values);
				},
				(detail) => (this.detail = { value: detail, of: parting.of }),
				parting.of
			)
			.catch((error: unknown) => this.#failed(error));
	}

	/** Outputs of these layers for the open input, as .npz. */
	async saveOutputs(ids: readonly string[], title: string): Promise<void> {
		await this.job(
			'outputs',
			(signal, progress) =>
				this.context.compute.with({ signal, progress: (done) => progress(done as number) }).layerFile(ids),
			(blob) => saveFile(blob, `${title}.npz`),
			this.context.identity(PREDICTED)
		);
	}

	#failed(error: unknown): void {
		if (isAbort(error)) return;
		if (error instanceof LabError) this.problem = { message: error.message, hint: error.hint };
		else this.context.failed(error);
	}

	#end(): void {
		this.#other?.end();
		this.#other = null;
	}

	reset(): void {
		for (const name of ['part', 'detail', 'outputs']) this.jobs.cancel(name);
		this.#end();
		this.parting = this.detail = this.problem = null;
	}

	/** A fresh engine has no second model yet: it is asked again. */
	restore(): Promise<void> {
		this.reset();
		return Promise.resolve();
	}
}

/** The state of this page, for any component of its view. */
export const useParting = (): PartingState => useViewState(PartingState);
