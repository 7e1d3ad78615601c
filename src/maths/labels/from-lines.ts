import { namesByIndex } from '#maths/labels/by-index.ts';

const unquoted = (text: string) => {
	const inner = /^(?:"([^"]*)"|'([^']*)'),?$/.exec(text);
	return inner ? (inner[1] ?? inner[2])! : text;
};

/** Numbers count classes only if they begin at 0 or 1 and what is left names each class by itself: not in "1 Euro, 2 Euro". */
function withoutNumbers(indices: readonly number[], names: readonly string[], gaps: boolean): string[] | null {
	if (new Set(names).size < names.length) return null;
	const first = indices[0] as number;
	const step = (n: number, i: number) => i === 0 || n === (indices[i - 1] as number) + 1;
	if (first <= 1 && indices.every(step)) return [...names];
	return gaps && indices.every((n, i) => i === 0 || n > (indices[i - 1] as number))
		? namesByIndex(indices.map((n, i) => [n, names[i] as string]))
		: null;
}

/** @param lines trimmed, the last one not empty */
export function fromLines(lines: readonly string[]): string[] | null {
	// "cat, dog, bird" in one line
	const [only] = lines;
	if (only !== undefined && lines.length === 1) {
		const names = only.split(/[,;\t]/).map((name) => unquoted(name.trim()));
		if (names.length > 2 && names.every((name) => name !== '' && !Number.isFinite(Number(name)))) return names;
	}
	// "0 cat", "0: cat", "0,cat", "0=cat", "0) cat", "0. cat"
	const before = lines.map((line) => /^(\d{1,6})([:,;=)][\s:,;=]*|\.\s+|\s+(?:[:,;=]\s*)?)([^\s:,;=].*)$/.exec(line));
	if (before.every((match) => match !== null)) {
		const marked = before.every((match) => /[:,;=).\t]|\s\s/.test(match[2] as string));
		const names = before.map((match) => unquoted(match[3] as string));
		const found = withoutNumbers(
			before.map(({ 1: number }) => Number(number)),
			names,
			marked
		);
		if (found) return found;
	}
	// "cat,0"
	const after = lines.map((line) => {
		const at = Math.max(line.lastIndexOf(','), line.lastIndexOf('\t'), line.lastIndexOf(';'));
		const number = line.slice(at + 1).trim();
		return at > 0 && /^\d{1,6}$/.test(number) ? ([Number(number), unquoted(line.slice(0, at).trim())] as const) : null;
	});
	if (after.every((pair) => pair !== null) && new Set(after.map(([, name]) => name)).size === lines.length) {
		const found = namesByIndex(after);
		if (found) return found;
	}
	// "n01440764 tench, Tinca tinca": a WordNet id before each name
	const identified = lines.map((line) => /^n\d{8}[\s,_]+([^\s,_].*)$/.exec(line));
	if (identified.every((match) => match !== null)) return identified.map((match) => match[1] as string);
	// Numbers alone are data.
	if (lines.length > 1 && lines.every((line) => line !== '' && Number.isFinite(Number(line.replace(/[,;\s]/g, '')))))
		return null;
	return lines.map(unquoted);
}
