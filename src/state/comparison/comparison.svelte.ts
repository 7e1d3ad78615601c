import { untrack } from 'svelte';
import { useViewState } from '#state/lab/context.ts';
import type {
	ComparisonRow,
	Contrast,
	Distance,
	OpenedComparison,
	RowDistances,
	RowState,
	Weighed
} from '#contracts/comparison.ts';
import type { InputData, OpenedModel } from '#contracts/compute.ts';
import { isAbort, LabError } from '#contracts/errors.ts';
import { PREDICTED, type Identity, type Result } from '#contracts/identity.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { Source } from '#contracts/source.ts';
import { catalogue } from '#state/opening/catalogue.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { partnerOf } from '#state/input/partners.ts';
import { modelAmong } from '#state/opening/model-among.ts';
import { linkedParts, parseChoice, type Find } from '#state/opening/model-sources.ts';
import { OWN_FILES, preprocessingOf, titleOf, type Origin } from '#state/opening/model.svelte.ts';

/** The model that the open one is compared with. */
export interface SecondModel {
	/** No two that were opened have the same. */
	key: number;
	opened: OpenedModel;
	title: string;
	labels: readonly string[] | null;
	/** What the link carries, or empty for files of one's own. */
	choice: string;
	/** How its pictures are prepared, by input, and why those of the first are; empty without one. */
	preprocessingByInput: ReadonlyMap<string, Preprocessing>;
	reason: string;
}

/** A row as it is known now: its state counts the weights' numbers too. */
export interface KnownRow extends ComparisonRow {
	distances: RowDistances | null;
	activation: Distance | null;
}

interface Kept {
	source: Source;
	origin: Origin;
	choice: string;
	key: number;
	inputShape: Size | null;
}

interface Loaded {
	kept: Kept;
	comparison: OpenedComparison;
}

type Size = readonly [height: number, width: number, channels: number];

/** The open model beside another one. */
export class Comparison extends JobViewState implements ViewState {
	protected override readonly titles = {
		open: 'Opening the second model',
		weigh: 'Comparing weights',
		contrast: 'Comparing activations'
	};
	second = $state.raw<SecondModel | null>(null);
	/** Both models on an input, which is called so. */
	contrast = $state.raw<Result<Contrast & { input: string }> | null>(null);
	/** Why the last choice was not opened, or the models could not both run. */
	problem = $state.raw<{ message: string; hint: string } | null>(null);
	/** What is being done to open it. */
	note = $state('');
	#structure = $state.raw<readonly ComparisonRow[]>([]);
	#distances = $state.raw<ReadonlyMap<number, RowDistances>>(new Map());
	/** Another one for every opening, whatever is known of it by now. */
	readonly #opened = $derived(this.second?.opened);
	visible = $state(false);
	#kept: Kept | null = null;
	#tried = '';

	readonly rows: readonly KnownRow[] = $derived.by(() => {
		const activations = new Map(this.contrast?.value.activations.map((one) => [one.row, one]));
		return this.#structure.map((row, i) => {
			const distances = this.#distances.get(i) ?? null;
			const moved = distances?.tensors.some(({ maxAbs, invalid }) => maxAbs > 0 || invalid > 0) ?? false;
			const state: RowState = row.state === 'same' && moved ? 'weights' : row.state;
			return { ...row, state, distances, activation: activations.get(i) ?? null };
		});
	});

	/** What all rows are of. */
	readonly of: Identity = $derived({ second: String(this.second?.key ?? '') });
	/** The second model that is wanted: no key that there is while it is on its way. */
	readonly requested: Identity = $derived('open' in this.running ? { second: 'coming' } : this.of);

	get busy(): boolean {
		return Object.keys(this.running).length > 0;
	}

	/** Opens what a link names, once. */
	watch(): void {
		// The link's choice, as soon as there is something to compare it with, and again when another model is open.
		$effect(() => {
			const choice = this.context.option('compare.model', '');
			void this.context.fed;
			if (this.visible && this.context.graph) untrack(() => this.follow(choice));
		});
		$effect(() => {
			const { fed } = this.context;
			if (this.visible && this.#opened && fed?.value.predictions.length)
				untrack(() => void this.run(this.context.preprocessing ? fed.value.input : ''));
		});
	}

	follow(choice: string): void {
		if (!this.context.graph || this.#tried === choice) return;
		this.#tried = choice;
		if (choice) void this.choose(choice);
		else if (this.#kept && !this.#kept.choice) void this.#again(this.#kept);
	}

	/**
	 * A shipped model's name, `NAME/VARIANT`, `catalogue/ID`, or an address.
	 * @returns whether it is open now; if not, what was open stays
	 */
	async choose(choice: string): Promise<boolean> {
		const { model, variant } = parseChoice(choice);
		return this.#open(choice, linkedParts(model, variant, await catalogue()));
	}

	/** Files of one's own: they never take the place of the open model. */
	openFiles(files: readonly DroppedFile[]): Promise<boolean> {
		return this.#open('', async (signal, _, reader) => [await modelAmong(files, reader, signal), OWN_FILES]);
	}

	async #open(choice: string, find: Find): Promise<boolean> {
		let done = false;
		this.problem = null;
		this.#tried = choice;
		try {
			await this.jobs.run(
				'open',
				async (signal, progress) => {
					const [source, origin] = await find(
						signal,
						(share, note) => {
							this.note = note;
							progress(share ?? 0);
						},
						this.context.reader
					);
					const kept = { source, origin, choice, key: -1, inputShape: null };
					return this.#load(kept, signal, progress);
				},
				(loaded) => {
					this.#take(loaded);
					done = true;
				}
			);
		} catch (error) {
			this.failed(error);
		}
		if (done) void this.weigh();
		return done;
	}

	async #load(kept: Kept, signal: AbortSignal, progress: (done: number) => void): Promise<Loaded> {
		const load = (inputShape: Size | null) =>
			this.context.compute
				.with({
					signal,
					watched: true,
					progress: (value) => {
						const step = value as { done: number; note: string };
						this.note = step.note;
						progress(step.done);
					}
				})
				.openSecond(kept.source, inputShape ? { inputShape } : {});
		let { inputShape } = kept;
		const comparison = await load(inputShape).catch((error: unknown) => {
			// An open size takes that of the open model.
			const size = this.context.preprocessing;
			if (!(error instanceof LabError) || error.code !== 'shape-needed' || !size) throw error;
			inputShape = [size.height, size.width, size.channels];
			return load(inputShape);
		});
		return { kept: { ...kept, key: comparison.key, inputShape }, comparison };
	}

	#take({ kept, comparison }: Loaded): void {
		this.jobs.cancel('weigh');
		this.jobs.cancel('contrast');
		const { origin, choice } = kept;
		const opened = comparison.second;
		this.#kept = kept;
		this.#structure = comparison.rows;
		this.#distances = new Map();
		this.contrast = null;
		this.second = {
			key: kept.key,
			opened,
			title: titleOf(opened.title, origin.card, origin.variant),
			labels: origin.labels ?? opened.labels,
			choice,
			...this.#prepared(opened, origin)
		};
	}

	/** As for the open model, where the same picture fits and nothing better is known. */
	#prepared(opened: OpenedModel, origin: Origin): Pick<SecondModel, 'preprocessingByInput' | 'reason'> {
		const { preprocessingByInput, modelName } = this.context;
		const related = origin.name !== null && origin.name === modelName;
		const known = origin.card ? 'from its card' : 'from its authors';
		const all = preprocessingOf(opened, origin).map(({ input, preprocessing: own, reason }, i) => {
			const declared = i === 0 && origin.preprocessing !== null;
			const ours = preprocessingByInput.get(partnerOf(input, 'image', opened.inputs, this.context.inputs)?.id ?? '');
			const fits = ours && ours.width === own.width && ours.height === own.height && ours.channels === own.channels;
			if (fits && (related || !declared)) return { input, own: ours, reason: 'like that of the open model' };
			return { input, own, reason: declared ? known : reason };
		});
		return { preprocessingByInput: new Map(all.map(({ input, own }) => [input, own])), reason: all[0]?.reason ?? '' };
	}

	failed(error: unknown): void {
		if (isAbort(error)) return;
		if (error instanceof LabError) this.problem = { message: error.message, hint: error.hint };
		else this.context.failed(error);
	}

	/** The distances of all weights. */
	async weigh(): Promise<void> {
		const key = this.#kept?.key;
		if (!this.second || key === undefined) return;
		const take = ({ rows }: Weighed) => {
			if (this.#kept?.key !== key) return;
			this.#distances = new Map([...this.#distances, ...rows.map((one) => [one.row, one] as const)]);
		};
		await this.jobs
			.run(
				'weigh',
				(signal, progress) => this.context.compute.with(inParts(signal, progress, take)).weighSecond(key),
				() => undefined
			)
			.catch((error: unknown) => this.failed(error));
	}

	/** Both models on the current input. @param input what it is called */
	async run(input: string): Promise<void> {
		const { second } = this;
		const key = this.#kept?.key;
		// A model that cannot run is compared by its structure and its weights alone.
		if (!second?.opened.able.run || key === undefined || !this.context.inputs.length) return;
		// The open model's way may have changed.
		const prepared = this.#prepared(second.opened, this.#kept?.origin ?? OWN_FILES);
		this.second = { ...second, ...prepared };
		const of = this.context.identity(PREDICTED);
		await this.jobs
			.run(
				'contrast',
				async (signal, progress) => {
					const inputs = await this.#inputs(second.opened);
					return this.context.compute
						.with({
							signal,
							progress: (value) => progress(value as number)
						})
						.contrast(key, inputs, prepared.preprocessingByInput);
				},
				(contrast) => {
					this.contrast = { value: { ...contrast, input }, of };
					this.problem = null;
				},
				of
			)
			.catch((error: unknown) => {
				if (!isAbort(error)) this.contrast = null;
				this.failed(error);
			});
	}

	/** What the second model is to be fed now. @throws LabError where it cannot run, or lacks an input */
	async feeding() {
		const { second } = this;
		const key = this.#kept?.key;
		if (!second || key === undefined) throw new LabError('There is no second model.', 'Choose one above.');
		if (!second.opened.able.run || !this.context.inputs.length)
			throw new LabError('One of the models cannot run.', 'Structure and weights are still compared.');
		const { preprocessingByInput } = this.#prepared(second.opened, this.#kept?.origin ?? OWN_FILES);
		return { key, inputs: await this.#inputs(second.opened), preprocessingByInput };
	}

	async #inputs({ inputs }: OpenedModel): Promise<Record<string, InputData>> {
		const choices = inputs.map((spec) => {
			const found = partnerOf(spec.id, spec.kind, inputs, this.context.inputs);
			if (!found && spec.kind === 'values')
				throw new LabError(
					`The second model needs values for “${spec.id}”, which the open model does not take.`,
					'Structure and weights are still compared.'
				);
			return { ...spec, id: found?.id ?? spec.id };
		});
		const data = await this.context.inputData(choices);
		if (!data) throw new LabError('The second model needs an image.', 'Choose a sample or open an image.');
		return Object.fromEntries(inputs.map(({ id }, k) => [id, data[choices[k]?.id ?? id] as InputData]));
	}

	/** Ends the comparison: the second model goes. */
	async close(): Promise<void> {
		this.#forget();
		this.#kept = null;
		this.#tried = '';
		await this.context.compute.closeSecond().catch((error: unknown) => this.failed(error));
	}

	#forget(): void {
		for (const name of ['open', 'weigh', 'contrast']) this.jobs.cancel(name);
		this.second = null;
		this.contrast = null;
		this.problem = null;
		this.#structure = [];
		this.#distances = new Map();
	}

	/** Another model is open: what is chosen is compared with that when it is looked at again. */
	reset(): void {
		if (!this.second && !this.busy) return;
		this.#forget();
		this.#tried = 'none';
		void this.context.compute.closeSecond().catch(() => undefined);
	}

	/** After a lost engine: the fresh one has no second model. */
	async restore(): Promise<void> {
		if (this.#kept && this.second) await this.#again(this.#kept);
	}

	#again(kept: Kept): Promise<boolean> {
		return this.#open(kept.choice, () => Promise.resolve([kept.source, kept.origin]));
	}
}

/** The state of this page, for any component of its view. */
export const useComparison = (): Comparison => useViewState(Comparison);
