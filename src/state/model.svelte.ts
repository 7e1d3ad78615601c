import type { OpenedModel } from '#contracts/compute.ts';
import type { Ablation } from '#contracts/anatomy.ts';
import type { ModelCard } from '#contracts/card.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import type { Source } from '#contracts/source.ts';
import { unitName } from '#maths/unit-names.ts';
import type { Settings } from '#state/settings.ts';

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
	preprocessing = $state.raw<Preprocessing | null>(null);
	reason = $state('');
	/** Nothing but a guess says how the image is prepared. */
	guessed = $state(false);
	/** What the user or the link changed. */
	changes = $state.raw<Settings['preprocessing']>({});
	/** To open it again on a fresh engine. */
	source: Source | null = null;
	inputShape: readonly [number, number, number] | null = null;
	#original: Preprocessing | null = null;
	#began = { reason: '', guessed: false };

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
		this.changes = {};
		const known = origin.preprocessing && opened.preprocessing ? origin.preprocessing : null;
		this.#original = known ?? opened.preprocessing;
		this.preprocessing = this.#original;
		this.reason = known ? (origin.card ? 'from the model’s card' : 'as the model’s makers say') : opened.guessReason;
		this.#began = { reason: this.reason, guessed: !known && opened.guessed };
		this.guessed = this.#began.guessed;
	}

	/** Another way to prepare the image; only what differs from the model's own is kept for the link. */
	prepare(p: Preprocessing): void {
		const own = this.#original;
		if (!own) return;
		const differs = <K extends keyof Preprocessing>(key: K) => JSON.stringify(p[key]) !== JSON.stringify(own[key]);
		this.changes = {
			...(differs('width') || differs('height') ? { size: [p.width, p.height] } : {}),
			...(differs('fit') ? { fit: p.fit } : {}),
			...(differs('order') ? { order: p.order } : {}),
			...(differs('normalisation') ? { normalisation: p.normalisation } : {}),
			...(differs('invert') ? { invert: p.invert } : {})
		};
		this.preprocessing = p;
		const changed = Object.keys(this.changes).length > 0;
		this.reason = changed ? 'yours' : this.#began.reason;
		this.guessed = !changed && this.#began.guessed;
	}

	/** The same, as a link says it. */
	prepareAs({ size, ...rest }: Settings['preprocessing']): void {
		if (!this.preprocessing || !(size || Object.keys(rest).length)) return;
		this.prepare({ ...this.preprocessing, ...rest, ...(size ? { width: size[0], height: size[1] } : {}) });
	}

	/** The class name of a unit, or null. */
	className(unit: number, units: number): string | null {
		return unitName(this.labels, unit, units);
	}
}
