import { LabError } from '#contracts/errors.ts';
import { baseName, decodedPath, type Source, type SourceFile } from '#contracts/source.ts';

/** Which file a path of a manifest means. */

/** Without `.` and `..`; what leads out of the folder stays within. */
function plain(path: string): string {
	const parts: string[] = [];
	for (const part of path.split(/[/\\]/))
		if (part === '..') parts.pop();
		else if (part && part !== '.') parts.push(part);
	return parts.join('/');
}

/** A path may be an address: encoded, with a query. What it says literally comes first. */
function spellings(path: string): string[] {
	const bare = path.split(/[?#]/, 1)[0]!;
	return [...new Set([path, decodedPath(path), bare, decodedPath(bare)])];
}

/** Finds a shard: beside the model, at the path as it stands, or else the only file of that name. */
export function shardFinder(source: Source, model: SourceFile): (path: string) => SourceFile | undefined {
	const folder = model.path.includes('/') ? model.path.slice(0, model.path.lastIndexOf('/') + 1) : '';
	const byPath = new Map(source.files.map((file) => [plain(file.path), file]));
	const names = new Map<string, SourceFile[]>();
	for (const file of source.files) names.set(baseName(file.path), [...(names.get(baseName(file.path)) ?? []), file]);
	return (path) => {
		const ways = spellings(path);
		const there = ways.map((way) => byPath.get(plain(folder + way)) ?? byPath.get(plain(way)));
		const alike = ways.map((way) => names.get(baseName(way)) ?? []).find((files) => files.length === 1);
		return there.find((file) => file !== undefined) ?? alike?.[0];
	};
}

/**
 * A shard that no manifest names: most likely a file of another model under the same names.
 * @throws LabError naming it
 */
export function refuseExtra(source: Source, paths: readonly string[]): void {
	const named = new Set(paths.flatMap((path) => spellings(path).map(baseName)));
	const extra = source.files.find(
		(file) => /shard\d+of\d+/.test(baseName(file.path)) && !named.has(baseName(file.path))
	);
	if (extra)
		throw new LabError(
			`The weight file "${extra.path}" is one too many: the model does not name it.`,
			'Open the files of one model only.'
		);
}
