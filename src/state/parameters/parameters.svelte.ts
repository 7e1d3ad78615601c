import { untrack } from 'svelte';
import { useViewState } from '#state/lab/context.ts';
import type { HeatmapRequest } from '#contracts/draw.ts';
import type { AtlasRequest } from '#contracts/anatomy.ts';
import type { Graph } from '#contracts/graph.ts';
import { keyOf, type Result } from '#contracts/identity.ts';
import type {
	Histogram,
	PictureRequest,
	Spectrum,
	WeightEntry,
	WeightFlag,
	WeightFormat,
	WeightPicture,
	WeightProgress,
	WeightReport,
	WeightStatistics
} from '#contracts/weights.ts';
import { Algebra } from '#state/parameters/algebra.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { saveFile } from '#state/lab/saving.ts';
import { usualSize, weightFlags } from '#state/parameters/weight-flags.ts';
import { firstWeight, statisticsCsv, totalStatistics, weightEntries } from '#state/parameters/weight-list.ts';

/** Bins of histograms that share an axis. */
const SHARED_BINS = 96;

/** Histograms of several weights on one axis. */
export interface SharedHistograms {
	names: readonly string[];
	low: number;
	high: number;
	all: readonly Histogram[];
}

/** The weights that the open model has learned. */
export class Parameters extends JobViewState implements ViewState {
	protected override readonly titles = {
		statistics: 'Measuring weights',
		spectrum: 'Singular values',
		gates: 'Weights by gate',
		save: 'Collecting weights'
	};
	reports = $state.raw<ReadonlyMap<string, WeightReport>>(new Map());
	/** Of a weight, or of one filter of it. */
	picture = $state.raw<Result<WeightPicture & Pick<PictureRequest, 'filter'>> | null>(null);
	spectrum = $state.raw<{ name: string; gate: number | null; spectrum: Spectrum } | null>(null);
	gates = $state.raw<{ name: string; all: readonly WeightStatistics[] } | null>(null);
	shared = $state.raw<SharedHistograms | null>(null);
	visible = $state(false);
	/** Every weight has been asked for, or the asking was stopped. */
	requested = $state(false);
	#algebra = new Algebra();
	#turn = 0;
	/** By hand. */
	#stopped = false;
	#listed: { graph: Graph | null; entries: readonly WeightEntry[] } = { graph: null, entries: [] };
	readonly #usual = $derived(usualSize(this.reports.values()));
	readonly total = $derived(totalStatistics(this.reports.values()));

	watch(): void {
		$effect(() => {
			if (this.visible && this.context.graph && !this.requested) untrack(() => void this.measure());
		});
	}

	get busy(): boolean {
		return 'statistics' in this.running || 'picture' in this.running || 'shared' in this.running;
	}

	get entries(): readonly WeightEntry[] {
		const { graph } = this.context;
		if (this.#listed.graph !== graph) this.#listed = { graph, entries: graph ? weightEntries(graph) : [] };
		return this.#listed.entries;
	}

	/** The weight to show: the named one, unless another layer is looked at by now. */
	chosen(name: string, layer: string | null): WeightEntry | null {
		const { entries } = this;
		const { graph } = this.context;
		const named = entries.find((entry) => entry.name === name);
		const owned = graph?.nodes.find(({ id }) => id === layer)?.weights.some((weight) => weight.name === name);
		if (named && (!layer || owned)) return named;
		const first = graph && layer ? firstWeight(graph, layer) : null;
		return (
			entries.find((entry) => entry.name === first) ??
			named ??
			entries.find(({ shape }) => shape.length > 1) ??
			entries[0] ??
			null
		);
	}

	flagsOf(entry: WeightEntry): readonly WeightFlag[] {
		const report = this.reports.get(entry.name);
		return report ? weightFlags(entry, report, this.#usual) : [];
	}

	/** The statistics of what is not known yet; reports come in as they are made. */
	async measure(): Promise<void> {
		if ('statistics' in this.running) return;
		this.requested = true;
		this.#stopped = false;
		const names = this.entries.map(({ name }) => name).filter((name) => !this.reports.has(name));
		if (!names.length) return;
		const take = ({ reports }: WeightProgress) => {
			this.reports = new Map([...this.reports, ...reports.map((report) => [report.name, report] as const)]);
		};
		await this.job(
			'statistics',
			(signal, progress) => this.context.compute.with(inParts(signal, progress, take)).weightReports(names),
			() => undefined
		);
	}

	async loadPicture(request: Omit<PictureRequest, 'key'>): Promise<void> {
		const key = `weight${this.#turn++}`;
		const of = { ...this.context.identity(['model']), parameters: keyOf(request) };
		await this.job(
			'picture',
			(signal) => this.context.compute.with({ signal }).weightPicture({ ...request, block: [...request.block], key }),
			(picture) => {
				this.#drop();
				this.picture = { value: { ...picture, filter: request.filter }, of };
			},
			of
		);
	}

	/** A field that nobody needs any more. */
	#drop(): void {
		if (this.picture) void this.context.draw.drop([this.picture.value.key]).catch(() => undefined);
	}

	async decompose(name: string, gate: number | null): Promise<void> {
		await this.job(
			'spectrum',
			async (signal) => {
				const source = await this.context.compute.with({ signal }).spectrumSource(name, gate);
				return this.#algebra.spectrum(source, signal);
			},
			(spectrum) => (this.spectrum = { name, gate, spectrum })
		);
	}

	async split(name: string): Promise<void> {
		await this.job(
			'gates',
			(signal) => this.context.compute.with({ signal }).weightGates(name),
			(all) => (this.gates = { name, all })
		);
	}

	async compare(names: readonly string[], low: number, high: number): Promise<void> {
		await this.job(
			'shared',
			(signal) => this.context.compute.with({ signal }).weightHistograms([...names], [low, high], SHARED_BINS),
			(all) => (this.shared = { names, low, high, all })
		);
	}

	override cancel(name: string): void {
		if (name === 'statistics') this.#stopped = true;
		this.jobs.cancel(name);
	}

	/** @param names one for .npy */
	async saveWeights(names: readonly string[], format: WeightFormat, title: string): Promise<void> {
		await this.job(
			'save',
			(signal, progress) =>
				this.context.compute
					.with({
						signal,
						progress: (done) => progress(done as number)
					})
					.weightFile([...names], format),
			(blob) => saveFile(blob, `${title}.${format}`)
		);
	}

	saveStatistics(title: string): void {
		const text = statisticsCsv(this.entries, this.reports, (entry) => this.flagsOf(entry));
		saveFile(new Blob([text], { type: 'text/csv' }), `${title}-weights.csv`);
	}

	saveChart(blob: Blob, name: string): void {
		saveFile(blob, name);
	}

	reset(): void {
		for (const name of ['statistics', 'picture', 'spectrum', 'gates', 'shared', 'save']) this.jobs.cancel(name);
		this.#drop();
		this.reports = new Map();
		this.picture = this.spectrum = this.gates = this.shared = null;
		this.requested = false;
	}

	/** Pictures stay with the draw worker, and weights are the same on every engine: only what was cut short goes on. */
	restore(): Promise<void> {
		const cut = this.requested && this.reports.size < this.entries.length && !this.#stopped;
		if (cut) void this.measure();
		return Promise.resolve();
	}

	atlas(request: AtlasRequest): Promise<ImageBitmap> {
		return this.context.draw.atlas(request);
	}

	heatmap(request: HeatmapRequest): Promise<ImageBitmap> {
		return this.context.draw.heatmap(request);
	}

	values(key: string) {
		return this.context.draw.values(key);
	}
}

/** The state of this page, for any component of its view. */
export const useParameters = (): Parameters => useViewState(Parameters);
