import { useViewState } from '#state/lab/context.ts';
import type { DataApi, SampleSet, SpriteSheet, TableRead } from '#contracts/data-api.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { LabError, type Choice } from '#contracts/errors.ts';
import type { Reading } from '#contracts/reading.ts';
import type { Source } from '#contracts/source.ts';
import { dateText } from '#maths/table/dates.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import type { DroppedFile } from '#state/opening/files.ts';
import { forgetData, keepData, keptData } from '#state/data/kept-data.ts';
import { inParts } from '#state/lab/in-parts.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import { fetchedData } from '#state/data/remote-data.ts';
import type { Remote } from '#workers/rpc.ts';

/** Small pictures in the draw worker. */
export type Sprites = Omit<SpriteSheet, 'sheets'> & { key: string };

/** Tables of several shapes, of which one is to be opened. */
export interface TableChoice {
	message: string;
	options: readonly Choice[];
	/** Where they were fetched from, if they were. */
	address: string;
}

/** Addresses of pictures that are kept for the page's lists. */
const KEPT = 400;

/** The data set that the lab works with; it stays when another model is opened. */
export class DataSets extends JobViewState implements ViewState {
	protected override readonly titles = {
		open: 'Opening the data set'
	};
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
	/** How what is open was asked to be read. */
	reading = $state.raw<Reading>({});
	/** Whether what was opened last was refused, so that it may be read in another way. */
	refused = $state(false);
	/** What was found where there is more than one thing to open. */
	choice = $state.raw<TableChoice | null>(null);
	#source: Source | null = null;
	#urls = new Map<number, string>();
	#turn = 0;

	constructor(context: ViewContext) {
		super(context);
		context.reader.open = () => this.data;
		void this.thread.samples().then((samples) => (this.samples = samples), context.failed);
		void keptData().then((kept) => (this.kept ||= kept?.name ?? ''));
	}

	get thread(): Remote<DataApi> {
		return this.context.reader.api;
	}
	/** What one should know of how the data were read, and of pictures that turned out to be broken. */
	get notes(): readonly string[] {
		const broken = this.sprites?.broken ?? [];
		if (!broken.length) return this.data?.notes ?? [];
		const few = broken.slice(0, 5).map((item) => item + 1);
		const more = broken.length - few.length;
		const which = `${few.join(', ')}${more > 0 ? ` and ${more.toLocaleString('en')} more` : ''}`;
		return [
			`${broken.length === 1 ? 'A picture' : `${broken.length.toLocaleString('en')} pictures`} cannot be read and ${broken.length === 1 ? 'is' : 'are'} grey: number ${which}.`,
			...(this.data?.notes ?? [])
		];
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
	async open(files: readonly DroppedFile[], reading: Reading = {}, part?: string): Promise<void> {
		const [first] = files;
		if (!first) return;
		const folder = files.length > 1 ? first.path.split('/').slice(0, -1)[0] : '';
		const name =
			folder ||
			first.path
				.split('/')
				.pop()!
				.replace(/\.[^.]*$/, '');
		const own = files.map(({ path, file }) => ({ path, blob: file }));
		const before = this.data;
		await this.#openSource({ name, files: own, ...(part === undefined ? {} : { part }) }, reading);
		if (this.data !== before) await this.#keep();
	}

	/** For a tab that is closed; what came from an address can be fetched again. */
	async #keep(): Promise<void> {
		const [source, { address, reading }] = [this.#source, this];
		if (!source || address) return;
		const { name, part } = source;
		const files = source.files.map(({ path, blob }) => ({ path, file: blob }));
		if (await keepData({ name, files, reading, ...(part === undefined ? {} : { part }) })) this.kept = name;
	}

	async #openSource(source: Source, reading: Reading, address = ''): Promise<void> {
		this.#source = source;
		this.reading = reading;
		await this.#open({ address }, (signal, progress) =>
			this.thread.with({ signal, progress, watched: true }).open(source, reading)
		);
	}

	/** Opens one of several tables that were found. */
	async choose(part: string): Promise<void> {
		const [source, choice] = [this.#source, this.choice];
		if (!source || !choice) return;
		const before = this.data;
		await this.#openSource({ ...source, part }, this.reading, choice.address);
		if (this.data !== before) await this.#keep();
	}

	/** Reads what is open, or what was refused, in another way. */
	async reread(reading: Reading): Promise<void> {
		const source = this.#source;
		if (!source) return;
		const before = this.data;
		await this.#openSource(source, reading, this.address);
		if (this.data !== before) await this.#keep();
	}

	/** The data set that was open when the tab was closed. */
	async reopen(): Promise<void> {
		const kept = await keptData();
		if (kept) await this.open(kept.files, kept.reading, kept.part);
		else this.kept = '';
	}

	async openSample(id: string): Promise<void> {
		await this.#open({ sample: id }, (signal) => this.thread.with({ signal }).sample(id, 1));
	}

	/** What lies at an address: fetched once, and only upon the user's word. */
	async openAddress(address: string): Promise<void> {
		await this.#open({ address }, async (signal, progress) => {
			const source = await fetchedData(address, signal, progress);
			const later = (value: unknown) => {
				const { done, note } = value as { done: number; note: string };
				progress({ done: 0.5 + 0.5 * done, note });
			};
			this.#source = source;
			this.reading = {};
			return this.thread.with({ signal, progress: later, watched: true }).open(source, {});
		});
	}

	async #open(
		{ sample = '', address = '' }: { sample?: string; address?: string },
		load: (signal: AbortSignal, progress: (value: unknown) => void) => Promise<DataSet>
	): Promise<void> {
		this.note = 'Opening the data';
		const before = this.data;
		this.refused = false;
		this.choice = null;
		if (sample) this.#source = null;
		await this.job(
			'open',
			(signal, progress) =>
				load(signal, (value) => {
					const { done, note } = value as { done: number; note: string };
					this.note = note;
					progress(done);
				}).catch((error: unknown) => {
					if (!(error instanceof LabError) || error.code !== 'choose' || signal.aborted) throw error;
					this.choice = { message: error.message, options: error.choices, address };
					throw new DOMException('The user is asked.', 'AbortError');
				}),
			(data) => {
				this.#forget();
				this.data = data;
				this.sample = sample;
				this.address = address;
				this.label = this.#category(data.label);
			}
		);
		this.refused = this.data === before && this.#source !== null && !this.choice;
		if (this.data?.images && !this.sprites) void this.#makeSprites(this.data.images);
	}

	async #makeSprites(images: readonly Blob[]): Promise<void> {
		const key = `sprites${this.#turn++}:`;
		await this.job(
			'sprites',
			async (signal, progress) => {
				const { sheets, ...rest } = await this.thread.with(inParts(signal, progress)).sprites(images);
				await this.context.draw.with({ transfer: [...sheets] }).putSprites(key, sheets);
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
		this.data = this.label = this.#source = this.choice = null;
		this.refused = false;
		this.sample = this.address = '';
	}

	#forget(): void {
		this.cancel('sprites');
		if (this.sprites) void this.context.draw.drop([this.sprites.key]).catch(() => undefined);
		this.sprites = null;
		for (const url of this.#urls.values()) URL.revokeObjectURL(url);
		this.#urls.clear();
	}

	#category(name: string | null): Extract<Column, { kind: 'category' }> | null {
		const column = this.data?.columns.find((one) => one.name === name);
		return column?.kind === 'category' ? column : null;
	}
	/** A column of categories at once; any other one is read anew, as one of categories. */
	chooseLabel(name: string): void {
		const column = this.data?.understood?.columns.find((one) => one.name === name);
		const own = this.#category(name);
		if (own || !column) this.label = own;
		else void this.reread({ ...this.reading, label: column.at });
	}

	/** Some rows of a table, for views that take few; what is open stays. @throws LabError */
	table(
		source: Source,
		limits: { rows: number; columns: number },
		reading: Reading,
		signal: AbortSignal
	): Promise<TableRead> {
		return this.thread.with({ signal, watched: true }).table(source, limits, reading);
	}

	/** Items whose cells hold the words: null without words. Only the newest question is answered. */
	async find(query: string, take: (items: Int32Array | null) => void): Promise<void> {
		await this.job('find', (signal) => this.thread.with({ signal }).find(query), take);
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

export const useDataSets = (): DataSets => useViewState(DataSets);

const DAY = 86_400_000;

/** What a column says of an item, as text. */
export function cellText(column: Column, item: number): string {
	if (column.kind === 'category') return column.categories[column.codes[item] ?? -1] ?? '';
	if (column.kind === 'text') return column.values[item] ?? '';
	const value = column.values[item] ?? NaN;
	if (column.date) return dateText(value, value % DAY === 0);
	return Number.isNaN(value) ? '' : Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(5)));
}
