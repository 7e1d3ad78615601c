import type { ColouredScale, DrawApi } from '#contracts/draw.ts';
import type { DisplaySettings } from '#contracts/lab.ts';
import { DEFAULT_DISPLAY } from '#state/lab/settings.ts';

/** Of every scale the page holds so many: an odd number, so that the middle of a diverging one is among them. */
const HELD = 257;

/** How fields of numbers are drawn: shared by all of them, so that they can be compared. */
export class DisplayState {
	settings = $state.raw<DisplaySettings>(DEFAULT_DISPLAY);
	scales = $state.raw<readonly ColouredScale[]>([]);

	/** The thread that draws by the scales knows them. */
	async load(draw: Pick<DrawApi, 'scales'>): Promise<void> {
		this.scales = await draw.scales(HELD);
		const known = new Map(this.scales.map(({ id, kind }) => [id, kind]));
		const { signedScale, unsignedScale } = this.settings;
		if (known.get(signedScale) !== 'diverging')
			this.settings = { ...this.settings, signedScale: DEFAULT_DISPLAY.signedScale };
		if (known.get(unsignedScale) !== 'sequential')
			this.settings = { ...this.settings, unsignedScale: DEFAULT_DISPLAY.unsignedScale };
	}

	scaleColours(id: string, n: number): readonly string[] {
		const scale = this.scales.find((one) => one.id === id) ?? this.scales.find((one) => one.kind === 'sequential');
		if (!scale) return [];
		const last = scale.colours.length - 1;
		return Array.from(
			{ length: n },
			(_, i) => scale.colours[Math.round(n > 1 ? (last * i) / (n - 1) : last / 2)] as string
		);
	}
}
