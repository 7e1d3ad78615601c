/** Names for columns: none empty, none twice, so that what is keyed by them holds one each. */

const LONGEST = 80;

/** Blanks and line breaks become one blank; the second of two gets a number that no other has. */
export function columnNames(given: readonly string[]): string[] {
	const plain = given.map((name) => name.replace(/\s+/g, ' ').trim().slice(0, LONGEST));
	const taken = new Set(plain);
	const used = new Set<string>();
	const next = new Map<string, number>();
	return plain.map((name, c) => {
		let own = name || `column ${c + 1}`;
		if (used.has(own) || (!name && taken.has(own))) {
			let times = next.get(own) ?? 2;
			while (taken.has(`${own} (${times})`) || used.has(`${own} (${times})`)) times++;
			next.set(own, times + 1);
			own = `${own} (${times})`;
		}
		used.add(own);
		return own;
	});
}
