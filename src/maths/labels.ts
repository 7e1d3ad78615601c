import { fromBlocks, fromYaml } from '#maths/labels/blocks.ts';
import { fromJson } from '#maths/labels/from-json.ts';
import { fromLines } from '#maths/labels/from-lines.ts';
import { fromTable, isTable } from '#maths/labels/from-table.ts';

/** Class names out of whatever people keep them in. */

/** Nothing longer than this is the name of a class. */
const LONGEST = 400;
const MOST = 200_000;

/**
 * @param text one name per line, with or without its number; a table with a column of names; a label map (`item { id: 1
 * name: "cat" }`); a YAML list after `names:`; or JSON: an array, `{"0": "cat"}`, `{"cat": 0}`, `{"labels": [...]}`, an
 * ImageNet class index
 * @returns the names in the order of the outputs, places that are left out as `class 3`; null if there is no list of names
 * in it
 */
export function parseLabels(text: string): string[] | null {
	const names = found(text.replace(/^\uFEFF/, ''));
	if (!names?.length || names.length > MOST || names.some((name) => name.length > LONGEST)) return null;
	return names.map((name, i) => name || `class ${i}`);
}

function found(text: string): string[] | null {
	if (/^\s*[[{]/.test(text)) {
		try {
			return fromJson(JSON.parse(text));
		} catch {
			return null;
		}
	}
	// A page of markup, or letters of no text file: dropped by mistake.
	if (/^\s*</.test(text.slice(0, 4000)) || /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, 4000))) return null;
	const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
	while (lines.length && !lines.at(-1)) lines.pop();
	if (!lines.length) return null;
	return fromBlocks(text) ?? fromYaml(lines) ?? fromTable(text) ?? (isTable(text) ? null : fromLines(lines));
}
