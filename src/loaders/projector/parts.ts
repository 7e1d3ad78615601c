import * as v from 'valibot';
import { isPicture } from '#contracts/decode.ts';
import { baseName, type Source, type SourceFile } from '#contracts/source.ts';
import { stem } from '#loaders/data-files.ts';

/** Which files of a source are what to TensorBoard's Embedding Projector. */
export interface ProjectorParts {
	tensor: SourceFile;
	metadata: SourceFile | null;
	sprite: SourceFile | null;
	/** Rows and columns, where a configuration says so. */
	shape: readonly number[];
	/** Width and height of one picture of the sprite. */
	tile: readonly number[];
	name: string;
	/** Whether a configuration says all this. */
	configured: boolean;
	/** What it names and what is not there, or what it names besides. */
	notes: readonly string[];
}

const HEAD = 1 << 16;
const isConfig = ({ path }: SourceFile) => /projector_config[^/\\]*\.(json|pbtxt)$/i.test(path);
const isBytes = ({ path }: SourceFile) => /\.bytes$/i.test(path);
const isText = ({ path }: SourceFile) => /\.(tsv|txt)$/i.test(path);

export async function projectorParts(source: Source): Promise<ProjectorParts | null> {
	const config = source.files.find(isConfig);
	if (config && config.blob.size < 1 << 20) {
		const text = await config.blob.text();
		const parts = configured(source, /\.json$/i.test(config.path) ? fromJson(text) : fromPbtxt(text));
		if (parts) return parts;
	}
	return byContent(source);
}

// By a configuration

interface Embedding {
	name: string | undefined;
	tensor: string | undefined;
	metadata: string | undefined;
	sprite: string | undefined;
	shape: readonly number[];
	tile: readonly number[];
}

const Path = v.optional(v.fallback(v.optional(v.string()), undefined));
const Sizes = v.optional(v.fallback(v.array(v.pipe(v.number(), v.safeInteger(), v.minValue(1))), []), []);
const Config = v.object({
	embeddings: v.array(
		v.object({
			tensorName: Path,
			tensorPath: Path,
			metadataPath: Path,
			tensorShape: Sizes,
			sprite: v.optional(v.fallback(v.object({ imagePath: Path, singleImageDim: Sizes }), { singleImageDim: [] }))
		})
	)
});

function fromJson(text: string): Embedding[] {
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return [];
	}
	const config = v.safeParse(Config, json);
	if (!config.success) return [];
	return config.output.embeddings.map((one) => ({
		name: one.tensorName,
		tensor: one.tensorPath,
		metadata: one.metadataPath,
		sprite: one.sprite?.imagePath,
		shape: one.tensorShape,
		tile: one.sprite?.singleImageDim ?? []
	}));
}

/** The same as protocol buffer text, of which the paths and sizes matter. */
function fromPbtxt(text: string): Embedding[] {
	const parts = text.split(/\bembeddings\s*\{/).slice(1);
	return parts.map((part) => {
		const of = (key: string) => new RegExp(`\\b${key}\\s*:\\s*"([^"]*)"`).exec(part)?.[1];
		const sizes = (key: string) =>
			[...part.matchAll(new RegExp(`\\b${key}\\s*:\\s*(\\d{1,9})`, 'g'))].map(([, n]) => Number(n));
		return {
			name: of('tensor_name'),
			tensor: of('tensor_path'),
			metadata: of('metadata_path'),
			sprite: of('image_path'),
			shape: sizes('tensor_shape'),
			tile: sizes('single_image_dim')
		};
	});
}

function configured(source: Source, embeddings: readonly Embedding[]): ProjectorParts | null {
	const notes: string[] = [];
	// Paths may be of another machine, or addresses: what they are called is what counts.
	const find = (path: string | undefined) => {
		if (!path) return null;
		const file = source.files.find((one) => one.path === path || baseName(one.path) === baseName(path));
		if (!file) notes.push(`“${baseName(path)}”, which the configuration names, is not among the files.`);
		return file ?? null;
	};
	const [first, ...others] = embeddings.flatMap((one) => {
		const tensor = one.tensor && source.files.find(({ path }) => baseName(path) === baseName(one.tensor!));
		return tensor ? [{ one, tensor }] : [];
	});
	if (!first) return null;
	const { one, tensor } = first;
	if (others.length)
		notes.push(
			`The configuration names ${others.length + 1} tensors: this is the first. The others: ${others
				.slice(0, 5)
				.map(({ tensor: other }) => `“${baseName(other.path)}”`)
				.join(', ')}.`
		);
	return {
		tensor,
		metadata: find(one.metadata),
		sprite: find(one.sprite),
		shape: one.shape,
		tile: one.tile,
		name: one.name?.slice(0, 80) || stem(tensor.path),
		configured: true,
		notes
	};
}

// By what is in the files

/** Cells in the first line; 0 where a line holds anything but numbers. */
async function valuesAcross(file: SourceFile): Promise<number> {
	const whole = file.blob.size <= HEAD;
	const lines = (await file.blob.slice(0, HEAD).text()).split(/\r?\n/);
	if (!whole) lines.pop();
	let width = 0;
	for (const line of lines) {
		if (!line.trim()) continue;
		const cells = line.trim().split(/[\t ,]+/);
		if (!cells.every((cell) => Number.isFinite(Number(cell)))) return 0;
		width ||= cells.length;
	}
	return width;
}

async function byContent({ files }: Source): Promise<ProjectorParts | null> {
	const bytes = files.filter(isBytes);
	const texts = files.filter(isText);
	if (bytes.length > 1 || texts.length > (bytes.length ? 1 : 2) || bytes.length + texts.length === 0) return null;
	let tensor = bytes[0] ?? null;
	let metadata = tensor ? (texts[0] ?? null) : null;
	if (!tensor) {
		const widths = await Promise.all(texts.map(valuesAcross));
		// Labels may be numbers, too: then they are the narrower of the two.
		const [a = 0, b = 0] = widths;
		if (a === b) return null;
		const wider = a > b ? 0 : 1;
		tensor = texts[wider] ?? null;
		metadata = texts[1 - wider] ?? null;
		if (!metadata || Math.min(a, b) > 1) return null;
	}
	if (!tensor) return null;
	const pictures: SourceFile[] = [];
	for (const file of files) if (pictures.length < 2 && (await isPicture(file.blob))) pictures.push(file);
	return {
		tensor,
		metadata,
		sprite: pictures.length === 1 ? pictures[0]! : null,
		shape: [],
		tile: [],
		name: stem(tensor.path),
		configured: false,
		notes: []
	};
}
