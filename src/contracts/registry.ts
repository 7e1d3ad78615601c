/** A thing of a kind is one file; this turns the files that a glob found into the list of that kind. */

interface Registered {
	id: string;
	order?: number;
}

/**
 * @param modules what `import.meta.glob(pattern, { eager: true, import: 'default' })` returned
 * @returns the things by id, in their `order`, then by id
 * @throws if a file has no default export with an id, or two share one
 */
export function registry<T extends Registered>(modules: Readonly<Record<string, T>>): ReadonlyMap<string, T> {
	const owners = new Map<string, string>();
	const things = Object.entries(modules).map(([path, thing]) => {
		if (!thing?.id) throw new Error(`${path} has no default export with an id.`);
		const owner = owners.get(thing.id);
		if (owner) throw new Error(`${path} and ${owner} both call themselves "${thing.id}".`);
		owners.set(thing.id, path);
		return thing;
	});
	things.sort((a, b) => (a.order ?? 0) - (b.order ?? 0) || a.id.localeCompare(b.id));
	return new Map(things.map((thing) => [thing.id, thing]));
}
