import type { ColouredScale, DrawApi } from '#contracts/draw.ts';
import type { Look } from '#contracts/lab.ts';
import { DEFAULT_LOOK } from '#state/lab/settings.ts';

/** Of every scale the page holds so many: an odd number, so that the middle of a diverging one is among them. */
const HELD = 257;

/** How fields of numbers are drawn: shared by all of them, so that they can be compared. */
export class DisplayState {
	look = $state.raw<Look>(DEFAULT_LOOK);
	scales = $state.raw<readonly ColouredScale[]>([]);

	/** The thread that draws by the scales knows them. */
	async load(draw: Pick<DrawApi, 'scales'>): Promise<void> {
		this.scales = await draw.scales(HELD);
		const known = new Map(this.scales.map(({ id, kind }) => [id, kind]));
		const { signedScale, unsignedScale } = this.look;
		if (known.get(signedScale) !== 'diverging') this.look = { ...this.look, signedScale: DEFAULT_LOOK.signedScale };
		if (known.get(unsignedScale) !== 'sequential')
			this.look = { ...this.look, unsignedScale: DEFAULT_LOOK.unsignedScale };
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
