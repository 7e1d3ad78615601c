import type { View } from '#contracts/view.ts';

/** Milliseconds in which a letter after G goes to a view. */
export const KEY_PATIENCE = 1500;

/**
 * The letter that goes to each view after G: the first of its title, else the first of a later word, else any other of it.
 * @returns letters by view id; a view whose letters are all taken has none
 */
export function viewKeys(views: Iterable<Pick<View, 'id' | 'title'>>): ReadonlyMap<string, string> {
	const keys = new Map<string, string>();
	const all = [...views];
	const words = (title: string) => title.toLowerCase().split(/\s+/);
	const choices = [
		(title: string) => words(title).slice(0, 1).join('').slice(0, 1),
		(title: string) =>
			words(title)
				.map((word) => word.charAt(0))
				.join(''),
		(title: string) => words(title).join('')
	];
	for (const letters of choices)
		for (const { id, title } of all) {
			if (keys.has(id)) continue;
			const taken = new Set(keys.values());
			const letter = [...letters(title)].find((one) => /[a-z]/.test(one) && !taken.has(one));
			if (letter) keys.set(id, letter);
		}
	return keys;
}
