import type { InputPreprocessing } from '#contracts/compute.ts';
import { alike, type Preprocessing } from '#contracts/preprocessing.ts';
import type { PreprocessingChange } from '#state/lab/settings.ts';

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/** What a link says of `now`, where a model's own way is `own`. */
function change(own: Preprocessing, now: Preprocessing): PreprocessingChange {
	const { width, height, fit, order, normalisation, invert } = now;
	return {
		...(width === own.width && height === own.height ? {} : { size: [width, height] }),
		...(fit === own.fit ? {} : { fit }),
		...(order === own.order ? {} : { order }),
		...(same(normalisation, own.normalisation) ? {} : { normalisation }),
		...(invert === own.invert ? {} : { invert })
	};
}

function changed(own: Preprocessing, { size, ...rest }: PreprocessingChange): Preprocessing {
	return { ...own, ...rest, ...(size ? { width: size[0], height: size[1] } : {}) };
}

/** How the pictures of each input are prepared. */
export class PreprocessingChoices {
	#began: readonly InputPreprocessing[] = [];
	#now = $state.raw<readonly InputPreprocessing[]>([]);

	/** As the model, its card or its makers say; else as it was guessed. */
	begin(known: readonly InputPreprocessing[]): void {
		this.#began = this.#now = known;
	}

	/** As it began. */
	restart(): void {
		this.#now = this.#began;
	}

	of(input: string): InputPreprocessing | null {
		return this.#now.find((one) => one.input === input) ?? null;
	}

	/** The same, as it began. */
	begun(input: string): InputPreprocessing | null {
		return this.#began.find((one) => one.input === input) ?? null;
	}

	get all(): ReadonlyMap<string, Preprocessing> {
		return new Map(this.#now.map(({ input, preprocessing }) => [input, preprocessing]));
	}

	/** @param all whether the pictures of the other inputs are prepared alike */
	prepare(input: string, preprocessing: Preprocessing, all: boolean): void {
		const before = this.of(input)?.preprocessing;
		if (!before) return;
		this.#now = this.#now.map((one, i) => {
			if (one.input !== input && !all) return one;
			const own = one.input === input ? preprocessing : alike(one.preprocessing, before, preprocessing);
			const began = this.#began[i] as InputPreprocessing;
			return same(own, began.preprocessing)
				? began
				: { input: one.input, preprocessing: own, reason: 'yours', guessed: false };
		});
	}

	/** What a link must say, input by input: of the first what is not the model's own; the others follow it where they can. */
	get changes(): readonly PreprocessingChange[] {
		const [own, now] = [this.#began[0]?.preprocessing, this.#now[0]?.preprocessing];
		if (!own || !now) return [];
		return this.#now.map(({ preprocessing }, i) => {
			const began = (this.#began[i] as InputPreprocessing).preprocessing;
			return change(i ? alike(began, own, now) : own, preprocessing);
		});
	}

	/** The same, as a link says it. */
	prepareAs(changes: readonly PreprocessingChange[]): void {
		for (const [i, one] of changes.entries()) {
			const now = this.#now[i];
			if (now && Object.keys(one).length) this.prepare(now.input, changed(now.preprocessing, one), i === 0);
		}
	}
}
