import type { InputSpec, InputPreprocessing } from '#contracts/compute.ts';
import type { Identity } from '#contracts/identity.ts';
import { explainable } from '#contracts/inputs.ts';
import type { PictureSlot } from '#contracts/lab.ts';
import type { Preprocessing } from '#contracts/preprocessing.ts';
import { Linked } from '#state/opening/linked.ts';

/** What the open model is fed, which of its inputs is explained, and whether anybody chose them. */
export abstract class Feeding extends Linked {
	/** Keys of all that is chosen now. */
	abstract readonly identity: Identity;

	get values() {
		return this.input.values;
	}
	get valueInputs(): readonly InputSpec[] {
		return this.model?.inputs.filter(({ kind }) => kind === 'values') ?? [];
	}
	/** Inputs that are fed what nobody chose. */
	get unchosen(): readonly string[] {
		return this.valueInputs.map(({ id }) => id).filter((id) => !this.input.chosen.has(id));
	}
	setValues(
		id: string,
		values: readonly number[],
		shape?: readonly number[],
		picture?: { bitmap: ImageBitmap; title: string }
	): void {
		const give = () => this.input.give({ [id]: values }, shape && { [id]: shape });
		// Before anything is waited for: what is typed next is about these.
		if (!picture) give();
		void this.attempt(async () => {
			if (picture) {
				await this.openBitmap(picture.bitmap, picture.title, id);
				give();
			}
			await this.refresh(true);
		});
	}

	// Pictures

	get image() {
		return this.input.pictures.of(this.#main)?.image ?? null;
	}
	/** The explained input, or the first that takes pictures; null without one. */
	get #main(): string | null {
		const { explained, pictures } = this.input;
		return explained?.kind === 'image' ? explained.id : (pictures.inputs[0] ?? null);
	}
	get slots(): readonly PictureSlot[] {
		return (this.model?.inputs ?? []).flatMap(({ id, shape }) => {
			const preprocessing = this.open.preprocessing.of(id);
			if (!preprocessing) return [];
			const picture = this.input.pictures.of(id);
			const fixed = shape.slice(1).every((n) => n !== null);
			return [{ id, image: picture?.image ?? null, sample: picture?.sample ?? null, preprocessing, fixed }];
		});
	}
	get slot() {
		return this.input.pictures.slot;
	}
	chooseSlot(input: string | null): void {
		this.input.pictures.slot = input;
	}
	sharePicture(input: string): void {
		this.input.pictures.share(input);
		void this.attempt(() => this.refresh(true));
	}

	// The explained input

	get explained() {
		return this.input.explained;
	}
	get explainable(): readonly InputSpec[] {
		const all = explainable(this.model?.inputs ?? []);
		return all.length > 1 ? all : [];
	}
	explain(input: string): void {
		this.input.requested = input;
		void this.attempt(() => this.refresh(false));
	}

	// Preprocessing

	get #inputPreprocessing(): InputPreprocessing | null {
		return this.open.preprocessing.of(this.#main ?? '');
	}
	/** Of the same picture, as it was before anybody changed it. */
	get ownPreprocessing(): InputPreprocessing | null {
		return this.open.preprocessing.begun(this.#main ?? '');
	}
	get preprocessing() {
		return this.#inputPreprocessing?.preprocessing ?? null;
	}
	get guessReason() {
		return this.#inputPreprocessing?.reason ?? '';
	}
	get guessed() {
		return this.#inputPreprocessing?.guessed ?? false;
	}
	setPreprocessing(preprocessing: Preprocessing, input?: string): void {
		const of = input ?? this.#main;
		if (of === null) return;
		this.open.preprocessing.prepare(of, preprocessing, input === undefined);
		void this.attempt(() => this.refresh(false));
	}
}
