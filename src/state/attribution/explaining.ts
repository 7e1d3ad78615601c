import type { HeadSpec, Prediction, Target } from '#contracts/compute.ts';
import { isAbort } from '#contracts/errors.ts';
import { ANSWER, differing, EXPLAINED, keyOf, picked, type Facet, type Identity } from '#contracts/identity.ts';
import type { MethodSpec } from '#contracts/method.ts';
import { validParameters, type Parameters, type ParameterValue } from '#contracts/parameter.ts';
import { Newest, REPLACED } from '#contracts/newest.ts';
import type { Rectangle } from '#contracts/preprocessing.ts';
import { Feeding } from '#state/input/feeding.ts';
import type { Settings } from '#state/lab/settings.ts';
import { setSubject } from '#workers/rpc.ts';

/** The view that shows the maps. */
const ATTRIBUTION = 'attribution';
/** Milliseconds after which it is said that the model computes. */
const LONG = 1500;
const NONE: readonly Prediction[] = [];
/** What every map depends on, besides its method's parameters. */
const MAP: readonly Facet[] = [...EXPLAINED, 'target', 'seed'];
/** What the page tells the engine of what it is fed. */
const FED: readonly Facet[] = ['input', 'preparation', 'explained', 'others'];

/** What is asked of the open model: its prediction, what of it is to be explained, and the maps that explain it. */
export abstract class Explaining extends Feeding {
	/** Whether the user ended the prediction of what is open. */
	#stopped = false;
	/** What is asked of the model, so that a late answer is dropped. */
	#asking = new Newest();

	/** Changes what the link carries. */
	protected abstract set(change: Partial<Settings>): void;
	abstract readonly view: string;
	abstract readonly seenRectangle: Rectangle | null;

	protected async refresh(fresh: boolean): Promise<void> {
		const { model } = this;
		if (!model) return;
		const turn = this.#asking.next();
		const { identity } = this;
		this.#stopped = false;
		const of = picked(identity, ANSWER);
		this.drawn.cancelAll();
		if (!model.able.run) return this.share();
		const { explained, pictures } = this.input;
		const input = pictures.title;
		const { all } = this.open.preparations;
		const inputs = await this.input.data(model.inputs);
		if (!inputs || turn.aborted) return;
		try {
			const fed = [inputs, all, explained?.id ?? null, picked(identity, FED)] as const;
			const { seen } = await this.computing.compute.feed(...fed);
			const predictions = await this.#predicted(of);
			if (turn.aborted) return seen.forEach((bitmap) => bitmap.close());
			const shown = await this.input.seen(seen);
			if (turn.aborted) return;
			this.answered = { value: { predictions, seen: shown, input }, of };
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
		this.explainAll();
		this.share();
	}

	/** The views' own results on a fresh engine. */
	protected abstract resumed(): Promise<void>;

	protected async restored(): Promise<void> {
		await this.resumed();
		// What was stopped would bring the fresh engine to a standstill, too.
		if (!this.#stopped) await this.refresh(false);
	}

	/** One that takes long is a job that can be cancelled; an engine that does not hear of it is ended. */
	async #predicted(of: Identity): Promise<readonly Prediction[]> {
		const stop = new AbortController();
		setSubject(stop.signal, of);
		const answer = this.computing.compute.with({ signal: stop.signal, watched: 'when cancelled' }).predict();
		const asJob = (signal: AbortSignal) => {
			signal.addEventListener('abort', () => {
				if (signal.reason === REPLACED) return;
				this.#stopped = true;
				stop.abort();
			});
			return answer;
		};
		const late = () => {
			if (!this.job) this.jobs.run('Computing the prediction', asJob).catch(() => undefined);
		};
		const timer = setTimeout(late, LONG);
		try {
			return await answer;
		} finally {
			clearTimeout(timer);
		}
	}

	// Prediction and target

	get predictions() {
		return this.answered?.value.predictions ?? NONE;
	}
	get seenPicture() {
		return this.answered?.value.seen.get(this.explained?.id ?? '') ?? null;
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
		this.settings = { ...this.settings, head: index, target: null, other: null };
		this.explainAll();
		this.share();
	}
	setTarget({ unit, kind, other }: Partial<Target>): void {
		const { target } = this;
		this.settings = {
			...this.settings,
			target: unit ?? target?.unit ?? null,
			...(kind ? { kind } : {}),
			...(other !== undefined ? { other } : {})
		};
		this.explainAll();
		this.share();
	}
	labelOf(unit: number, head = this.heads[this.head]): string {
		if (head?.kind === 'binary') return this.labels?.[this.labels.length === 2 ? 1 : 0] ?? 'yes';
		const named = head && head.kind !== 'value' ? this.open.className(unit, head.units) : null;
		const kind = head?.kind === 'value' ? 'output' : head?.kind === 'grid' ? 'channel' : 'class';
		return named ?? `${kind} ${unit}`;
	}

	// Maps

	get maps() {
		return this.drawn.all;
	}
	protected explainAll(): void {
		// What is not looked at is not computed.
		if (this.view !== ATTRIBUTION) return this.drawn.clear();
		// They are asked for when the answer is there, which says what there is to explain.
		if (!this.answered || differing(this.answered.of, this.identity).length) return;
		for (const method of this.methods) if (this.shows(method.id)) this.#explain(method);
	}
	#explain(method: MethodSpec): void {
		const { target, seed, channels, image, seenRectangle: seen } = this;
		if (!target) return;
		const parameters = this.parametersOf(method.id);
		const from = {
			image: seen && image,
			seen,
			model: this.model?.title ?? '',
			input: this.input.pictures.title,
			explained: this.explained?.id ?? '',
			target,
			className: this.labelOf(target.unit),
			parameters,
			seed,
			channels
		};
		const of = { ...picked(this.identity, MAP), ...this.settingsOf(method.id) };
		void this.drawn.run(this.computing.compute, { method: method.id, from, of });
	}
	/** What a method's map depends on, besides what all share. */
	settingsOf(method: string): Identity {
		return { parameters: keyOf([this.parametersOf(method), this.channels]) };
	}
	parametersOf(method: string): Parameters {
		const specs = this.method(method)?.parameters ?? [];
		const given = specs.map(({ id }) => [id, this.settings.parameters[`${method}.${id}`]]);
		return validParameters(specs, Object.fromEntries(given) as Record<string, unknown>);
	}
	protected method(id: string): MethodSpec | undefined {
		return this.methods.find((method) => method.id === id);
	}
	setParameter(method: string, parameter: string, value: ParameterValue): void {
		const { [`${method}.${parameter}`]: _, ...rest } = this.settings.parameters;
		const spec = this.method(method)?.parameters.find(({ id }) => id === parameter);
		const kept = value === spec?.default ? {} : { [`${method}.${parameter}`]: String(value) };
		this.settings = { ...this.settings, parameters: { ...rest, ...kept } };
		this.rerun(method);
		this.share();
	}
	get seed() {
		return this.settings.seed;
	}
	setSeed(seed: number): void {
		this.set({ seed: Math.max(0, Math.min(2 ** 31 - 1, Math.round(seed) || 0)) });
		this.explainAll();
	}
	get channels() {
		return this.settings.channels;
	}
	setChannels(channels: Settings['channels']): void {
		this.set({ channels });
		this.explainAll();
	}
	shows(method: string): boolean {
		return this.settings.methods?.includes(method) ?? true;
	}
	setShown(method: string, shown: boolean): void {
		const methods = this.methods.map(({ id }) => id).filter((id) => (id === method ? shown : this.shows(id)));
		this.set({ methods: methods.length === this.methods.length ? null : methods });
		if (shown) this.rerun(method);
		else this.drawn.forget(method);
	}
	cancelMap(method: string): void {
		this.drawn.cancel(method);
	}
	rerun(method: string): void {
		const spec = this.method(method);
		if (spec && this.shows(method)) this.#explain(spec);
	}
}
