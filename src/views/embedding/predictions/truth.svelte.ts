import type { LabState } from '#contracts/lab.ts';
import { classesOf } from '#maths/class-names.ts';
import { evaluate } from '#maths/evaluation.ts';
import type { EmbeddingPredictions } from '#state/embedding/predictions.svelte.ts';
import type { DataSets } from '#state/data/data-set.svelte.ts';

/** What the labels of the data say of the model's predictions. */
export class Truth {
	constructor(
		private readonly lab: LabState,
		private readonly sets: DataSets,
		private readonly viewState: EmbeddingPredictions
	) {}

	/** Of the data set that is open now, perhaps by the model as it was: shown within `Computed` only. */
	readonly known = $derived.by(() =>
		this.viewState.predictions?.data === this.sets.data ? this.viewState.predictions : null
	);
	/** The same, by the model as it is. */
	readonly predictions = $derived.by(() => (this.viewState.current === this.known ? this.known : null));

	/** The class of each item in the model's numbering, -1 for unknown; null where labels and classes do not fit. */
	readonly classes = $derived.by(() => {
		const { label } = this.sets;
		if (!label || !this.known) return null;
		const own = classesOf(label.categories, this.lab.labels, this.known.classes);
		return own && Int32Array.from(label.codes, (code) => own[code] ?? -1);
	});

	/** The class of the open model, asked or not, that each label means; null for another column, and where none fits. */
	readonly meaning = (column: { codes: Int32Array; categories: readonly string[] }): Int32Array | null => {
		const head = this.lab.heads.find(({ kind }) => kind === 'classes');
		if (!head || column.codes !== this.sets.label?.codes) return null;
		return classesOf(column.categories, this.lab.labels, head.units);
	};

	readonly evaluation = $derived.by(() =>
		this.known && this.classes ? evaluate(this.known.probabilities, this.classes, this.known.classes) : null
	);
}
