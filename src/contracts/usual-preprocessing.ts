import { cropOf, PRESETS, type Fit, type Preprocessing } from '#contracts/preprocessing.ts';

/** The usual ways to prepare a picture for a model, for the user to choose among. */

export interface Way {
	/** In words: `0 to 1`, `ImageNet mean and std, padded`. */
	title: string;
	preprocessing: Preprocessing;
	/** It is that which the model began with, and none that is usual. */
	default?: true;
}

const FITS: readonly { fit: Fit; words: string }[] = [
	{ fit: 'crop', words: 'centre crop' },
	{ fit: 'pad', words: 'padded' },
	{ fit: 'stretch', words: 'stretched' }
];

/** Two are the same to the model: the order of channels says nothing of a grey picture. */
export const sameWay = (a: Preprocessing, b: Preprocessing): boolean =>
	JSON.stringify([a.normalisation, a.fit, a.invert, a.width, a.height]) ===
		JSON.stringify([b.normalisation, b.fit, b.invert, b.width, b.height]) &&
	(a.channels === 1 || a.order === b.order);

/**
 * All usual ranges, and all fits where they differ for this picture: its model's own way and the present one first.
 * @param own as the model, its card or its makers say, or as it was guessed, in words for the user
 * @param picture of what size
 */
export function usualWays(
	now: Preprocessing,
	own: Way,
	picture: { width: number; height: number }
): readonly [Way, ...Way[]] {
	const { width, height } = picture;
	const views = FITS.map(({ fit }) => JSON.stringify(cropOf(width, height, { ...now, fit })));
	const alike = views.every((view) => view === views[0]);
	const titled = ({ title }: { title: string }, words: string) => (alike ? title : `${title}, ${words}`);
	const fits = alike ? FITS.filter(({ fit }) => fit === now.fit) : FITS;
	const usual = PRESETS.filter(({ normalisation }) => now.channels === 3 || normalisation.kind === 'range').flatMap(
		(preset) =>
			fits.map(({ fit, words }) => ({
				title: titled(preset, words),
				preprocessing: { ...now, normalisation: preset.normalisation, order: preset.order, fit }
			}))
	);
	const ways: Way[] = [...usual];
	for (const way of [{ title: 'Custom', preprocessing: now }, { ...own, default: true } as const])
		if (!ways.some(({ preprocessing }) => sameWay(preprocessing, way.preprocessing))) ways.unshift(way);
	return ways as [Way, ...Way[]];
}
