import { useRoom } from '#state/context.ts';
import type { DataApi, SampleSet, SpriteSheet } from '#contracts/data-api.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import type { Door, Room } from '#state/door.ts';
import type { DroppedFile } from '#state/files.ts';
import { forgetData, keepData, keptData } from '#state/kept-data.ts';
import { JobRoom } from '#state/job-room.svelte.ts';
import { fetchedData } from '#state/remote-data.ts';
import type { Remote } from '#workers/rpc.ts';

/** Small pictures in the draw worker. */
export type Sprites = Omit<SpriteSheet, 'sheets'> & { key: string };

/** Addresses of pictures that are kept for the page's lists. */
const KEPT = 400;

/** The data set that the lab works with; it stays when another model is opened. */
export class DataSets extends JobRoom implements Room {
	data = $state.raw<DataSet | null>(null);
	sprites = $state.raw<Sprites | null>(null);
	samples = $state.raw<readonly SampleSet[]>([]);
	/** What the job that runs is doing. */
	note = $state('');
	/** Id of the sample set that is open, for the link; empty for the user's own. */
	sample = $state('');
	/** Where it was fetched from, for the link; empty for what was not. */
	address = $state('');
	/** The column that is the label; the user may choose another than the file's. */
	label = $state.raw<Extract<Column, { kind: 'category' }> | null>(null);
	/** Name of the data set of one's own that was open when the tab was closed; empty where there is none. */
	kept = $state('');
	#urls = new Map<number, string>();
	#turn = 0;

	constructor(door: Door) {
		super(door);
		door.reader.open = () => this.data;
		void this.thread.call('samples', []).then((samples) => (this.samples = samples), door.failed);
		void keptData().then((kept) => (this.kept ||= kept?.name ?? ''));
	}

	get thread(): Remote<DataApi> {
		return this.door.reader.api;
	}
	get busy(): boolean {
		return 'open' in this.running;
	}
	/** Data do not belong to a model. */
	reset(): void {}
	restore(): Promise<void> {
		return Promise.resolve();
	}

	/** Files, a folder's files or a zip. */
	async open(files: readonly DroppedFile[]): Promise<void> {
		const [first] = files;
		if (!first) return;
		const folder = files.length > 1 ? first.path.split('/').slice(0, -1)[0] : '';
		const name =
			folder ||
			first.path
				.split('/')
				.pop()!
				.replace(/\.[^.]*$/, '');
		const source = { name, files: files.map(({ path, file }) => ({ path, blob: file })) };
		const before = this.data;
		await this.#open({}, (signal, progress) => this.thread.call('open', [source], { signal, progress, watched: true }));
		if (this.data !== before && (await keepData({ name, files }))) this.kept = name;
	}

	/** The data set that was open when the tab was closed. */
	async reopen(): Promise<void> {
		const kept = await keptData();
		if (kept) await this.open(kept.files);
		else this.kept = '';
	}

	async openSample(id: string): Promise<void> {
		await this.#open({ sample: id }, (signal) => this.thread.call('sample', [id, 1], { signal }));
	}

	/** What lies at an address: fetched once, and only upon the user's word. */
	async openAddress(address: string): Promise<void> {
		await this.#open({ address }, async (signal, progress) => {
			const source = await fetchedData(address, signal, progress);
			const later = (value: unknown) => {
				const { done, note } = value as { done: number; note: string };
				progress({ done: 0.5 + 0.5 * done, note });
			};
			return this.thread.call('open', [source], { signal, progress: later, watched: true });
		});
	}

	async #open(
		{ sample = '', address = '' }: { sample?: string; address?: string },
		load: (signal: AbortSignal, progress: (value: unknown) => void) => Promise<DataSet>
	): Promise<void> {
		this.note = 'Opening the data';
		await this.job(
			'open',
			(signal, progress) =>
				load(signal, (value) => {
					const { done, note } = value as { done: number; note: string };
					this.note = note;
					progress(done);
				}),
			(data) => {
				this.#forget();
				this.data = data;
				this.sample = sample;
				this.address = address;
				this.label = this.#category(data.label);
			}
		);
		if (this.data?.images && !this.sprites) void this.#makeSprites(this.data.images);
	}

	async #makeSprites(images: readonly Blob[]): Promise<void> {
		const key = `sprites${this.#turn++}:`;
		await this.job(
			'sprites',
			async (signal, progress) => {
				const { sheets, ...rest } = await this.thread.call('sprites', [images], {
					signal,
					progress: (value) => progress((value as { done: number }).done)
				});
				await this.door.draw.call('putSprites', [key, sheets], { transfer: [...sheets] });
				return { ...rest, key };
			},
			(sprites) => (this.sprites = sprites)
		);
	}

	close(): void {
		this.cancel('open');
		this.#forget();
		if (!this.sample && !this.address) {
			void forgetData();
			this.kept = '';
		}
		this.data = this.label = null;
		this.sample = this.address = '';
	}

	#forget(): void {
		this.cancel('sprites');
		if (this.sprites) void this.door.draw.call('drop', [[this.sprites.key]]).catch(() => undefined);
		this.sprites = null;
		for (const url of this.#urls.values()) URL.revokeObjectURL(url);
		this.#urls.clear();
	}

	#category(name: string | null): Extract<Column, { kind: 'category' }> | null {
		const column = this.data?.columns.find((one) => one.name === name);
		return column?.kind === 'category' ? column : null;
	}
	chooseLabel(name: string): void {
		this.label = this.#category(name);
	}

	/** Items whose cells hold the words: null without words. Only the newest question is answered. */
	async find(query: string, take: (items: Int32Array | null) => void): Promise<void> {
		await this.job('find', (signal) => this.thread.call('find', [query], { signal }), take);
	}

	/** The address of an item's picture, or null; the oldest are forgotten. */
	pictureUrl(item: number): string | null {
		const blob = this.data?.images?.[item];
		if (!blob) return null;
		const kept = this.#urls.get(item);
		if (kept) return kept;
		if (this.#urls.size >= KEPT) {
			const [oldest, url] = this.#urls.entries().next().value!;
			URL.revokeObjectURL(url);
			this.#urls.delete(oldest);
		}
		const url = URL.createObjectURL(blob);
		this.#urls.set(item, url);
		return url;
	}
}

export const useDataSets = (): DataSets => useRoom(DataSets);

/** What a column says of an item, as text. */
export function cellText(column: Column, item: number): string {
	if (column.kind === 'category') return column.categories[column.codes[item] ?? -1] ?? '';
	if (column.kind === 'text') return column.values[item] ?? '';
	const value = column.values[item] ?? NaN;
	return Number.isNaN(value) ? '' : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}
