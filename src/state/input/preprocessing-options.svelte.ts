import { untrack } from 'svelte';
import type { Alternative, HeadSpec } from '#contracts/compute.ts';
import { differing, keyOf, type Facet, type Identity, type Result } from '#contracts/identity.ts';
import { alike, type Preprocessing } from '#contracts/preprocessing.ts';
import { sameWay, usualWays, type Way } from '#contracts/usual-preprocessing.ts';
import { JobViewState } from '#state/lab/job-view-state.svelte.ts';
import type { ViewState } from '#state/lab/view-context.ts';

/** One of the usual ways of preprocessing, and what the model answers to it. */
export type PreprocessingOption = Way & Alternative;

/** What they are of, besides what of the present preprocessing goes into all of them. */
const OPTIONS: readonly Facet[] = ['model', 'weights', 'input', 'explained', 'others', 'head'];

/** How much an answer is one of some: the surest is not the rightest. */
const confidence = ({ kind }: HeadSpec, { probability }: Alternative) =>
	kind === 'binary' ? Math.max(probability, 1 - probability) : probability;

/** Heads without shares are not compared by how sure they are. */
function sorted(head: HeadSpec, options: readonly PreprocessingOption[]): readonly PreprocessingOption[] {
	if (!hasShares(head)) return options;
	const rank = (one: PreprocessingOption) => (one.beyond ? -1 : confidence(head, one) || 0);
	return options.toSorted((a, b) => rank(b) - rank(a));
}

/** Whether a head answers in probabilities. */
export const hasShares = ({ kind }: HeadSpec): boolean => kind === 'classes' || kind === 'labels' || kind === 'binary';

/** What another preprocessing of the open picture would give. */
export class PreprocessingOptions extends JobViewState implements ViewState {
	protected override readonly titles = { options: 'Trying other preprocessing' };
	/** The surest first, and what no trained network answers last. */
	found = $state.raw<Result<readonly PreprocessingOption[]> | null>(null);
	/** They are shown without being asked for, and follow what is open. */
	visible = $state(false);

	watch(): void {
		$effect(() => {
			if (this.visible && this.context.fed && this.old) untrack(() => void this.ask());
		});
	}

	get busy(): boolean {
		return 'options' in this.running;
	}
	/** 0..1; null while none is computed. */
	get done(): number | null {
		return this.running['options'] ?? null;
	}

	/** What of the present preprocessing goes into all ways, and the present one where it is none of them. */
	#key(other: Preprocessing | null): Identity {
		const { preprocessing: now, ownPreprocessing: own, preprocessingByInput: all } = this.context;
		const common = now && [now.width, now.height, now.channels, now.invert];
		return { parameters: keyOf([common, own, all.size > 1 ? [...all] : [], other]) };
	}
	/** Which of the ways is the present one makes them no others. */
	get own(): Identity {
		const { preprocessing: now } = this.context;
		const known = !now || !this.found || this.found.value.some((way) => sameWay(way.preprocessing, now));
		return this.#key(known ? null : now);
	}
	/** There are none for what is chosen now: none of them is to be chosen. */
	get old(): boolean {
		const { found, context, own } = this;
		return !found || differing(found.of, { ...context.identity(OPTIONS), ...own }).length > 0;
	}

	/** Whether a way is the present one. */
	inUse({ preprocessing }: Way): boolean {
		const { preprocessing: now } = this.context;
		return !!now && sameWay(preprocessing, now);
	}
	/** Whether it is what the model began with. */
	isOwn({ preprocessing }: Way): boolean {
		const own = this.#own;
		return !!own && sameWay(preprocessing, own);
	}
	/** Why the model began with that: half a sentence. */
	get reason(): string {
		return this.context.ownPreprocessing?.reason ?? '';
	}
	/** All ways have one size. */
	get #own(): Preprocessing | null {
		const { preprocessing: now, ownPreprocessing: own } = this.context;
		return own && now && { ...own.preprocessing, width: now.width, height: now.height };
	}

	/** What the open picture gives in all usual ways. */
	async ask(): Promise<void> {
		const { preprocessing: now, ownPreprocessing, preprocessingByInput, image, inputs, head } = this.context;
		const own = this.#own;
		if (!now || !own || !ownPreprocessing || !image || !head) return;
		const ways = usualWays(now, { title: 'Model default', preprocessing: own }, image);
		const prepared = ({ preprocessing }: Way) =>
			[...preprocessingByInput].map(([id, other]) => {
				return [id, id === ownPreprocessing.input ? preprocessing : alike(other, now, preprocessing)] as const;
			});
		const key = this.#key(null);
		const request = { output: head.output, ways: ways.map((way) => new Map(prepared(way))) };
		const of = this.context.identity(OPTIONS);
		await this.job(
			'options',
			async (signal, progress) => {
				const data = await this.context.inputData(inputs);
				// Another picture may have come while it was drawn.
				if (!data || differing(of, this.context.identity(OPTIONS)).length) return null;
				const compute = this.context.compute.with({
					signal,
					progress: (done) => progress(Number(done)),
					transfer: Object.values(data).flatMap((one) => (one.kind === 'image' ? [one.bitmap] : [])),
					watched: 'when cancelled'
				});
				return compute.alternatives({ ...request, inputs: data });
			},
			(answers) => {
				const options = answers?.map((answer, i) => ({ ...(ways[i] as Way), ...answer }));
				if (options) this.found = { value: sorted(head, options), of: { ...of, ...key } };
			},
			of
		);
	}

	reset(): void {
		this.cancel('options');
		this.found = null;
	}
	restore(): Promise<void> {
		return Promise.resolve();
	}
}
