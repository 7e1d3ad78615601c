import { keyOf, picked, type Identity } from '#contracts/identity.ts';
import type { Look } from '#contracts/lab.ts';
import { Answering } from '#state/lab/answering.ts';
import type { ViewStateClass } from '#state/lab/context.ts';
import type { ViewContext, ViewState } from '#state/lab/view-context.ts';
import { ViewStates } from '#state/lab/view-states.svelte.ts';

/** The states of the views, and what they see of the lab. */
export abstract class Hosting extends Answering {
	protected readonly viewStates = new ViewStates(
		this.#context(),
		() => this.view,
		() => this.computing.urge()
	);

	abstract readonly view: string;

	abstract readonly layer: string | null;
	abstract readonly channel: number;
	abstract readonly look: Look;
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
			get preparations() {
				return lab().open.preparations.all;
			},
			get ablations() {
				return lab().ablations;
			},
			get seenPicture() {
				return lab().seenPicture;
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
			get look() {
				return lab().look;
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
			preparation: keyOf([...open.preparations.all]),
			head: String(this.head),
			target: keyOf(target),
			layer: this.layer ?? '',
			channel: String(this.channel),
			seed: String(this.seed)
		};
	}
}
