import { LabError, throwIfAborted } from '#contracts/errors.ts';
import type { LoadContext, LoadedModel } from '#contracts/loader.ts';
import type { Source, SourceFile } from '#contracts/source.ts';
import { enumerated } from '#maths/format.ts';
import { setOfFiles } from '#loaders/bag/sets.ts';
import { openBag, shortened, type FileTensor } from '#loaders/bag/tensors.ts';
import { begins } from '#loaders/data-files.ts';
import { fromZip, type Unpickled } from '#loaders/pytorch/archive.ts';
import { fromLegacy } from '#loaders/pytorch/legacy.ts';
import { isHarmful } from '#loaders/pytorch/names.ts';
import { stateDictIn, type StateDict } from '#loaders/pytorch/state-dict.ts';
import { fileTensor } from '#loaders/pytorch/tensors.ts';

/** @param files those that torch.save wrote @throws LabError */
export async function loadPytorch(
	source: Source,
	files: readonly SourceFile[],
	context: LoadContext
): Promise<LoadedModel> {
	const { front, warnings } = await setOfFiles(source, files);
	const tensors: FileTensor[] = [];
	const titles = new Set<string>();
	for (const file of files) {
		const zip = await begins(file, [0x50, 0x4b]);
		const found = await (zip ? fromZip(file, context.signal) : fromLegacy(file));
		throwIfAborted(context.signal);
		const state = stateDictIn(found.root);
		if (!state.tensors.size) throw withoutWeights(file.path, found);
		for (const [name, tensor] of state.tensors)
			tensors.push(fileTensor(front(file) + name, tensor, found.storages));
		titles.add(titleOf(found, state));
		for (const warning of [...found.warnings, ...skipped(file.path, found, state)])
			if (!warnings.includes(warning)) warnings.push(warning);
	}
	const name = files.length === 1 ? files[0]!.path : source.name;
	return openBag(name, { tensors, format: [...titles].join(' and '), warnings }, context);
}

const titleOf = ({ title }: Unpickled, { within }: StateDict) =>
	within.length ? `${title} checkpoint (${within.map(shortened).join(', ')})` : title;

const named = (names: readonly string[]) =>
	enumerated(
		(names.length > 5 ? [...names.slice(0, 4), `${names.length - 4} more`] : names).map((name) => shortened(name))
	);

const harm = (names: readonly string[]) =>
	`it asks Python to call ${named(names)}, which the lab did not do. Open it nowhere that runs pickles`;

function withoutWeights(path: string, { unknown }: Unpickled): LabError {
	const names = [...unknown];
	const harmful = names.filter(isHarmful);
	const why = harmful.length
		? `: ${harm(harmful)}`
		: names.length
			? `; it holds ${named(names)}, which the lab does not make: it runs no code of others`
			: '';
	return new LabError(
		`“${path}” holds no weights${why}.`,
		'Save the state_dict of a network: torch.save(model.state_dict(), "model.pt").'
	);
}

/** What else the file holds, in sentences. */
function skipped(path: string, { unknown }: Unpickled, { beside, within }: StateDict): string[] {
	const harmful = [...unknown].filter(isHarmful);
	const others = [...unknown].filter((name) => !isHarmful(name));
	const rest = [...beside].map(([key, count]) => `“${shortened(key)}” (${count})`);
	return [
		...(harmful.length ? [`“${path}” may be an attack: ${harm(harmful)}.`] : []),
		...(others.length
			? [`“${path}” also holds objects of Python that are left out, as the lab runs no code of others: ${named(others)}.`]
			: []),
		...(rest.length
			? [`The weights under “${shortened(within.at(-1) ?? '')}” are shown; tensors lie under ${named(rest)}, too.`]
			: [])
	];
}
