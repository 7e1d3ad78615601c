import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { LabError } from '#contracts/errors.ts';
import { baseName, type SourceFile } from '#contracts/source.ts';
import { checkRows, pieces } from '#loaders/data-files.ts';
import { fewIntegers, labelled } from '#loaders/label.ts';
import { metadataColumns, metadataLines, pointsOf } from '#loaders/projector/metadata.ts';
import { projectorParts, type ProjectorParts } from '#loaders/projector/parts.ts';
import { spriteTiles } from '#loaders/sprite-tiles.ts';

const isBytes = ({ path }: SourceFile) => /\.bytes$/i.test(path);

/** TensorBoard's Embedding Projector: tensors as .tsv or .bytes, metadata, a sprite of pictures, a configuration. */
const loader: DataLoader = {
	id: 'projector',
	title: 'TensorBoard projector files',
	extensions: ['.tsv', '.bytes', '.json', '.pbtxt'],

	async match(source) {
		const parts = await projectorParts(source).catch(() => null);
		if (!parts) return 0;
		return parts.configured ? 0.97 : 0.9;
	},

	async load(source, context): Promise<DataSet> {
		const parts = await projectorParts(source);
		if (!parts) throw new LabError('There is no tensor in it.', 'Open tensors.tsv or a .bytes file with its metadata.');
		const lines = parts.metadata ? await metadataLines(parts.metadata) : null;
		const { values, width } = isBytes(parts.tensor)
			? await fromBytes(parts, lines ? [pointsOf(lines), lines.length, lines.length - 1] : [])
			: await fromText(parts.tensor, context);
		const rows = values.length / width;
		const columns = lines ? metadataColumns(lines, rows) : [];
		if (!columns)
			throw new LabError(
				`The metadata has ${pointsOf(lines!)} rows and the tensor ${rows}.`,
				'They should be of the same points: a header is expected where there is more than one column.'
			);
		const images = parts.sprite ? await spriteTiles(parts.sprite, parts.tile, rows, context.signal) : null;
		const named = withLabel(columns);
		return { name: parts.name, count: rows, rows: { values, width, names: [] }, images, ...named, notes: parts.notes };
	}
};

/** Of one column without a name it is said that it is the label. */
function withLabel(columns: readonly Column[]) {
	const [only, ...others] = columns;
	const coded = only && !others.length ? fewIntegers(only) : null;
	return labelled(coded ? [coded] : columns);
}

/** Numbers in a row, as names of files say it: `word2vec_10000_200d_tensors`, `states_100x16`. */
function widthNamed(path: string): number | null {
	const name = baseName(path).slice(0, 200);
	const declared =
		/(?:^|[_-])(\d{1,6})d(?=[_.-]|$)/i.exec(name)?.[1] ?? /\d{1,9}x(\d{1,6})(?=[_.-]|$)/i.exec(name)?.[1];
	return declared ? Number(declared) : null;
}

/** @param counts how many points there may be by the metadata, the likeliest first */
async function fromBytes({ tensor, shape }: ProjectorParts, counts: readonly number[]) {
	const bytes = await tensor.blob.arrayBuffer();
	const valueCount = bytes.byteLength / 4;
	const fits = (width: number | null | undefined): width is number =>
		!!width && Number.isSafeInteger(width) && width > 0 && valueCount % width === 0;
	const known = counts.filter((count) => count > 0);
	const named = widthNamed(tensor.path);
	const width =
		[shape[1], fits(named) && (!known.length || known.includes(valueCount / named)) ? named : null].find(fits) ??
		known.map((count) => valueCount / count).find(fits);
	if (!Number.isSafeInteger(valueCount) || !width || valueCount === 0)
		throw new LabError(
			`It is not known how many numbers a row of “${tensor.path}” has.`,
			'Open it together with its metadata, or with the projector_config.json that names its shape.'
		);
	checkRows(valueCount / width, width, `“${tensor.path}”`);
	return { values: new Float32Array(bytes), width };
}

async function fromText(file: SourceFile, { signal, progress }: DataContext) {
	const decoder = new TextDecoder();
	let [rest, width, count] = ['', 0, 0];
	let values = new Float32Array(1 << 16);
	const take = (line: string) => {
		if (!line.trim()) return;
		const cells = line.trim().split(/[\t ,]+/);
		width ||= cells.length;
		checkRows(count + 1, width, `“${file.path}”`);
		if (cells.length !== width)
			throw wrong(file, `line ${count + 1} has ${cells.length} numbers and the first ${width}`);
		if ((count + 1) * width > values.length) {
			const larger = new Float32Array(2 * values.length + width);
			larger.set(values);
			values = larger;
		}
		cells.forEach((cell, k) => {
			const value = Number(cell);
			if (Number.isNaN(value)) throw wrong(file, `line ${count + 1} holds something that is no number`);
			values[count * width + k] = value;
		});
		count++;
	};
	for await (const { bytes, done } of pieces(file, 0, 4 << 20, signal)) {
		const lines = (rest + decoder.decode(bytes, { stream: done < 1 })).split(/\r?\n/);
		rest = lines.pop() ?? '';
		lines.forEach(take);
		progress(done, 'Reading the vectors');
	}
	take(rest);
	if (!count) throw wrong(file, 'it is empty');
	return { values: values.slice(0, count * width), width };
}

const wrong = ({ path }: SourceFile, why: string) =>
	new LabError(
		`“${path}” is no tensor of the projector: ${why}.`,
		'It should have one point per line, with tabs between its numbers.'
	);

export default loader;
