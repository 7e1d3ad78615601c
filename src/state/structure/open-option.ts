import type { StructureSummary } from '#contracts/structure.ts';

/**
 * Which groups are open, as a link carries it: how many there are, so that it is not taken for another model's, and the
 * numbers of the open ones. Nothing where those are open that are to begin with.
 */

/** A link takes no more than this. */
const LONGEST = 400;

type Groups = Pick<StructureSummary, 'groups' | 'open'>;

/** @returns null where the option says nothing */
export function openGroups(option: string, { groups }: Groups): string[] | null {
	const [count, indices = ''] = option.split(':');
	if (count !== String(groups.length)) return null;
	return indices.split('.').flatMap((part) => groups[/^\d{1,6}$/.test(part) ? Number(part) : -1]?.id ?? []);
}

export function foldedOption(open: readonly string[], { groups, open: first }: Groups): string {
	const requested = new Set(open);
	if (requested.size === first.length && first.every((id) => requested.has(id))) return '';
	const indices = groups.flatMap(({ id }, i) => (requested.has(id) ? [i] : []));
	const option = `${groups.length}:${indices.join('.')}`;
	return option.length > LONGEST ? '' : option;
}
