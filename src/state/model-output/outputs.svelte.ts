import { untrack } from 'svelte';
import type { HeadSpec } from '#contracts/compute.ts';
import type { DataSet } from '#contracts/data-set.ts';
import { differing, keyOf, PREDICTED, type Facet, type Identity, type Result } from '#contracts/identity.ts';
import type { OutputDrawing, OutputReading } from '#contracts/output.ts';
import { validParameters, type Parameters } from '#contracts/parameter.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';

/** What is drawn, and of which output, over which picture. */
export interface DrawnOutput {
	drawing: OutputDrawing;
	head: HeadSpec;
	reading: OutputReading;
	/** The picture that went in, as the model got it: an address, or null. */
	picture: string | null;
}

/** Items that are listed. */
const NEAREST = 8;

const OF: readonly Facet[] = [...PREDICTED, 'head'];

/** Options in the link: what the output is read as, where that is not the guess, and how. */
const AS = 'model-output.as';
const HOW = 'model-output.how';

function parsed(text: string): Record<string, unknown> {
	const entries = text.split(',').flatMap((part) => {
		const [id, value] = part.split(':');
		return id && value !== undefined ? [[id, value] as const] : [];
	});
	return Object.fromEntries(entries);
}

/** The output that is looked at, read as what it is. */
export class Outputs extends JobViewState implements ViewState {
	protected override readonly titles = { nearest: 'Finding the nearest items' };
	drawn = $state.raw<Result<DrawnOutput> | null>(null);
	/** The most alike first. */
	nearest = $state.raw<Result<readonly { item: number; similarity: number }[]> | null>(null);
	/** Settles when what is shown is of the newest input. */
	followed: Promise<void> = Promise.resolve();
	/** Components that show it. */
	#showing = $state(0);

	watch(): void {
		$effect(() => {
			if (this.#showing && this.context.fed && this.old) untrack(() => void this.ask());
		});
	}
	/** A component shows it. @returns ends that */
	show(): () => void {
		this.#showing++;
		return () => void this.#showing--;
	}

	get busy(): boolean {
		return 'output' in this.running;
	}

	/** All ways to read the output, the likeliest first. */
	get readings(): readonly OutputReading[] {
		return this.context.head?.readings ?? [];
	}
	/** The one that is chosen, else the likeliest. */
	get reading(): OutputReading | null {
		const [kind, output] = this.context.option(AS, '').split('@');
		const chosen = output === this.context.head?.output ? this.readings.find((one) => one.kind === kind) : undefined;
		return chosen ?? this.readings[0] ?? null;
	}
	/** Somebody chose it. */
	get changed(): boolean {
		return this.reading !== (this.readings[0] ?? null);
	}
	/** What the link says of a choice: nothing of the guess. */
	optionFor(kind: string): string {
		return kind === this.readings[0]?.kind ? '' : `${kind}@${this.context.head?.output ?? ''}`;
	}
	get parameters(): Parameters {
		const { reading } = this;
		return reading ? validParameters(reading.parameters, parsed(this.context.option(HOW, ''))) : {};
	}
	/** What the link says of them once one is another. */
	optionWith(id: string, value: unknown): string {
		const specs = this.reading?.parameters ?? [];
		const all = { ...this.parameters, [id]: value };
		const other = specs.filter((spec) => all[spec.id] !== spec.default);
		return other.map((spec) => `${spec.id}:${String(all[spec.id])}`).join(',');
	}

	/** Keys of now that only this state knows. */
	get own(): Identity {
		return { parameters: keyOf([this.reading?.kind, this.parameters]) };
	}
	get old(): boolean {
		const { reading, drawn, context } = this;
		if (!reading || reading.plain) return false;
		return !drawn || differing(drawn.of, { ...context.identity(OF), ...this.own }).length > 0;
	}

	ask(): Promise<void> {
		return (this.followed = this.#ask());
	}
	async #ask(): Promise<void> {
		const { reading, parameters, context } = this;
		const { head, fed } = context;
		if (!reading || !head || !fed) return;
		const of = context.identity(OF);
		const key = this.own;
		const picture = [...fed.value.preprocessed.values()][0] ?? null;
		await this.job(
			'output',
			(signal) => context.compute.with({ signal }).output({ output: head.output, kind: reading.kind, parameters }),
			(drawing) => (this.drawn = { value: { drawing, head, reading, picture }, of: { ...of, ...key } }),
			of
		);
	}

	/** Keys of a data set. */
	static of(data: DataSet): Identity {
		return { data: keyOf([data.name, data.count]) };
	}
	/** The items of a data set whose output is most like that for the input. */
	async findNearest(data: DataSet): Promise<void> {
		const { head } = this.context;
		const inputs = data.images ?? data.rows?.values;
		if (!head || !inputs) return;
		const of = this.context.identity(OF);
		await this.job(
			'nearest',
			(signal, progress) =>
				this.context.compute
					.with({ signal, progress: (value) => progress((value as { done: number }).done) })
					.similarities(head.output, inputs),
			(all) => {
				const items = Array.from(all.keys())
					.filter((item) => Number.isFinite(all[item]))
					.sort((a, b) => all[b]! - all[a]! || a - b)
					.slice(0, NEAREST)
					.map((item) => ({ item, similarity: all[item]! }));
				this.nearest = { value: items, of: { ...of, ...Outputs.of(data) } };
			},
			of
		);
	}

	reset(): void {
		for (const job of ['output', 'nearest']) this.cancel(job);
		this.drawn = this.nearest = null;
	}
	restore(): Promise<void> {
		return Promise.resolve();
	}
}

/** Keys of the options of the link. */
export const OUTPUT_OPTIONS = { as: AS, how: HOW } as const;
