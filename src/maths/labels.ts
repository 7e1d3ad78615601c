import { fromBlocks, fromYaml } from '#maths/labels/blocks.ts';
import { fromJson } from '#maths/labels/from-json.ts';
import { fromLines } from '#maths/labels/from-lines.ts';
import { pythonAsJson } from '#maths/labels/from-python.ts';
import { fromTable, isHeading, isTable, type LabelTable } from '#maths/labels/from-table.ts';

/** Class names out of whatever people keep them in. */

/** Nothing longer than this is the name of a class. */
const LONGEST = 400;
const MAX_CLASSES = 200_000;

/**
 * @param text one name per line, with or without its number; a table with a column of names; a label map (`item { id: 1
 * name: "cat" }`); a YAML list after `names:`; or JSON: an array, `{"0": "cat"}`, `{"cat": 0}`, `{"labels": [...]}`, an
 * ImageNet class index
 * @param table the text taken apart, where it is a table
 * @returns the names in the order of the outputs, indices that are left out as `class 3`; null if there is no list of names
 * in it
 */
export function parseLabels(text: string, table: LabelTable | null): string[] | null {
	const names = found(text.replace(/^\uFEFF/, ''), table);
	if (!names?.length || names.length > MAX_CLASSES || names.some((name) => name.length > LONGEST)) return null;
	return names.map((name, i) => name || `class ${i}`);
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** JSON in one piece or one object a line, or what Python prints. */
function fromBrackets(text: string): string[] | null {
	const json = parsed(text);
	if (json !== undefined) return fromJson(json);
	const lines = text.split('\n').filter((line) => line.trim());
	const objects = lines.map(parsed);
	if (lines.length > 1 && objects.every((one) => one !== undefined)) return fromJson(objects);
	const python = pythonAsJson(text);
	return python === null ? null : fromJson(parsed(python) ?? null);
}

const COMMENT = /^(?:# |\/\/)/;

function found(text: string, table: LabelTable | null): string[] | null {
	if (/^\s*[[{]/.test(text)) return fromBrackets(text);
	// A page of markup, or letters of no text file: dropped by mistake.
	if (/^\s*</.test(text.slice(0, 4000)) || /[\u0000-\u0008\u000e-\u001f\ufffd]/.test(text.slice(0, 4000))) return null;
	const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
	while (lines.length && !lines.at(-1)) lines.pop();
	const first = lines.findIndex((line) => !COMMENT.test(line));
	lines.splice(0, Math.max(0, first));
	if (!lines.length) return null;
	if (!table && lines.length > 1 && isHeading(lines[0]!)) return lines.slice(1);
	return (
		fromBlocks(text) ??
		fromYaml(lines) ??
		(table && fromTable(table)) ??
		(table && isTable(table) ? null : fromLines(lines))
	);
}
