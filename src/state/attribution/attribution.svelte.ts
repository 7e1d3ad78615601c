import type { Viewport } from '#contracts/draw.ts';
import { differing, EXPLAINED, keyOf, picked, type Facet, type Identity } from '#contracts/identity.ts';
import type { ListedJob } from '#contracts/lab.ts';
import type { MethodSpec } from '#contracts/method.ts';
import { validParameters, type Parameters, type ParameterValue } from '#contracts/parameter.ts';
import { cropOf, type Rectangle } from '#contracts/preprocessing.ts';
import { untrack } from 'svelte';
import { scaleRange } from '#state/attribution/colour-range.ts';
import type { MapState } from '#state/attribution/map.ts';
import { Maps, type MapRequest } from '#state/attribution/maps.svelte.ts';
import { useViewState } from '#state/lab/context.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { saveFile } from '#state/lab/saving.ts';
import type { Settings } from '#state/lab/settings.ts';

/** What every map depends on, besides what is its method's own. */
const MAP: readonly Facet[] = [...EXPLAINED, 'target', 'seed'];
/** Device pixels of a saved map's longer side. */
const SAVED = 896;

/** The maps that explain the prediction of the open model: which, how they are computed and drawn. */
export class Attribution implements ViewState {
	/** What is not looked at is not computed. */
	visible = $state(false);
	readonly #maps: Maps;
	/** What each method was asked for last: the same is not asked for again, not even when it was stopped. */
	#requested = new Map<string, string>();

	constructor(private readonly context: ViewContext) {
		this.#maps = new Maps((keys) => void context.draw.drop(keys).catch(() => undefined), context.retired);
	}

	watch(): void {
		$effect(() => {
			const [requested, visible] = [this.#requests, this.visible];
			untrack(() => this.follow(requested, visible));
		});
	}

	/** Has the maps be those that are wanted; what is there already stays. @param requested null while there is nothing to explain */
	follow(requested: readonly MapRequest[] | null = this.#requests, visible = this.visible): void {
		if (!requested) {
			for (const method of this.#maps.cancelAll()) this.#requested.delete(method);
			return;
		}
		const news = requested.filter(({ method, of }) => this.#requested.get(method) !== keyOf(of));
		if (!visible) {
			if (news.length) this.#clear();
			return;
		}
		for (const method of [...this.#requested.keys()])
			if (!requested.some((request) => request.method === method)) {
				this.#requested.delete(method);
				this.#maps.forget(method);
			}
		for (const request of news) {
			this.#requested.set(request.method, keyOf(request.of));
			void this.#maps.run(this.context.compute, request);
		}
	}

	#clear(): void {
		this.#requested.clear();
		this.#maps.clear();
	}

	/** What is explained is requested when the prediction is there, which says what there is to explain. */
	readonly #requests = $derived.by<readonly MapRequest[] | null>(() => {
		const { fed, target } = this.context;
		if (!fed || !target || differing(fed.of, this.context.identity(MAP)).length) return null;
		return this.shown.map((method) => this.#request(method, target));
	});

	#request({ id }: MethodSpec, target: NonNullable<ViewContext['target']>): MapRequest {
		const { channels, crop } = this;
		const { image, modelTitle, inputTitle, explained } = this.context;
		const from = {
			image: crop && image,
			crop,
			model: modelTitle,
			input: inputTitle,
			explained: explained?.id ?? '',
			target,
			className: this.context.labelOf(target.unit),
			parameters: this.parametersOf(id),
			seed: this.context.settings.seed,
			channels
		};
		return { method: id, from, of: { ...picked(this.context.identity(MAP), MAP), ...this.settingsOf(id) } };
	}

	get busy(): boolean {
		return !this.#maps.settled;
	}
	get listed(): readonly ListedJob[] {
		return this.methods.flatMap(({ id, title }) => {
			const map = this.maps[id];
			return map?.running ? [{ title, done: map.done || null, cancel: () => this.cancel(id) }] : [];
		});
	}
	reset(): void {
		this.#clear();
	}
	/** The maps come again with the prediction of the fresh engine. */
	restore(): Promise<void> {
		this.#requested.clear();
		return Promise.resolve();
	}

	// Which maps, and of what

	get methods(): readonly MethodSpec[] {
		return this.context.methods;
	}
	/** Those that are computed and shown. */
	readonly shown = $derived.by(() => this.methods.filter(({ id }) => this.shows(id)));
	/** By method id. */
	get maps(): Readonly<Record<string, MapState>> {
		return this.#maps.all;
	}
	shows(method: string): boolean {
		return this.context.settings.methods?.includes(method) ?? true;
	}
	setShown(method: string, shown: boolean): void {
		const methods = this.methods.map(({ id }) => id).filter((id) => (id === method ? shown : this.shows(id)));
		this.context.set({ methods: methods.length === this.methods.length ? null : methods });
	}
	/** What is shown stays, and says where it was stopped. */
	cancel(method: string): void {
		this.#maps.cancel(method);
	}
	/** What was stopped is computed after all. */
	again(method: string): void {
		this.#requested.delete(method);
		this.follow();
	}
	/** What a method's map depends on besides what all share: its own part of now, for `Computed`. */
	settingsOf(method: string): Identity {
		return { parameters: keyOf([this.parametersOf(method), this.channels]) };
	}
	parametersOf(method: string): Parameters {
		const specs = this.#method(method)?.parameters ?? [];
		const given = specs.map(({ id }) => [id, this.context.settings.parameters[`${method}.${id}`]]);
		return validParameters(specs, Object.fromEntries(given) as Record<string, unknown>);
	}
	#method(id: string): MethodSpec | undefined {
		return this.methods.find((method) => method.id === id);
	}
	setParameter(method: string, parameter: string, value: ParameterValue): void {
		const { [`${method}.${parameter}`]: _, ...rest } = this.context.settings.parameters;
		const spec = this.#method(method)?.parameters.find(({ id }) => id === parameter);
		const kept = value === spec?.default ? {} : { [`${method}.${parameter}`]: String(value) };
		this.context.set({ parameters: { ...rest, ...kept } });
	}
	get channels(): Settings['channels'] {
		return this.context.settings.channels;
	}
	setChannels(channels: Settings['channels']): void {
		this.context.set({ channels });
	}

	// How they are drawn

	get viewport(): Viewport {
		return this.context.settings.viewport;
	}
	setViewport(viewport: Viewport): void {
		this.context.set({ viewport });
	}
	/** The part of the explained picture that the model sees, in image pixels; null where that input takes none. */
	get crop(): Rectangle | null {
		const { image, preprocessing, explained } = this.context;
		return explained?.kind === 'image' && image && preprocessing
			? cropOf(image.width, image.height, preprocessing)
			: null;
	}
	/** Magnitudes have no sign to show. */
	#signed(method: MethodSpec): boolean {
		const channels = this.maps[method.id]?.shown?.value.from.channels ?? this.channels;
		return method.signed && channels === 'sum';
	}
	/** Values at the ends of the colour scale for a method's map: symmetric about zero when signed. */
	rangeOf(id: string): readonly [low: number, high: number] {
		const method = this.#method(id);
		const stats = this.maps[id]?.shown?.value.report.stats;
		return method && stats ? scaleRange(stats, this.#signed(method), this.context.display.clip) : [0, 1];
	}
	/** Id of the colour scale that a method's map is drawn with. */
	scaleOf(id: string): string {
		const method = this.#method(id);
		const { signedScale, unsignedScale } = this.context.display;
		const negative = (this.maps[id]?.shown?.value.report.stats.min ?? 0) < 0;
		return method && (this.#signed(method) || negative) ? signedScale : unsignedScale;
	}
	/**
	 * A drawn picture, for a bitmaprenderer canvas: a method's map over the image that it was computed from; null method
	 * draws the chosen image alone.
	 */
	picture({ method, width, height }: { method: string | null; width: number; height: number }): Promise<ImageBitmap> {
		const { viewport } = this;
		const { display } = this.context;
		const shown = method ? this.maps[method]?.shown?.value : null;
		const report = shown?.report;
		// A map lies over the image that it is of, whatever is chosen meanwhile.
		const { image, crop } = shown?.from ?? {
			image: this.crop && this.context.image,
			crop: this.crop
		};
		return this.context.draw.heatmap({
			width,
			height,
			field: report?.key ?? null,
			image: image && (display.mode === 'overlay' || !method) ? image.key : null,
			crop: crop ?? { x: 0, y: 0, width: report?.width ?? 1, height: report?.height ?? 1 },
			viewport,
			scale: method ? this.scaleOf(method) : display.unsignedScale,
			range: method ? this.rangeOf(method) : ([0, 1] as const),
			opacity: display.mode === 'side' ? 1 : display.opacity,
			opacityByValue: display.mode === 'side' ? false : display.opacityByValue,
			interpolation: display.interpolation,
			grey: method ? display.grey : false
		});
	}
	/** The numbers of a method's map for the cursor, or null while there is none. */
	async valuesOf(method: string) {
		const report = this.maps[method]?.shown?.value.report;
		return report ? this.context.draw.values(report.key) : null;
	}

	async save(id: string, kind: 'png' | 'npy' | 'json'): Promise<void> {
		const method = this.#method(id);
		const shown = this.maps[id]?.shown?.value;
		if (!method || !shown) return;
		const { report, stopped } = shown;
		const { image, crop: _, ...from } = shown.from;
		const { values, width, height } = await this.context.draw.values(report.key);
		const colours = this.context.scaleColours(this.scaleOf(id), 64);
		const map = { method, report, ...from, stopped, range: this.rangeOf(id), colours };
		const name = [id, from.className, ...(stopped ? ['stopped'] : [])].join('-');
		const { jsonFile, npyFile, pngFile } = await import('#state/attribution/map-file.ts');
		if (kind === 'npy') return saveFile(npyFile(values as Float32Array<ArrayBuffer>, height, width), `${name}.npy`);
		if (kind === 'json') return saveFile(jsonFile(map, values), `${name}.json`);
		const { width: w = 1, height: h = 1 } = image ?? {};
		const scale = SAVED / Math.max(w, h);
		const picture = await this.picture({ method: id, width: Math.round(w * scale), height: Math.round(h * scale) });
		saveFile(await pngFile(picture, map), `${name}.png`);
	}
}

/** The state of this page, for any component of its view. */
export const useAttribution = (): Attribution => useViewState(Attribution);
