import type { HeadSpec, Prediction, Target } from '#contracts/compute.ts';
import { isAbort } from '#contracts/errors.ts';
import { PREDICTED, picked, type Facet, type Identity } from '#contracts/identity.ts';
import { Newest, REPLACED } from '#contracts/newest.ts';
import { Feeding } from '#state/input/feeding.ts';
import type { Settings } from '#state/lab/settings.ts';
import { setSubject } from '#workers/rpc.ts';

/** Milliseconds after which it is said that the model computes. */
const LONG = 1500;
const NONE: readonly Prediction[] = [];
/** What the page tells the engine of what it is fed. */
const FED: readonly Facet[] = ['input', 'preprocessing', 'explained', 'others'];

/** What is asked of the open model: its prediction, and what of it is to be explained. */
export abstract class Predicting extends Feeding {
	/** Whether the user ended the prediction of what is open. */
	#stopped = false;
	/** What is asked of the model, so that a late answer is dropped. */
	#asking = new Newest();

	/** Changes what the link carries. */
	protected abstract set(change: Partial<Settings>): void;

	protected async refresh(fresh: boolean): Promise<void> {
		const { model } = this;
		if (!model) return;
		const turn = this.#asking.next();
		const { identity } = this;
		this.#stopped = false;
		const of = picked(identity, PREDICTED);
		this.fed = null;
		if (!model.able.run) return this.share();
		const { explained, pictures } = this.input;
		const input = pictures.title;
		const { all } = this.open.preprocessing;
		const inputs = await this.input.data(model.inputs);
		if (!inputs || turn.aborted) return;
		try {
			const fed = [inputs, all, explained?.id ?? null, picked(identity, FED)] as const;
			const { preprocessed } = await this.computing.compute.feed(...fed);
			const predictions = await this.#predicted(of);
			if (turn.aborted) return preprocessed.forEach((bitmap) => bitmap.close());
			const shown = await this.input.preprocessed(preprocessed);
			if (turn.aborted) return;
			this.predicted = this.fed = { value: { predictions, preprocessed: shown, input }, of };
		} catch (error) {
			if (turn.aborted) return;
			if (!isAbort(error)) throw error;
			if (this.#stopped)
				this.notes.add(
					'info',
					'The prediction was stopped.',
					'The model is open. Choose an image or change the preprocessing to compute it again.'
				);
			return;
		}
		if (fresh)
			this.settings = {
				...this.settings,
				target: null,
				other: null,
				kind: this.settings.kind === 'difference' ? 'logit' : this.settings.kind
			};
		this.share();
	}

	/** The views' own results on a fresh engine. */
	protected abstract resumed(): Promise<void>;

	protected async restored(): Promise<void> {
		this.fed = null;
		await this.resumed();
		// What was stopped would bring the fresh engine to a standstill, too.
		if (!this.#stopped) await this.refresh(false);
	}

	/** One that takes long is a job that can be cancelled; an engine that does not hear of it is ended. */
	async #predicted(of: Identity): Promise<readonly Prediction[]> {
		const stop = new AbortController();
		setSubject(stop.signal, of);
		const prediction = this.computing.compute.with({ signal: stop.signal, watched: 'when cancelled' }).predict();
		const asJob = (signal: AbortSignal) => {
			signal.addEventListener('abort', () => {
				if (signal.reason === REPLACED) return;
				this.#stopped = true;
				stop.abort();
			});
			return prediction;
		};
		const late = () => {
			if (!this.job) this.jobs.run('Computing the prediction', asJob).catch(() => undefined);
		};
		const timer = setTimeout(late, LONG);
		try {
			return await prediction;
		} finally {
			clearTimeout(timer);
		}
	}

	// Prediction and target

	get predictions() {
		return this.predicted?.value.predictions ?? NONE;
	}
	get preprocessedPicture() {
		return this.predicted?.value.preprocessed.get(this.explained?.id ?? '') ?? null;
	}
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
		this.set({ head: index, target: null, other: null });
	}
	setTarget({ unit, kind, other }: Partial<Target>): void {
		const { target } = this;
		this.set({
			target: unit ?? target?.unit ?? null,
			...(kind ? { kind } : {}),
			...(other !== undefined ? { other } : {})
		});
	}
	labelOf(unit: number, head = this.heads[this.head]): string {
		if (head?.kind === 'binary') return this.labels?.[this.labels.length === 2 ? 1 : 0] ?? 'yes';
		const named = head && head.kind !== 'value' ? this.unitName(unit, head.units) : null;
		const kind = head?.kind === 'value' ? 'output' : head?.kind === 'grid' ? 'channel' : 'class';
		return named ?? `${kind} ${unit}`;
	}

	/** The class name of a unit of an output with so many, or null. */
	unitName(unit: number, units: number): string | null {
		return this.open.className(unit, units);
	}

	get seed() {
		return this.settings.seed;
	}
	setSeed(seed: number): void {
		this.set({ seed: Math.max(0, Math.min(2 ** 31 - 1, Math.round(seed) || 0)) });
	}
}
