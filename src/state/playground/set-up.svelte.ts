import type { Dataset } from '#contracts/playground.ts';
import { playgroundCost } from '#maths/playground/cost.ts';
import { dataset } from '#maths/playground/data.ts';
import { networkLayout, outputsOf } from '#maths/playground/layout.ts';
import { stepsPerEpoch } from '#maths/playground/schedule.ts';
import type { ViewContext } from '#state/lab/view-context.ts';
import { PLAIN_AXES, type OwnData } from '#state/playground/own.ts';
import { specOf } from '#state/playground/settings.ts';

/** What is set up: the data, the network and how it learns, as the link says, with points of the user's own. */
export class SetUp {
	own = $state.raw<OwnData | null>(null);

	constructor(protected readonly context: ViewContext) {}

	readonly spec = $derived.by(() =>
		specOf((key, otherwise) => this.context.option(`playground.${key}`, otherwise), this.own?.points ?? null)
	);
	/** Null while there are no own points yet. */
	readonly data = $derived.by<Dataset | null>(() =>
		this.spec.data.kind === 'points' && !this.own ? null : dataset(this.spec.data)
	);
	readonly cost = $derived.by(() => playgroundCost(this.spec));
	readonly outputs = $derived.by(() => outputsOf(this.spec.learning.loss, this.data?.classes ?? 2));
	readonly layout = $derived.by(() => networkLayout(this.spec.network, this.outputs));
	readonly axes = $derived.by(() => (this.spec.data.kind === 'points' && this.own ? this.own.axes : PLAIN_AXES));
	readonly perEpoch = $derived.by(() => stepsPerEpoch(this.data?.train.y.length ?? 0, this.spec.learning.batch));

	setOwn(own: OwnData | null): void {
		this.own = own;
	}
}
