import type { SourceFile } from '#contracts/source.ts';
import type { Find } from '#state/opening/model-sources.ts';
import type { ModelState } from '#state/opening/model.svelte.ts';
import { ownLink } from '#state/opening/own-files.svelte.ts';

/** Weights that may be put onto the open model, in the place of its own. */

/** As a button says it, and how the model with them is found; null where no open model runs. */
export function ontoOpen(
	{ opened, origin, source, inputShape }: ModelState,
	files: readonly SourceFile[]
): { title: string; find: Find } | null {
	if (!opened?.heads.length || !source) return null;
	// It is neither the shipped model nor the file any more: it is kept as a model of one's own.
	const own = { ...origin, name: null, variant: '', card: null, link: ownLink() };
	const find: Find = () => Promise.resolve([{ ...source, onto: files }, own, { shape: inputShape }]);
	return { title: `Put them onto “${opened.title}”`, find };
}
