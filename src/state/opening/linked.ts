import { keyOf } from '#contracts/identity.ts';
import { explainedInput } from '#contracts/inputs.ts';
import type { Settings } from '#state/lab/settings.ts';
import { linkedParts } from '#state/opening/model-sources.ts';
import { Opening } from '#state/opening/opening.svelte.ts';
import type { Picture } from '#state/input/pictures.svelte.ts';
import { keptLink, openable } from '#state/opening/own-files.svelte.ts';
import { shippedModels } from '#state/opening/shipped.ts';

/** What a link says of what is open. */
type LinkedSettings = Pick<Settings, 'model' | 'variant' | 'labels' | 'input' | 'preprocessing' | 'more' | 'explained'>;

/** As a link names it; null for what only this page knows. */
export const pictureLink = (picture: Picture | null): string | null =>
	picture?.sample ?? keptLink(picture?.address ?? null);

/** What a link names is opened: at the start, and when Back, Forward, Undo or Redo return to it. */
export abstract class Linked extends Opening {
	/**
	 * @param link what is to be open; without a model the first sample model, without an input what is there or else the first
	 * sample
	 * @param before the same of what is open, which stays where it is alike; null at the start
	 */
	protected async openLinked(link: Settings, before: Settings | null): Promise<void> {
		const s = await openable(link, this.notes);
		const differs = (...keys: (keyof Settings)[]) =>
			!before || keys.some((key) => keyOf(s[key]) !== keyOf(before[key]));
		const anew = differs('model', 'variant');
		if (anew)
			await this.openParts(
				linkedParts(s.model ?? shippedModels[0]?.name ?? '', s.model ? s.variant : '', this.catalogue)
			);
		if (anew || differs('labels')) await this.name(s.labels, anew);
		const { preprocessing } = this.open;
		const prepared = anew || differs('preprocessing', 'more');
		if (prepared) {
			preprocessing.restart();
			preprocessing.prepareAs([s.preprocessing, ...s.more.map(({ preprocessing }) => preprocessing)]);
		}
		const given = await this.#give(s, anew || differs('input', 'more'));
		const explained = differs('explained');
		if (anew || explained) this.input.requested = s.explained;
		// What the link says of the score holds for the model that it opens, and only for that.
		this.settings = { ...this.settings, head: s.head, target: s.target, kind: s.kind, other: s.other };
		if (anew || prepared || given || explained) await this.refresh(false);
	}

	/** What is open now, for a link that opens it again. */
	protected linkedSettings(): LinkedSettings {
		const { origin, preprocessing: choices, labelsAddress } = this.open;
		const [preprocessing = {}, ...others] = choices.changes;
		const { pictures, explained } = this.input;
		return {
			model: keptLink(origin.link),
			variant: origin.variant,
			labels: labelsAddress,
			input: pictureLink(pictures.first),
			preprocessing,
			more: others.map((change, i) => {
				const picture = pictures.of(pictures.inputs[i + 1] ?? null);
				return { input: picture === pictures.first ? null : pictureLink(picture), preprocessing: change };
			}),
			explained: explained === explainedInput(this.input.specs, null) ? null : (explained?.id ?? null)
		};
	}

	/** @param anew another model has just been opened, with its own names */
	protected async name(address: string | null, anew: boolean): Promise<void> {
		if (address !== null) await this.fetchLabels(address);
		else if (!anew) this.named(this.open.origin.labels ?? this.open.opened?.labels ?? null, null);
	}

	/** @returns whether anything was given */
	async #give({ input, more }: Settings, differs: boolean): Promise<boolean> {
		const { inputs, first } = this.input.pictures;
		const name = input ?? (first && this.fits(first) ? null : (this.samples[0]?.file ?? null));
		if (!differs || (name === null && !more.length)) return false;
		await this.openNamed(name, null);
		for (const [i, own] of more.entries())
			if (own.input && inputs[i + 1] !== undefined) await this.openNamed(own.input, inputs[i + 1] as string);
		return true;
	}
}
