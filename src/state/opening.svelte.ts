import type { BackendId } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import type { Result } from '#contracts/identity.ts';
import type { Answered, CatalogueEntry, LabState, Sample } from '#contracts/lab.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import { baseName } from '#contracts/source.ts';
import { catalogue } from '#state/catalogue.ts';
import { download } from '#state/download.ts';
import { Dropped, type Takers } from '#state/dropped.ts';
import { EngineState } from '#state/engine.svelte.ts';
import type { DroppedFile } from '#state/files.ts';
import { decodeImage, profileNote } from '#state/images.ts';
import { InputState } from '#state/input.svelte.ts';
import { Jobs } from '#state/jobs.svelte.ts';
import { ModelLoading } from '#state/load-model.ts';
import { Maps } from '#state/maps.svelte.ts';
import {
	addressParts,
	catalogueParts,
	filesSource,
	linkedParts,
	shippedParts,
	type Find
} from '#state/model-sources.ts';
import { ModelState, OWN_FILES } from '#state/model.svelte.ts';
import { Notices } from '#state/notices.svelte.ts';
import { loadSamples } from '#state/samples.ts';
import { DEFAULT_SETTINGS, type Settings } from '#state/settings.ts';
import { ShapeQuestion, type Shape } from '#state/shape-question.svelte.ts';
import { shippedModels } from '#state/shipped.ts';

type Values = Readonly<Record<string, readonly number[]>>;

/** How long an address in a link may take. */
const PATIENCE = 120_000;

/** What is open: the engine, a model, an input. What is asked of them is the Lab's. */
export abstract class Opening {
	protected notes = new Notices();
	protected jobs = new Jobs();
	protected input = new InputState();
	protected open = new ModelState();
	protected running = $state(0);
	protected failed = $state(false);
	protected settings = $state.raw<Settings>(DEFAULT_SETTINGS);
	protected computing: EngineState = new EngineState({
		lost: (reason) =>
			this.notes.add(
				'warning',
				`The GPU was lost: ${reason}`,
				'A fresh engine is being started; your model and image are opened again.'
			),
		silent: () =>
			this.notes.add(
				'warning',
				'The engine no longer answered and was ended.',
				'A fresh one is being started; your model and image are opened again.'
			),
		recovered: () => (this.#loading.waits ? Promise.resolve() : this.attempt(() => this.#reopen(), true)),
		failed: (message) => {
			this.notes.add('error', `The GPU reported an error: ${message}`, 'Choose another engine if it comes again.');
		}
	});
	protected drawn = new Maps((keys) => void this.computing.draw.call('drop', [keys]).catch(() => undefined));
	#samples = $state.raw<readonly (Sample & { for: readonly string[] })[]>([]);
	protected sample = $state<string | null>(null);
	/** Address of the image, for the link. */
	protected imageAddress = $state<string | null>(null);
	#question = new ShapeQuestion();
	#images = 0;
	#loading: ModelLoading = new ModelLoading(this.computing, () => void this.attempt(() => this.#reopen(), true));
	#dropped = new Dropped(() => this.computing.reader, this.jobs, this.notes);
	endings = $state.raw<Readonly<Record<string, readonly string[]>>>({});
	catalogue = $state.raw<readonly CatalogueEntry[]>([]);
	answered = $state.raw<Result<Answered> | null>(null);
	#models = 0;
	/** The compute thread may have opened a model that the page has not. */
	#astray = false;
	readonly shipped = shippedModels;

	/** Feeds, predicts, and explains anew. @param fresh the score to explain is chosen anew, too */
	protected abstract refresh(fresh: boolean): Promise<void>;

	/** Goes to another view. */
	abstract setView(view: string): void;

	/** Another model is open: what was known of the inside of the last one is gone. */
	protected abstract replaced(): void;

	/** Opens a data set, and goes to where it is seen. @returns whether it is open now */
	protected abstract openData(files: readonly DroppedFile[], address: string | null): Promise<boolean>;

	/** Puts what is open into the link. */
	protected abstract share(): void;

	/** Opens what the lab saved to go on with. */
	protected abstract openWork(file: Blob, name: string): void;

	/** The same model is open on a fresh engine. */
	protected abstract restored(): Promise<void>;

	/**
	 * Runs what the user asked for; its error is shown once, and what was open stays.
	 * @param further part of what was asked before: its errors stay, too
	 */
	protected async attempt(action: () => Promise<void>, further = false): Promise<void> {
		this.running++;
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

	/** Opens what the address asks for, else the first sample model with its first sample. */
	protected async openLinked(): Promise<void> {
		this.#samples = await loadSamples(new URL('.', location.href).pathname);
		this.catalogue = await catalogue();
		void this.computing.reader.api.call('endings', []).then((endings) => (this.endings = endings));
		const s = this.settings;
		await this.#open(linkedParts(s.model ?? shippedModels[0]?.name ?? '', s.model ? s.variant : '', this.catalogue));
		if (s.labels) await this.#fetchLabels(s.labels);
		this.open.prepareAs(s.preprocessing);
		const address = s.input && !this.#samples.some(({ file }) => file === s.input) ? s.input : null;
		if (address)
			await this.#openImage(
				await download(address, { signal: AbortSignal.timeout(PATIENCE) }),
				baseName(address),
				address
			);
		else await this.#openSample(s.input ?? this.#suitable()[0]?.file ?? null);
		// What the link says of the score holds for the model that it opens, and only for that.
		this.settings = { ...this.settings, head: s.head, target: s.target, kind: s.kind, other: s.other };
		await this.refresh(false);
	}

	// Engine and notices

	get engine() {
		return this.computing.report;
	}
	get methods() {
		return this.computing.methods;
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
			this.drawn.clear();
			await this.computing.start(backend);
			await this.#reopen();
		});
	}
	/** Takes the device away as a crash would. */
	loseDevice(): void {
		void this.computing.compute.call('loseDevice', []);
	}
	memory() {
		return this.computing.compute.call('memory', []);
	}

	/** The same model and input on a fresh engine, and the same maps. */
	async #reopen(): Promise<void> {
		const { source, inputShape, key } = this.open;
		const options = { key, ...(inputShape ? { inputShape } : {}) };
		if (source) await this.computing.compute.call('open', [source, options], { watched: true });
		if (source) await this.restored();
		if (source) await this.refresh(false);
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
			const origin = { ...OWN_FILES, labels: known.labels ?? null };
			await this.#dropped.take(files, this.#sorting(known.data), {
				...this.#takers(),
				model: async (own, given) => {
					await this.#openModel(() => Promise.resolve([filesSource(own, name, given), origin]), known.values);
					if (known.view) this.setView(known.view);
				}
			});
		});
	}

	#sorting(data = false) {
		const units = this.open.opened?.heads[Math.max(0, this.settings.head)]?.units ?? null;
		return { units, data, again: (action: () => Promise<void>) => void this.attempt(action) };
	}
	#takers(address: string | null = null): Omit<Takers, 'model'> {
		return {
			labels: (names) => {
				this.open.labels = names;
				this.open.labelsAddress = address;
			},
			image: async ({ blob, path }) => {
				await this.#openImage(blob, address ? baseName(address) : path, address);
				await this.refresh(true);
			},
			data: (files) => this.openData(files, address),
			work: ({ blob, path }) => this.openWork(blob, path)
		};
	}

	openAddress(url: string): void {
		void this.attempt(async () => {
			const first = await this.jobs.run('Fetching', (signal, progress) =>
				download(url, { signal, progress: (n, of) => progress(of && n / of, '') })
			);
			const files = [{ path: baseName(url) || 'file', file: first }];
			const model = () => this.#openModel(addressParts(url, first));
			await this.#dropped.take(files, this.#sorting(), { ...this.#takers(url), model });
		});
	}

	async #openModel(find: Find, values: Values = {}): Promise<void> {
		await this.#open(find, values);
		// Whatever comes of its input: the link names what is open.
		this.share();
		// A sample's own model wants its own samples; an image of the user's stays whatever is opened.
		const suitable = this.#suitable();
		const fits = this.input.image && (!this.sample || suitable.some(({ file }) => file === this.sample));
		if (!fits) await this.#openSample(suitable[0]?.file ?? null);
		await this.refresh(false);
	}

	/** Samples for the open model: its card's, then those that say so; all of them for a model of the user's. */
	#suitable(): readonly Sample[] {
		const { name, card } = this.open.origin;
		if (!card) return this.#samples;
		const first = (file: string) => (card.samples.includes(file) ? card.samples.indexOf(file) : card.samples.length);
		return this.#samples
			.filter((sample) => card.samples.includes(sample.file) || sample.for.includes(name ?? ''))
			.sort((a, b) => first(a.file) - first(b.file));
	}

	/** One long job: find the files, load them, and only then let go of what was open. */
	#open(find: Find, values: Values = {}): Promise<void> {
		return this.jobs.run('Opening the model', async (signal, progress) => {
			const [files, origin] = await find(signal, progress, this.computing.reader);
			const key = `model#${this.#models++}`;
			const load = (chosen: Shape | null) => this.#loading.open(files, key, chosen, signal, progress);
			let shape: Shape | null = null;
			this.#astray = true;
			const opened = await load(null).catch(async (error: unknown) => {
				if (!(error instanceof LabError) || error.code !== 'shape-needed') throw error;
				shape = await this.#question.ask(error.message);
				if (!shape) throw new DOMException('The user gave up.', 'AbortError');
				return load(shape);
			});
			this.#astray = false;
			this.drawn.clear();
			this.answered = null;
			this.open.set(key, opened, origin, files, shape);
			this.replaced();
			// Numbers of the same size stay.
			this.input.give(values);
			this.input.fillValues(opened.inputs);
			this.settings = { ...this.settings, head: -1, target: null, kind: 'logit', other: null };
			for (const warning of opened.warnings) this.notes.add('warning', warning);
			if (opened.obstacle) this.notes.add('warning', opened.obstacle.message, opened.obstacle.hint);
		});
	}

	/** A model that was given up may have opened nevertheless: then the one that the page shows is opened again. */
	async #inStep(): Promise<void> {
		const key = await this.computing.compute.call('openKey', []).catch(() => null);
		if (this.jobs.current) return;
		this.#astray = false;
		// In a fresh thread nothing is open: it is told by those who began it.
		if (key && this.open.key && key !== this.open.key) await this.attempt(() => this.#reopen(), true);
	}

	// Class names

	get labels() {
		return this.open.labels;
	}
	setLabels(text: string | null): void {
		void this.attempt(async () => {
			const labels = text === null ? null : await this.#namesIn(text, 'in it');
			this.open.labels = labels;
			this.open.labelsAddress = null;
		});
	}
	async #fetchLabels(address: string): Promise<void> {
		const text = await download(address, { signal: AbortSignal.timeout(PATIENCE) });
		this.open.labels = await this.#namesIn(text, `at “${address}”`);
		this.open.labelsAddress = address;
	}
	async #namesIn(text: string | Blob, where: string): Promise<readonly string[]> {
		const names = await this.computing.reader.api.call('classNames', [text]);
		if (names) return names;
		throw new LabError(`No class names were found ${where}.`, 'Write one name per line, or a JSON array.');
	}

	// Inputs

	get samples(): readonly Sample[] {
		return this.#suitable();
	}
	get image() {
		return this.input.image;
	}
	get ablations() {
		return this.open.ablations;
	}
	useSample(file: string): void {
		void this.attempt(async () => {
			await this.#openSample(file);
			await this.refresh(true);
		});
	}
	useImage(blob: Blob, title: string): void {
		void this.attempt(async () => {
			await this.#openImage(blob, title, null);
			await this.refresh(true);
		});
	}

	async #openSample(file: string | null): Promise<void> {
		const sample = this.#samples.find((candidate) => candidate.file === file);
		if (!sample) return;
		await this.#openImage(await download(sample.url, { signal: AbortSignal.timeout(PATIENCE) }), sample.title, null);
		this.sample = sample.file;
	}

	async #openImage(blob: Blob, title: string, address: string | null): Promise<void> {
		await this.openBitmap(await decodeImage(blob, title), title, address, await profileNote(blob));
	}

	protected async openBitmap(bitmap: ImageBitmap, title: string, address: string | null, note = ''): Promise<void> {
		const key = `image#${this.#images++}`;
		const copy = await createImageBitmap(bitmap);
		await this.computing.draw.call('putImage', [key, copy], { transfer: [copy] });
		const before = this.input.image?.key;
		this.input.setImage(bitmap, { title, width: bitmap.width, height: bitmap.height, key, note });
		this.sample = null;
		this.imageAddress = address;
		if (before) this.drawn.retire(before);
	}

	get preprocessing() {
		return this.open.preprocessing;
	}
	setPreprocessing(preprocessing: Preprocessing): void {
		this.open.prepare(preprocessing);
		void this.attempt(() => this.refresh(false));
	}
}
