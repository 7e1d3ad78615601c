import { isObject } from '#maths/json.ts';

/** Class names out of whatever people keep them in. */

/** `["n01440764", "tench"]` -> `tench`: an ImageNet class index pairs the id with the name. */
function nameOf(value: unknown): string | null {
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number') return String(value);
	if (Array.isArray(value) && value.length) return nameOf(value[value.length - 1]);
	if (isObject(value)) return nameOf(value['label'] ?? value['name'] ?? value['title']);
	return null;
}

function fromJson(json: unknown): string[] | null {
	if (Array.isArray(json)) {
		const names = json.map(nameOf);
		return names.length && names.every((name) => name !== null) ? names : null;
	}
	if (!isObject(json)) return null;
	for (const key of ['labels', 'classes', 'class_names', 'classNames', 'names']) {
		const inner = json[key];
		if (Array.isArray(inner) || isObject(inner)) return fromJson(inner);
	}
	const entries = Object.entries(json);
	const indexed = (keys: readonly unknown[]) =>
		keys.length > 0 && keys.every((key) => Number.isInteger(Number(key)) && Number(key) >= 0 && Number(key) < 1e5);
	// {"0": "cat"} or {"cat": 0}
	const pairs: [number, string | null][] = indexed(entries.map(([key]) => key))
		? entries.map(([key, value]) => [Number(key), nameOf(value)])
		: indexed(entries.map(([, value]) => value)) && entries.every(([, value]) => typeof value === 'number')
			? entries.map(([key, value]) => [Number(value), key])
			: [];
	if (!pairs.length || pairs.some(([, name]) => name === null)) return null;
	const names = Array.from({ length: Math.max(...pairs.map(([index]) => index)) + 1 }, (_, i) => `class ${i}`);
	for (const [index, name] of pairs) names[index] = name as string;
	return names;
}

function fromLines(text: string): string[] | null {
	let lines = text
		.replace(/^\uFEFF/, '')
		.split(/\r?\n/)
		.map((line) => line.trim());
	while (lines.length && !lines[lines.length - 1]) lines.pop();
	if (!lines.length) return null;
	// "0 cat", "0: cat", "0,cat": an index before each name
	const numbered = lines.map((line) => /^(\d+)[\s:,;]+([^\s:,;].*)$/.exec(line));
	const first = Number(numbered[0]?.[1]);
	if (numbered.every((match, i) => match && Number(match[1]) === first + i))
		lines = numbered.map((m) => m?.[2] as string);
	// "n01440764 tench, Tinca tinca": a WordNet id before each name
	const identified = lines.map((line) => /^n\d{8}[\s,_]+([^\s,_].*)$/.exec(line));
	if (identified.every((match) => match)) lines = identified.map((match) => match?.[1] as string);
	return lines;
}

/**
 * @param text one name per line, or JSON: an array, `{"0": "cat"}`, `{"cat": 0}`, `{"labels": [...]}`, an ImageNet class
 * index
 * @returns null if there is no list of names in it
 */
export function parseLabels(text: string): string[] | null {
	if (/^\s*[[{]/.test(text)) {
		try {
			return fromJson(JSON.parse(text));
		} catch {
			return null;
		}
	}
	// Letters of no text file: a binary that was dropped by mistake.
	if (/[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, 4000))) return null;
	return fromLines(text);
}
