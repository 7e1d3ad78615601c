import type { Alternative, InputSpec } from '#contracts/compute.ts';
import { Opening } from '#state/opening.svelte.ts';

/** What the open model is fed besides a picture, and whether anybody chose it. */
export abstract class Feeding extends Opening {
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
	setValues(id: string, values: readonly number[]): void {
		this.input.give({ [id]: values });
		void this.attempt(() => this.refresh(true));
	}
	/** The numbers of a .npy file for one input. */
	openArray(id: string, file: Blob): void {
		const spec = this.model?.inputs.find((input) => input.id === id);
		if (!spec) return;
		void this.attempt(async () => {
			const { values, shape } = await this.computing.compute.call('readArray', [file, spec.shape]);
			this.input.give({ [id]: Array.from(values) }, { [id]: shape });
			await this.refresh(true);
		});
	}

	get guessReason() {
		return this.open.reason;
	}
	get guessed() {
		return this.open.guessed;
	}
	/** What a head answers where the picture is prepared in the other usual ways. */
	alternatives(output: string): Promise<readonly Alternative[]> {
		return this.computing.compute.call('alternatives', [output]);
	}
}
