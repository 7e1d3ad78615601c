import type { BackendId, OpenedModel } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import type { Result } from '#contracts/identity.ts';
import type { Predicted, CatalogueEntry, LabState, Sample } from '#contracts/lab.ts';
import { baseName, type SourceFile } from '#contracts/source.ts';
import { catalogue } from '#state/opening/catalogue.ts';
import { download } from '#state/opening/download.ts';
import type { Dropped, Takers } from '#state/opening/dropped.ts';
import { EngineState } from '#state/threads/engine.svelte.ts';
import { engineEvents } from '#state/opening/engine-events.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { decodeImage, profileNote } from '#state/input/images.ts';
import { namedImage, PATIENCE, type Found } from '#state/input/named-image.ts';
import { InputState } from '#state/input/input.svelte.ts';
import { RetiredImages } from '#state/input/retired-images.ts';
import { Jobs } from '#state/lab/jobs.svelte.ts';
import { ModelLoading } from '#state/opening/load-model.ts';
import {
	addressParts,
	catalogueParts,
	filesSource,
	linkedParts,
	shippedParts,
	type Find,
	type Parts
} from '#state/opening/model-sources.ts';
import { ModelState, OWN_FILES, saidOf } from '#state/opening/model.svelte.ts';
import { keepModel, keepImage, NOT_KEPT, ownLink, renamed, type OwnFiles } from '#state/opening/own-files.svelte.ts';
import { Notices } from '#state/lab/notices.svelte.ts';
import type { Picture } from '#state/input/pictures.svelte.ts';
import { loadSamples, suitable, type ListedSample } from '#state/input/samples.ts';
import { DEFAULT_SETTINGS, type Settings } from '#state/lab/settings.ts';
import { ShapeQuestion, type Shape } from '#state/opening/shape-question.svelte.ts';
import { shippedModels } from '#state/opening/shipped.ts';

/** What is open: the engine, a model, an input. What is asked of them is the Lab's. */
export abstract class Opening {
	protected notes = new Notices();
	protected jobs = new Jobs();
	protected readonly retired = new RetiredImages((keys) => void this.computing.draw.drop(keys).catch(() => undefined));
	protected input = new InputState((key) => this.retired.retire(key));
	protected open = new ModelState();
	protected running = $state(0);
	/** What the user asked for so far: all that comes of one request is one step for Back and Undo. */
	protected requests = 0;
	protected failed = $state(false);
	#settings = $state.raw<Settings>(DEFAULT_SETTINGS);
	protected computing: EngineState = new EngineState(
		engineEvents(this.notes, () => (this.#loading.waits ? Promise.resolve() : this.attempt(() => this.#reopen(), true)))
	);
	#samples = $state.raw<readonly ListedSample[]>([]);
	#question = new ShapeQuestion();
	#images = 0;
	#loading: ModelLoading = new ModelLoading(this.computing, () => void this.attempt(() => this.#reopen(), true));
	/** Loaded with the first files. */
	#dropped: Dropped | null = null;
	endings = $state.raw<Readonly<Record<string, readonly string[]>>>({});
	catalogue = $state.raw<readonly CatalogueEntry[]>([]);
	predicted = $state.raw<Result<Predicted> | null>(null);
	/** The prediction for what the engine is fed; null while it is fed anew. */
	protected fed = $state.raw<Result<Predicted> | null>(null);
	protected given = $state.raw<{ file: Blob; name: string } | null>(null);
	#models = 0;
	/** The compute thread may have opened a model that the page has not. */
	#astray = false;
	readonly shipped = shippedModels;

	protected get settings(): Settings {
		return this.#settings;
	}
	protected set settings(settings: Settings) {
		this.#settings = settings;
	}

	/** Feeds and predicts anew. @param fresh the score to explain is chosen anew, too */
	protected abstract refresh(fresh: boolean): Promise<void>;

	/** Goes to another view, as a part of what is opened. */
	protected abstract showOpened(view: string): void;

	/** Another model is open: what was known of the inside of the last one is gone. */
	protected abstract replaced(): void;

	/** Opens a data set, and goes to where it is seen. @returns whether it is open now */
	protected abstract openData(files: readonly DroppedFile[], address: string | null): Promise<boolean>;

	/** Puts what is open into the link. @param further it was open before: the link only says more of it */
	protected abstract share(further?: boolean): void;

	/** Opens what the lab saved to go on with: work of one view, or all that was open. */
	protected abstract openWork(file: Blob, name: string): void;
	protected abstract openSession(files: readonly SourceFile[]): Promise<void>;

	/** The same model is open on a fresh engine. */
	protected abstract restored(): Promise<void>;

	/**
	 * Runs what the user asked for; its error is shown once, and what was open stays.
	 * @param further part of what was asked before: its errors stay, too
	 */
	protected async attempt(action: () => Promise<void>, further = false): Promise<void> {
		if (this.running++ === 0) this.requests++;
		if (!further) {
			this.failed = false;
			this.notes.clearErrors();
		}
		try {
			await action();
		} catch (error) {
			this.notes.error(error);
			this.failed = this.notes.all.some(({ tone }) => tone === 'error');
		}
		if (this.#astray && !this.jobs.current) await this.#inStep();
		this.running--;
	}

	/** What a link may name. */
	protected async list(): Promise<void> {
		this.#samples = await loadSamples(new URL('.', location.href).pathname);
		this.catalogue = await catalogue();
	}
	protected listEndings(): void {
		void this.computing.reader.api.endings().then((endings) => (this.endings = endings));
	}

	/** @param name of a sample, `own/ID`, or an address */
	protected async openNamed(name: string | null, input: string | null): Promise<void> {
		const image = name === null ? null : await namedImage(name, this.#samples);
		if (image) return this.#openImage(image.blob, image.title, image.from, input);
		if (name === null) return;
		this.notes.add('warning', NOT_KEPT.image, NOT_KEPT.hint);
		await this.openNamed(this.samples[0]?.file ?? null, input);
	}

	// Engine and notices

	get engine() {
		return this.computing.report;
	}
	get notices() {
		return this.notes.all;
	}
	get job() {
		return this.jobs.current;
	}
	dismiss(id: number): void {
		this.notes.dismiss(id);
	}
	cancel(): void {
		this.jobs.cancel();
	}
	forceEngine(backend: BackendId | null): void {
		void this.attempt(async () => {
			await this.computing.start(backend);
			await this.#reopen();
		});
	}
	/** Takes the device away as a crash would. */
	loseDevice(): void {
		void this.computing.compute.loseDevice();
	}
	memory() {
		return this.computing.compute.memory();
	}

	/** The same model and input on a fresh engine. */
	async #reopen(): Promise<void> {
		const { source, inputShape, key } = this.open;
		const options = { key, ...(inputShape ? { inputShape } : {}) };
		if (!source) return;
		const opened = await this.computing.compute.with({ watched: true }).open(source, options);
		// Another engine may have room for more, or for less.
		if (opened.able.run !== this.model?.able.run) this.#show(key, opened, [source, this.open.origin], inputShape);
		await this.restored();
	}

	// Models

	get model() {
		return this.open.opened;
	}
	get modelName() {
		return this.open.origin.name;
	}
	get card() {
		return this.open.origin.card;
	}
	get variant() {
		return this.open.origin.variant;
	}
	get shapeQuestion() {
		return this.#question.now;
	}
	answerShape(shape: Shape | null): void {
		this.#question.answer(shape);
	}

	openShipped(name: string, variant = ''): void {
		void this.attempt(() => this.#openModel(shippedParts(name, variant)));
	}
	openCatalogue(id: string): void {
		void this.attempt(async () => {
			await this.#openModel(catalogueParts(this.catalogue, id));
			this.catalogue = await catalogue();
		});
	}
	openFiles(files: readonly DroppedFile[], name = '', known: Parameters<LabState['openFiles']>[2] = {}): void {
		void this.attempt(async () => {
			const { labels = null, values = {} } = known;
			await this.#take(files, this.#sorting(known.data), {
				...this.#takers(),
				model: async (own, given) => {
					const origin = { ...OWN_FILES, link: ownLink(), labels };
					await this.#openModel(() => Promise.resolve([filesSource(own, name, given), origin, { values }]));
					void keepModel(this.open, values).then(() => this.share(true));
					if (known.view) this.showOpened(known.view);
				}
			});
		});
	}

	openOwn(id: string): void {
		void this.attempt(() => this.#openModel(linkedParts(ownLink(id), '', [])));
	}
	forgetOwn(files: Pick<OwnFiles<unknown>, 'forget'>, id: string): void {
		void files.forget(id).then(() => this.share(true));
	}

	async #take(...dropped: Parameters<Dropped['take']>): Promise<void> {
		const { Dropped } = await import('#state/opening/dropped.ts');
		this.#dropped ??= new Dropped(() => this.computing.reader, this.jobs, this.notes);
		await this.#dropped.take(...dropped);
	}
	#sorting(data = false) {
		const units = this.open.opened?.heads[Math.max(0, this.settings.head)]?.units ?? null;
		return { units, data, again: (action: () => Promise<void>) => void this.attempt(action) };
	}
	#takers(address: string | null = null): Omit<Takers, 'model'> {
		return {
			labels: (names) => this.named(names, address),
			image: async ({ blob, path }) => {
				const { slot } = this.input.pictures;
				await this.#openImage(blob, address ? baseName(address) : path, { address }, slot);
				await this.refresh(true);
			},
			data: (files) => this.openData(files, address),
			work: ({ blob, path }) => this.openWork(blob, path),
			session: (files) => this.openSession(files),
			open: this.open,
			onto: (find) => this.#putOnto(find)
		};
	}

	#putOnto(find: Find): void {
		this.notes.untell();
		void this.attempt(async () => {
			await this.#openModel(find);
			void keepModel(this.open, {}).then(() => this.share(true));
		});
	}

	openAddress(url: string): void {
		void this.attempt(async () => {
			const first = await this.jobs.run('Fetching', (signal, progress) =>
				download(url, { signal, progress: (n, of) => progress(of && n / of, '') })
			);
			const files = [{ path: baseName(url) || 'file', file: first }];
			const model = () => this.#openModel(addressParts(url, first));
			await this.#take(files, this.#sorting(), { ...this.#takers(url), model });
		});
	}

	async #openModel(find: Find): Promise<void> {
		await this.openParts(find);
		// Whatever comes of its input: the link names what is open.
		this.share();
		const first = this.input.pictures.of(null);
		if (!first || !this.fits(first)) await this.openNamed(this.samples[0]?.file ?? null, null);
		await this.refresh(false);
	}

	/** A sample's own model wants its own samples; an image of the user's stays whatever is opened. */
	protected fits({ sample }: Picture): boolean {
		return !sample || this.#suitable().some(({ file }) => file === sample);
	}

	#suitable(): readonly Sample[] {
		return suitable(this.#samples, this.open.origin);
	}

	/** One long job: find the files, load them, and only then let go of what was open. */
	protected openParts(find: Find): Promise<void> {
		return this.jobs.run('Opening the model', async (signal, progress) => {
			const [files, origin, begin = {}] = await find(signal, progress, this.computing.reader);
			const key = `model#${this.#models++}`;
			let shape = begin.shape ?? null;
			const show = (opened: OpenedModel) => this.#show(key, opened, [files, origin, begin], shape);
			const load = () => this.#loading.open(files, key, shape, { signal, progress, show, open: this.open });
			this.#astray = true;
			const opened = await load().catch(async (error: unknown) => {
				if (!(error instanceof LabError) || error.code !== 'shape-needed') throw error;
				shape = await this.#question.ask(error.message);
				if (!shape) throw new DOMException('The user gave up.', 'AbortError');
				return load();
			});
			this.#astray = false;
			show(opened);
		});
	}

	/** Under one key a large model comes twice: at first without its weights. */
	#show(key: string, opened: OpenedModel, [files, origin, begin = {}]: Parts, shape: Shape | null): void {
		this.predicted = this.fed = null;
		if (this.open.key === key) this.open.complete(opened);
		else {
			this.open.set(key, opened, origin, files, shape);
			this.replaced();
			// Numbers of the same size stay.
			this.input.give(begin.values ?? {});
		}
		this.input.suitAll(opened.inputs, (picture) => this.fits(picture));
		this.settings = { ...this.settings, head: -1, target: null, kind: 'logit', other: null };
		this.notes.ofModel(saidOf(opened));
	}

	/** A model that was given up may have opened nevertheless: then the one that the page shows is opened again. */
	async #inStep(): Promise<void> {
		const key = await this.computing.compute.openKey().catch(() => null);
		if (this.jobs.current) return;
		this.#astray = false;
		// In a fresh thread nothing is open: it is told by those who began it.
		if (key && this.open.key && key !== this.open.key) await this.attempt(() => this.#reopen(), true);
	}

	get labels() {
		return this.open.labels;
	}
	setLabels(text: string | null): void {
		void this.attempt(async () => this.named(text === null ? null : await this.#namesIn(text, 'in it'), null));
	}
	protected named(labels: readonly string[] | null, address: string | null): void {
		this.open.labels = labels;
		this.open.labelsAddress = address;
		renamed(this.open.origin.link, labels);
	}
	protected async fetchLabels(address: string): Promise<void> {
		const text = await download(address, { signal: AbortSignal.timeout(PATIENCE) });
		this.named(await this.#namesIn(text, `at “${address}”`), address);
	}
	async #namesIn(text: string | Blob, where: string): Promise<readonly string[]> {
		return (await import('#state/opening/names-in.ts')).namesIn(this.computing.reader, text, where);
	}

	// Inputs

	get samples(): readonly Sample[] {
		return this.#suitable();
	}
	get ablations() {
		return this.open.ablations;
	}
	useSample(file: string): void {
		void this.attempt(async () => {
			await this.openNamed(file, this.input.pictures.slot);
			await this.refresh(true);
		});
	}
	useImage(blob: Blob, title: string, input = this.input.pictures.slot): void {
		void this.attempt(async () => {
			await this.#openImage(blob, title, {}, input);
			await this.refresh(true);
		});
	}

	async #openImage(blob: Blob, title: string, from: Found, input: string | null): Promise<void> {
		const bitmap = await decodeImage(blob, title);
		const note = await profileNote(blob);
		if (from.sample ?? from.address) return this.openBitmap(bitmap, title, input, from, note);
		const address = ownLink();
		await this.openBitmap(bitmap, title, input, { address }, note);
		void keepImage(address, { title, blob }).then(() => this.share(true));
	}

	/** @param input that gets it; null for all */
	protected async openBitmap(
		bitmap: ImageBitmap,
		title: string,
		input: string | null,
		{ sample = null, address = null }: Found = {},
		note = ''
	): Promise<void> {
		const { width, height } = bitmap;
		const key = `image#${this.#images++}`;
		const copy = await createImageBitmap(bitmap);
		await this.computing.draw.with({ transfer: [copy] }).putImage(key, copy);
		this.input.pictures.give({ bitmap, sample, address, image: { title, width, height, key, note } }, input);
		this.input.pictured(input);
	}
}
