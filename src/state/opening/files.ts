import type { Reading, Sorting } from '#contracts/kind.ts';
import { baseName, type SourceFile } from '#contracts/source.ts';

export interface DroppedFile {
	path: string;
	file: Blob;
}

/** What is done with dropped files. */
export interface Plan {
	/** What they are taken for, the surest first: a model and its image go together, all else stands alone. */
	taken: readonly Reading[];
	/** What they may be taken for instead. */
	others: readonly Reading[];
	/** Names of those that none of the taken uses. */
	unused: readonly string[];
}

/** Kinds that may come with the surest one, in one drop. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
	model: ['image', 'labels'],
	labels: ['image'],
	image: ['labels']
};
/** Below, a reading is not worth a button. */
const MIN_SURE = 0.25;

/** @param requested id of a kind that was chosen by hand */
export function planned({ files, readings }: Sorting, requested?: string): Plan {
	const first = readings.find(({ kind }) => kind === requested) ?? readings[0];
	if (!first) return { taken: [], others: [], unused: [] };
	const used = new Set(first.uses);
	const taken = [first];
	for (const kind of requested ? [] : (BESIDE[first.kind] ?? [])) {
		const beside = readings.find((one) => one.kind === kind && !one.problem?.final);
		if (!beside || beside === first || beside.uses.some((at) => used.has(at))) continue;
		taken.push(beside);
		beside.uses.forEach((at) => used.add(at));
	}
	const others = readings.filter((one) => !taken.includes(one) && one.sure >= MIN_SURE && !one.problem?.final);
	const unused = files.flatMap(({ path }, at) => (used.has(at) ? [] : [baseName(path)]));
	return { taken, others, unused };
}

/** Those whose content has come with the sorting. */
export const filesOf = (sorting: Sorting, { uses }: Reading): SourceFile[] =>
	uses.flatMap((at) => {
		const { path, blob } = sorting.files[at]!;
		return blob ? [{ path, blob }] : [];
	});

/** `Not used: notes.docx, a.txt and 3 more.` */
export function unusedSentence(names: readonly string[]): string {
	const shown = names.slice(0, 4).map((name) => (name.length > 60 ? `${name.slice(0, 58)}…` : name));
	return `Not used: ${shown.join(', ')}${names.length > 4 ? ` and ${names.length - 4} more` : ''}.`;
}
