import { PLANE_FLOWS, PLANE_MODES, type RegionsRequest } from '#contracts/planes.ts';
import { chosen } from '#maths/chosen.ts';

/** How the picture of a plane is coloured, as the link has it. */

/** Isolines: shares of the surest class. */
export const LEVELS: readonly number[] = [0.6, 0.75, 0.9, 0.99];

export interface SliceDisplay {
	mode: RegionsRequest['mode'];
	scale: string;
	lines: boolean;
	flow: RegionsRequest['flow'];
}

/** Display settings for any link. */
export function displayOf(option: (key: string, otherwise: string) => string): SliceDisplay {
	const mode = chosen(PLANE_MODES, option('mode', 'regions'));
	return {
		mode,
		scale: mode === 'entropy' ? 'magma' : 'viridis',
		lines: option('isolines', 'false') === 'true',
		flow: chosen(PLANE_FLOWS, option('slopes', 'none'))
	};
}
