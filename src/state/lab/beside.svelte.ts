import { untrack } from 'svelte';
import type { BackendId, HeadSpec, Target } from '#contracts/compute.ts';
import { LabError } from '#contracts/errors.ts';
import { keyOf } from '#contracts/identity.ts';
import type { LabState, ListedJob, Notice } from '#contracts/lab.ts';
import { OneAtATime } from '#contracts/newest.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import { partnerOf, partnerUnit, type NamedUnits } from '#state/input/partners.ts';
import type { Picture } from '#state/input/pictures.svelte.ts';
import { Guest } from '#state/lab/guest.ts';
import { DEFAULT_SETTINGS, type PreprocessingChange, type Settings } from '#state/lab/settings.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { pictureLink } from '#state/opening/linked.ts';
import { modelAmong } from '#state/opening/model-among.ts';
import { linkedParts } from '#state/opening/model-sources.ts';
import { titleOf } from '#state/opening/model.svelte.ts';
import { ownId, ownLink, ownModels } from '#state/opening/own-files.svelte.ts';

/** What it is to be about. */
interface Requested {
	/** Null while the first lab has none, which comes first. */
	backend: BackendId | null;
	model: string | null;
	variant: string;
	labels: string | null;
	prepared: readonly PreprocessingChange[];
	/** Its pictures as a link names them, where it is pinned; else null: they are those of the first lab. */
	named: readonly (string | null)[] | null;
	/** Key of what the first lab is fed, which it follows; empty where it is pinned. */
	fed: string;
	explained: string | null;
}

/** What of the settings is its own where it is pinned; all others are those of the page. */
type Own = Pick<Settings, 'head' | 'target' | 'kind' | 'other' | 'layer' | 'channel'>;
const OWN: readonly (keyof Own)[] = ['head', 'target', 'kind', 'other', 'layer', 'channel'];

/**
 * The second lab of the page, with threads and results of its own: what it is about follows from the settings of the first,
 * which has the address. A view does not know on which of the two it stands.
 */
export class Beside extends Guest implements LabState {
	#end: () => void = () => undefined;
	#reached: Partial<Requested> = {};
	/** The model that it is to be of was not opened. */
	#unopened = false;
	/** Something that a prediction depends on has changed since the last. */
	#due = false;
	/** Keys of the pictures of the first lab that are its own now, too, by its inputs. */
	#copied = new Map<string, string>();
	/** Key of what it was to be about last, and is, or cannot be. */
	#settled = $state('');
	#steps = new OneAtATime(async (requested: Requested) => {
		// What is said of a model that cannot be opened stays until there is another.
		await this.attempt(() => this.#reach(requested), this.#unopened && !this.#opens(requested));
		this.#settled = keyOf(requested);
	});
	readonly #requested = $derived.by(() => this.#wants());
	readonly #requestedKey = $derived(keyOf(this.#requested));
	readonly #settings = $derived.by(() => ({ ...this.first.settings, ...this.#own() }));

	start(): void {
		const listed = this.list();
		this.#end = $effect.root(() => {
			$effect(() => {
				void this.#requestedKey;
				untrack(() => {
					const requested = this.#requested;
					if (this.#opens(requested)) this.cancel();
					void listed.then(() => this.#steps.ask(requested));
				});
			});
			// A size that its model leaves open is that of the first model's picture.
			$effect(() => {
				if (!this.shapeQuestion) return;
				const { preprocessing: size } = this.first.lab;
				this.answerShape(size && [size.height, size.width, size.channels]);
			});
		});
	}

	/** Its threads end, and all that they hold. */
	stop(): void {
		this.#end();
		this.#steps.forget();
		this.viewStates.end();
		this.viewStates.reset();
		this.cancel();
		this.computing.stop();
	}

	/** What follows is busy as soon as there is something to follow. */
	override get status(): LabState['status'] {
		return super.status === 'ready' && this.#settled !== this.#requestedKey ? 'busy' : super.status;
	}

	// What it is about

	get #pinned(): Settings | null {
		const { settings } = this.beside;
		return settings?.pinned ? settings.of : null;
	}

	#wants(): Requested {
		const { lab, input } = this.first;
		const of = this.beside.settings?.of ?? DEFAULT_SETTINGS;
		const pinned = this.#pinned;
		const { model, variant, labels, preprocessing, more } = of;
		return {
			backend: lab.model ? (lab.engine?.backend ?? null) : null,
			model,
			variant,
			labels,
			prepared: [preprocessing, ...more.map((own) => own.preprocessing)],
			named: pinned && [pinned.input, ...more.map((own) => own.input)],
			fed: pinned ? '' : input.key,
			explained: pinned ? pinned.explained : (input.explained?.id ?? null)
		};
	}

	#opens({ model, variant }: Requested): boolean {
		return model !== this.#reached.model || variant !== this.#reached.variant;
	}

	async #reach(requested: Requested): Promise<void> {
		const before = this.#reached;
		const { backend, model, variant, labels, prepared, explained } = requested;
		if (!backend || model === null) return;
		const differs = (...keys: (keyof Requested)[]) => keys.some((key) => keyOf(requested[key]) !== keyOf(before[key]));
		const anew = differs('backend', 'model', 'variant');
		const [named, prepares] = [anew || differs('labels'), anew || differs('prepared')];
		// What cannot be opened is not tried again and again.
		this.#reached = requested;
		if (differs('backend')) await this.computing.start(backend);
		if (anew) {
			this.#unopened = true;
			await this.openParts(linkedParts(model, variant, this.catalogue));
			this.#unopened = false;
		}
		if (this.#unopened) return;
		if (named) await this.name(labels, anew);
		if (prepares) {
			this.open.preprocessing.restart();
			this.open.preprocessing.prepareAs(prepared);
		}
		const given = await this.#give(requested, anew);
		if (anew || differs('explained')) {
			const { specs } = this.first.input;
			const spec = specs.find(({ id }) => id === explained);
			this.input.requested = (spec && partnerOf(spec.id, spec.kind, specs, this.input.specs)?.id) ?? explained;
		}
		this.#due ||= anew || prepares || given || differs('explained');
		if (this.#steps.waiting || !this.#due) return;
		this.#due = false;
		await this.refresh(false);
	}

	/** @returns whether anything was given that was not there */
	async #give({ named }: Requested, anew: boolean): Promise<boolean> {
		const { pictures, specs } = this.input;
		const theirs = this.first.input;
		if (anew) this.#copied.clear();
		const before = this.input.key;
		if (!named || anew)
			for (const { id, kind } of specs) {
				const partner = partnerOf(id, 'values', specs, theirs.specs);
				const values = theirs.values[partner?.id ?? ''];
				if (
					kind === 'values' &&
					values?.length === this.input.values[id]?.length &&
					theirs.chosen.has(partner?.id ?? '')
				)
					this.input.give({ [id]: values ?? [] });
			}
		for (const [i, id] of pictures.inputs.entries()) {
			const partner = partnerOf(id, 'image', specs, theirs.specs)?.id ?? null;
			const theirPicture = theirs.pictures.of(partner);
			// The first goes to all inputs, and others take the place of it.
			const slot = i ? id : null;
			if (!named) {
				await this.#copy(theirPicture, id, slot);
				// Numbers that were given in its place, where they fit here, too.
				const [values, shape] = [theirs.values[partner ?? ''], theirs.shapes.get(partner ?? '')];
				const own = specs.find((spec) => spec.id === id)?.shape.slice(1);
				if (values && shape && own?.join() === shape.join()) this.input.give({ [id]: values }, { [id]: shape });
			} else {
				const name = named[i] ?? named[0] ?? null;
				const [present, fits] = [
					pictures.of(id),
					(one: Picture | null) => one && (name === null || pictureLink(one) === name)
				];
				if (fits(present)) continue;
				if (fits(theirPicture)) await this.#copy(theirPicture, id, slot);
				else if (name !== null) await this.openNamed(name, slot);
			}
		}
		return this.input.key !== before;
	}

	/** Each lab has pictures of its own, in a thread of its own that draws. */
	async #copy(picture: Picture | null, id: string, slot: string | null): Promise<void> {
		if (!picture || this.#copied.get(id) === picture.image.key) return;
		const { image, bitmap, sample, address } = picture;
		const own = await createImageBitmap(bitmap);
		if (slot === null) this.#copied.clear();
		await this.openBitmap(own, image.title, slot, { sample, address }, image.note);
		this.#copied.set(id, image.key);
	}

	// What it explains

	protected override get settings(): Settings {
		return this.#settings;
	}
	/** What it is about follows from what the page has. */
	protected override set settings(_: Settings) {}

	#own(): Own {
		const { lab, settings } = this.first;
		const pinned = this.#pinned;
		if (pinned) return Object.fromEntries(OWN.map((key) => [key, pinned[key]])) as unknown as Own;
		const { layer, channel } = settings;
		const head = this.#partnerHead;
		const { target } = lab;
		const [unit = null, other = null] = [target?.unit, target?.other].map((one) => this.#mine(one));
		return { head, target: unit, kind: target?.kind ?? 'logit', other, layer, channel };
	}
	/** Index of its output that stands for the one which the first lab explains; -1 where none does. */
	get #partnerHead(): number {
		const theirs = this.first.lab.heads[this.first.lab.head];
		const like = (same: (head: HeadSpec) => boolean) =>
			this.heads.findIndex((head) => head.kind === theirs?.kind && same(head));
		const named = like(({ output }) => output === theirs?.output);
		return named >= 0 ? named : like(({ units }) => units === theirs?.units);
	}
	#theirUnits(): NamedUnits {
		const { lab } = this.first;
		const units = lab.heads[lab.head]?.units ?? 0;
		return { units, nameOf: (unit) => lab.unitName(unit, units) };
	}
	#myUnits(): NamedUnits {
		const head = this.#partnerHead;
		const units = this.heads[head < 0 ? 0 : head]?.units ?? 0;
		return { units, nameOf: (unit) => this.unitName(unit, units) };
	}
	#mine(unit: number | undefined): number | null {
		return unit === undefined ? null : partnerUnit(unit, this.#theirUnits(), this.#myUnits());
	}

	/** What its panes are of. */
	get title(): string {
		const model = titleOf(this.model?.title ?? '', this.card, this.variant);
		if (!this.model) return this.#pinned ? 'Pinned' : 'B';
		if (!this.#pinned) return `B · ${model}`;
		const { lab } = this.first;
		const same = model === titleOf(lab.model?.title ?? '', lab.card, lab.variant);
		const label = this.target ? this.labelOf(this.target.unit) : '';
		const named = this.target && this.unitName(this.target.unit, this.heads[this.head]?.units ?? 0) !== null;
		const parts = [...(same ? [] : [model]), this.input.pictures.title || 'numbers', named ? `class ${label}` : label];
		return ['Pinned', ...parts.filter(Boolean)].join(' · ');
	}
	/** Why it does not explain what the first lab does. */
	get note(): string {
		const { lab } = this.first;
		const { target } = lab;
		if (this.#pinned || !target || !this.model || this.#mine(target.unit) !== null) return '';
		return `“${lab.labelOf(target.unit)}” is not among the classes of B: its own best class is explained.`;
	}

	// What is chosen on it: where it follows, of the first lab

	protected set(change: Partial<Settings>): void {
		const pinned = this.#pinned;
		if (!pinned) return this.first.set(change);
		const own = Object.entries(change).filter(([key]) => OWN.includes(key as keyof Own));
		const shared = Object.entries(change).filter(([key]) => !OWN.includes(key as keyof Own));
		const of = { ...pinned, ...Object.fromEntries(own) };
		this.first.set({ ...Object.fromEntries(shared), ...(own.length ? { beside: { pinned: true, of } } : {}) });
	}
	override setTarget(target: Partial<Target>): void {
		if (this.#pinned) return super.setTarget(target);
		const theirs = (unit: number | undefined) =>
			unit === undefined ? undefined : partnerUnit(unit, this.#myUnits(), this.#theirUnits());
		const [unit, other] = [theirs(target.unit), theirs(target.other)];
		if (unit === null || other === null)
			return this.notes.add('info', 'The open model has no such class.', 'Pin this pane to explain it here alone.');
		const { kind } = target;
		this.first.lab.setTarget({
			...(kind ? { kind } : {}),
			...(unit === undefined ? {} : { unit }),
			...(other === undefined ? {} : { other })
		});
	}
	override chooseHead(index: number): void {
		if (this.#pinned) return super.chooseHead(index);
		const output = this.heads[index];
		const theirs = this.first.lab.heads.findIndex(({ kind, units }) => kind === output?.kind && units === output.units);
		if (theirs >= 0) this.first.lab.chooseHead(theirs);
	}
	#theirInput(id: string): string {
		const kind = this.input.specs.find((spec) => spec.id === id)?.kind ?? 'image';
		return partnerOf(id, kind, this.input.specs, this.first.input.specs)?.id ?? id;
	}
	override explain(input: string): void {
		const pinned = this.#pinned;
		if (pinned) this.first.set({ beside: { pinned: true, of: { ...pinned, explained: input } } });
		else this.first.lab.explain(this.#theirInput(input));
	}
	override setValues(...[input, ...given]: Parameters<LabState['setValues']>): void {
		if (this.#pinned) super.setValues(input, ...given);
		else this.first.lab.setValues(this.#theirInput(input), ...given);
	}
	override useSample(file: string): void {
		const pinned = this.#pinned;
		if (pinned) this.first.set({ beside: { pinned: true, of: { ...pinned, input: file, more: [] } } });
		else this.first.lab.useSample(file);
	}
	/** A picture of the user's own is of the first lab. */
	#given(give: () => void): void {
		if (!this.#pinned) return give();
		this.notes.add('info', 'This pane is pinned: its input stays.', 'Let it follow to give it another input.');
	}
	override useImage(blob: Blob, title: string): void {
		this.#given(() => this.first.lab.useImage(blob, title));
	}
	useFrame(frame: ImageBitmap, title: string): void {
		this.#given(() => this.first.lab.useFrame(frame, title));
	}
	override setPreprocessing(preprocessing: Preprocessing, input?: string): void {
		super.setPreprocessing(preprocessing, input);
		const { settings } = this.beside;
		if (!settings) return;
		const linked = this.linkedSettings();
		const more = linked.more.map((own) => ({ ...own, input: settings.pinned ? own.input : null }));
		this.#reached = { ...this.#reached, prepared: [linked.preprocessing, ...more.map((own) => own.preprocessing)] };
		this.beside.settings = { ...settings, of: { ...settings.of, preprocessing: linked.preprocessing, more } };
	}

	override openShipped(name: string, variant = ''): void {
		this.beside.choose(variant ? `${name}/${variant}` : name);
	}
	override openCatalogue(id: string): void {
		this.beside.choose(`catalogue/${id}`);
	}
	override openOwn(id: string): void {
		this.beside.choose(ownLink(id));
	}

	/** Files of the user's own are kept in this browser, so that a link can name them. */
	adopt(files: readonly DroppedFile[]): void {
		void this.attempt(async () => {
			const source = await modelAmong(files, this.computing.reader, new AbortController().signal);
			const [link, bytes] = [ownLink(), source.files.reduce((sum, { blob }) => sum + blob.size, 0)];
			const model = { ...source, shape: null, labels: null, values: {} };
			if (!(await ownModels.keep(ownId(link) ?? '', source.name, bytes, model)))
				throw new LabError(
					'This browser does not keep the files, so that no pane can name them.',
					'Open them as the open model, and the other model as B.'
				);
			this.beside.choose(link);
		});
	}

	// What it has to tell, told by the first lab

	get #sign(): string {
		return this.#pinned ? 'Pinned' : 'B';
	}
	override get notices(): readonly Notice[] {
		return this.notes.all.map((notice) => ({ ...notice, message: `${this.#sign}: ${notice.message}` }));
	}
	override get jobList(): readonly ListedJob[] {
		return super.jobList.map((job) => ({ ...job, title: `${this.#sign}: ${job.title}` }));
	}
}
