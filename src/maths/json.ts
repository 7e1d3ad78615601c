/** What JSON.parse may give. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

/** A JSON object: neither null nor an array. Says nothing of what is in it. */
export const isObject = (value: unknown): value is JsonObject =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Whoever reads what is nested deeper, by recursion, would exhaust the stack: nothing that people save comes near. */
export const DEEPEST = 600;

/** Why a text is no JSON that can be read. */
export class JsonError extends Error {
	constructor(readonly reason: 'invalid' | 'deep') {
		super(reason);
	}
}

/**
 * JSON as people's programs write it: also with a byte order mark, and with the numbers NaN, Infinity and -Infinity,
 * which Python writes. NaN becomes null. Of doubled keys the last one counts, as in Python.
 * @throws JsonError
 */
export function parseJson(text: string): Json {
	const plain = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
	if (depthOf(plain) > DEEPEST) throw new JsonError('deep');
	try {
		return JSON.parse(plain) as Json;
	} catch {
		try {
			return JSON.parse(withoutPythonNumbers(plain)) as Json;
		} catch {
			throw new JsonError('invalid');
		}
	}
}

/** Calls back with each stretch that lies outside of strings, and with each string, quotes included. */
function eachPart(text: string, outside: (part: string) => void, string?: (part: string) => void): void {
	let at = 0;
	while (at < text.length) {
		const open = text.indexOf('"', at);
		outside(text.slice(at, open < 0 ? text.length : open));
		if (open < 0) return;
		const close = closing(text, open);
		string?.(text.slice(open, close + 1));
		at = close + 1;
	}
}

/** Where the string that begins at `open` ends. */
function closing(text: string, open: number): number {
	let at = text.indexOf('"', open + 1);
	for (; at >= 0; at = text.indexOf('"', at + 1)) {
		let slashes = 0;
		while (text[at - 1 - slashes] === '\\') slashes++;
		if (slashes % 2 === 0) return at;
	}
	return text.length;
}

function depthOf(text: string): number {
	let [depth, deepest] = [0, 0];
	eachPart(text, (part) => {
		for (let i = 0; i < part.length; i++) {
			const code = part.charCodeAt(i);
			if (code === 0x5b || code === 0x7b) deepest = Math.max(deepest, ++depth);
			else if (code === 0x5d || code === 0x7d) depth--;
		}
	});
	return deepest;
}

function withoutPythonNumbers(text: string): string {
	const parts: string[] = [];
	eachPart(
		text,
		(part) => parts.push(part.replace(/\bNaN\b/g, 'null').replace(/\bInfinity\b/g, '1e999')),
		(part) => parts.push(part)
	);
	return parts.join('');
}
