import type { SourceFile } from '#contracts/source.ts';
import { forget, keep, kept, MAX_KEPT_BYTES, rekeep } from '#state/lab/kept.ts';
import type { Notices } from '#state/lab/notices.svelte.ts';
import { DEFAULT_SETTINGS, type Settings } from '#state/lab/settings.ts';
import type { ModelState } from '#state/opening/model.svelte.ts';
import type { Shape } from '#state/opening/shape-question.svelte.ts';

/** Models and images of the user's own that this browser keeps: a link names them as `own/ID`, for this browser alone. */

/** As a list shows it. */
export interface OwnEntry {
	id: string;
	title: string;
	bytes: number;
}
export interface OwnModel {
	name: string;
	files: readonly SourceFile[];
	/** Weights that were put onto it. */
	onto?: readonly SourceFile[];
	/** Of its input, where the user was asked for it. */
	shape: Shape | null;
	labels: readonly string[] | null;
	/** Numbers to begin with, by input. */
	values: Readonly<Record<string, readonly number[]>>;
}
export interface OwnImage {
	title: string;
	blob: Blob;
}

const PREFIX = 'own/';
const newId = (): string =>
	[...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, '0')).join('');

/** The id in a link to something of the user's own, or null. */
export const ownId = (link: string | null): string | null =>
	link?.startsWith(PREFIX) ? link.slice(PREFIX.length) : null;
/** For the link; nothing of the file is in it. */
export const ownLink = (id = newId()): string => PREFIX + id;

/** Things of one kind, the newest first. */
export class OwnFiles<T> {
	/** What is kept, as a page lists it. */
	all = $state.raw<readonly OwnEntry[]>([]);
	/** Changes come one after the other: of two files at once none is lost. */
	#turn: Promise<unknown> = Promise.resolve();

	/** @param count @param bytes most of them, and of all together */
	constructor(
		private readonly kind: string,
		private readonly count: number,
		private readonly bytes: number
	) {}

	#key = (id: string) => `${this.kind}/${id}`;

	#next<R>(work: () => Promise<R>): Promise<R> {
		const done = this.#turn.then(work);
		this.#turn = done.catch(() => undefined);
		return done;
	}

	async #list(): Promise<readonly OwnEntry[]> {
		return (await kept<readonly OwnEntry[]>(this.kind)) ?? [];
	}

	load(): Promise<void> {
		return this.#next(async () => void (this.all = await this.#list()));
	}

	find(id: string): Promise<T | null> {
		return kept<T>(this.#key(id));
	}

	/** The oldest make room for it. @returns whether the browser keeps it */
	keep(id: string, title: string, bytes: number, value: T): Promise<boolean> {
		return this.#next(async () => {
			if (bytes > this.bytes || !(await keep(this.#key(id), value))) return false;
			return this.#first({ id, title, bytes });
		});
	}

	/** It was opened once more: others make room before it does. */
	touch(id: string): Promise<void> {
		return this.#next(async () => {
			const entry = (await this.#list()).find((one) => one.id === id);
			if (entry) await this.#first(entry);
		});
	}

	async #first(entry: OwnEntry): Promise<boolean> {
		let gone: OwnEntry[] = [];
		const done = await rekeep<readonly OwnEntry[]>(this.kind, (before) => {
			const listed = [entry];
			gone = [];
			let sum = entry.bytes;
			for (const other of before ?? [])
				if (other.id === entry.id) continue;
				else if (listed.length < this.count && (sum += other.bytes) <= this.bytes) listed.push(other);
				else gone.push(other);
			return (this.all = listed);
		});
		await Promise.all(gone.map(({ id }) => forget(this.#key(id))));
		return done;
	}

	/** Something else is known of it now. */
	change(id: string, part: Partial<T>): Promise<void> {
		return this.#next(async () => {
			const found = await this.find(id);
			if (found) await keep(this.#key(id), { ...found, ...part });
		});
	}

	forget(id: string): Promise<void> {
		return this.#next(async () => {
			await forget(this.#key(id));
			this.all = (await this.#list()).filter((entry) => entry.id !== id);
			// Of nothing there is no list: nothing is kept.
			if (this.all.length) await keep(this.kind, this.all);
			else await forget(this.kind);
		});
	}
}

export const ownModels = new OwnFiles<OwnModel>('model', 8, MAX_KEPT_BYTES);
export const ownImages = new OwnFiles<OwnImage>('image', 24, MAX_KEPT_BYTES / 8);

export const NOT_KEPT = {
	model: 'The model of this link is a file of somebody’s own, and is not kept in this browser.',
	image: 'The image of this link is a file of somebody’s own, and is not kept in this browser.',
	hint: 'Open it again; a sample stands in.'
};

/** The part of a link that can be opened: of another browser's model nothing that was said of it holds. */
export async function openable(settings: Settings, notes: Pick<Notices, 'add'>): Promise<Settings> {
	await Promise.all([ownModels.load(), ownImages.load()]);
	const id = ownId(settings.model);
	if (id === null || (await ownModels.find(id))) return settings;
	notes.add('warning', NOT_KEPT.model, NOT_KEPT.hint);
	const { view, display, parameters } = settings;
	return { ...DEFAULT_SETTINGS, view, display, parameters };
}

/** The open model, if it is the user's own, for the next visit. */
export async function keepModel({ source, origin, inputShape, opened }: ModelState, values: OwnModel['values']) {
	const id = ownId(origin.link);
	if (id === null || !source || !opened) return;
	const { name, files, onto = [] } = source;
	const bytes = [...files, ...onto].reduce((sum, { blob }) => sum + blob.size, 0);
	const own = { name, files, shape: inputShape, labels: origin.labels, values };
	await ownModels.keep(id, opened.title, bytes, onto.length ? { ...own, onto } : own);
}

export async function keepImage(link: string, image: OwnImage): Promise<void> {
	const id = ownId(link);
	if (id !== null) await ownImages.keep(id, image.title, image.blob.size, image);
}

/** The link as it stands, or null where it names what this browser does not keep. */
export function keptLink(link: string | null): string | null {
	const id = ownId(link);
	return id === null || [...ownModels.all, ...ownImages.all].some((entry) => entry.id === id) ? link : null;
}

/** The user's class names go with the model. */
export function renamed(link: string | null, labels: readonly string[] | null): void {
	const id = ownId(link);
	if (id !== null) void ownModels.change(id, { labels });
}
