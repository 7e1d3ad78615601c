import { isObject } from '#maths/json.ts';
import { isIndex, namesByIndex } from '#maths/labels/by-index.ts';

const LISTS = ['labels', 'categories', 'classes', 'class_names', 'classNames', 'names', 'id2label', 'label2id'];

/** `["n01440764", "tench"]` -> `tench`: an ImageNet class index pairs the id with the name. */
function nameOf(value: unknown): string | null {
	if (typeof value === 'string') return value.trim();
	if (typeof value === 'number') return String(value);
	if (Array.isArray(value)) {
		const last: unknown = value.at(-1);
		return typeof last === 'string' || typeof last === 'number' ? nameOf(last) : null;
	}
	if (!isObject(value)) return null;
	const name = value['display_name'] ?? value['label'] ?? value['name'] ?? value['title'];
	return typeof name === 'string' || typeof name === 'number' ? nameOf(name) : null;
}

/** `[{"id": 1, "name": "cat"}]` */
function numbered(list: readonly unknown[], names: readonly string[]): string[] | null {
	const indices = list.map((one) => (isObject(one) ? (one['id'] ?? one['index']) : null));
	if (!indices.every((index) => typeof index === 'number')) return null;
	return namesByIndex(indices.map((index, i) => [index, names[i] as string]));
}

export function fromJson(json: unknown): string[] | null {
	if (Array.isArray(json)) {
		const names = json.map(nameOf);
		if (!names.every((name) => name !== null)) return null;
		// A list of numbers alone is data.
		return json.every((one) => typeof one === 'number') ? null : (numbered(json, names) ?? names);
	}
	if (!isObject(json)) return null;
	for (const key of LISTS) {
		const inner = Object.hasOwn(json, key) ? json[key] : null;
		if (Array.isArray(inner) || isObject(inner)) return fromJson(inner);
	}
	const entries = Object.entries(json);
	// {"0": "cat"}
	if (entries.every(([key]) => isIndex(key))) {
		const pairs = entries.map(([key, value]) => [Number(key), nameOf(value)] as const);
		return pairs.every((pair): pair is readonly [number, string] => pair[1] !== null) ? namesByIndex(pairs) : null;
	}
	// {"cat": 0}
	if (!entries.every(([, value]) => typeof value === 'number')) return null;
	return namesByIndex(entries.map(([key, value]) => [value as number, key]));
}
