import type { DataContext, DataLoader } from '#contracts/data-loader.ts';
import { LIMITS } from '#contracts/data-loader.ts';
import type { Column, DataSet } from '#contracts/data-set.ts';
import { isPicture } from '#contracts/decode.ts';
import { LabError } from '#contracts/errors.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { isObject } from '#maths/json.ts';
import { checkRows, pieces, stem } from '#loaders/data-files.ts';
import { spriteTiles } from '#loaders/sprite-tiles.ts';
import { categorical } from '#loaders/categories.ts';
import { labelled } from '#loaders/label.ts';

interface Parts {
	tensor: SourceFile;
	metadata: SourceFile | null;
	sprite: SourceFile | null;
	/** Rows and columns, where a configuration says so. */
	shape: readonly number[];
	/** Width and height of one picture of the sprite. */
	tile: readonly number[];
	name: string;
}

/** TensorBoard's Embedding Projector: tensors as .tsv or .bytes, metadata, a sprite of pictures, a configuration. */
const loader: DataLoader = {
	id: 'projector',
	title: 'TensorBoard projector files',
	extensions: ['.tsv', '.bytes', '.json', '.pbtxt'],

	async match(source) {
		const parts = await partsOf(source).catch(() => null);
		if (!parts) return 0;
		const configured = source.files.some(({ path }) => /projector_config/i.test(path));
		return configured ? 0.97 : /\.bytes$/i.test(parts.tensor.path) || parts.metadata ? 0.9 : 0;
	},

	async load(source, context): Promise<DataSet> {
		const parts = await partsOf(source);
		if (!parts) throw new LabError('There is no tensor in it.', 'Open tensors.tsv or a .bytes file with its metadata.');
		const columns = parts.metadata ? await metadata(parts.metadata) : [];
		const count = columns[0] ? lengthOf(columns[0]) : parts.shape[0];
		const { values, width } = /\.bytes$/i.test(parts.tensor.path)
			? await fromBytes(parts, count)
			: await fromText(parts.tensor, context);
		const rows = values.length / width;
		if (columns.length && rows !== count)
			throw new LabError(
				`The metadata has ${count} rows and the tensor ${rows}.`,
				'They should be of the same points: a header is expected where there is more than one column.'
			);
		const images = parts.sprite ? await spriteTiles(parts.sprite, parts.tile, rows, context.signal) : null;
		return { name: parts.name, count: rows, rows: { values, width, names: [] }, images, ...labelled(columns) };
	}
};

const find = (source: Source, path: unknown) =>
	typeof path === 'string' && path
		? (source.files.find((file) => baseName(file.path) === baseName(path)) ?? null)
		: null;

async function partsOf(source: Source): Promise<Parts | null> {
	const config = source.files.find(({ path }) => /projector_config\.(json|pbtxt)$/i.test(path));
	if (config && config.blob.size < 1 << 20) {
		const text = await config.blob.text();
		const parts = /\.json$/i.test(config.path) ? fromJson(source, text) : fromPbtxt(source, text);
		if (parts) return parts;
	}
	const { files } = source;
	const metadata = files.find(({ path }) => /meta.*\.(tsv|txt)$/i.test(baseName(path))) ?? null;
	const bytes = files.find(({ path }) => /\.bytes$/i.test(path));
	const texts = files.filter((file) => file !== metadata && /\.(tsv|txt)$/i.test(file.path));
	const tensor = bytes ?? (texts.length === 1 ? texts[0]! : null);
	if (!tensor) return null;
	const pictures = await Promise.all(files.map(({ blob }) => isPicture(blob)));
	const sprite = pictures.filter(Boolean).length === 1 ? files[pictures.indexOf(true)]! : null;
	const named = /(\d{1,9})[x_](\d{1,9})/.exec(bytes ? baseName(bytes.path) : '');
	const shape = named ? [Number(named[1]), Number(named[2])] : [];
	return { tensor, metadata, sprite, shape, tile: [], name: stem(tensor.path) };
}

function fromJson(source: Source, text: string): Parts | null {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return null;
	}
	const all = isObject(json) && Array.isArray(json['embeddings']) ? json['embeddings'] : [];
	for (const one of all) {
		if (!isObject(one)) continue;
		const tensor = find(source, one['tensorPath']);
		const sprite = isObject(one['sprite']) ? one['sprite'] : {};
		if (!tensor) continue;
		return {
			tensor,
			metadata: find(source, one['metadataPath']),
			sprite: find(source, sprite['imagePath']),
			shape: numbersOf(one['tensorShape']),
			tile: numbersOf(sprite['singleImageDim']),
			name: typeof one['tensorName'] === 'string' ? one['tensorName'].slice(0, 80) : stem(tensor.path)
		};
	}
	return null;
}

/** The same as protocol buffer text, of which the paths and the size of a picture matter. */
function fromPbtxt(source: Source, text: string): Parts | null {
	const of = (key: string) => new RegExp(`${key}\\s*:\\s*"([^"]*)"`).exec(text)?.[1];
	const tensor = find(source, of('tensor_path'));
	if (!tensor) return null;
	return {
		tensor,
		metadata: find(source, of('metadata_path')),
		sprite: find(source, of('image_path')),
		shape: [...text.matchAll(/tensor_shape\s*:\s*(\d+)/g)].map(([, n]) => Number(n)),
		tile: [...text.matchAll(/single_image_dim\s*:\s*(\d+)/g)].map(([, n]) => Number(n)),
		name: of('tensor_name')?.slice(0, 80) ?? stem(tensor.path)
	};
}

const numbersOf = (value: unknown) =>
	Array.isArray(value)
		? value.filter((n): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n > 0)
		: [];

/** One column without a header, or several with one. */
async function metadata(file: SourceFile): Promise<Column[]> {
	if (file.blob.size > 256 << 20) throw new LabError(`“${file.path}” is too large.`, '256 MB are the limit.');
	const lines = (await file.blob.text()).replace(/\r/g, '').replace(/\n$/, '').split('\n');
	const cells = lines.map((line) => line.split('\t'));
	const headed = (cells[0]?.length ?? 0) > 1;
	const names = headed ? cells[0]! : ['label'];
	const body = headed ? cells.slice(1) : cells;
	return names.slice(0, LIMITS.columns).map((name, c): Column => {
		const texts = body.map((row) => (row[c] ?? '').slice(0, LIMITS.cell));
		const numbers = texts.map((text) => (text.trim() ? Number(text) : NaN));
		const given = name.slice(0, 80) || `column ${c + 1}`;
		if (headed && numbers.every((value) => !Number.isNaN(value)))
			return { kind: 'number', name: given, values: Float32Array.from(numbers) };
		const few = new Set(texts).size <= Math.min(LIMITS.categories, Math.max(2, 0.7 * texts.length));
		return few ? categorical(given, texts) : { kind: 'text', name: given, values: texts };
	});
}

const lengthOf = (column: Column) => (column.kind === 'category' ? column.codes.length : column.values.length);

async function fromBytes({ tensor, shape }: Parts, known: number | undefined) {
	const bytes = await tensor.blob.arrayBuffer();
	const numbers = bytes.byteLength / 4;
	const width = shape[1] ?? (known ? numbers / known : NaN);
	if (!Number.isSafeInteger(numbers) || !Number.isSafeInteger(width) || width < 1 || numbers % width)
		throw new LabError(
			`It is not known how many numbers a row of “${tensor.path}” has.`,
			'Open it together with its metadata, or with the projector_config.json that names its shape.'
		);
	checkRows(numbers / width, width, `“${tensor.path}”`);
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
