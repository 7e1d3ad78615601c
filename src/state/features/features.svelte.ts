import { untrack } from 'svelte';
import { useViewState } from '#state/lab/context.ts';
import type {
	Ablation,
	AtlasRequest,
	ChannelEffects,
	Derivation,
	ExcitingPatch,
	LayerActivation,
	Maximised,
	MaximiseRequest
} from '#contracts/anatomy.ts';
import type { WeightPicture } from '#contracts/weights.ts';
import { isAbort } from '#contracts/errors.ts';
import { PREDICTED, EXPLAINED, keyOf, REPLACED, type Result } from '#contracts/identity.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import { stripLayers, type StripLayer } from '#state/features/strip-layers.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { setSubject } from '#workers/rpc.ts';

const keysOf = (reports: readonly LayerActivation[]) => reports.flatMap(({ key }) => key ?? []);

/** A layer with all its cells, and what it looked at. */
export interface OpenLayer {
	report: LayerActivation;
	/** The input as the model saw it: an address, or null; and how it was prepared. */
	preprocessed: string | null;
	preprocessing: Preprocessing | null;
}

/** Convolutions and pools, as figures know them: they give maps. */
const MAPPING = new Set<string | undefined>(['convolution', 'depthwise', 'transposed', 'pooling']);
/** Pictures of each layer in the strip. */
const STRIP = 32;

/** Activations of the layers of the open model for the current input. */
export class Features extends JobViewState implements ViewState {
	protected override readonly titles = {
		activationStrip: 'Activations of every layer',
		layer: 'Feature maps of the layer',
		gradients: 'Gradients of the layer',
		effects: 'Ablating each',
		maximise: 'Visualising the feature',
		patches: 'Patches that excite it most'
	};
	activationStrip = $state.raw<Result<readonly LayerActivation[]> | null>(null);
	/** The layer that was chosen last and has come. */
	layer = $state.raw<Result<OpenLayer> | null>(null);
	gradients = $state.raw<Result<Float32Array> | null>(null);
	effects = $state.raw<Result<ChannelEffects> | null>(null);
	derivation = $state.raw<Result<Derivation> | null>(null);
	/** Why a number is not taken apart, or empty. */
	refusal = $state('');
	maximised = $state.raw<Result<Maximised & { seed: number }> | null>(null);
	patches = $state.raw<Result<readonly ExcitingPatch[]> | null>(null);
	/** What was off when the strip and the layer were computed: it is struck out in their pictures. */
	struck = $state.raw<Readonly<Record<'activationStrip' | 'layer', readonly Ablation[]>>>({
		activationStrip: [],
		layer: []
	});
	/** All nodes, or layers as wholes. */
	every = $state(false);
	visible = $state(false);
	#keys = new Map<string, readonly string[]>();
	#turn = 0;
	/** Settles when the strip shows the newest input. */
	followed: Promise<void> = Promise.resolve();

	get ablations(): readonly Ablation[] {
		return this.context.ablations;
	}

	get layers(): readonly StripLayer[] {
		return this.context.graph ? stripLayers(this.context.graph, this.every) : [];
	}

	/** The chosen layer, else the first with maps. */
	readonly chosen = $derived.by(() => {
		const { layers } = this;
		const operators = this.context.graph?.operators;
		const mapping = ({ type }: { type: string }) => MAPPING.has(operators?.get(type)?.figure);
		const first = layers.find(({ chain }) => chain.some(mapping)) ?? layers[1] ?? layers[0];
		return this.context.layer ?? first?.id ?? null;
	});

	watch(): void {
		// A new prediction is one for a new input, or of a changed model.
		$effect(() => {
			void this.every;
			if (this.visible && this.context.fed?.value.predictions.length) untrack(() => void this.refresh());
		});
		$effect(() => {
			const { chosen } = this;
			if (this.visible && this.context.fed?.value.predictions.length && chosen) untrack(() => void this.open(chosen));
		});
	}

	get busy(): boolean {
		return 'activationStrip' in this.running || 'layer' in this.running;
	}

	/** Fields of a job that nobody needs any more are dropped. */
	#replace(name: string, keys: readonly string[]): void {
		const before = this.#keys.get(name) ?? [];
		this.#keys.set(name, keys);
		if (before.length) void this.context.draw.drop(before).catch(() => undefined);
	}

	/** The strip for the current input. */
	refresh(): Promise<void> {
		return (this.followed = this.#activationStrip());
	}

	async #activationStrip(): Promise<void> {
		const layers = this.layers.map(({ id }) => id);
		const prefix = `film${this.#turn++}:`;
		const [of, off] = [this.context.identity(PREDICTED), this.ablations];
		await this.job(
			'activationStrip',
			(signal) => this.context.compute.with({ signal }).activations({ layers, prefix, maxCells: STRIP }),
			(activationStrip) => {
				this.#replace('activationStrip', keysOf(activationStrip));
				this.activationStrip = { value: activationStrip, of };
				this.struck = { ...this.struck, activationStrip: off };
			},
			of
		);
	}

	/** All cells of one layer. */
	async open(layer: string): Promise<void> {
		const other = this.layer?.value.report.id !== layer;
		if (other) this.#stop();
		const prefix = `layer${this.#turn++}:`;
		const of = { ...this.context.identity(EXPLAINED), layer };
		const { preprocessedPicture: preprocessed, explained, preprocessingByInput, ablations: off } = this.context;
		const preprocessing = preprocessingByInput.get(explained?.id ?? '') ?? null;
		await this.job(
			'layer',
			(signal) => this.context.compute.with({ signal }).activations({ layers: [layer], prefix, maxCells: 0 }),
			([report]) => {
				if (!report) return;
				this.#replace('layer', keysOf([report]));
				if (other) this.forget();
				this.layer = { value: { report, preprocessed, preprocessing }, of };
				this.struck = { ...this.struck, layer: off };
			},
			of
		);
	}

	#stop(): void {
		for (const name of ['gradients', 'effects', 'derivation', 'maximise', 'patches']) this.jobs.cancel(name);
	}

	/** What belongs to the layer that was open. */
	forget(): void {
		this.#stop();
		this.gradients = this.effects = this.derivation = this.maximised = this.patches = null;
		this.refusal = '';
	}

	/** Another model is open. */
	reset(): void {
		this.forget();
		this.jobs.cancel('activationStrip');
		this.jobs.cancel('layer');
		this.#replace('activationStrip', []);
		this.#replace('layer', []);
		this.#replace('kernel', []);
		this.activationStrip = this.layer = null;
	}

	async weigh(layer: string): Promise<void> {
		const { target } = this.context;
		if (!target) return;
		const of = { ...this.context.identity([...PREDICTED, 'target']), layer };
		await this.job(
			'gradients',
			(signal) => this.context.compute.with({ signal }).gradients(layer, { ...target }),
			(gradients) => (this.gradients = { value: gradients, of }),
			of
		);
	}

	async findEffects(layer: string, by: Ablation['by']): Promise<void> {
		const { target } = this.context;
		if (!target) return;
		const of = { ...this.context.identity([...PREDICTED, 'target']), layer, parameters: by };
		const take = (effects: ChannelEffects) => (this.effects = { value: effects, of });
		await this.job(
			'effects',
			(signal, progress) =>
				this.context.compute.with(inParts(signal, progress, take)).effects(layer, by, { ...target }),
			take,
			of
		);
	}

	async derive(layer: string, position: readonly number[]): Promise<void> {
		this.refusal = '';
		const of = { ...this.context.identity(PREDICTED), layer, parameters: keyOf(position) };
		await this.jobs
			.run(
				'derivation',
				(signal) => this.context.compute.with({ signal }).derive(layer, [...position]),
				(derivation) => (this.derivation = { value: derivation, of }),
				of
			)
			.catch((error: unknown) => {
				if (isAbort(error)) return;
				this.derivation = null;
				this.refusal = error instanceof Error ? error.message : String(error);
			});
	}

	/** The part of the picture that was seen with a layer; null where the layer does not look at it. */
	receptiveField({ value, of }: Result<OpenLayer>, position: readonly [number, number]) {
		const { signal } = new AbortController();
		setSubject(signal, of);
		return this.context.compute.with({ signal }).receptiveField(value.report.id, [...position] as [number, number]);
	}

	/** The kernels that make one channel, as a picture in the draw worker. */
	async kernel(name: string, filter: number): Promise<WeightPicture> {
		const key = `kernel${this.#turn++}`;
		const request = { name, gate: null, filter, block: [0, 0] as const, key };
		const picture = await this.context.compute.weightPicture(request);
		this.#replace('kernel', [key]);
		return picture;
	}

	async maximise(request: MaximiseRequest): Promise<void> {
		const { layer, channel, seed, ...rest } = request;
		const of = {
			...this.context.identity(REPLACED),
			layer,
			channel: String(channel),
			seed: String(seed),
			parameters: keyOf(rest)
		};
		const take = (made: Maximised) => (this.maximised = { value: { ...made, seed }, of });
		await this.job(
			'maximise',
			(signal, progress) => this.context.compute.with(inParts(signal, progress, take)).maximise({ ...request }),
			take,
			of
		);
	}

	async findPatches(layer: string, channel: number, images: readonly Blob[]): Promise<void> {
		const of = { ...this.context.identity(REPLACED), layer, channel: String(channel) };
		await this.job(
			'patches',
			(signal, progress) => this.context.compute.with(inParts(signal, progress)).patches(layer, channel, [...images]),
			(patches) => (this.patches = { value: patches, of }),
			of
		);
	}

	// Switched off

	isOff(layer: string, channel: number | null, ablations = this.ablations): boolean {
		return ablations.some(
			(one) => one.layer === layer && (one.channels === null || (channel !== null && one.channels.includes(channel)))
		);
	}

	/** Switches a channel, or with null the layer, off or on again. */
	async toggle(layer: string, channel: number | null, by: Ablation['by']): Promise<void> {
		const others = this.ablations.filter((one) => one.layer !== layer);
		const own = this.ablations.find((one) => one.layer === layer);
		const channels = own?.channels ?? [];
		const off = this.isOff(layer, channel);
		const next =
			channel === null ? (off ? [] : null) : off ? channels.filter((one) => one !== channel) : [...channels, channel];
		await this.ablate(next?.length === 0 ? others : [...others, { layer, channels: next, by }]);
	}

	async ablate(ablations: readonly Ablation[]): Promise<void> {
		const plain = ablations.map(({ layer, channels, by }) => ({ layer, by, channels: channels && [...channels] }));
		await this.context.ablate(plain);
	}

	/** After a lost engine: the fresh one does not know. */
	async restore(): Promise<void> {
		if (this.ablations.length) await this.context.compute.ablate(this.ablations);
	}

	picture(request: AtlasRequest): Promise<ImageBitmap> {
		return this.context.draw.atlas(request);
	}

	values(key: string) {
		return this.context.draw.values(key);
	}
}

/** The state of this page, for any component of its view. */
export const useFeatures = (): Features => useViewState(Features);
