/** Lists and dictionaries as Python prints them, as JSON: `{0: 'tench', 1: "bird's"}`. */

const TOKEN = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|(-?\d{1,12})|([[{(])|([\]})])|([:,])|(\s+)/y;

const quoted = (inner: string) =>
	JSON.stringify(inner.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter)));

/** @returns null where anything else stands in it */
export function pythonAsJson(text: string): string | null {
	const parts: string[] = [];
	let at = 0;
	while (at < text.length) {
		TOKEN.lastIndex = at;
		const found = TOKEN.exec(text);
		if (!found) return null;
		const [whole, single, double, number, open, close, mark] = found;
		at += whole.length;
		const last = parts.at(-1);
		if (single !== undefined || double !== undefined) parts.push(quoted((single ?? double)!));
		else if (number) parts.push(number);
		else if (open) parts.push(open === '(' ? '[' : open);
		else if (close) {
			// A comma may stand behind the last one.
			if (last === ',') parts.pop();
			parts.push(close === ')' ? ']' : close);
		} else if (mark) {
			if (mark === ':' && last && /^-?\d/.test(last)) parts[parts.length - 1] = `"${last}"`;
			parts.push(mark);
		}
	}
	return parts.join('');
}
