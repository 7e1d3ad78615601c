import { namesByIndex } from '#maths/labels/by-index.ts';

/** Label maps of the TensorFlow object detection API, and lists of names as YOLO keeps them. */

const ITEM = /^\s*(?:#[^\n]*\n\s*)*item\s*\{/;
const FIELD = /\b(id|name|display_name)\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|(\d{1,6}))/g;

/** `item { id: 1 name: "n01440764" display_name: "tench" }` */
export function fromBlocks(text: string): string[] | null {
	if (!ITEM.test(text)) return null;
	const pairs: [number, string][] = [];
	for (const block of text.split(/\bitem\s*\{/).slice(1)) {
		const fields = new Map<string, string>();
		for (const [, key, double, single, number] of block.matchAll(FIELD))
			fields.set(key as string, double ?? single ?? number ?? '');
		const name = fields.get('display_name') ?? fields.get('name');
		const id = fields.get('id');
		if (name === undefined || id === undefined) return null;
		pairs.push([Number(id), name]);
	}
	return namesByIndex(pairs);
}

const unquoted = (text: string) => text.trim().replace(/^(["'])(.*)\1$/, '$2');
const uncommented = (line: string) => line.replace(/\s#.*$/, '').trim();

const KEY = /^(?:names|classes|labels|class_names)\s*:/;
const dashesOf = (lines: readonly string[]) =>
	lines.filter(Boolean).map((line) => unquoted(uncommented(line).replace(/^-\s+/, '')));

/** After a line `names:` (or `classes:`, `labels:`) a list by dashes, by numbers, or in brackets. @param lines trimmed */
export function fromYaml(lines: readonly string[]): string[] | null {
	const start = lines.findIndex((line) => KEY.test(line));
	if (start < 0) return lines.every((line) => !line || /^-\s+\S/.test(line)) ? dashesOf(lines) : null;
	const own = uncommented((lines[start] as string).replace(KEY, ''));
	if (own.startsWith('[')) {
		const rest = [own, ...lines.slice(start + 1).map(uncommented)].join(' ');
		const end = rest.indexOf(']');
		return end < 0 ? null : rest.slice(1, end).split(',').map(unquoted).filter(Boolean);
	}
	if (own) return null;
	const dashed: string[] = [];
	const numbered: [number, string][] = [];
	for (const line of lines.slice(start + 1).map(uncommented)) {
		const item = /^-\s+(\S.*)$/.exec(line);
		const entry = /^(\d{1,6})\s*:\s*(\S.*)$/.exec(line);
		if (item) dashed.push(unquoted(item[1] as string));
		else if (entry) numbered.push([Number(entry[1]), unquoted(entry[2] as string)]);
		else if (line) break;
	}
	return dashed.length ? dashed : namesByIndex(numbered);
}
