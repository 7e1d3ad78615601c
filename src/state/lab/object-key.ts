/** Keys of things that are told apart by being themselves, such as data sets: two of one name and size are not the same. */
const keys = new WeakMap<object, string>();
let count = 0;

export function objectKey(thing: object): string {
	const known = keys.get(thing) ?? String(++count);
	keys.set(thing, known);
	return known;
}
