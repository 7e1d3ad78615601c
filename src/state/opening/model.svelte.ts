import type { OpenedModel, InputPreprocessing } from '#contracts/compute.ts';
import type { Ablation } from '#contracts/anatomy.ts';
import type { ModelCard } from '#contracts/card.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { Source } from '#contracts/source.ts';
import { unitName } from '#maths/unit-names.ts';
import { PreprocessingChoices } from '#state/input/preprocessing-choices.svelte.ts';

/** Where an open model came from; what the link can say of it. */
export interface Origin {
	/** Of a shipped model. */
	name: string | null;
	variant: string;
	card: ModelCard | null;
	/** What the link carries: a name, `catalogue/ID`, an address; null for files of one's own. */
	link: string | null;
	/** Known beforehand: from the card or the catalogue. */
	preprocessing: Preprocessing | null;
	labels: readonly string[] | null;
}

export const OWN_FILES: Origin = { name: null, variant: '', card: null, link: null, preprocessing: null, labels: null };

/** Which of its weights a sample model has: `Digits, untrained`. */
export function titleOf(title: string, card: ModelCard | null, variant: string): string {
	if (!card?.variants?.length) return title;
	return `${title}, ${card.variants.find(({ file }) => file === variant)?.title.toLowerCase() ?? 'trained'}`;
}

/** What a card or the makers say is of the first picture that the model takes. */
export function preprocessingOf(
	{ preprocessing }: OpenedModel,
	{ preprocessing: known, card }: Origin
): readonly InputPreprocessing[] {
	const [first, ...others] = preprocessing;
	if (!first || !known) return preprocessing;
	const reason = card ? 'from the model’s card' : 'from the model’s authors';
	return [{ input: first.input, preprocessing: known, reason, guessed: false }, ...others];
}

/** What the user is to know of it: what is missing only until it has been read is no warning. */
export function saidOf({ warnings, obstacle }: OpenedModel): readonly { message: string; hint: string }[] {
	const said = warnings.map((message) => ({ message, hint: '' }));
	return obstacle && obstacle.kind !== 'unread' ? [...said, obstacle] : said;
}

/** The open model, its class names and its preprocessing. */
export class ModelState {
	opened = $state.raw<OpenedModel | null>(null);
	/** No two models that are opened have the same; empty without one. */
	key = $state('');
	/** What is switched off in it. */
	ablations = $state.raw<readonly Ablation[]>([]);
	origin = $state.raw<Origin>(OWN_FILES);
	labels = $state.raw<readonly string[] | null>(null);
	/** Address that the class names came from, for the link. */
	labelsAddress = $state<string | null>(null);
	/** Of its pictures. */
	readonly preprocessing = new PreprocessingChoices();
	/** To open it again on a fresh engine. */
	source: Source | null = null;
	inputShape: readonly [number, number, number] | null = null;

	set(
		key: string,
		opened: OpenedModel,
		origin: Origin,
		source: Source,
		inputShape: readonly [number, number, number] | null
	): void {
		this.key = key;
		this.ablations = [];
		this.opened = opened;
		this.origin = origin;
		this.source = source;
		this.inputShape = inputShape;
		this.labelsAddress = null;
		this.labels = origin.labels ?? opened.labels;
		this.preprocessing.begin(preprocessingOf(opened, origin));
	}

	/** All of it has been read. What was shown of its structure stays as it is. */
	complete(opened: OpenedModel): void {
		this.opened = { ...opened, graph: this.opened?.graph ?? opened.graph };
		this.preprocessing.begin(preprocessingOf(opened, this.origin));
	}

	/** Its weights were not read to the end: what can be looked at stays. */
	stopped(cancelled: boolean): void {
		const { opened } = this;
		if (opened?.obstacle?.kind !== 'unread') return;
		const message = cancelled ? 'Reading its weights was cancelled.' : 'Its weights could not be read.';
		const hint = 'Open it again to run it: Structure, Parameters, Figures and Compare read what they need.';
		this.opened = { ...opened, obstacle: { ...opened.obstacle, message, hint } };
	}

	/** The class name of a unit, or null. */
	className(unit: number, units: number): string | null {
		return unitName(this.labels, unit, units);
	}
}
