import type { Look, ScaleInfo } from '#contracts/lab.ts';
import { DEFAULT_LOOK } from '#state/lab/settings.ts';

type Colours = typeof import('#maths/colour.ts');

/** How fields of numbers are drawn: shared by all of them, so that they can be compared. */
export class DisplayState {
	look = $state.raw<Look>(DEFAULT_LOOK);
	#colours = $state.raw<Colours | null>(null);

	/** The scales come after the first paint. */
	async load(): Promise<void> {
		this.#colours = await import('#maths/colour.ts');
		const known = new Map(this.scales.map(({ id, kind }) => [id, kind]));
		const { signedScale, unsignedScale } = this.look;
		if (known.get(signedScale) !== 'diverging') this.look = { ...this.look, signedScale: DEFAULT_LOOK.signedScale };
		if (known.get(unsignedScale) !== 'sequential')
			this.look = { ...this.look, unsignedScale: DEFAULT_LOOK.unsignedScale };
	}

	get scales(): readonly ScaleInfo[] {
		return this.#colours?.scales ?? [];
	}

	scaleColours(id: string, n: number): readonly string[] {
		return this.#colours?.scaleColours(id, n) ?? [];
	}
}
