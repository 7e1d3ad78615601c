import { replaceState } from '$app/navigation';
import type { Viewport } from '#contracts/draw.ts';
import { keyOf, picked, type Identity } from '#contracts/identity.ts';
import { explainedInput } from '#contracts/inputs.ts';
import type { LabState, Look } from '#contracts/lab.ts';
import type { MethodSpec } from '#contracts/method.ts';
import { seenRectangle } from '#contracts/preprocessing.ts';
import type { RoomClass } from '#state/lab/context.ts';
import { DataSets } from '#state/data/data-set.svelte.ts';
import type { Door, Room } from '#state/lab/door.ts';
import { Figures } from '#state/figures/figures.svelte.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { Live } from '#state/input/live.svelte.ts';
import { LookState, scaleRange } from '#state/attribution/look.svelte.ts';
import { Explaining } from '#state/attribution/explaining.ts';
import { jsonFile, npyFile, pngFile, saveFile } from '#state/lab/saving.ts';
import type { Picture } from '#state/input/pictures.svelte.ts';
import { Rooms } from '#state/lab/rooms.svelte.ts';
import { formatSettings, parseSettings, type Settings } from '#state/lab/settings.ts';
import { Theme } from '#state/lab/theme.svelte.ts';

/** Device pixels of a saved map's longer side. */
const SAVED = 896;

/** The lab: what is open, what was asked, what came of it. Made once per page. */
export class Lab extends Explaining implements LabState {
	#theme = new Theme();
	#look = new LookState();
	#rooms = new Rooms(this.#door());
	#frames = '';
	#live = new Live(async (frame) => {
		await this.attempt(async () => {
			await this.openBitmap(frame, this.#frames, this.slot);
			await this.refresh(true);
		});
		// Views ask for what they show once the page has seen the prediction.
		await new Promise((resolve) => setTimeout(resolve));
		await this.#rooms.followed();
	});

	/** What the rooms of the views see of the lab. */
	#door(): Door {
		const lab = () => this;
		return {
			get compute() {
				return lab().computing.compute;
			},
			get draw() {
				return lab().computing.draw;
			},
			get playground() {
				return lab().computing.playground;
			},
			get reader() {
				return lab().computing.reader;
			},
			get fresh() {
				return lab().computing.fresh;
			},
			get engine() {
				return lab().engine;
			},
			get graph() {
				return lab().model?.graph ?? null;
			},
			get target() {
				return lab().target;
			},
			get modelName() {
				return lab().modelName;
			},
			get inputs() {
				return lab().model?.able.run ? (lab().model?.inputs ?? []) : [];
			},
			get explained() {
				return lab().explained;
			},
			get preprocessing() {
				return lab().preprocessing;
			},
			get preparations() {
				return lab().open.preparations.all;
			},
			get ablations() {
				return lab().ablations;
			},
			get seenPicture() {
				return lab().seenPicture;
			},
			identity: (facets) => picked(this.identity, facets),
			inputData: (inputs) => this.input.data(inputs),
			option: (key, otherwise) => this.option(key, otherwise),
			failed: (error) => this.notes.error(error),
			ablate: (ablations) =>
				this.attempt(async () => {
					this.open.ablations = ablations;
					await this.computing.compute.ablate(ablations);
					await this.refresh(false);
				})
		};
	}

	room<T extends Room>(kind: RoomClass<T>): T {
		return this.#rooms.of(kind);
	}

	get identity(): Identity {
		const { open, input, target } = this;
		return {
			model: open.key,
			weights: keyOf(open.ablations),
			input: input.key,
			explained: input.explained?.id ?? '',
			others: input.others,
			preparation: keyOf([...open.preparations.all]),
			head: String(this.head),
			target: keyOf(target),
			layer: this.layer ?? '',
			channel: String(this.channel),
			seed: String(this.seed)
		};
	}

	get live() {
		return this.#live.flowing;
	}

	get status() {
		if (!this.engine) return this.failed ? 'error' : 'loading';
		if (this.running || !this.drawn.settled || this.#rooms.busy) return this.model ? 'busy' : 'loading';
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
		this.#rooms.reset();
	}

	protected resumed(): Promise<void> {
		return this.#rooms.restore();
	}

	protected async openData(files: readonly DroppedFile[], address: string | null): Promise<boolean> {
		const sets = this.room(DataSets);
		const before = sets.data;
		this.setView('embedding');
		await (address ? sets.openAddress(address) : sets.open(files));
		if (sets.data === before) return false;
		for (const key of ['data', 'columns']) this.setOption(`embedding.${key}`, '', '');
		this.setOption('embedding.data-url', sets.address, '');
		return true;
	}

	protected openWork(file: Blob, name: string): void {
		this.room(Figures).given = { file, name };
		this.setView('figures');
	}

	useFrame(frame: ImageBitmap, title: string): void {
		this.#frames = title;
		this.#live.offer(frame);
	}

	async saveMap(id: string, kind: 'png' | 'npy' | 'json'): Promise<void> {
		const method = this.method(id);
		const shown = this.maps[id]?.shown?.value;
		if (!method || !shown) return;
		const { report, stopped } = shown;
		const { image, seen: _, ...from } = shown.from;
		const { values, width, height } = await this.computing.draw.values(report.key);
		const range = this.rangeOf(id);
		const colours = this.scaleColours(this.#scale(method), 64);
		const map = {
			method,
			report,
			...from,
			stopped,
			range,
			colours
		};
		const name = [id, from.className, ...(stopped ? ['stopped'] : [])].join('-');
		if (kind === 'npy') return saveFile(npyFile(values as Float32Array<ArrayBuffer>, height, width), `${name}.npy`);
		if (kind === 'json') return saveFile(jsonFile(map, values), `${name}.json`);
		const { width: w = 1, height: h = 1 } = image ?? {};
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
		this.set({ look: this.#look.look });
	}
	get viewport() {
		return this.#look.viewport;
	}
	setViewport(viewport: Viewport): void {
		this.#look.viewport = viewport;
		this.set({ viewport });
	}
	get seenRectangle() {
		const { image, preprocessing, explained } = this;
		return explained?.kind === 'image' && image && preprocessing
			? seenRectangle(image.width, image.height, preprocessing)
			: null;
	}
	get scales() {
		return this.#look.scales;
	}
	scaleColours(id: string, n: number): readonly string[] {
		return this.#look.scaleColours(id, n);
	}
	/** Magnitudes have no sign to show. */
	#signed(method: MethodSpec): boolean {
		const channels = this.maps[method.id]?.shown?.value.from.channels ?? this.channels;
		return method.signed && channels === 'sum';
	}
	#scale(method: MethodSpec): string {
		const { signedScale, unsignedScale } = this.look;
		const negative = (this.maps[method.id]?.shown?.value.report.stats.min ?? 0) < 0;
		return this.#signed(method) || negative ? signedScale : unsignedScale;
	}
	rangeOf(id: string): readonly [low: number, high: number] {
		const method = this.method(id);
		const stats = this.maps[id]?.shown?.value.report.stats;
		return method && stats ? scaleRange(stats, this.#signed(method), this.look.clip) : [0, 1];
	}
	scaleOf(id: string): string {
		const method = this.method(id);
		return method ? this.#scale(method) : this.look.unsignedScale;
	}
	picture({ method, width, height }: { method: string | null; width: number; height: number }): Promise<ImageBitmap> {
		const { look, viewport } = this;
		const shown = method ? this.maps[method]?.shown?.value : null;
		const report = shown?.report;
		// A map lies over the image that it is of, whatever is chosen meanwhile.
		const { image, seen } = shown?.from ?? { image: this.seenRectangle && this.image, seen: this.seenRectangle };
		const field = report?.key ?? null;
		const request = {
			width,
			height,
			field,
			image: image && (look.mode === 'overlay' || !method) ? image.key : null,
			seen: seen ?? { x: 0, y: 0, width: report?.width ?? 1, height: report?.height ?? 1 },
			viewport,
			scale: method ? this.scaleOf(method) : look.unsignedScale,
			range: method ? this.rangeOf(method) : ([0, 1] as const),
			opacity: look.mode === 'side' ? 1 : look.opacity,
			fade: look.mode === 'side' ? false : look.fade,
			interpolation: look.interpolation,
			grey: method ? look.grey : false
		};
		return this.computing.draw.heatmap(request);
	}
	async valuesOf(method: string) {
		const report = this.maps[method]?.shown?.value.report;
		return report ? this.computing.draw.values(report.key) : null;
	}

	// Page

	protected set(change: Partial<Settings>): void {
		this.settings = { ...this.settings, ...change };
		this.share();
	}
	link(): string {
		const { origin, preparations, labelsAddress } = this.open;
		const [preprocessing = {}, ...others] = preparations.changes;
		const { pictures, explained } = this.input;
		const address = (picture: Picture | null) => picture?.sample ?? picture?.address ?? null;
		const fed = {
			input: address(pictures.first),
			preprocessing,
			more: others.map((change, i) => {
				const picture = pictures.of(pictures.inputs[i + 1] ?? null);
				return { input: picture === pictures.first ? null : address(picture), preprocessing: change };
			}),
			explained: explained === explainedInput(this.input.specs, null) ? null : (explained?.id ?? null)
		};
		const own = { model: origin.link, variant: origin.variant, labels: labelsAddress };
		return location.pathname + formatSettings({ ...this.settings, ...own, ...fed });
	}
	/** Puts the state into the address bar. */
	protected share(): void {
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
		this.set({ layer, channel });
	}
	option(key: string, otherwise: string): string {
		return this.settings.parameters[key] ?? otherwise;
	}
	setOption(key: string, value: string, otherwise: string): void {
		const { [key]: _, ...rest } = this.settings.parameters;
		this.set({ parameters: value === otherwise ? rest : { ...rest, [key]: value } });
	}
	get view() {
		return this.settings.view;
	}
	setView(view: string): void {
		this.set({ view });
		if (!Object.keys(this.maps).length) this.explainAll();
	}
}
