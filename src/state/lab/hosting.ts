import { keyOf, picked, type Identity } from '#contracts/identity.ts';
import type { DisplaySettings, LabState, ListedJob } from '#contracts/lab.ts';
import { Predicting } from '#state/lab/predicting.ts';
import type { ViewStateClass } from '#state/lab/context.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { DEFAULT_SETTINGS, type Settings } from '#state/lab/settings.ts';
import { ViewStates } from '#state/lab/view-states.svelte.ts';

/** The states of the views, and what they see of the lab. */
export abstract class Hosting extends Predicting {
	protected readonly viewStates = new ViewStates(
		this.#context(),
		() => this.view,
		() => this.computing.urge()
	);

	abstract readonly view: string;

	abstract readonly display: DisplaySettings;
	abstract scaleColours(id: string, n: number): readonly string[];
	abstract option(key: string, otherwise: string): string;

	#context(): ViewContext {
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
			get started() {
				return !!lab().engine || lab().failed;
			},
			get graph() {
				return lab().model?.graph ?? null;
			},
			get opened() {
				const { source, inputShape } = lab().open;
				return source && { source, inputShape };
			},
			get head() {
				return lab().heads[lab().head] ?? null;
			},
			get target() {
				return lab().target;
			},
			get layer() {
				return lab().layer;
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
			get ownPreprocessing() {
				return lab().ownPreprocessing;
			},
			get preprocessingByInput() {
				return lab().open.preprocessing.all;
			},
			get ablations() {
				return lab().ablations;
			},
			get preprocessedPicture() {
				return lab().preprocessedPicture;
			},
			get fed() {
				return lab().fed;
			},
			get methods() {
				return lab().computing.methods;
			},
			get image() {
				return lab().image;
			},
			get modelTitle() {
				return lab().model?.title ?? '';
			},
			get inputTitle() {
				return lab().input.pictures.title;
			},
			get retired() {
				return lab().retired;
			},
			get settings() {
				return lab().settings;
			},
			get display() {
				return lab().display;
			},
			labelOf: (unit) => this.labelOf(unit),
			scaleColours: (id, n) => this.scaleColours(id, n),
			set: (change) => this.set(change),
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

	get status(): LabState['status'] {
		if (!this.engine) return this.failed ? 'error' : 'loading';
		if (this.running || this.viewStates.busy) return this.model ? 'busy' : 'loading';
		if (this.failed) return 'error';
		return this.model ? 'ready' : 'loading';
	}

	get jobList(): readonly ListedJob[] {
		const { job } = this;
		const own = job && { title: job.title, done: job.done, cancel: () => this.cancel() };
		return [...(own ? [own] : []), ...this.viewStates.listed];
	}

	protected replaced(): void {
		this.viewStates.reset();
	}

	protected resumed(): Promise<void> {
		return this.viewStates.restore();
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

	/** What is open and chosen now, also where it was left to the model: as a link says it that is to stay so. */
	moment(): Settings {
		const { head, target, channel } = this;
		const { unit = null, kind = 'logit', other = null } = target ?? {};
		const { layer } = this.settings;
		return { ...DEFAULT_SETTINGS, ...this.linkedSettings(), head, target: unit, kind, other, layer, channel };
	}

	viewState<T extends ViewState>(kind: ViewStateClass<T>): T {
		return this.viewStates.of(kind);
	}

	shows(viewState: ViewState, view: string): () => void {
		return this.viewStates.show(viewState, view);
	}

	get identity(): Identity {
		const { open, input, target } = this;
		return {
			model: open.key,
			weights: keyOf(open.ablations),
			input: input.key,
			explained: input.explained?.id ?? '',
			others: input.others,
			preprocessing: keyOf([...open.preprocessing.all]),
			head: String(this.head),
			target: keyOf(target),
			layer: this.layer ?? '',
			channel: String(this.channel),
			seed: String(this.seed)
		};
	}
}
