import { throwIfAborted } from '#contracts/errors.ts';
import type { Blends, RegionsMode, RegionsPicture, MapWindow, NearField } from '#contracts/map-regions.ts';
import { predictions } from '#maths/evaluation.ts';
import { MESHES } from '#maths/scatter/blends.ts';
import type { DataPredictions } from '#state/embedding/predictions.svelte.ts';
import { useViewState } from '#state/lab/context.ts';
import { DataSets } from '#state/data/data-set.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';
import type { ShownMap } from '#state/embedding/map.ts';
import { useEmbedding, type Embedding } from '#state/embedding/embedding.svelte.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { columnMeans, mixtureInputs } from '#state/embedding/mixture-inputs.ts';
import { objectKey } from '#state/lab/object-key.ts';

/** What is painted behind the map now. */
export interface ShownRegions {
	key: string;
	mode: RegionsMode;
	/** The map that it lies behind. */
	of: ShownMap;
	/** In the map's units, which is 2 wide. */
	reach: number;
	/** Positions along each side of the mesh; 0 for the nearest item. */
	side: number;
}

/** How often an item gets its own prediction from the painting that was made without it. */
export interface Agreement {
	share: number;
	items: number;
}

interface RegionsRequest {
	mode: RegionsMode;
	predictions: DataPredictions;
	of: ShownMap;
}

const KEY = 'ground:';
/** Classes of a mesh: a texture holds no more planes. */
export const MAX_REGION_CLASSES = 30;
/** Numbers of inputs in one question, mixtures in it, and milliseconds that it should take: others want the model, too. */
const [MAX_INPUT_VALUES, FIRST, MAX_MIXTURES, PACE] = [4e6, 32, 1024, 250];

/** The regions of the open model behind the map. */
export class MapRegions extends JobViewState implements ViewState {
	protected override readonly titles = {
		near: 'Regions of the map',
		inverse: 'Decision regions of the map',
		agreement: 'Trust in the regions'
	};
	shown = $state.raw<ShownRegions | null>(null);
	agreement = $state.raw<Agreement | null>(null);
	#sets: DataSets | null = null;
	#embedding: Embedding | null = null;
	#regionsRequest: RegionsRequest | null = null;
	#near: NearField | null = null;
	#mesh: RegionsPicture['mesh'] = null;

	attach(sets: DataSets, embedding: Embedding): this {
		[this.#sets, this.#embedding] = [sets, embedding];
		return this;
	}

	get busy(): boolean {
		return 'near' in this.running || 'inverse' in this.running;
	}
	reset(): void {
		this.want(null);
	}
	restore(): Promise<void> {
		return Promise.resolve();
	}

	/** What is to be painted; null for nothing. */
	want(regionsRequest: RegionsRequest | null): void {
		const before = this.#regionsRequest;
		if (
			before?.mode === regionsRequest?.mode &&
			before?.predictions === regionsRequest?.predictions &&
			before?.of === regionsRequest?.of
		)
			return;
		for (const name of ['near', 'inverse', 'agreement']) this.cancel(name);
		if (before?.of !== regionsRequest?.of) this.#near = null;
		this.#regionsRequest = regionsRequest;
		this.#mesh = null;
		this.shown = this.agreement = null;
		if (!regionsRequest) {
			void this.context.draw.drop([KEY]).catch(() => undefined);
			return;
		}
		this.#put();
		if (regionsRequest.mode === 'inverse') void this.#inverse(regionsRequest);
		else void this.#agree(regionsRequest);
	}

	/** The part of the map that is looked at, and how many cells it is worth. */
	async moveTo(window: MapWindow, width: number, height: number): Promise<void> {
		const thread = this.#sets!.thread;
		await this.job(
			'near',
			(signal) => thread.with({ signal }).nearField(window, width, height),
			(near) => {
				this.#near = near;
				this.#put();
			}
		);
	}

	#put(): void {
		const [regionsRequest, near, mesh] = [this.#regionsRequest, this.#near, this.#mesh];
		if (!regionsRequest || !near || (regionsRequest.mode === 'inverse' && !mesh)) return;
		const { classes } = regionsRequest.predictions;
		const { window, width, height, reach } = near;
		const picture = { window, width, height, texels: texelsOf(near, regionsRequest.predictions), classes, mesh };
		void this.context.draw
			.with({ transfer: [picture.texels.buffer] })
			.putRegions(KEY, picture)
			.catch(() => undefined);
		this.shown = { key: KEY, mode: regionsRequest.mode, of: regionsRequest.of, reach, side: mesh?.side ?? 0 };
	}

	// The inverse map

	async #inverse(regionsRequest: RegionsRequest): Promise<void> {
		const thread = this.#sets!.thread;
		await this.job(
			'inverse',
			async (signal, progress) => {
				const ask = await this.#asking(regionsRequest, signal);
				const kept = leading(regionsRequest.predictions);
				let [done, total] = [0, 0];
				let before: RegionsPicture['mesh'] = null;
				for (const [mesh, side] of MESHES.entries()) {
					const blends = await thread.with({ signal }).meshBlends(mesh);
					const values: Float32Array<ArrayBuffer> = finer(before, kept.length, side);
					// The next meshes have four times as many positions each.
					total ||= blends.indices.length * (1 + 3 + 12 + 48);
					await ask(blends, (scores, classes, first) => {
						done += scores.length / classes;
						progress(Math.min(1, done / total));
						plant(values, scores, classes, kept, blends.indices.subarray(first), side);
					});
					before = { side, classes: kept, values };
					this.#mesh = { ...before, values: values.slice() };
					this.#put();
				}
			},
			() => void this.#agree(regionsRequest)
		);
	}

	/** Asks the model about mixtures, some at a time. */
	async #asking(regionsRequest: RegionsRequest, signal: AbortSignal) {
		const { data } = regionsRequest.predictions;
		const kind = this.#embedding!.fits(data) ?? 'rows';
		const means = kind === 'rows' ? await columnMeans(data.rows!.values, data.rows!.width) : new Float32Array(0);
		const size = this.context.inputs[0]!.shape.slice(1).reduce<number>((product, n) => product * (n ?? 1), 1);
		const max = Math.max(1, Math.min(MAX_MIXTURES, Math.floor(MAX_INPUT_VALUES / size)));
		const key = objectKey(data);
		let step = Math.min(FIRST, max);
		return async (blends: Blends, take: (scores: Float32Array, classes: number, first: number) => void) => {
			const count = blends.items.length / blends.k;
			for (let first = 0; first < count;) {
				throwIfAborted(signal);
				const end = Math.min(count, first + step);
				const { inputs, ids, blends: own } = mixtureInputs(data, kind, means, blends, first, end);
				const since = performance.now();
				const { scores, classes } = await this.context.compute
					.with({
						signal
					})
					.predictBlends(inputs, { key, ids }, own);
				take(scores, classes, first);
				const pace = performance.now() - since;
				first = end;
				if (pace < PACE / 2) step = Math.min(max, 2 * step);
				else if (pace > 2 * PACE) step = Math.max(1, step >> 1);
			}
		};
	}

	// How far it may be believed

	async #agree(regionsRequest: RegionsRequest): Promise<void> {
		const { units } = regionsRequest.predictions;
		await this.job(
			'agreement',
			async (signal) => {
				const { items, nearest, blends } = await this.#sets!.thread.with({ signal }).withheld();
				const predicted = new Int32Array(items.length).fill(-1);
				if (regionsRequest.mode === 'nearest') predicted.set(nearest.map((other) => (other < 0 ? -1 : units[other]!)));
				else {
					const ask = await this.#asking(regionsRequest, signal);
					await ask(blends, (scores, classes, first) => predicted.set(predictions(scores, classes).units, first));
				}
				const known = [...items.keys()].filter((n) => nearest[n]! >= 0);
				const right = known.filter((n) => predicted[n] === units[items[n]!]).length;
				return known.length ? { share: right / known.length, items: known.length } : null;
			},
			(agreement) => (this.agreement = agreement)
		);
	}
}

/** The class of each cell's nearest item in two bytes, how sure it is above chance, and how far anything is claimed. */
function texelsOf(
	{ items, claims }: NearField,
	{ units, confidence, classes }: DataPredictions
): Uint8Array<ArrayBuffer> {
	const texels = new Uint8Array(4 * items.length);
	const chance = 1 / Math.max(2, classes);
	items.forEach((item, n) => {
		if (item < 0) return;
		const unit = units[item]!;
		texels[4 * n] = unit & 255;
		texels[4 * n + 1] = unit >> 8;
		texels[4 * n + 2] = Math.round(255 * Math.max(0, (confidence[item]! - chance) / (1 - chance)));
		texels[4 * n + 3] = claims[n]!;
	});
	return texels;
}

/** The classes of a mesh: all, or those that most items are said to be of. */
function leading({ units, classes }: DataPredictions): number[] {
	const counts = new Float64Array(classes);
	for (const unit of units) counts[unit]!++;
	return [...counts.keys()]
		.sort((a, b) => counts[b]! - counts[a]! || a - b)
		.slice(0, MAX_REGION_CLASSES)
		.sort((a, b) => a - b);
}

/** Planes of a mesh twice as fine, with what the one before knows. */
function finer(before: RegionsPicture['mesh'], planes: number, side: number): Float32Array<ArrayBuffer> {
	const values = new Float32Array(planes * side * side).fill(NaN);
	if (!before) return values;
	const half = before.side;
	for (let p = 0; p < planes; p++)
		for (let r = 0; r < half; r++)
			for (let c = 0; c < half; c++)
				values[(p * side + 2 * r) * side + 2 * c] = before.values[(p * half + r) * half + c]!;
	return values;
}

/** Predictions into the planes. Where another class leads than those that are kept, nothing is known. */
function plant(
	values: Float32Array,
	scores: Float32Array,
	classes: number,
	kept: readonly number[],
	indices: Int32Array,
	side: number
): void {
	const { units } = predictions(scores, classes);
	units.forEach((unit, n) => {
		if (kept.length < classes && !kept.includes(unit)) return;
		kept.forEach((k, p) => (values[p * side * side + indices[n]!] = scores[n * classes + k]!));
	});
}

/** The state of this page, for any component of its view. */
export const useMapRegions = (): MapRegions => useViewState(MapRegions).attach(useViewState(DataSets), useEmbedding());
