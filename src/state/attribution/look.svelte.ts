import type { FieldStats } from '#contracts/field.ts';
import type { Look, ScaleInfo } from '#contracts/lab.ts';
import type { Viewport } from '#contracts/draw.ts';
import { DEFAULT_LOOK, DEFAULT_SETTINGS } from '#state/lab/settings.ts';

type Colours = typeof import('#maths/colour.ts');

/** How maps are drawn: shared by all of them, so that they can be compared. */
export class LookState {
	look = $state.raw<Look>(DEFAULT_LOOK);
	viewport = $state.raw<Viewport>(DEFAULT_SETTINGS.viewport);
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

/**
 * Values at the ends of the colour scale: symmetric about zero where the sign means something, from the clip percentile
 * of |value|.
 */
export function scaleRange(stats: FieldStats, signed: boolean, clip: number): readonly [low: number, high: number] {
	const index = Math.round(clip - 90);
	const end = stats.tail[Math.min(10, Math.max(0, index))] ?? Math.max(Math.abs(stats.min), Math.abs(stats.max));
	// A sparse map has its percentile at zero: then its largest value is the end.
	const high = end > 0 ? end : Math.max(Math.abs(stats.min), Math.abs(stats.max));
	return signed || stats.min < 0 ? [-high, high] : [0, high];
}
