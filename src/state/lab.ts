import { replaceState } from '$app/navigation';
import type { HeadSpec, Target } from '#contracts/compute.ts';
import type { Viewport } from '#contracts/draw.ts';
import { isAbort } from '#contracts/errors.ts';
import type { LabState, Look } from '#contracts/lab.ts';
import type { MethodSpec } from '#contracts/method.ts';
import { validParameters, type Parameters, type ParameterValue } from '#contracts/parameter.ts';
import { seenRectangle } from '#contracts/preprocessing.ts';
import { Features } from '#state/features.svelte.ts';
import { Live } from '#state/live.ts';
import { LookState, scaleRange } from '#state/look.svelte.ts';
import { Opening } from '#state/opening.svelte.ts';
import { jsonFile, npyFile, pngFile, saveFile } from '#state/saving.ts';
import { formatSettings, parseSettings, type Settings } from '#state/settings.ts';
import { Theme } from '#state/theme.svelte.ts';

/** Device pixels of a saved map's longer side. */
const SAVED = 896;

/** The view that shows the maps. */
const ATTRIBUTION = 'attribution';

/** The lab: what is open, what was asked, what came of it. Made once per page. */
export class Lab extends Opening implements LabState {
	#theme = new Theme();
	#look = new LookState();
	readonly features: Features;
	#frames = '';
	#live = new Live(async (frame) => {
		await this.attempt(async () => {
			await this.openBitmap(frame, this.#frames, null);
			await this.refresh(true);
		});
		// Views ask for what they show once the page has seen the prediction.
		await new Promise((resolve) => setTimeout(resolve));
		await this.features.shown;
	});
	/** Counts refreshes, so that a late answer is dropped. */
	#turn = 0;

	constructor() {
		super();
		const lab = () => this;
		this.features = new Features({
			get compute() {
				return lab().computing.compute;
			},
			get draw() {
				return lab().computing.draw;
			},
			get graph() {
				return lab().model?.graph ?? null;
			},
			get target() {
				return lab().target;
			},
			failed: (error) => this.notes.error(error),
			changed: () => this.attempt(() => this.refresh(false))
		});
	}

	get status() {
		if (!this.engine) return this.failed ? 'error' : 'loading';
		if (this.running || !this.drawn.settled || this.features.busy) return this.model ? 'busy' : 'loading';
		if (this.failed) return 'error';
		return this.model ? 'ready' : 'loading';
	}

	/** Starts the engine and opens what the address asks for. */
	start(): void {
		this.#theme.load();
		this.settings = parseSettings(location.search);
		this.#look.look = this.settings.look;
		this.#look.viewport = this.settings.viewport;
		void this.attempt(async () => {
			await Promise.all([this.computing.start(null), this.#look.load()]);
			await this.openLinked();
		});
	}

	stop(): void {
		this.computing.stop();
	}

	protected replaced(): void {
		this.features.reset();
	}

	protected restored(): Promise<void> {
		return this.features.restore();
	}

	protected async refresh(fresh: boolean): Promise<void> {
		const { model } = this;
		if (!model) return;
		const turn = ++this.#turn;
		this.drawn.clear();
		const inputs = await this.input.data(model.inputs);
		if (!inputs || turn !== this.#turn) return;
		try {
			const { seen } = await this.computing.compute.call('feed', [inputs, this.preprocessing]);
			const predictions = await this.computing.compute.call('predict', []);
			if (turn !== this.#turn) return seen?.close();
			await this.input.setSeen(seen);
			this.predictions = predictions;
		} catch (error) {
			if (turn === this.#turn && !isAbort(error)) throw error;
			return;
		}
		if (fresh)
			this.settings = {
				...this.settings,
				target: null,
				other: null,
				kind: this.settings.kind === 'difference' ? 'logit' : this.settings.kind
			};
		this.#explainAll();
		this.#share();
	}

	useFrame(frame: ImageBitmap, title: string): void {
		this.#frames = title;
		this.#live.offer(frame);
	}

	// Prediction and target

	get heads(): readonly HeadSpec[] {
		return this.model?.heads ?? [];
	}
	get head(): number {
		const { head } = this.settings;
		if (head >= 0 && head < this.heads.length) return head;
		const classes = this.heads.findIndex(({ kind }) => kind === 'classes');
		return Math.max(0, classes);
	}
	get target(): Target | null {
		const head = this.heads[this.head];
		const order = this.predictions[this.head]?.order;
		if (!head || !order) return null;
		const { target, kind, other } = this.settings;
		const valid = (unit: number | null) => unit !== null && unit >= 0 && unit < head.units;
		const unit = valid(target) ? (target as number) : (order[0] as number);
		const second = order.find((candidate) => candidate !== unit);
		const rival = valid(other) && other !== unit ? (other as number) : second;
		const possible = kind === 'difference' && rival === undefined ? 'logit' : kind;
		return {
			output: head.output,
			unit,
			kind: possible,
			...(possible === 'difference' && rival !== undefined ? { other: rival } : {})
		};
	}
	chooseHead(index: number): void {
		this.settings = { ...this.settings, head: index, target: null, other: null };
		this.#explainAll();
		this.#share();
	}
	setTarget({ unit, kind, other }: Partial<Target>): void {
		const { target } = this;
		this.settings = {
			...this.settings,
			target: unit ?? target?.unit ?? null,
			...(kind ? { kind } : {}),
			...(other !== undefined ? { other } : {})
		};
		this.#explainAll();
		this.#share();
	}
	labelOf(unit: number): string {
		const head = this.heads[this.head];
		if (head?.kind === 'binary') return this.labels?.[this.labels.length === 2 ? 1 : 0] ?? 'yes';
		const named = head && head.kind !== 'value' ? this.open.className(unit, head.units) : null;
		const kind = head?.kind === 'value' ? 'output' : head?.kind === 'grid' ? 'channel' : 'class';
		return named ?? `${kind} ${unit}`;
	}

	// Maps

	get maps() {
		return this.drawn.all;
	}
	#explainAll(): void {
		// What is not looked at is not computed.
		if (this.view !== ATTRIBUTION) return this.drawn.clear();
		for (const method of this.methods) if (this.shows(method.id)) this.#explain(method);
	}
	#explain(method: MethodSpec): void {
		const { target, seed, channels } = this;
		if (!target) return;
		const parameters = this.parametersOf(method.id);
		void this.drawn.run(this.computing.compute, { method, parameters, target, seed, channels });
	}
	parametersOf(method: string): Parameters {
		const specs = this.#method(method)?.parameters ?? [];
		const given = specs.map(({ id }) => [id, this.settings.parameters[`${method}.${id}`]]);
		return validParameters(specs, Object.fromEntries(given) as Record<string, unknown>);
	}
	#method(id: string): MethodSpec | undefined {
		return this.methods.find((method) => method.id === id);
	}
	setParameter(method: string, parameter: string, value: ParameterValue): void {
		const { [`${method}.${parameter}`]: _, ...rest } = this.settings.parameters;
		const spec = this.#method(method)?.parameters.find(({ id }) => id === parameter);
		const kept = value === spec?.default ? {} : { [`${method}.${parameter}`]: String(value) };
		this.settings = { ...this.settings, parameters: { ...rest, ...kept } };
		this.rerun(method);
		this.#share();
	}
	get seed() {
		return this.settings.seed;
	}
	setSeed(seed: number): void {
		this.#set({ seed: Math.max(0, Math.min(2 ** 31 - 1, Math.round(seed) || 0)) });
		this.#explainAll();
	}
	get channels() {
		return this.settings.channels;
	}
	setChannels(channels: Settings['channels']): void {
		this.#set({ channels });
		this.#explainAll();
	}
	shows(method: string): boolean {
		return this.settings.methods?.includes(method) ?? true;
	}
	setShown(method: string, shown: boolean): void {
		const methods = this.methods.map(({ id }) => id).filter((id) => (id === method ? shown : this.shows(id)));
		this.#set({ methods: methods.length === this.methods.length ? null : methods });
		if (shown) this.rerun(method);
		else this.drawn.forget(method);
	}
	cancelMap(method: string): void {
		this.drawn.cancel(method);
	}
	rerun(method: string): void {
		const spec = this.#method(method);
		if (spec && this.shows(method)) this.#explain(spec);
	}
	async saveMap(id: string, kind: 'png' | 'npy' | 'json'): Promise<void> {
		const method = this.#method(id);
		const report = this.maps[id]?.report;
		const { target } = this;
		if (!method || !report || !target) return;
		const { values, width, height } = await this.computing.draw.call('values', [report.key]);
		const range = this.rangeOf(id);
		const model = this.model?.title ?? '';
		const input = this.image?.title ?? '';
		const className = this.labelOf(target.unit);
		const colours = this.scaleColours(this.#scale(method), 64);
		const map = {
			method,
			report,
			parameters: this.parametersOf(id),
			target,
			className,
			model,
			input,
			seed: this.seed,
			range,
			colours
		};
		const name = `${id}-${className}`;
		if (kind === 'npy') return saveFile(npyFile(values as Float32Array<ArrayBuffer>, height, width), `${name}.npy`);
		if (kind === 'json') return saveFile(jsonFile(map, values), `${name}.json`);
		const { width: w = 1, height: h = 1 } = this.image ?? {};
		const scale = SAVED / Math.max(w, h);
		const picture = await this.picture({ method: id, width: Math.round(w * scale), height: Math.round(h * scale) });
		saveFile(await pngFile(picture, map), `${name}.png`);
	}

	// Look

	get look() {
		return this.#look.look;
	}
	setLook(look: Partial<Look>): void {
		this.#look.look = { ...this.#look.look, ...look };
		this.#set({ look: this.#look.look });
	}
	get viewport() {
		return this.#look.viewport;
	}
	setViewport(viewport: Viewport): void {
		this.#look.viewport = viewport;
		this.#set({ viewport });
	}
	get seenRectangle() {
		const { image, preprocessing } = this;
		return image && preprocessing ? seenRectangle(image.width, image.height, preprocessing) : null;
	}
	get scales() {
		return this.#look.scales;
	}
	scaleColours(id: string, n: number): readonly string[] {
		return this.#look.scaleColours(id, n);
	}
	/** Magnitudes have no sign to show. */
	#signed(method: MethodSpec): boolean {
		return method.signed && this.channels === 'sum';
	}
	#scale(method: MethodSpec): string {
		const { signedScale, unsignedScale } = this.look;
		const negative = (this.maps[method.id]?.report?.stats.min ?? 0) < 0;
		return this.#signed(method) || negative ? signedScale : unsignedScale;
	}
	rangeOf(id: string): readonly [low: number, high: number] {
		const method = this.#method(id);
		const stats = this.maps[id]?.report?.stats;
		return method && stats ? scaleRange(stats, this.#signed(method), this.look.clip) : [0, 1];
	}
	scaleOf(id: string): string {
		const method = this.#method(id);
		return method ? this.#scale(method) : this.look.unsignedScale;
	}
	picture({ method, width, height }: { method: string | null; width: number; height: number }): Promise<ImageBitmap> {
		const { image, look, viewport } = this;
		const report = method ? this.maps[method]?.report : null;
		const hasImage = !!image && !!this.seenRectangle;
		const field = report?.key ?? null;
		const request = {
			width,
			height,
			field,
			image: hasImage && (look.mode === 'overlay' || !method) ? image.key : null,
			seen: this.seenRectangle ?? { x: 0, y: 0, width: report?.width ?? 1, height: report?.height ?? 1 },
			viewport,
			scale: method ? this.scaleOf(method) : look.unsignedScale,
			range: method ? this.rangeOf(method) : ([0, 1] as const),
			opacity: look.mode === 'side' ? 1 : look.opacity,
			fade: look.mode === 'side' ? false : look.fade,
			interpolation: look.interpolation,
			grey: method ? look.grey : false
		};
		return this.computing.draw.call('heatmap', [request]);
	}
	async valuesOf(method: string) {
		const report = this.maps[method]?.report;
		return report ? this.computing.draw.call('values', [report.key]) : null;
	}

	// Page

	#set(change: Partial<Settings>): void {
		this.settings = { ...this.settings, ...change };
		this.#share();
	}
	link(): string {
		const { origin, changes, labelsAddress } = this.open;
		const own = { model: origin.link, variant: origin.variant, preprocessing: changes, labels: labelsAddress };
		return location.pathname + formatSettings({ ...this.settings, ...own, input: this.sample ?? this.imageAddress });
	}
	/** Puts the state into the address bar. */
	#share(): void {
		const link = this.link();
		if (link !== location.pathname + location.search) replaceState(link, {});
	}
	get theme() {
		return this.#theme.choice;
	}
	setTheme(theme: 'system' | 'light' | 'dark'): void {
		this.#theme.set(theme);
	}
	get layer() {
		const { layer } = this.settings;
		return this.model?.graph.nodes.some(({ id }) => id === layer) ? layer : null;
	}
	get channel() {
		return this.settings.channel;
	}
	setFocus(layer: string | null, channel = 0): void {
		this.#set({ layer, channel });
	}
	get view() {
		return this.settings.view;
	}
	setView(view: string): void {
		this.#set({ view });
		if (view === ATTRIBUTION && !Object.keys(this.maps).length) this.#explainAll();
	}
}
